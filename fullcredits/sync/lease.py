"""One sync of a source at a time, whoever begins it: this process, another one, another machine.

A run under way is the lease: its row says who holds it, and they give a sign of life now and then.
Who is dead (`store/alive.py`) is succeeded.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fullcredits.errors import NotFound, Occupied, StoreError
from fullcredits.store import Connection, Store, runs, schedules
from fullcredits.store.alive import is_dead, own_token, under_way
from fullcredits.store.engine import PATIENT_SECONDS
from fullcredits.store.progress import Holder, Progress
from fullcredits.store.runs import Fate, RunRow

BEAT = 1.0
"""Seconds between two looks whether there is something new to tell."""
QUIET_BEAT = 20.0
"""Seconds after which a sign of life is given though there is nothing new."""
REMOVED = "it was removed while it was synced, and nothing of it is kept"


def this_process(program: str) -> Holder:
    """Whoever calls, as `program`."""
    return Holder(program, socket.gethostname(), os.getpid(), own_token())


def begin(db: Connection, source_id: int, holder: Holder, what: str) -> int:
    """Take the lease of a source, and what somebody asked for with it, so that no kill loses that;
    returns the id of its run.

    Raises Occupied, which says who holds it; a dead holder's run is noted as failed.
    """
    if run := runs.running_of(db, source_id):
        if not is_dead(run):
            raise Occupied(f"is being synced by {Holder.read(run.holder or '')}")
        _end_dead(db, run)
    run_id = runs.start_run(db, source_id, holder.kept, what)
    schedules.answer(db, source_id, what)
    return run_id


def end_dead(store: Store, source_id: int) -> None:
    """Note a run of a source as failed whose holder is dead. Nothing is written where there is
    none. Raises StoreError.
    """
    with store.reading() as db:
        run = runs.running_of(db, source_id)
    if run and is_dead(run):
        with store.writing() as db:
            _end_dead(db, run)


def _end_dead(db: Connection, run: RunRow) -> None:
    """It ended when it was last heard of."""
    runs.end_run(db, run.id, "failed", run.counts, runs.DIED, run.beat_at)


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
    also when they took it over in the middle, because this machine slept; NotFound where the source
    is removed, before or meanwhile.
    """
    run_id = await asyncio.to_thread(_begin, store, source_id, holder, what)
    try:
        async with _signs_of_life(store, run_id, progress):
            yield run_id
        _refuse_lost(await asyncio.to_thread(_fate, store, run_id))
    except BaseException as error:
        if isinstance(error, Exception) and _is_removed(store, run_id):
            raise NotFound(REMOVED) from error  # whatever it was that failed without its rows
        stopped = isinstance(error, asyncio.CancelledError)
        how, why = ("stopped", None) if stopped else ("failed", str(error))
        reached = progress()._asdict() if stopped else None
        # Not in a thread: whoever stops us does not wait for one.
        with contextlib.suppress(StoreError), store.writing() as db:
            runs.end_run(db, run_id, how, counts(), why, reached=reached)
        raise
    finally:
        under_way.discard(run_id)


def _begin(store: Store, source_id: int, holder: Holder, what: str) -> int:
    with store.writing(PATIENT_SECONDS) as db:
        run_id = begin(db, source_id, holder, what)
        under_way.add(run_id)  # before anybody can see it, and take it for dead
    return run_id


@asynccontextmanager
async def _signs_of_life(
    store: Store, run_id: int, progress: Callable[[], Progress]
) -> AsyncIterator[None]:
    """Give them for as long as this is open; who was taken for dead meanwhile is cancelled."""
    task = asyncio.current_task()
    assert task is not None
    fate = Fate.HELD

    async def beat() -> None:
        nonlocal fate
        told: tuple[Any, ...] = ()
        silent = 0.0
        while True:
            await asyncio.sleep(BEAT)
            silent += BEAT
            present = progress()
            news = present != told or silent >= QUIET_BEAT
            try:
                fate = await asyncio.to_thread(_fate, store, run_id, present if news else None)
            except StoreError:
                continue  # somebody writes for long; the next one will do
            if fate is not Fate.HELD:
                task.cancel()
                return
            if news:
                told, silent = present, 0.0

    beating = asyncio.create_task(beat())
    try:
        yield
    except asyncio.CancelledError:
        if fate is Fate.HELD:
            raise
        task.uncancel()
        _refuse_lost(fate)
    finally:
        beating.cancel()
        await asyncio.gather(beating, return_exceptions=True)


def _fate(store: Store, run_id: int, news: Progress | None = None) -> Fate:
    """What became of a lease; where there are news, they are told as a sign of life."""
    if news is None:
        with store.reading() as db:
            return runs.fate_of(db, run_id)
    with store.writing() as db:
        return Fate.HELD if runs.beat(db, run_id, news._asdict()) else runs.fate_of(db, run_id)


def _is_removed(store: Store, run_id: int) -> bool:
    try:
        return _fate(store, run_id) is Fate.REMOVED
    except StoreError:  # it is the reason
        return False


def _refuse_lost(fate: Fate) -> None:
    if fate is Fate.REMOVED:
        raise NotFound(REMOVED)
    if fate is Fate.LOST:
        raise Occupied("was taken over by somebody else meanwhile")
