"""One sync of a source at a time, whoever begins it: this process, another one, another machine.

A run under way is the lease: its row says who holds it, and they give a sign of life now and then.
Who is dead is succeeded: on the same machine at once, elsewhere when no sign came for a while.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import os
import secrets
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fullcredits.errors import Occupied, StoreError
from fullcredits.store import Connection, Store, runs
from fullcredits.store.progress import Holder, Progress
from fullcredits.store.runs import RunRow
from fullcredits.store.sources import now

BEAT = 1.0
"""Seconds between two looks whether there is something new to tell."""
QUIET_BEAT = 20.0
"""Seconds after which a sign of life is given though there is nothing new."""
EXPIRY = dt.timedelta(minutes=3)
"""Without a sign of life for so long, a holder on another machine is taken for dead. A sign has to
wait while somebody else writes into the database, so this is not short.
"""
DEAD = "stopped before its end"


_TOKEN = secrets.token_hex(8)
_under_way: set[int] = set()
"""Runs of this process."""


def this_process(program: str) -> Holder:
    """Whoever calls, as `program`."""
    return Holder(program, socket.gethostname(), os.getpid(), _TOKEN)


def is_dead(run: RunRow) -> bool:
    """Whether nobody is at a run any more that is noted as under way."""
    holder = Holder.read(run.holder or "")
    if holder is None:
        return True
    if holder.machine == socket.gethostname():
        if holder.process == os.getpid():
            return holder.token != _TOKEN or run.id not in _under_way
        return not _lives(holder.process)
    return run.beat_at is None or now() - run.beat_at > EXPIRY


def begin(db: Connection, source_id: int, holder: Holder, what: str) -> int:
    """Take the lease of a source; returns the id of its run.

    Raises Occupied, which says who holds it; a dead holder's run is noted as failed.
    """
    for run in runs.running(db):
        if run.source_id != source_id:
            continue
        if not is_dead(run):
            raise Occupied(f"is being synced by {Holder.read(run.holder or '')}")
        runs.end_run(db, run.id, "failed", run.counts, DEAD)
    return runs.start_run(db, source_id, holder.kept, what)


@asynccontextmanager
async def leased(
    store: Store,
    source_id: int,
    holder: Holder,
    what: str,
    progress: Callable[[], Progress],
    counts: Callable[[], dict[str, int]],
) -> AsyncIterator[int]:
    """Hold a source's lease; gives the id of the run, which the caller ends when it is done.

    A run that is broken off is ended here. Raises Occupied where somebody else holds the lease,
    also when they took it over in the middle, because this machine slept.
    """
    run_id = await asyncio.to_thread(_begin, store, source_id, holder, what)
    try:
        async with _signs_of_life(store, run_id, progress):
            yield run_id
    except BaseException as error:
        stopped = isinstance(error, asyncio.CancelledError)
        how, why = ("stopped", None) if stopped else ("failed", str(error))
        # Not in a thread: whoever stops us does not wait for one.
        with contextlib.suppress(StoreError), store.writing() as db:
            runs.end_run(db, run_id, how, counts(), why)
        raise
    finally:
        _under_way.discard(run_id)


def _begin(store: Store, source_id: int, holder: Holder, what: str) -> int:
    with store.writing() as db:
        run_id = begin(db, source_id, holder, what)
    _under_way.add(run_id)
    return run_id


@asynccontextmanager
async def _signs_of_life(
    store: Store, run_id: int, progress: Callable[[], Progress]
) -> AsyncIterator[None]:
    """Give them for as long as this is open; who was taken for dead meanwhile is cancelled."""
    task = asyncio.current_task()
    assert task is not None
    lost = False

    async def beat() -> None:
        nonlocal lost
        told: tuple[Any, ...] = ()
        silent = 0.0
        while True:
            await asyncio.sleep(BEAT)
            silent += BEAT
            present = progress()
            if present == told and silent < QUIET_BEAT:
                continue
            try:
                if not await asyncio.to_thread(_beat, store, run_id, present):
                    lost = True
                    task.cancel()
                    return
            except StoreError:
                continue  # somebody writes for long; the next one will do
            told, silent = present, 0.0

    beating = asyncio.create_task(beat())
    try:
        yield
    except asyncio.CancelledError:
        if not lost:
            raise
        task.uncancel()
        raise Occupied("was taken over by somebody else meanwhile") from None
    finally:
        beating.cancel()
        await asyncio.gather(beating, return_exceptions=True)


def _beat(store: Store, run_id: int, present: Progress) -> bool:
    """Give a sign of life; False where somebody took us for dead and ended the run."""
    with store.writing() as db:
        return runs.beat(db, run_id, present._asdict()) or runs.error_of(db, run_id) != DEAD


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass  # somebody else's, but there
    return True
