"""A sync that is killed goes on where it was: nothing is lost, twice there, or broken."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from fullcredits.errors import StoreError
from fullcredits.model import SourceKind
from fullcredits.simulate import (
    DEFAULT_API_KEY,
    DEFAULT_TOKEN,
    Catalogue,
    jellyfin_app,
    plex_app,
    running,
)
from fullcredits.store import runs, sources
from fullcredits.store.engine import Store, open_engine
from fullcredits.store.runs import DIED
from fullcredits.store.schema import media_items, source_people, sync_runs
from fullcredits.sync.context import Context
from tests import served
from tests.cli.process import Program
from tests.stated import credits_of
from tests.sync.household import Household, asked
from tests.sync.scene import Scene
from tests.sync.torture import torture
from tests.sync.twisting import asks_records


class Killer:
    """Kills a process at the server's n-th answer after the connection is made."""

    def __init__(self, at: int) -> None:
        self._left = at
        self.process: subprocess.Popen[str] | None = None

    def __call__(self, _: Request) -> None:
        if self.process is not None:
            self._left -= 1
            if self._left == 0:
                os.kill(self.process.pid, signal.SIGKILL)


@pytest.mark.parametrize(("victim", "point"), [("Cabin", 5), ("Cabin", 9), ("Attic", 7)])
def test_a_killed_sync_goes_on(
    tmp_path: Path, invented: Catalogue, victim: str, point: int
) -> None:
    """The next run finishes what is left, on both servers."""
    few = [work.id for work in invented.works.values() if work.kind == "movie"][:60]
    catalogue = Catalogue({w.id: w for w in invented.held([*few, "show-00", "show-01"])})
    cabin = jellyfin_app(catalogue, name="Cabin")
    attic = plex_app(catalogue, name="Attic")
    program = Program(tmp_path)
    with running(cabin) as cabin_at, running(attic) as attic_at:
        program.run("source", "add", cabin_at, FULLCREDITS_TOKEN=DEFAULT_API_KEY)
        program.run("source", "add", attic_at, FULLCREDITS_TOKEN=DEFAULT_TOKEN)
        _killed(program, cabin if victim == "Cabin" else attic, point)
        _sound(program)
        last = program.run("sync", "--json")
        assert [s["state"] for s in last.json] == ["done", "done"], last
        _sound(program)
        store = Store(open_engine(f"sqlite:///{program.data / 'fullcredits.db'}"))
        assert credits_of(store, "Cabin") == served.jellyfin(cabin_at, DEFAULT_API_KEY)
        assert credits_of(store, "Attic") == served.plex(attic_at, DEFAULT_TOKEN)
        states = select(sync_runs.c.state, sync_runs.c.error).order_by(sync_runs.c.id)
        with store.reading() as db:
            assert ("failed", "stopped before its end") in db.execute(states).all()
        store.close()


@pytest.mark.parametrize("kind", list(SourceKind))
def test_killed_at_any_instant(kind: SourceKind, tmp_path: Path) -> None:
    """A slice of `make torture`, which kills a hundred times on a large library."""
    came = torture(kind, titles=150, kills=3, seed=4, folder=tmp_path)
    assert came.kills == 3
    came.check(each=5)  # of three, each may come at the worst moment


def test_what_was_listed_is_not_listed_again_before_the_rest_is_read(scene: Scene) -> None:
    """The run before broke off in the middle of reading."""
    scene.fault(lambda r: Response(status_code=401) if asks_records(r) else None)
    assert scene.sync().state == "failed"
    scene.mend()
    with asked(scene.server.app) as paths:
        assert scene.sync().state == "done"
    listings = [n for n, path in enumerate(paths) if "/all?" in path or "parentId" in path]
    records = [n for n, path in enumerate(paths) if "/library/metadata/" in path or "&ids=" in path]
    assert records[-1] < listings[0]
    assert scene.stored() == scene.served()
    with asked(scene.server.app) as paths:
        scene.sync()
    assert not [path for path in paths if "/library/metadata/" in path or "&ids=" in path]


def test_where_records_always_break_all_is_listed_again(scene: Scene, invented: Catalogue) -> None:
    """Else what is new would never be seen: going on comes to nothing."""
    scene.fault(lambda r: Response(status_code=401) if asks_records(r) else None)
    assert scene.sync().state == "failed"
    film = next(work for work in invented.works.values() if work.kind == "movie")
    scene.library.put(replace(film, id="new", title="Brand New", ids=()))
    known = select(media_items.c.id).where(media_items.c.key == scene.key("new"))
    assert scene.sync().state == "failed"
    assert not scene.house.rows(known), "what was left is done first"
    assert scene.sync().state == "failed"
    assert scene.house.rows(known)
    scene.mend()
    assert scene.sync().state == "done"
    assert scene.stored() == scene.served()


@pytest.mark.parametrize(
    ("before", "goes_on"),
    [
        ([], False),
        ([("done", None, True)], False),
        ([("partial", None, True)], False),
        ([("failed", "broke", True)], True),
        ([("failed", "broke", False)], False),
        ([("failed", "broke", True), ("failed", "broke", False)], False),
        ([("stopped", None, True)], True),
        ([("failed", DIED, True), ("failed", DIED, False), ("stopped", None, False)], True),
        ([("done", None, True), ("failed", DIED, False), ("stopped", None, False)], False),
        ([("failed", "broke", False), ("failed", DIED, False)], False),
    ],
)
def test_which_runs_are_gone_on_with(
    sqlite_house: Household, before: list[tuple[str, str | None, bool]], goes_on: bool
) -> None:
    """Also past others that were broken off over that."""
    sqlite_house.add("Shelf", SourceKind.PLEX, "http://127.0.0.1:1")
    with sqlite_house.store.writing() as db:
        shelf = sources.source_named(db, "Shelf").id
        for state, error, listed in before:
            run = runs.start_run(db, shelf, "", "all")
            if listed:
                runs.note_listed(db, run)
            runs.end_run(db, run, state, {}, error)
        assert runs.goes_on(db, runs.start_run(db, shelf, "", "all")) == goes_on


def test_what_was_read_is_decided_before_all_is_listed_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run before broke off when all was read: to decide who is who nothing is asked for."""

    async def broken(_: Context) -> None:
        raise StoreError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(Context, "identify", broken)
        with pytest.raises(StoreError):
            scene.sync()
    waiting = select(source_people.c.id).where(source_people.c.undecided)
    assert scene.house.rows(waiting)
    still: list[int] = []

    def look(request: Request) -> None:
        if "/all" in request.url.path or "parentid" in request.url.query.lower():
            still.append(len(scene.house.rows(waiting)))

    scene.fault(look)
    assert scene.sync().state == "done"
    assert still
    assert set(still) == {0}


def _killed(program: Program, app: Starlette, point: int) -> None:
    killer = Killer(point)
    app.state.faults[:] = [killer]
    with program.start("sync", "--json") as process:
        killer.process = process
        process.communicate(timeout=120)
    app.state.faults.clear()
    assert process.returncode == -signal.SIGKILL


def _sound(program: Program) -> None:
    with sqlite3.connect(program.data / "fullcredits.db") as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
