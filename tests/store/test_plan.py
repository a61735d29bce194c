"""The plan that is kept with the titles: what waits to be read, in which order, until when."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection

import pytest
from sqlalchemy import insert, update

from fullcredits.model import Library, LibraryKind, MediaItem, TitleKind
from fullcredits.store import Store, plan
from fullcredits.store.gone import absent_titles, mark_gone
from fullcredits.store.plan import Read, Turn, Waiting
from fullcredits.store.schema import media_items, titles
from fullcredits.store.sources import now
from tests.store import made
from tests.store.made import film

SHOWS = Library("2", "Shows", LibraryKind.SHOWS)
LATER = dt.datetime(2999, 1, 1)


class Shelf:
    """One source with a library of films and one of shows."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.source = made.source(store)
        self.films = made.library(store, self.source)
        self.shows = made.library(store, self.source, SHOWS)

    def listed(self, *items: MediaItem) -> dict[str, int]:
        films = [item for item in items if item.kind is TitleKind.MOVIE]
        shows = [item for item in items if item.kind is not TitleKind.MOVIE]
        ids = made.listed(self.store, self.source, self.films, *films)
        return ids | made.listed(self.store, self.source, self.shows, *shows)

    def waiting(self, most: int = 100, taken: Collection[int] = ()) -> list[Waiting]:
        with self.store.reading() as db:
            return plan.next_waiting(db, self.source, most, taken)

    def keys(self) -> list[str]:
        return [title.key for title in self.waiting()]

    def read(self, *titles: Waiting, look_at: dt.datetime | None = None) -> None:
        with self.store.writing() as db:
            plan.note_read(db, [Read(t.id, t.marker, now(), look_at) for t in titles])

    def read_all(self) -> list[Waiting]:
        """Read what waits, in its order."""
        found: list[Waiting] = []
        while waiting := self.waiting():
            found += waiting
            self.read(*waiting)
        return found


def added(year: int, key: str, kind: TitleKind = TitleKind.MOVIE) -> MediaItem:
    at = dt.datetime(year, 1, 1, tzinfo=dt.UTC)
    return dataclasses.replace(film(key, f"{kind} {key}"), kind=kind, added=at)


def test_films_and_shows_come_first_and_the_newest_of_them(store: Store) -> None:
    shelf = Shelf(store)
    shelf.listed(
        added(2001, "1"),
        added(2003, "2"),
        added(2002, "3", TitleKind.SHOW),
        added(2030, "4", TitleKind.EPISODE),
        added(2031, "5", TitleKind.SEASON),
    )
    order = [(title.key, title.turn) for title in shelf.read_all()]
    assert [key for key, _ in order] == ["2", "3", "1", "5", "4"]
    assert [turn for _, turn in order] == [Turn.NEW] * 3 + [Turn.NEW_PART] * 2


