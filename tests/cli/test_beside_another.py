"""Two commands of one installation at one server: together they ask it no more at once than one."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from fullcredits.app import App
from fullcredits.config import Config
from fullcredits.simulate import (
    DEFAULT_API_KEY,
    Catalogue,
    jellyfin_app,
    open_catalogue,
    running,
)
from fullcredits.sources import places
from fullcredits.sources.waiting import seen
from tests.cli.process import Program
from tests.sync.twisting import asks_records


@pytest.fixture
def jellyfin() -> Starlette:
    invented = open_catalogue()
    films = [work.id for work in invented.works.values() if work.kind == "movie"][:40]
    few = Catalogue({work.id: work for work in invented.held(films)})
    return jellyfin_app(few, name="Cabin")


@pytest.fixture
def known(tmp_path: Path, jellyfin: Starlette) -> Iterator[Program]:
    program = Program(tmp_path)
    with running(jellyfin) as address:
        assert program.run("source", "add", address, FULLCREDITS_TOKEN=DEFAULT_API_KEY).code == 0
        yield program


class Holding:
    """A fault that lets answers with full records wait until they are let go."""

    def __init__(self) -> None:
        self.held = threading.Semaphore(0)
        self.let_go = threading.Event()

    def __call__(self, request: Request) -> object:
        return self._wait if asks_records(request) else None

    def _wait(self, app: ASGIApp) -> ASGIApp:
        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            self.held.release()
            await asyncio.to_thread(self.let_go.wait)
            await app(scope, receive, send)

        return answer


@pytest.mark.parametrize(("limit", "most"), [(None, 2), ("1", 1)])
def test_a_check_beside_a_sync(
    known: Program,
    jellyfin: Starlette,
    limit: str | None,
    most: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of two processes: that of the sync, and this one."""
    monkeypatch.setattr(places, "_folder", None)
    if limit:
        assert known.run("source", "set", "Cabin", "--limit", limit).code == 0
    holding = Holding()
    jellyfin.state.faults.append(holding)
    syncing = known.start("sync")
    try:
        for _ in range(most):
            assert holding.held.acquire(timeout=60)
        del jellyfin.state.requests[:]
        app = App(Config(data_dir=known.data))

        async def check() -> str:
            with seen() as waits:
                asking = asyncio.create_task(app.desk.check("Cabin"))
            await asyncio.sleep(0.5)
            assert not jellyfin.state.requests, "the sync has all there is"
            assert [(one.whom, one.crowded) for one in waits] == [("Cabin", True)]
            holding.let_go.set()
            return (await asking).server.name

        assert asyncio.run(check()) == "Cabin"
        app.close()
    finally:
        holding.let_go.set()
        ended = syncing.communicate(timeout=60)
    assert syncing.returncode == 0, ended
    assert max(asked.beside + 1 for asked in jellyfin.state.requests) == most
