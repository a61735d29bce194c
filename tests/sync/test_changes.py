"""What changed on a server between two syncs is changed in the database, and nothing else is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import pytest
from sqlalchemy import select
from starlette.applications import Starlette

from fullcredits.model import SourceKind
from fullcredits.simulate import Catalogue, Human, Stated, Work, jellyfin_app, plex_app, running
from fullcredits.store.schema import libraries, media_items, people, source_people, titles
from fullcredits.sync.watch import Summary
from tests.sync.counted import check_figures
from tests.sync.household import Household, asked, written

ANA = Human("ana", "Ana Silva", (("tmdb", "1"),), biography="Born by the sea.")
BO = Human("bo", "Bo Lindh", (("tmdb", "2"),))
CY = Human("cy", "Cy Young", (("tmdb", "3"),))


def _acting(human: Human, character: str, order: int) -> Stated:
    return Stated(human, human.name, "Acting", "Actor", character, order)


def _film(number: int, *cast: Stated) -> Work:
    ids = (("tmdb", f"{900 + number}"),)
    return Work(f"film-{number}", "movie", f"Film {number}", year=1990 + number, ids=ids,
                date=f"{1990 + number}-01-01", credits=cast)  # fmt: skip


FILMS = [
    _film(0, _acting(ANA, "The Captain", 0), _acting(BO, "The Cook", 1)),
    _film(1, _acting(ANA, "The Judge", 0)),
    *(_film(number, _acting(BO, f"Man {number}", 0)) for number in range(2, 8)),
]


class Shelf(NamedTuple):
    """One small server and the household that reads it."""

    house: Household
    app: Starlette

    def sync(self) -> Summary:
        summary = self.house.sync("Shelf")
        assert (summary.state, summary.messages) == ("done", [])
        check_figures(self.house.store)
        return summary

    def cast(self, title: str) -> list[tuple[int, str, str]]:
        """(billing, name, character) of a living title."""
        with self.house.store.reading() as db:
            rows = db.exec_driver_sql(
                "SELECT billing, people.name, character FROM media_people"
                " JOIN media_items ON media_items.id = media_item_id"
                " JOIN people ON people.id = person_id"
                f" WHERE media_items.title = '{title}' AND media_items.gone_since IS NULL"
                " ORDER BY billing"
            )
            return [(row[0], row[1], row[2]) for row in rows]

    def title_ids(self) -> dict[str, int]:
        """Title id by title, of living titles."""
        query = select(media_items.c.title, media_items.c.title_id)
        rows = self.house.rows(query.where(media_items.c.gone_since.is_(None)))
        return {row.title: row.title_id for row in rows}


@pytest.fixture(params=[SourceKind.PLEX, SourceKind.JELLYFIN])
def shelf(request: pytest.FixtureRequest, house: Household) -> Iterator[Shelf]:
    """A server of each kind with eight films, read once."""
    catalogue = Catalogue({film.id: film for film in FILMS})
    make = plex_app if request.param is SourceKind.PLEX else jellyfin_app
    app = make(catalogue, name="Shelf")
    with running(app) as address:
        house.add("Shelf", request.param, address)
        found = Shelf(house, app)
        assert found.sync().titles_new == len(FILMS)
        yield found


def _records_asked(paths: list[str]) -> list[str]:
    return [p for p in paths if "/library/metadata/" in p or "&ids=" in p]


def test_a_recast_film(shelf: Shelf) -> None:
    """One record is read, the credits that stay keep their rows and people their numbers."""
    before = dict(shelf.house.rows(select(people.c.name, people.c.id)))
    shelf.app.state.library.put(
        replace(FILMS[0], credits=(_acting(CY, "The Captain", 0), _acting(BO, "The Cook", 1)))
    )
    with asked(shelf.app) as paths:
        summary = shelf.sync()
    assert (summary.titles_new, summary.titles_changed) == (0, 1)
    assert (summary.credits_new, summary.credits_gone) == (1, 1)
    assert shelf.cast("Film 0") == [(0, "Cy Young", "The Captain"), (1, "Bo Lindh", "The Cook")]
    assert len(_records_asked(paths)) == 1
    after = dict(shelf.house.rows(select(people.c.name, people.c.id)))
    assert before.items() <= after.items()


def test_an_added_film(shelf: Shelf) -> None:
    before = shelf.title_ids()
    shelf.app.state.library.put(_film(50, _acting(CY, "Herself", 0)))
    summary = shelf.sync()
    assert (summary.titles_new, summary.titles_changed, summary.titles_gone) == (1, 0, 0)
    assert shelf.cast("Film 50") == [(0, "Cy Young", "Herself")]
    assert before.items() < shelf.title_ids().items()


def test_a_deleted_film_comes_back_as_itself(shelf: Shelf) -> None:
    before = shelf.title_ids()
    row = shelf.house.rows(select(media_items.c.key).where(media_items.c.title == "Film 1"))
    shelf.app.state.library.drop("film-1")
    assert shelf.sync().titles_gone == 1
    assert shelf.title_ids().keys() == before.keys() - {"Film 1"}
    assert shelf.sync().titles_gone == 0
    shelf.app.state.library.put(FILMS[1])
    shelf.sync()
    assert shelf.title_ids() == before
    assert shelf.cast("Film 1") == [(0, "Ana Silva", "The Judge")]
    back = shelf.house.rows(
        select(media_items.c.key).where(
            media_items.c.title == "Film 1", media_items.c.gone_since.is_(None)
        )
    )
    # Jellyfin makes its ids of the path, Plex never gives one out again.
    assert (back == row) == (shelf.app.state.library.__class__.__name__ == "JellyfinLibrary")


def test_a_touched_film_is_read_again_and_changes_nothing(shelf: Shelf) -> None:
    before = {name: rows for name, rows in shelf.house.dump().items() if name != "media_items"}
    shelf.app.state.library.touch("film-3")
    with asked(shelf.app) as paths, written(shelf.house.store) as statements:
        summary = shelf.sync()
    assert len(_records_asked(paths)) == 1
    if shelf.app.state.library.__class__.__name__ == "JellyfinLibrary":
        assert [s.split("=")[0] for s in statements] == ["UPDATE media_items SET library_id"]
    # On Plex the addresses of the pictures are new, too: the title is described anew, and nobody
    # on it waits.
    allowed = ("media_items", "titles", "images")
    assert [s for s in statements if not any(word in s for word in allowed)] == []
    assert (summary.credits_new, summary.credits_changed, summary.credits_gone) == (0, 0, 0)
    after = shelf.house.dump()
    for name in ("media_people", "people", "source_people"):
        assert after[name] == before[name]


def test_a_renamed_person(house: Household) -> None:
    """Plex keeps their key: one person under the new name, with the number they had."""
    app = plex_app(Catalogue({film.id: film for film in FILMS}), name="Shelf")
    with running(app) as address:
        house.add("Shelf", SourceKind.PLEX, address)
        shelf = Shelf(house, app)
        shelf.sync()
        before = dict(house.rows(select(people.c.name, people.c.id)))
        renamed = replace(ANA, name="Ana Silva Reis")
        for number, film in enumerate(FILMS[:2]):
            credits = tuple(
                replace(c, human=renamed, name=renamed.name) if c.human is ANA else c
                for c in film.credits
            )
            app.state.library.put(replace(FILMS[number], credits=credits))
        shelf.sync()
        after = dict(house.rows(select(people.c.name, people.c.id)))
        assert after == {
            "Ana Silva Reis": before["Ana Silva"],
            "Bo Lindh": before["Bo Lindh"],
        }
        assert shelf.cast("Film 1") == [(0, "Ana Silva Reis", "The Judge")]


def test_a_title_moved_to_another_library(house: Household) -> None:
    """The same key in another section is the same media item and title."""
    app = plex_app(Catalogue({film.id: film for film in FILMS}), name="Shelf")
    library = app.state.library
    with running(app) as address:
        house.add("Shelf", SourceKind.PLEX, address)
        shelf = Shelf(house, app)
        shelf.sync()
        before = shelf.title_ids()
        movies = library.sections[0]
        library.sections = (*library.sections, replace(movies, key=9, title="Classics"))
        library.item("film-2").section = library.sections[-1]
        library.touch("film-2")
        summary = shelf.sync()
        assert (summary.titles_new, summary.titles_gone, summary.problems) == (0, 0, 0)
        assert shelf.title_ids() == before
        query = select(libraries.c.name).join(media_items)
        assert house.rows(query.where(media_items.c.title == "Film 2")) == [("Classics",)]
        assert len(house.rows(select(titles.c.id))) == len(FILMS)


def test_facts_on_persons_are_read_when_they_change(
    house: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked by the server's clock in UTC, wherever this machine stands."""
    app = jellyfin_app(Catalogue({film.id: film for film in FILMS}), name="Shelf")
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    time.tzset()
    try:
        with running(app) as address:
            house.add("Shelf", SourceKind.JELLYFIN, address)
            first = house.sync("Shelf")
            assert (first.people, first.people_new, first.people_changed) == (2, 2, 0)
            app.state.library.put_human(replace(ANA, biography="Born in the hills."))
            summary = house.sync("Shelf")
    finally:
        monkeypatch.undo()
        time.tzset()
    assert (summary.people, summary.people_changed) == (1, 1)
    told = house.rows(select(people.c.biography).where(people.c.name == "Ana Silva"))
    assert told == [("Born in the hills.",)]
    known = house.rows(select(source_people.c.biography).where(source_people.c.name == "Ana Silva"))
    assert known == told