def test_a_few_of_many_are_read_first_at_equal_distances(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of each kind of which there are many; what was read already is none of them."""
    monkeypatch.setattr(plan, "SAMPLED", 3)
    monkeypatch.setattr(plan, "WORTH_A_SAMPLE", 9)
    shelf = Shelf(store)
    shelf.listed(*(added(2000, f"old {n}") for n in range(4)))
    shelf.read_all()
    films = [added(2030 - n, f"f{n}") for n in range(9)]
    shows = [added(2040 - n, f"s{n}", TitleKind.SHOW) for n in range(8)]
    shelf.listed(*films, *shows)
    with store.writing() as db:
        plan.plan_sample(db, plan.sample_of(db, shelf.source))
        assert plan.sample_of(db, shelf.source) == []
    order = shelf.read_all()
    assert [t.key for t in order if t.turn is Turn.SAMPLE] == ["f2", "f5", "f8"]
    assert [t.turn for t in order[3:]] == [Turn.NEW] * 14


def test_what_was_read_waits_no_more_until_its_marker_moves(store: Store) -> None:
    shelf = Shelf(store)
    shelf.listed(film("1"), film("2"))
    shelf.read_all()
    shelf.listed(film("1"), film("2"))
    assert shelf.keys() == []
    shelf.listed(film("1"), film("2", marker="m2"))
    assert [(t.key, t.turn, t.marker) for t in shelf.waiting()] == [("2", Turn.CHANGED, "m2")]
    shelf.listed(film("1"), film("2", marker="m2"))
    assert shelf.keys() == ["2"]


def test_a_title_without_a_marker_is_read_once(store: Store) -> None:
    shelf = Shelf(store)
    shelf.listed(film(marker=None))
    assert [title.marker for title in shelf.read_all()] == [""]
    shelf.listed(film(marker=None))
    assert shelf.keys() == []
    shelf.listed(film(marker="m1"))
    assert shelf.keys() == ["10"]


def test_titles_of_the_next_turn_follow_when_all_of_one_are_taken(store: Store) -> None:
    shelf = Shelf(store)
    ids = shelf.listed(added(2001, "1"), added(2002, "2"), added(2000, "3", TitleKind.EPISODE))
    assert [title.key for title in shelf.waiting(1)] == ["2"]
    assert [title.key for title in shelf.waiting(5, {ids["2"]})] == ["1"]
    assert [title.key for title in shelf.waiting(5, {ids["1"], ids["2"]})] == ["3"]
    assert shelf.waiting(5, set(ids.values())) == []


def test_one_that_is_to_be_looked_at_again_waits_for_its_time(store: Store) -> None:
    shelf = Shelf(store)
    shelf.listed(film("1"), film("2"), film("3"))
    one, two, three = shelf.waiting()
    shelf.read(one, look_at=now())
    shelf.read(two, look_at=LATER)
    with store.writing() as db:
        plan.put_off(db, [three.id], now())
    assert shelf.keys() == []
    with store.writing() as db:
        plan.plan_again(db, shelf.source)
    assert [(t.key, t.turn) for t in shelf.waiting()] == [(k.key, Turn.AGAIN) for k in (one, three)]


def test_all_wait_for_a_full_sync(store: Store) -> None:
    shelf = Shelf(store)
    shelf.listed(added(2001, "1"), added(2002, "2", TitleKind.EPISODE), added(2000, "3"))
    shelf.read_all()
    shelf.listed(dataclasses.replace(added(2000, "3"), marker="m2"))
    with store.writing() as db:
        plan.plan_all(db, shelf.source)
    assert [(t.key, t.turn) for t in shelf.read_all()] == [
        ("3", Turn.CHANGED),
        ("2", Turn.SWEEP),
        ("1", Turn.SWEEP),
    ]


def test_what_is_gone_keeps_its_row_and_comes_back_as_itself(store: Store) -> None:
    shelf = Shelf(store)
    ids = shelf.listed(film("1"), film("2"))
    with store.writing() as db:
        (absent,) = absent_titles(db, shelf.films, [TitleKind.MOVIE], {ids["2"]})
        assert (absent.id, absent.key) == (ids["1"], "1")
        assert mark_gone(db, [ids["1"]]) == 1
        assert mark_gone(db, [ids["1"]]) == 0
        assert absent_titles(db, shelf.films, [TitleKind.MOVIE], {ids["2"]}) == []
    assert shelf.keys() == ["2"]
    assert shelf.listed(film("1"), film("2")) == ids
    assert sorted(shelf.keys()) == ["1", "2"]


def test_whose_page_is_open_comes_to_the_front_with_what_it_consists_of(store: Store) -> None:
    shelf = Shelf(store)
    parts = [added(2000 + n, str(n), TitleKind.EPISODE) for n in range(3)]
    ids = shelf.listed(added(2030, "new"), added(2001, "show", TitleKind.SHOW), *parts)
    show = _title_of(store, ids["show"], TitleKind.SHOW)
    for n in range(2):
        _title_of(store, ids[str(n)], TitleKind.EPISODE, show)
    assert plan.ask_for(store, show)
    assert plan.ask_for(store, show)
    asked = [(t.key, t.turn) for t in shelf.read_all()]
    assert asked == [
        ("show", Turn.ASKED),
        ("1", Turn.ASKED_BELOW),
        ("0", Turn.ASKED_BELOW),
        ("new", Turn.NEW),
        ("2", Turn.NEW_PART),
    ]
    assert not plan.ask_for(store, show)
    assert not plan.ask_for(store, 12345)


def _title_of(store: Store, row: int, kind: TitleKind, show: int | None = None) -> int:
    """Give a media item a title of its own, as identity does."""
    facts: dict[str, object] = {
        "kind": kind,
        "title": "",
        "title_folded": "",
        "sort_folded": "",
        "genres": [],
        "show_id": show,
    }
    with store.writing() as db:
        number: int = db.execute(insert(titles).values(**facts).returning(titles.c.id)).scalar_one()
        item = update(media_items).where(media_items.c.id == row)
        db.execute(item.values(title_id=number))
    return number


def test_each_title_has_its_day(store: Store) -> None:
    """In so many days all are read again, about as many each day and each about once."""
    shelf, days, start = Shelf(store), 4, now()
    shelf.listed(*(film(str(n)) for n in range(20)))
    shelf.read_all()
    counts = [_swept(shelf, days, start + dt.timedelta(days=n)) for n in range(1, 3 * days + 1)]
    assert sum(counts[:days]) >= 20 - 20 // days
    assert counts[days:] == [5] * 2 * days
    weeks = start + dt.timedelta(days=40)
    assert _swept(shelf, days, weeks) == 20  # it was off for long
    assert _swept(shelf, days, weeks) == 0
    assert _swept(shelf, 0, weeks + dt.timedelta(days=40)) == 0


def _swept(shelf: Shelf, days: int, at: dt.datetime) -> int:
    """Plan a sweep and read what it finds; how many titles that are."""
    with shelf.store.writing() as db:
        plan.plan_sweep(db, shelf.source, days, at)
        swept = plan.next_waiting(db, shelf.source, 100)
        plan.note_read(db, [Read(title.id, title.marker, at) for title in swept])
    return len(swept)
