"""Fetching ahead beside the pages, whenever a sync has ended."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import insert

from fullcredits.errors import Unreachable
from fullcredits.images import keep
from fullcredits.images.keep import kept_ahead
from fullcredits.images.pauses import Pauses
from fullcredits.store import Store
from fullcredits.store.images import image_ids
from fullcredits.store.schema import sync_runs
from fullcredits.store.sources import now
from tests.library import EPOCH, Library
from tests.store.pictured import SOURCE, Bench, FakeServer, jpeg, until


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keep, "_LOOK", 0.01)
    monkeypatch.setattr(keep, "_GAP", 0.05)
    monkeypatch.setattr("fullcredits.images.ahead._SHORTEST_REST", 0.0)


def added(bench: Bench, name: str, content: bytes | Exception | None) -> None:
    """What a sync does that finds a new film."""
    bench.server.held[f"/{name}"] = content
    with bench.store.writing() as db:
        bench.ids |= image_ids(db, SOURCE, {f"/{name}": None})
        made = Library(db)
        made.title("movie", name, added=EPOCH, poster_id=bench.ids[f"/{name}"])
        values = {"source_id": SOURCE, "started_at": now(), "ended_at": now(), "counts": {}}
        db.execute(insert(sync_runs).values(state="done", what="all", **values))


def fetched(bench: Bench, name: str) -> bool:
    return bench.pictures.fetcher.notes.applied(bench.row(f"/{name}")).state == "ok"


def test_what_a_sync_brings_is_fetched(store: Store, tmp_path: Path) -> None:
    bench = Bench(store, tmp_path, FakeServer())

    async def go() -> None:
        async with kept_ahead(bench.pictures):
            for name in ("first", "second"):
                added(bench, name, jpeg(shade=len(name)))
                await until(lambda name=name: fetched(bench, name))  # type: ignore[misc]

    asyncio.run(asyncio.wait_for(go(), 30))
    assert bench.server.asked == ["/first", "/second"]
    assert bench.row("/second").state == "ok", "noted when it ends"


def test_what_is_new_comes_before_the_rest_of_a_long_run(
    sqlite_store: Store, tmp_path: Path
) -> None:
    bench = Bench(sqlite_store, tmp_path, FakeServer())
    for number in range(200):
        added(bench, f"old{number}", jpeg(40, 60, number))

    async def go() -> None:
        async with kept_ahead(bench.pictures):
            await until(lambda: len(bench.server.asked) > 5)
            added(bench, "new", jpeg())
            await until(lambda: fetched(bench, "new"))

    asyncio.run(asyncio.wait_for(go(), 60))
    assert len(bench.server.asked) < 150


def test_a_server_that_was_off_is_asked_again(
    monkeypatch: pytest.MonkeyPatch, sqlite_store: Store, tmp_path: Path
) -> None:
    monkeypatch.setattr(keep, "_SOON", 0.05)
    monkeypatch.setattr(Pauses, "over", lambda self, whom: True)
    monkeypatch.setattr("fullcredits.images.fetch.AWAY", now() - now())
    bench = Bench(sqlite_store, tmp_path, FakeServer())
    for name in ("a", "b", "c"):
        added(bench, name, Unreachable("Den", "is off"))

    async def go() -> None:
        async with kept_ahead(bench.pictures):
            await until(lambda: len(bench.server.asked) > 2)
            bench.server.held |= {f"/{name}": jpeg() for name in ("a", "b", "c")}
            await until(lambda: all(fetched(bench, name) for name in ("a", "b", "c")))

    asyncio.run(asyncio.wait_for(go(), 30))


def test_nothing_is_left_behind(sqlite_store: Store, tmp_path: Path) -> None:
    bench = Bench(sqlite_store, tmp_path, FakeServer())
    added(bench, "a", jpeg())

    async def go() -> None:
        async with kept_ahead(bench.pictures):
            await until(lambda: bench.server.asked)
        async with asyncio.timeout(30):
            await until(lambda: asyncio.all_tasks() == {asyncio.current_task()})

    asyncio.run(go())
    assert bench.server.opened == bench.server.closed == 1
