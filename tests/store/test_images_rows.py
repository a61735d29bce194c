from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest
from sqlalchemy import func, insert, select, update

from fullcredits.model import Shape
from fullcredits.store import Connection
from fullcredits.store.engine import Store
from fullcredits.store.images import (
    FETCHED,
    Blur,
    ImageRow,
    Outcome,
    blurs,
    forgive,
    image_by_id,
    image_ids,
    images_by_ids,
    note_outcomes,
    shapes_of,
    stand_ins,
    tally,
    why_dead,
)
from fullcredits.store.schema import images, media_items, source_people, sources
from fullcredits.store.sources import now
from tests.library import EPOCH, Library


def refs(*names: str) -> dict[str, str | None]:
    return dict.fromkeys(names)


@pytest.fixture
def source_ids(store: Store) -> list[int]:
    rows = [
        {"name": name, "kind": "plex", "address": "http://x", "secret": b"", "added_at": now()}
        for name in ("one", "two")
    ]
    with store.writing() as db:
        db.execute(insert(sources), rows)
        return list(db.execute(select(sources.c.id).order_by(sources.c.id)).scalars())


def test_ids_are_made_once_and_found_again(store: Store, source_ids: list[int]) -> None:
    with store.writing() as db:
        first = image_ids(db, source_ids[0], refs("/a", "/b"))
    with store.writing() as db:
        second = image_ids(db, source_ids[0], refs("/b", "/c", "/a"))
    assert list(first) == ["/a", "/b"]
    assert second == first | {"/c": second["/c"]}
    assert len(set(second.values())) == 3


def test_the_same_ref_on_two_sources_is_two_pictures(store: Store, source_ids: list[int]) -> None:
    with store.writing() as db:
        assert image_ids(db, source_ids[0], refs("/a")) != image_ids(db, source_ids[1], refs("/a"))


def test_no_refs_ask_nothing(store: Store, source_ids: list[int]) -> None:
    with store.reading() as db:
        assert image_ids(db, source_ids[0], {}) == {}


def test_more_refs_than_a_statement_carries(store: Store, source_ids: list[int]) -> None:
    many = refs(*(f"https://pictures.invalid/{number}.jpg" for number in range(25_000)))
    with store.writing() as db:
        ids = image_ids(db, source_ids[0], many)
        assert len(set(ids.values())) == len(many)
        assert db.execute(select(func.count()).select_from(images)).scalar_one() == len(many)
        assert image_ids(db, source_ids[0], many) == ids


def test_a_blurhash_is_kept_once_and_replaced_by_another_only(
    store: Store, source_ids: list[int]
) -> None:
    with store.writing() as db:
        ids = image_ids(db, source_ids[0], {"/a": "L1", "/b": None})
        assert blurs(db, ids.values()) == {ids["/a"]: Blur(None, "L1"), ids["/b"]: Blur(None, None)}
        image_ids(db, source_ids[0], {"/a": None, "/b": "L2"})
        image_ids(db, source_ids[0], {"/a": "L3"})
        assert blurs(db, ids.values()) == {ids["/a"]: Blur(None, "L3"), ids["/b"]: Blur(None, "L2")}


def test_what_became_of_pictures(store: Store, source_ids: list[int]) -> None:
    with store.writing() as db:
        ids = image_ids(db, source_ids[0], refs("/a", "/b", "/c"))
        a, b, c = ids.values()
        assert image_by_id(db, a) == (a, source_ids[0], "/a", None, 0, *[None] * 4)
        later = EPOCH + dt.timedelta(hours=1)
        note_outcomes(
            db,
            {
                a: Outcome(FETCHED, 0, None, "d" * 64, 640, 480, b"blur"),
                b: Outcome("gone", 2, later),
                10**6: Outcome("of a source that was removed"),
            },
        )
        rows = images_by_ids(db, [a, b, c, 10**6])
        assert rows[a][3:] == (FETCHED, 0, None, "d" * 64, 640, 480)
        assert rows[b][3:] == ("gone", 2, later, None, None, None)
        assert rows[c].state is None
        assert set(rows) == {a, b, c}
        assert blurs(db, [a, b, c]) == {a: Blur(b"blur", None), c: Blur(None, None)}
        note_outcomes(db, {a: Outcome("gone", 1, later)})
        row = image_by_id(db, a)
        assert row is not None
        assert row[3:] == ("gone", 1, later, "d" * 64, 640, 480), "known still as it came"
        assert image_by_id(db, 10**6) is None


def test_when_a_picture_may_be_asked_for() -> None:
    row = ImageRow(1, 1, "/a", "gone", 1, EPOCH, None, None, None)
    assert row.may_be_asked_for(EPOCH)
    assert not row.may_be_asked_for(EPOCH - dt.timedelta(seconds=1))
    assert row._replace(retry_at=None).may_be_asked_for(EPOCH)


