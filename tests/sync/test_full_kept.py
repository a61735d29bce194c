"""The wish to read everything again outlives whatever breaks off the sync that was to do it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from starlette.requests import Request
from starlette.responses import Response

from fullcredits.sources.contract import Source
from fullcredits.store import schedules, sources
from fullcredits.store.schedules import Schedule
from fullcredits.store.sources import SourceRow
from fullcredits.sync import lease
from fullcredits.sync.lease import this_process
from fullcredits.sync.syncing import Syncing
from fullcredits.sync.watch import Summary, Unwatched
from tests.sync.household import asked
from tests.sync.scene import Scene
from tests.sync.twisting import asks_records

HERE = this_process("tests")
DEAD = HERE._replace(token="of old")


def sync(scene: Scene, *, full: bool = False) -> Summary:
    house = scene.house

    @asynccontextmanager
    async def connect(row: SourceRow) -> AsyncIterator[Source]:
        source = house.open(row.id)
        try:
            yield source
        finally:
            await source.close()

    with house.store.reading() as db:
        row = sources.source_named(db, "Shelf")
    return asyncio.run(Syncing(house.store, connect, HERE).once(row, Unwatched(), full=full))


def again(scene: Scene) -> int:
    """How many requests for records an ordinary sync makes."""
    with asked(scene.server.app) as paths:
        assert sync(scene).state == "done"
    return sum("/library/metadata/" in path or "&ids=" in path for path in paths)


def number(scene: Scene) -> int:
    with scene.house.store.reading() as db:
        return sources.source_named(db, "Shelf").id


def lists(request: Request) -> bool:
    return "/all" in request.url.path or "parentid" in request.url.query.lower()


@pytest.mark.parametrize("when", ["killed", "unreachable", "while titles are listed"])
def test_what_was_to_be_read_again_is(scene: Scene, when: str) -> None:
    """By the next sync, once; also when that cannot even begin."""
    assert sync(scene).state == "done"
    assert again(scene) == 0
    if when == "killed":
        with scene.house.store.writing() as db:
            lease.begin(db, number(scene), DEAD, "full")
    fails = lists if when == "while titles are listed" else lambda _: True
    scene.fault(lambda request: Response(status_code=401) if fails(request) else None)
    assert sync(scene, full=when != "killed").state == "failed"
    assert sync(scene).state == "failed"
    scene.mend()
    assert again(scene) > 0
    assert again(scene) == 0


def test_what_is_planned_is_not_planned_again(scene: Scene) -> None:
    """Who goes on reads what is left."""
    assert sync(scene).state == "done"
    records = 0

    def stop(request: Request) -> Response | None:
        nonlocal records
        records += asks_records(request)
        return Response(status_code=401) if records > 1 else None

    scene.fault(stop)
    sync(scene, full=True)
    scene.mend()
    again(scene)
    assert again(scene) == 0


def test_a_wish_ends_when_its_run_begins(scene: Scene) -> None:
    """In one transaction: there is no instant at which a kill would lose it. A lesser run leaves
    it.
    """
    source = number(scene)
    for wish, what, left in (
        ("full", "full", None),
        ("full", "all", "full"),
        ("full", "changes", "full"),
        ("all", "full", None),
        ("all", "all", None),
        ("all", "some", "all"),
    ):
        with scene.house.store.writing() as db:
            schedules.set_schedule(db, source, Schedule(asked=wish))
            lease.begin(db, source, DEAD, what)
            assert schedules.schedule_of(db, source).asked == left
