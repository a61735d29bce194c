from __future__ import annotations

import datetime as dt

import pytest

from fullcredits.model import TitleKind
from fullcredits.store import Store, pictured
from tests.library import EPOCH, Library

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def short_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictured, "_STRETCH", 3)


def test_what_was_added_last_comes_first_and_nothing_is_missed(store: Store) -> None:
    with store.writing() as db:
        made = Library(db)
        picture = made.image(made.source())
        ages: list[dt.datetime | None] = [EPOCH + n * DAY for n in (5, 1, 3, 3, 3, 3, 4, 2)]
        ids = {
            made.title("movie", f"{n}", added=added, poster_id=picture): added
            for n, added in enumerate([*ages, None, None, None, None])
        }
        made.title("show", "Another kind", added=EPOCH)
        made.title("movie", "Merged away", added=EPOCH, merged_into=next(iter(ids)))
    found = list(pictured.newest(store, TitleKind.MOVIE))
    assert sorted(title.id for title in found) == sorted(ids)
    dates = [title.added for title in found]
    assert dates == sorted((d for d in dates if d), reverse=True) + [None] * 4
    assert {title.id: title.added for title in found} == ids
    assert found[0].poster_id == picture


@pytest.mark.parametrize("number", [0, 1, 3, 6, 7])
def test_however_many_there_are(store: Store, number: int) -> None:
    with store.writing() as db:
        made = Library(db)
        picture = made.image(made.source())
        people = [made.person(f"{n}", portrait_id=picture) for n in range(number)]
        made.person("Without a portrait")
        for n in range(number):
            made.title("show", f"{n}", added=EPOCH)
        if people:
            made.person("Merged away", portrait_id=picture, merged_into=people[0])
    assert list(pictured.portraits(store)) == [picture] * number
    assert len(list(pictured.newest(store, TitleKind.SHOW))) == number


def test_the_stars_of_titles(store: Store) -> None:
    with store.writing() as db:
        made = Library(db)
        one, two = made.source("one"), made.source("two")
        film, other = made.title("movie", "Film"), made.title("movie", "Other")
        items = {
            source: made.item(made.library(source), source, film, "movie") for source in (one, two)
        }
        item = made.item(made.library(two), two, other, "movie")
        faces = [made.image(one) for _ in range(4)]
        lead, second, low, director = (
            made.person(f"{n}", portrait_id=face) for n, face in enumerate(faces)
        )
        made.credit(items[one], one, lead, "lead", billing=3)
        made.credit(items[two], two, lead, "lead", billing=0)
        made.credit(items[one], one, second, "second", billing=1)
        made.credit(items[one], one, low, "low", billing=9)
        made.credit(items[one], one, director, "d", "", "Director", "Directing", 2)
        made.credit(items[one], one, made.person("No face"), "No face", billing=2)
        made.credit(item, two, lead, "lead", billing=4)
        found = pictured.stars_of(db, [film, other], most=5)
    assert sorted(found) == sorted([(film, faces[0], 0), (film, faces[1], 1), (other, faces[0], 4)])
