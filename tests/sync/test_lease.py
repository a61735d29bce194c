"""One sync of a source at a time, and who is dead is succeeded."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from sqlalchemy import update

from fullcredits.errors import Occupied
from fullcredits.model import Server, SourceKind
from fullcredits.store import Store, alive, runs, sources
from fullcredits.store.alive import EXPIRY, own_token
from fullcredits.store.progress import Holder, Progress
from fullcredits.store.schema import sync_runs
from fullcredits.sync import lease
from fullcredits.sync.lease import begin, leased, this_process

HERE = this_process("fullcredits serve")
ELSEWHERE = Holder("fullcredits sync", "some-other-machine", 7, "abc")


@pytest.fixture
def source(store: Store) -> int:
    return added(store, "Attic")


def added(store: Store, name: str) -> int:
    with store.writing() as db:
        server = Server(f"id of {name}", name, "1")
        return sources.add_source(db, name, SourceKind.PLEX, f"http://{name}", b"sealed", server)


def hold(
    store: Store, source_id: int, progress: Progress | None = None
) -> AbstractAsyncContextManager[int]:
    present = progress or Progress()
    return leased(store, source_id, HERE, "all", lambda: present, lambda: {"titles": 3})


def last(store: Store, source_id: int) -> runs.RunRow:
    with store.reading() as db:
        found = runs.last_run(db, source_id)
    assert found is not None
    return found


def held_by(store: Store, source_id: int, holder: Holder, *, silent: dt.timedelta) -> int:
    """A lease that somebody holds who was silent for a while."""
    with store.writing() as db:
        run_id = begin(db, source_id, holder, "all")
        db.execute(update(sync_runs).values(beat_at=sources.now() - silent))
    return run_id


def test_a_source_is_held_by_one(store: Store, source: int) -> None:
    other = added(store, "Barn")

    async def go() -> None:
        async with hold(store, source), hold(store, other):
            with pytest.raises(Occupied, match=r"being synced by `fullcredits serve` \(process"):
                async with hold(store, source):
                    pass

    asyncio.run(go())


def test_the_lease_goes_with_the_run(store: Store, source: int) -> None:
    async def go() -> None:
        for _ in range(2):
            async with hold(store, source) as run_id:
                with store.writing() as db:
                    runs.end_run(db, run_id, "done", {})

    asyncio.run(go())
    assert last(store, source).state == "done"


@pytest.mark.parametrize(
    ("error", "state", "why"),
    [(asyncio.CancelledError(), "stopped", None), (RuntimeError("broken"), "failed", "broken")],
)
def test_a_run_that_is_broken_off_lets_go(
    store: Store, source: int, error: BaseException, state: str, why: str | None
) -> None:
    """Of one that is stopped it stays known how far it came; what failed says so itself."""
    present = Progress("listing titles", 40, 57)
    reached = present._asdict() if state == "stopped" else None

    async def go() -> None:
        with pytest.raises(type(error)):
            async with hold(store, source, present):
                raise error
        run = last(store, source)
        assert (run.state, run.error, run.counts) == (state, why, {"titles": 3})
        assert (run.holder, run.progress) == (None, reached)
        async with hold(store, source):
            pass

    asyncio.run(go())


def test_another_machine_is_believed_while_it_gives_signs(store: Store, source: int) -> None:
    run_id = held_by(store, source, ELSEWHERE, silent=EXPIRY - dt.timedelta(seconds=30))
    with store.writing() as db, pytest.raises(Occupied, match="process 7 on some-other-machine"):
        begin(db, source, HERE, "all")
    with store.writing() as db:
        assert runs.beat(db, run_id, Progress()._asdict())


def test_a_silent_one_is_succeeded(store: Store, source: int) -> None:
    run_id = held_by(store, source, ELSEWHERE, silent=EXPIRY + dt.timedelta(seconds=2))
    with store.writing() as db:
        begin(db, source, HERE, "all")
    with store.reading() as db:
        (dead,) = runs.history(db, source, 10)
    assert (dead.id, dead.state, dead.error) == (run_id, "failed", runs.DIED)
    with store.writing() as db:
        assert not runs.beat(db, run_id, Progress()._asdict())


def test_a_dead_process_here_is_succeeded_at_once(store: Store, source: int) -> None:
    process = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    dead = HERE._replace(process=int(process.stdout), token="other")
    held_by(store, source, dead, silent=dt.timedelta(0))
    with store.writing() as db:
        begin(db, source, HERE, "all")


@pytest.fixture
def other() -> Iterator[subprocess.Popen[str]]:
    """A process of this machine that lives, and what it says is its holder's token."""
    code = "from fullcredits.store.alive import own_token; print(own_token(), flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.communicate("\n")