def test_the_dead_are_counted_and_forgiven(store: Store, source_ids: list[int]) -> None:
    one, two = source_ids
    with store.writing() as db:
        ids = image_ids(db, one, refs("/a", "/b", "/c", "/d", "/x")) | image_ids(
            db, two, refs("/e")
        )
        made = Library(db)
        made.title("movie", "A", poster_id=ids["/a"], backdrop_id=ids["/b"])
        made.title("movie", "B", poster_id=ids["/c"], backdrop_id=ids["/b"])
        made.person("C", portrait_id=ids["/d"])
        made.person("D", portrait_id=ids["/e"])
        gone = Outcome("gone", 3, now())
        note_outcomes(db, {ids["/a"]: Outcome(FETCHED), ids["/b"]: gone, ids["/c"]: gone})
        note_outcomes(db, {ids["/e"]: Outcome("nonsense", 1, now()), ids["/x"]: gone})
        assert tally(db) == (1, 3, 1), "/x is shown nowhere"
        assert why_dead(db) == [(one, "gone", 2), (two, "nonsense", 1)]
        assert forgive(db, [one]) == 3
        assert tally(db) == (1, 1, 3)
        row = image_by_id(db, ids["/b"])
        assert row is not None
        assert (row.state, row.failures, row.retry_at) == (None, 0, None)


# What pictures are for


@dataclass
class Two:
    """A film and its star, on two servers."""

    made: Library
    sources: tuple[int, int]
    items: tuple[int, int]
    pictures: tuple[int, int]
    """Of whatever `of` set."""


def both(db: Connection, column: str) -> Two:
    """Two sources whose items have a picture each; the title has the first."""
    made = Library(db)
    one, two = made.source("Attic"), made.source("Cabin", "jellyfin")
    first, second = made.image(one), made.image(two)
    title = made.title("movie", "The Harbour", **{column: first})
    items = (
        made.item(made.library(one), one, title, "movie", **{column: first}),
        made.item(made.library(two), two, title, "movie", **{column: second}),
    )
    return Two(made, (one, two), items, (first, second))


@pytest.mark.parametrize("column", ["poster_id", "backdrop_id"])
def test_the_other_servers_picture_stands_in_for_a_titles(store: Store, column: str) -> None:
    with store.writing() as db:
        two = both(db, column)
        first, second = two.pictures
        assert [row.id for row in stand_ins(db, first)] == [second]
        assert stand_ins(db, second) == [], "nobody shows it, so nothing stands in for it"


def test_what_is_gone_stands_in_last(store: Store) -> None:
    with store.writing() as db:
        two = both(db, "poster_id")
        made = two.made
        third = made.source("Shed")
        title = db.scalars(select(media_items.c.title_id)).first()
        assert title is not None
        made.item(made.library(third), third, title, "movie", poster_id=made.image(third))
        db.execute(
            update(media_items).where(media_items.c.id == two.items[1]).values(gone_since=now())
        )
        found = stand_ins(db, two.pictures[0])
        assert [row.source_id for row in found] == [third, two.sources[1]]


def test_the_other_servers_portrait_stands_in_for_a_persons(store: Store) -> None:
    with store.writing() as db:
        two = both(db, "poster_id")
        made, (one, other) = two.made, two.sources
        first, second = made.image(one), made.image(other)
        ada = made.person("Ada Quill", portrait_id=first)
        for source, item, portrait in ((one, two.items[0], first), (other, two.items[1], second)):
            made.credit(item, source, ada, "Ada Quill", "Herself")
            made.credit(item, source, ada, "Ada Quill", "", "Producer", "Production")
            same = source_people.c.id == made.source_people[source, "Ada Quill"]
            db.execute(update(source_people).where(same).values(portrait_id=portrait))
        assert [row.id for row in stand_ins(db, first)] == [second]


def test_the_shapes_a_picture_is_used_in(store: Store) -> None:
    with store.writing() as db:
        made = Library(db)
        source = made.source()
        library = made.library(source)
        poster, still, both_ways, face, unused = (made.image(source) for _ in range(5))
        show = made.title("show", "Long Nights")
        made.item(library, source, show, "show", poster_id=poster, backdrop_id=both_ways)
        made.item(library, source, show, "season", poster_id=poster)
        for picture in (still, both_ways):
            made.item(library, source, show, "episode", poster_id=picture)
        item = made.item(library, source, show, "show")
        made.credit(item, source, None, "Ada")
        db.execute(update(source_people).values(portrait_id=face))
        assert shapes_of(db, poster) == {Shape.POSTER}
        assert shapes_of(db, still) == {Shape.STILL}
        assert shapes_of(db, both_ways) == {Shape.STILL, Shape.BACKDROP}
        assert shapes_of(db, face) == {Shape.PORTRAIT}
        assert shapes_of(db, unused) == set()
