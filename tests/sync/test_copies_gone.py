"""A title that two servers have, and one of them no longer: what that one said is said no more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select
from starlette.applications import Starlette

from fullcredits.model import SourceKind
from fullcredits.simulate import jellyfin_app, plex_app, running
from fullcredits.simulate.catalogue import Human, Stated, Work, catalogue_of
from fullcredits.store import Store
from fullcredits.store.schema import media_items, people, title_genres, titles, totals
from fullcredits.sync.rules import USUAL
from tests.sync.household import Household

pytestmark = pytest.mark.usefixtures("no_pause")

PLAYER = Human("p1", "Ana Vega")
FILMS = [
    Work(
        f"film-{n}",
        "movie",
        f"Film {n}",
        year=1990 + n,
        ids=(("tmdb", str(n)),),
        genres=("Comedy",),
        credits=(Stated(PLAYER, "Ana Vega", "Acting", "Actor", "Somebody", 0),),
    )
    for n in range(1, 8)
]


class Two(NamedTuple):
    """A Plex and a Jellyfin with the same films."""

    house: Household
    plex: Starlette
    jellyfin: Starlette

    def sync(self) -> None:
        for name in ("Attic", "Cabin"):
            self.house.sync(name, asked=True)

    def later(self, pause: dt.timedelta) -> None:
        self.house.later(pause, self.plex, self.jellyfin)

    def film(self) -> Any:
        (row,) = self.house.rows(select(titles).where(titles.c.title == "Film 1"))
        return row

    def genres(self) -> set[str]:
        """Under which the film is found."""
        table = title_genres.c
        return {
            row[0]
            for row in self.house.rows(
                select(table.genre).join(titles).where(titles.c.title == "Film 1")
            )
        }


@pytest.fixture
def two(sqlite_store: Store) -> Iterator[Two]:
    apps = plex_app(catalogue_of(FILMS, {})), jellyfin_app(catalogue_of(FILMS, {}))
    jellyfin = apps[1].state.library
    jellyfin.put(replace(FILMS[0], genres=("War", "Drama"), overview="By Cabin", tagline="So what"))
    jellyfin.put_human(replace(PLAYER, biography="Told by Cabin"))
    with running(apps[0]) as attic, running(apps[1]) as cabin:
        house = Household(sqlite_store)
        house.add("Attic", SourceKind.PLEX, attic)
        house.add("Cabin", SourceKind.JELLYFIN, cabin)
        found = Two(house, *apps)
        found.sync()
        found.later(dt.timedelta(hours=1))
        found.sync()
        yield found


def test_a_copy_that_is_gone_describes_nothing(two: Two) -> None:
    assert (two.film().overview, two.genres()) == ("By Cabin", {"War", "Drama"})
    two.jellyfin.state.library.drop("film-1")
    two.sync()
    film = two.film()
    assert (film.overview, film.tagline, film.genres) == (None, None, ["Comedy"])
    assert two.genres() == {"Comedy"}


def test_a_copy_that_comes_back_describes_again(two: Two) -> None:
    work = two.jellyfin.state.library.item("film-1").work
    two.jellyfin.state.library.drop("film-1")
    two.sync()
    two.jellyfin.state.library.put(work)
    two.later(dt.timedelta(hours=1))
    two.sync()
    assert (two.film().overview, two.genres()) == ("By Cabin", {"War", "Drama"})


def test_who_was_told_of_by_forgotten_titles_only(two: Two) -> None:
    query = select(people.c.biography).where(people.c.name == "Ana Vega")
    assert two.house.rows(query) == [("Told by Cabin",)]
    two.house.rules = USUAL._replace(held_share=1.0)
    library = two.jellyfin.state.library
    for film in FILMS:
        library.drop(film.id)
    library.persons.clear()
    two.sync()
    two.later(USUAL.grace + dt.timedelta(days=1))
    two.sync()
    two.later(USUAL.grace + dt.timedelta(days=1))
    two.sync()
    assert not two.house.rows(select(media_items.c.id).where(media_items.c.gone_since.is_not(None)))
    assert two.house.rows(query) == [(None,)]


def test_credits_of_what_is_gone_are_not_counted(two: Two) -> None:
    query = select(totals.c.number).where(totals.c.name == "credits")
    assert two.house.rows(query) == [(14,)]
    two.jellyfin.state.library.drop("film-1")
    two.sync()
    assert two.house.rows(query) == [(13,)]


def test_a_film_without_ids_that_is_added_anew_is_one_again_when_the_old_is_forgotten(
    two: Two,
) -> None:
    """Nothing tells that it is not another of that name while the old may come back."""
    for app in (two.plex, two.jellyfin):
        app.state.library.put(replace(FILMS[0], ids=(), overview=""))
    two.later(dt.timedelta(hours=1))
    two.sync()
    library = two.jellyfin.state.library
    library.drop("film-1")
    two.sync()
    library._place += 1
    library.put(replace(FILMS[0], ids=(), overview=""))
    two.sync()
    two.later(USUAL.grace + dt.timedelta(days=1))
    two.sync()
    numbers = select(media_items.c.title_id).where(media_items.c.title == "Film 1")
    assert len({row[0] for row in two.house.rows(numbers)}) == 1