def said_by(process: subprocess.Popen[str]) -> Holder:
    assert process.stdout is not None
    return HERE._replace(process=process.pid, token=process.stdout.readline().strip())


def test_a_living_process_here_is_not(
    store: Store, source: int, other: subprocess.Popen[str]
) -> None:
    """However long it was silent: a machine that slept wakes both of them."""
    held_by(store, source, said_by(other), silent=2 * EXPIRY)
    with store.writing() as db, pytest.raises(Occupied):
        begin(db, source, HERE, "all")


def test_the_number_of_a_dead_process_may_be_given_again(
    store: Store, source: int, other: subprocess.Popen[str]
) -> None:
    """After a power cut, or in a container, where the first one always has the same."""
    assert said_by(other).token != own_token()
    held_by(store, source, HERE._replace(process=other.pid), silent=dt.timedelta(0))
    with store.writing() as db:
        begin(db, source, HERE, "all")


def test_a_process_that_nobody_cleared_away_is_dead(
    store: Store, source: int, other: subprocess.Popen[str]
) -> None:
    held_by(store, source, said_by(other), silent=dt.timedelta(0))
    other.kill()
    os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOWAIT)
    with store.writing() as db:
        begin(db, source, HERE, "all")


@pytest.mark.parametrize("dead", [False, True])
def test_where_no_beginning_is_told_silence_tells(
    store: Store,
    source: int,
    other: subprocess.Popen[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    dead: bool,
) -> None:
    holder = said_by(other)
    monkeypatch.setattr(alive, "_PROC", tmp_path)
    held_by(store, source, holder, silent=2 * EXPIRY if dead else EXPIRY / 2)
    with store.writing() as db:
        if dead:
            begin(db, source, HERE, "all")
        else:
            with pytest.raises(Occupied):
                begin(db, source, HERE, "all")


def test_somebody_before_us_had_our_number(store: Store, source: int) -> None:
    held_by(store, source, HERE._replace(token="of old"), silent=dt.timedelta(0))
    with store.writing() as db:
        begin(db, source, HERE, "all")


def test_who_was_taken_for_dead_stops(
    store: Store, source: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "BEAT", 0.01)

    async def go() -> None:
        async with hold(store, source) as run_id:
            with store.writing() as db:
                runs.end_run(db, run_id, "failed", {}, runs.DIED)
            await asyncio.sleep(60)

    with pytest.raises(Occupied, match="taken over"):
        asyncio.run(go())
    assert last(store, source).error == runs.DIED


def test_progress_is_there_to_be_read(
    store: Store, source: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "BEAT", 0.01)
    present = Progress("reading titles", done=3, total=7, credits=120, left=4.5)

    async def go() -> None:
        async with hold(store, source, present):
            for _ in range(1000):
                if (kept := last(store, source).progress) is not None:
                    assert Progress.of(kept) == present
                    return
                await asyncio.sleep(0.01)
            pytest.fail("nothing was kept")

    asyncio.run(go())


def test_what_another_version_kept_is_read_as_far_as_known() -> None:
    assert Progress.of({"done": 3, "mood": "good"}) == Progress(done=3)
    assert Progress.of(None) == Progress()


def test_history_is_pruned(store: Store, source: int) -> None:
    with store.writing() as db:
        for n in range(30):
            run = begin(db, source, HERE, "all")
            runs.end_run(db, run, "done", {"credits_new": n % 2, "titles": 9})
        runs.prune_runs(db, source, keep=20, keep_empty=3)
        left = runs.history(db, source, 100)
    assert [runs.changes_in(run) for run in left].count(0) == 3
    assert [runs.changes_in(run) for run in left].count(1) == 10
    assert left == sorted(left, key=lambda run: -run.id)
