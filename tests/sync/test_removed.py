"""A source that is removed while it is synced: the sync ends soon, and says so."""

from __future__ import annotations

import asyncio
import time

import pytest
from starlette.requests import Request

from fullcredits.errors import NotFound
from fullcredits.model import SourceKind
from fullcredits.store import Store, sources
from fullcredits.store.progress import Progress
from fullcredits.store.schema import media_items, source_people, sync_runs
from fullcredits.sync import lease
from fullcredits.sync.lease import leased, this_process
from tests.sync.household import Household
from tests.sync.scene import Scene, check_sentence
from tests.sync.twisting import asks_records


def remove(store: Store) -> None:
    with store.writing() as db:
        for row in sources.list_sources(db):
            sources.remove_source(db, row.id)


def test_the_sync_of_a_removed_source_ends_and_says_so(scene: Scene) -> None:
    """At the first records; nothing of what comes is stored, and none of it counted as new."""
    store = scene.house.store

    def removing(request: Request) -> None:
        if asks_records(request):
            remove(store)

    scene.fault(removing)
    summary = scene.sync()
    assert (summary.state, summary.exit_code) == ("failed", NotFound.exit_code)
    assert summary.error == lease.REMOVED
    check_sentence(f"Shelf could not be read to the end: {summary.error}")
    assert (summary.titles_new, summary.credits_new) == (0, 0)
    for table in (media_items, source_people, sync_runs):
        assert scene.house.rows(table.select()) == []


def test_a_removed_source_is_not_waited_for(
    sqlite_house: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where its server hangs, and there is nothing new to tell."""
    monkeypatch.setattr(lease, "BEAT", 0.05)
    store = sqlite_house.store
    sqlite_house.add("Shelf", SourceKind.PLEX, "http://127.0.0.1:9")
    with store.reading() as db:
        row = sources.source_named(db, "Shelf")

    async def go() -> None:
        present = Progress("reading titles")
        async with leased(store, row.id, this_process("tests"), "all", lambda: present, dict):
            await asyncio.sleep(0.2)
            remove(store)
            await asyncio.sleep(60)

    began = time.monotonic()
    with pytest.raises(NotFound, match="removed"):
        asyncio.run(go())
    assert time.monotonic() - began < 10
    with pytest.raises(NotFound), store.writing() as db:
        lease.begin(db, row.id, this_process("tests"), "all")
