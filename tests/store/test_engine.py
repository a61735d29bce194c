from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, func, insert, select, text

from fullcredits.errors import ConfigError, StoreError
from fullcredits.store import engine
from fullcredits.store.engine import BUSY_SECONDS, Store, open_engine
from fullcredits.store.schema import images, sources
from fullcredits.store.sources import now


def add(db: Connection, name: str) -> None:
    values = {"name": name, "kind": "plex", "address": "http://x", "secret": b"", "added_at": now()}
    db.execute(insert(sources).values(values))


def names(store: Store) -> list[str]:
    with store.reading() as db:
        return list(db.execute(select(sources.c.name).order_by(sources.c.id)).scalars())


def test_what_is_written_is_there(store: Store) -> None:
    with store.writing() as db:
        add(db, "one")
    assert names(store) == ["one"]


def test_an_exception_undoes_the_whole_transaction(store: Store) -> None:
    def write() -> None:
        with store.writing() as db:
            add(db, "one")
            add(db, "two")
            raise KeyError("anything")

    with pytest.raises(KeyError):
        write()
    assert names(store) == []


def test_a_refused_statement_undoes_the_whole_transaction(store: Store) -> None:
    def write() -> None:
        with store.writing() as db:
            add(db, "one")
            add(db, "one")

    with pytest.raises(StoreError, match="the database refused") as caught:
        write()
    assert "INSERT" not in str(caught.value)
    assert names(store) == []


def test_foreign_keys_hold(store: Store) -> None:
    def write() -> None:
        with store.writing() as db:
            db.execute(insert(images).values(source_id=99, ref="/a"))

    with pytest.raises(StoreError):
        write()


def test_a_number_once_given_out_is_not_used_again(store: Store) -> None:
    with store.writing() as db:
        add(db, "one")
        first = db.execute(select(func.max(sources.c.id))).scalar_one()
        db.execute(sources.delete())
        add(db, "two")
        assert db.execute(select(func.max(sources.c.id))).scalar_one() > first


def test_a_reader_does_not_wait_for_a_writer_and_sees_nothing_half_done(store: Store) -> None:
    with store.writing() as db:
        add(db, "one")
        start = time.monotonic()
        with ThreadPoolExecutor(1) as other:
            assert other.submit(names, store).result(timeout=5) == []
        assert time.monotonic() - start < 2
    assert names(store) == ["one"]


def test_a_sqlite_reader_keeps_one_view(sqlite_store: Store) -> None:
    count = select(func.count()).select_from(sources)
    with sqlite_store.reading() as reader:
        assert reader.execute(count).scalar_one() == 0
        with sqlite_store.writing() as db:
            add(db, "one")
        assert reader.execute(count).scalar_one() == 0
    assert names(sqlite_store) == ["one"]


def test_two_sqlite_writers_wait_for_each_other(sqlite_store: Store) -> None:
    writing = threading.Event()
    order: list[str] = []

    def second() -> None:
        writing.wait(5)
        with sqlite_store.writing() as db:
            order.append("second begins")
            add(db, "two")

    with ThreadPoolExecutor(1) as other:
        waiting = other.submit(second)
        with sqlite_store.writing() as db:
            writing.set()
            add(db, "one")
            time.sleep(0.3)
            order.append("first ends")
        waiting.result(timeout=10)
    assert order == ["first ends", "second begins"]
    assert names(sqlite_store) == ["one", "two"]


def test_many_writers_lose_nothing(store: Store) -> None:
    def write(number: int) -> None:
        with store.writing() as db:
            db.execute(select(func.count()).select_from(sources))
            add(db, str(number))

    with ThreadPoolExecutor(8) as writers:
        list(writers.map(write, range(40)))
    assert sorted(map(int, names(store))) == list(range(40))


def test_how_long_another_process_is_waited_for(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as the writer bears; a sync bears more than pages do."""
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.2)
    other = Store(open_engine(store.engine.url.render_as_string(hide_password=False)))
    holding, patient = threading.Event(), threading.Event()

    def hold() -> None:
        with store.writing() as db:
            add(db, "one")
            holding.set()
            patient.wait(10)
            time.sleep(1)

    with ThreadPoolExecutor(1) as thread:
        held = thread.submit(hold)
        assert holding.wait(10)
        began = time.monotonic()
        with pytest.raises(StoreError, match="the database refused"), other.writing(0.3):
            pass
        assert time.monotonic() - began < 5
        patient.set()
        with other.writing(30) as db:
            add(db, "two")
        held.result()
    other.close()
    assert names(store) == ["one", "two"]


def test_who_ends_the_program_waits_for_no_other_process(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.3)
    other = Store(open_engine(store.engine.url.render_as_string(hide_password=False)))

    def write() -> None:
        with other.writing(60):
            pass

    with ThreadPoolExecutor(1) as thread, store.writing():
        waiting = thread.submit(write)
        time.sleep(1)
        assert not waiting.done()
        other.hurry()
        with pytest.raises(StoreError, match="the database refused"):
            waiting.result(timeout=5)
    other.close()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("foreign_keys", 1),
        ("synchronous", 1),
        ("busy_timeout", BUSY_SECONDS * 1000),
    ],
)
def test_sqlite_is_set_up(sqlite_store: Store, pragma: str, value: object) -> None:
    with sqlite_store.reading() as db:
        assert db.execute(text(f"PRAGMA {pragma}")).scalar_one() == value


@pytest.mark.parametrize(
    ("what", "query", "index"),
    [
        (
            "the credits of a title",
            "SELECT * FROM media_people JOIN media_items i ON i.id = media_item_id "
            "WHERE i.title_id = 1",
            "ix_media_people_item",
        ),
        ("the media items of a title", "SELECT * FROM media_items WHERE title_id = 1", "_title"),
        ("the credits of a person", "SELECT * FROM media_people WHERE person_id = 1", "_person"),
        (
            "a person by external id",
            "SELECT person_id FROM person_ids WHERE scheme = 'imdb' AND value = 'nm0000138'",
            "ix_person_ids_value",
        ),
        (
            "the titles of a library",
            "SELECT * FROM media_items WHERE library_id = 1 AND kind = 'movie'",
            "ix_media_items_library_kind",
        ),
        ("people by name", "SELECT * FROM people WHERE name_folded = 'ana'", "ix_people_name"),
        ("people from A to Z", "SELECT * FROM people ORDER BY sort_folded", "ix_people_sort"),
        ("the seasons of a show", "SELECT * FROM titles WHERE show_id = 1", "ix_titles_show"),
        (
            "a picture by where it is",
            "SELECT id FROM images WHERE source_id = 1 AND ref IN ('/a', '/b')",
            "sqlite_autoindex_images",
        ),
    ],
)
def test_questions_of_every_page_use_an_index(
    sqlite_store: Store, what: str, query: str, index: str
) -> None:
    with sqlite_store.reading() as db:
        plan = [row.detail for row in db.execute(text(f"EXPLAIN QUERY PLAN {query}"))]
    assert any(index in step for step in plan), what
    assert not any(step.startswith("SCAN") and "INDEX" not in step for step in plan), what


@pytest.mark.parametrize(
    "address", ["", "fullcredits.db", "mysql://x/y", "oracle://", "postgresql://x:port/y"]
)
def test_an_address_that_is_none(address: str) -> None:
    with pytest.raises(ConfigError, match="database address"):
        open_engine(address)
