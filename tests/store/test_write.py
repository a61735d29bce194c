"""Writing what sources state: on both databases, comparing before writing."""

from __future__ import annotations

import dataclasses
from typing import Any

from sqlalchemy import select

from fullcredits.model import ExternalId, Record
from fullcredits.store import Store
from fullcredits.store.schema import (
    images,
    media_item_ids,
    media_items,
    media_people,
    source_people,
)
from fullcredits.store.write import Written, put_records
from tests.store import made
from tests.store.made import actor, film, library, person, record, source


class Shelf:
    """One source with one library of films."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.source = source(store)
        self.library = library(store, self.source)

    def put(self, *records: Record) -> Written:
        """List titles and store their records."""
        made.listed(self.store, self.source, self.library, *(record.item for record in records))
        with self.store.writing() as db:
            return put_records(db, self.source, records)

    def rows(self, *columns: Any) -> list[tuple[Any, ...]]:
        with self.store.reading() as db:
            return [tuple(row) for row in db.execute(select(*columns).order_by(columns[0]))]

    def credits(self) -> list[tuple[Any, ...]]:
        c = media_people.c
        return self.rows(c.billing, c.credited_as, c.character)


def test_a_listing_never_overwrites_a_record(store: Store) -> None:
    shelf = Shelf(store)
    full = dataclasses.replace(film(), overview="All of it.")
    shelf.put(record(full))
    made.listed(store, shelf.source, shelf.library, film(marker="m2"))
    assert shelf.rows(media_items.c.overview) == [("All of it.",)]


def test_credits_are_kept_whole_and_in_order(store: Store) -> None:
    shelf = Shelf(store)
    written = shelf.put(
        record(film(), actor(0, "Ana", "A / B (voice)"), actor(1, "Bo"), actor(2, "Ana", "C"))
    )
    assert (written.new, written.credits.new) == (1, 3)
    assert shelf.credits() == [(0, "Ana", "A / B (voice)"), (1, "Bo", ""), (2, "Ana", "C")]
    assert shelf.rows(source_people.c.name) == [("Ana",), ("Bo",)]


def test_the_same_credit_twice_is_two_rows(store: Store) -> None:
    shelf = Shelf(store)
    shelf.put(record(film(), actor(0, "Ana", "A"), actor(1, "Ana", "A")))
    assert shelf.credits() == [(0, "Ana", "A"), (1, "Ana", "A")]


def test_stating_the_same_again_changes_no_row(store: Store) -> None:
    shelf = Shelf(store)
    item = dataclasses.replace(film(ids="imdb:tt1"), poster="/p", genres=("Drama",))
    again = record(item, actor(0, "Ana", "A", key="aa"))
    shelf.put(again)
    before = [shelf.rows(*table.c) for table in (media_items, media_people, source_people)]
    written = shelf.put(again)
    after = [shelf.rows(*table.c) for table in (media_items, media_people, source_people)]
    assert (written.new, written.changed, written.same) == (0, 0, 1)
    assert after == before


def test_changed_credits_keep_the_rows_of_those_that_stay(store: Store) -> None:
    shelf = Shelf(store)
    shelf.put(record(film(), actor(0, "Ana", "A"), actor(1, "Bo", "B"), actor(2, "Cy", "C")))
    ids = dict(shelf.rows(media_people.c.credited_as, media_people.c.id))
    written = shelf.put(
        record(film(), actor(0, "Cy", "C"), actor(1, "Ana", "A"), actor(2, "Di", "D"))
    )
    assert (written.credits.new, written.credits.changed, written.credits.gone) == (1, 2, 1)
    assert shelf.credits() == [(0, "Cy", "C"), (1, "Ana", "A"), (2, "Di", "D")]
    now = dict(shelf.rows(media_people.c.credited_as, media_people.c.id))
    assert (now["Ana"], now["Cy"]) == (ids["Ana"], ids["Cy"])


def test_external_ids_are_replaced_whole(store: Store) -> None:
    shelf = Shelf(store)
    shelf.put(record(film(ids="imdb:tt1 tmdb:5")))
    shelf.put(record(film(ids="imdb:tt2")))
    assert shelf.rows(media_item_ids.c.scheme, media_item_ids.c.value) == [("imdb", "tt2")]
    shelf.put(record(film()))
    assert shelf.rows(media_item_ids.c.scheme) == []


def test_a_portrait_is_replaced_by_another_but_never_by_none(store: Store) -> None:
    shelf = Shelf(store)
    ana = actor(0, "Ana", key="aa")
    with_portrait = ana._replace(person=person("Ana", "aa", "http://x/1.jpg"))
    shelf.put(record(film("1"), ana), record(film("2"), with_portrait))
    shelf.put(record(film("3"), ana))
    refs = select(images.c.ref).join(source_people, source_people.c.portrait_id == images.c.id)
    with store.reading() as db:
        assert db.scalars(refs).all() == ["http://x/1.jpg"]
    newer = ana._replace(person=person("Ana", "aa", "http://x/2.jpg"))
    shelf.put(record(film("4"), newer))
    with store.reading() as db:
        assert db.scalars(refs).all() == ["http://x/2.jpg"]


def test_of_two_portraits_that_of_the_first_list_counts_and_that_of_the_record_read_last(
    store: Store,
) -> None:
    """A Plex has one for the actor and another for the same human as a producer. Both are good."""
    shelf = Shelf(store)
    one, other = (
        actor(n, "Ana", key="aa")._replace(person=person("Ana", "aa", f"http://x/{n}.jpg"))
        for n in (1, 2)
    )
    refs = select(images.c.ref).join(source_people, source_people.c.portrait_id == images.c.id)

    def shown() -> list[str]:
        with store.reading() as db:
            return list(db.scalars(refs))

    for _ in range(2):
        shelf.put(record(film("1"), one, other))
        assert shown() == ["http://x/1.jpg"]
    shelf.put(record(film("2"), other))
    assert shown() == ["http://x/2.jpg"]
    shelf.put(record(film("1"), one, other))
    assert shown() == ["http://x/1.jpg"]


def test_what_is_not_believed_brings_its_credits_alone(store: Store) -> None:
    """People who are known stay as they are, and so does what a listing said of the title."""
    shelf = Shelf(store)
    portrayed = actor(0, "Ann", key="a")._replace(person=person("Ann", "a", "/a.jpg"))
    shelf.put(record(film("1", "Known"), portrayed))
    made.listed(store, shelf.source, shelf.library, film("2", "Listed"))
    odd = actor(0, "Ann", key="a")._replace(person=person("An\u202en", "a", "/b.jpg"))
    newcomer = actor(1, "Ben", key="b")._replace(person=person("Ben", "b", "/c.jpg"))
    shown = record(dataclasses.replace(film("2", "Bent"), poster="/p.jpg"), odd, newcomer)
    with store.writing() as db:
        put_records(db, shelf.source, [shown], believed=False)
    names = shelf.rows(source_people.c.id, source_people.c.name)
    assert [name for _, name in names] == ["Ann", "Ben"]
    assert shelf.rows(images.c.ref) == [("/a.jpg",)]
    assert shelf.rows(media_items.c.title) == [("Known",), ("Listed",)]
    assert sorted(name for _, name, _ in shelf.credits()) == ["Ann", "An\u202en", "Ben"]
    shelf.put(shown)
    assert shelf.rows(images.c.ref) == [("/a.jpg",), ("/b.jpg",), ("/c.jpg",), ("/p.jpg",)]
    assert shelf.rows(media_items.c.title) == [("Bent",), ("Known",)]


def test_thousands_of_titles_in_one_batch(store: Store) -> None:
    shelf = Shelf(store)
    films = [film(str(n), f"Film {n}", ids=f"tmdb:{n}") for n in range(12_000)]
    records = [record(f, actor(0, f"Person {n}", "A")) for n, f in enumerate(films)]
    assert shelf.put(*records).credits.new == 12_000


def test_a_title_that_was_forgotten_meanwhile_is_left_out(store: Store) -> None:
    shelf = Shelf(store)
    shelf.put(record(film("1")))
    with store.writing() as db:
        put_records(db, shelf.source, [record(film("2"), actor(0, "Ana")), record(film("1"))])
    assert shelf.rows(media_items.c.key) == [("1",)]


def test_two_ids_of_one_scheme_are_both_kept(store: Store) -> None:
    shelf = Shelf(store)
    item = dataclasses.replace(
        film(),
        external_ids=(ExternalId("tvdb", "1"), ExternalId("tvdb", "2"), ExternalId("tvdb", "1")),
    )
    shelf.put(record(item))
    assert shelf.rows(media_item_ids.c.value) == [("1",), ("2",)]
