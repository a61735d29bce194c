"""Keeping every source in step while the program runs: who is synced when, and why.

Each source has a keeper. A keeper listens to its server, knows the schedule, and does one thing at
a time: what somebody looks at, what somebody asked for, what the server named, what is due.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from contextlib import suppress
from typing import Literal, NamedTuple, NoReturn

import structlog

from fullcredits.errors import Occupied, StoreError
from fullcredits.store import Store, plan, runs, schedules, sources
from fullcredits.store.plan import LOOKED_AT, Turn
from fullcredits.store.progress import Holder
from fullcredits.store.schedules import (
    LibrarySchedule,
    Past,
    Schedule,
    is_quiet,
    next_comparison,
    not_due,
    retry_at,
)
from fullcredits.store.sources import SourceRow
from fullcredits.sync.lease import end_dead
from fullcredits.sync.live import Connect, Ear, Heard
from fullcredits.sync.meanwhile import Meanwhile
from fullcredits.sync.rules import USUAL, Rules
from fullcredits.sync.syncing import Syncing
from fullcredits.sync.watch import Unwatched

LOOK = 5.0
"""Seconds between two looks at what other processes changed: sources, schedules, who is at it."""
BREATH = 0.3
"""Seconds between two looks while a sync runs, however often the server makes itself heard."""
GAP = dt.timedelta(minutes=1)
"""So long after a comparison a hint that something was missed does not yet cause the next: a line
that breaks again and again must not."""
WHILE_SCANNING = dt.timedelta(minutes=10)
"""So long after a comparison titles that were named and could not be placed do not yet cause the
next: of a scan that takes hours there may always be some."""

REST = dt.timedelta(minutes=1)
"""So long after a server failed, what waits is not asked for again."""

log = structlog.get_logger()


class Step(NamedTuple):
    """What a keeper does next."""

    what: Literal["named", "all", "full", "wait"]
    listening: bool
    """Whether the server is listened to meanwhile."""
    seconds: float = LOOK
    """Of waiting, at most."""
    small: bool = False
    """Something waits for no comparison, whatever was heard."""
    wished: bool = False
    """Somebody waits for it: quiet hours let it through."""
    later: frozenset[str] = frozenset()
    """Of "all", the keys of libraries that are compared another time."""


class Keeper:
    """Keeps one source in step."""

    def __init__(self, store: Store, row: SourceRow, connect: Connect, syncing: Syncing) -> None:
        self.row = row
        self._store = store
        self._syncing = syncing
        self._stirred = asyncio.Event()
        self.ear = Ear(connect, row, self._stirred.set)
        self._listening: asyncio.Task[NoReturn] | None = None
        self._owed: dt.timedelta | None = None
        """A comparison, so long after the last one: something was missed. In memory only: a line
        that opens, as at every start, says to compare."""
        self._unplaced: set[str] = set()
        """Keys over which a comparison was owed once: that finds them, or nothing does (a further
        version of a film)."""
        self._left_off = False
        """Because somebody paused it, or its quiet hours began."""
        self._rested = dt.datetime.min
        """When what waits may be asked for again: the server failed over it."""
        self._failed_whom = False
        """It did so over what somebody looks at, too: that was not read first."""

    def wake(self) -> None:
        """Look again what is to be done."""
        self._stirred.set()

    async def keep(self) -> None:
        """Until cancelled."""
        try:
            while True:
                self._stirred.clear()
                step = await self._next()
                await self._listen(step.listening)
                if step.what == "wait":
                    with suppress(TimeoutError):
                        async with asyncio.timeout(step.seconds):
                            await self._stirred.wait()
                    continue
                try:
                    await self._attend(step)
                except (Occupied, StoreError) as error:
                    log.info("sync put off", source=self.row.name, why=str(error))
                    await asyncio.sleep(LOOK)
        finally:
            await self._listen(False)

    async def _attend(self, step: Step) -> None:
        """Do it, but leave off when the source is paused meanwhile, or its quiet hours begin."""
        was_paused = (await asyncio.to_thread(self._look))[0].paused
        self._left_off = False
        doing = asyncio.create_task(self._do(step))
        try:
            while not doing.done():
                self._stirred.clear()
                stirred = asyncio.create_task(self._stirred.wait())
                first = asyncio.FIRST_COMPLETED
                await asyncio.wait((doing, stirred), timeout=LOOK, return_when=first)
                stirred.cancel()
                schedule = (await asyncio.to_thread(self._look))[0]
                paused = schedule.paused and not was_paused
                quiet = is_quiet(schedule, dt.datetime.now()) and not step.wished
                if (paused or quiet) and not doing.done():
                    self._left_off = True
                    break
                await asyncio.wait((doing,), timeout=BREATH)
            else:
                await doing
        finally:
            doing.cancel()
            await asyncio.gather(doing, return_exceptions=True)

    async def _listen(self, wanted: bool) -> None:
        if wanted and self._listening is None:
            self._listening = asyncio.create_task(self.ear.listen())
        elif not wanted and self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
            self._listening = None
            self.ear.trouble = "not listened to: paused, or in quiet hours"

    async def _next(self) -> Step:
        with suppress(StoreError):  # busy for long: at the next look
            await asyncio.to_thread(end_dead, self._store, self.row.id)
        schedule, past, libraries, turn = await asyncio.to_thread(self._look)
        now = dt.datetime.now()
        listening = not schedule.paused and not is_quiet(schedule, now)
        if schedule.asked is not None:
            return Step("full" if schedule.asked == "full" else "all", listening, wished=True)
        if schedule.paused:
            return Step("wait", listening)
        looked_at = turn in LOOKED_AT and not self._failed_whom
        small = turn is not None and (looked_at or now >= self._rested)
        if small and turn in LOOKED_AT:
            return Step("named", listening, small=True, wished=True)
        if not listening:
            return Step("wait", listening)
        ready = self.ear.ready_in()
        if small or ready == 0:
            return Step("named", listening, small=small)
        due = next_comparison(schedule, past, libraries, now)
        if self._owed is not None:
            soon = retry_at(past) or (past.ended + self._owed if past.ended else now)
            due = soon if due is None else min(due, soon)
        seconds = LOOK if ready is None else min(ready, LOOK)
        if due is None:
            return Step("wait", listening, seconds)
        if due <= now:
            later = (
                frozenset() if self._owed is not None else not_due(schedule, past, libraries, now)
            )
            return Step("all", listening, later=later)
        return Step("wait", listening, min(seconds, (due - now).total_seconds()))

    async def _is_looked_at(self) -> bool:
        """Whether somebody looks at what waits to be read."""
        return (await asyncio.to_thread(self._look))[3] in LOOKED_AT

    def _look(self) -> tuple[Schedule, Past, list[LibrarySchedule], Turn | None]:
        number = self.row.id
        with self._store.reading() as db:
            return (
                schedules.schedule_of(db, number),
                runs.past_comparisons(db, number),
                schedules.library_schedules(db, number),
                plan.next_small(db, number),
            )

    async def _do(self, step: Step) -> None:
        row = await asyncio.to_thread(self._present)
        # What a comparison of all libraries makes needless is forgotten over it.
        heard = Heard() if step.later else self.ear.take()
        meanwhile = Meanwhile(self.ear)
        asked = False
        try:
            if step.what == "named":
                if heard.compare:
                    self._owe(GAP)
                if heard.changed or heard.removed or step.small:
                    summary = await self._syncing.named(row, Unwatched(), heard, meanwhile)
                    if summary.error or summary.left:
                        self._owe(GAP)
                    if summary.unplaced - self._unplaced:
                        self._owe(WHILE_SCANNING)
                        self._unplaced |= summary.unplaced
                    if summary.error:
                        self._rested = dt.datetime.now() + REST
                    self._failed_whom = bool(summary.error) and await self._is_looked_at()
                return
            asked = (await asyncio.to_thread(self._look))[0].asked is not None
            summary = await self._syncing.once(
                row,
                Unwatched(),
                full=step.what == "full",
                asked=asked,
                later=step.later,
                meanwhile=meanwhile,
            )
            if not (step.later or summary.error):
                self._owed = None
            elif heard:
                self._owe(GAP)
        except BaseException:
            meanwhile.end()
            self.ear.put_back(heard)
            if asked and not self._left_off:
                with self._store.writing() as db:  # not in a thread: we may be cancelled
                    schedules.ask_again(db, self.row.id)
            raise
        finally:
            meanwhile.end()

    def _owe(self, gap: dt.timedelta) -> None:
        self._owed = gap if self._owed is None else min(self._owed, gap)

    def _present(self) -> SourceRow:
        with self._store.reading() as db:
            return sources.source_by_id(db, self.row.id)


class Conductor:
    """Keeps all sources in step; made and used in one event loop."""

    def __init__(
        self, store: Store, connect: Connect, holder: Holder, rules: Rules = USUAL
    ) -> None:
        self._store = store
        self._connect = connect
        self._syncing = Syncing(store, connect, holder, rules)
        self._keepers: dict[int, tuple[Keeper, asyncio.Task[None]]] = {}
        self._stirred = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled: a keeper for every source there is."""
        try:
            while True:
                self._stirred.clear()
                with suppress(StoreError):  # busy for long: look again
                    await self._staff(await asyncio.to_thread(self._rows))
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK):
                        await self._stirred.wait()
        finally:
            await self._dismiss(list(self._keepers))

    def wake(self) -> None:
        """Something changed in the database that concerns us."""
        self._stirred.set()
        for keeper, _ in self._keepers.values():
            keeper.wake()

    def hint(self, source_id: int, heard: Heard) -> None:
        """Somebody else than the line tells of changes."""
        if source_id in self._keepers:
            keeper, _ = self._keepers[source_id]
            keeper.ear.put_back(heard)
            keeper.wake()

    def trouble(self, source_id: int) -> str | None:
        """Why a source's changes are not heard of; None while they are."""
        found = self._keepers.get(source_id)
        return found[0].ear.trouble if found else "not yet listened to"

    def _rows(self) -> list[SourceRow]:
        with self._store.reading() as db:
            return sources.list_sources(db)

    async def _staff(self, rows: list[SourceRow]) -> None:
        there = {row.id: row for row in rows}
        await self._dismiss(
            [
                source_id
                for source_id, (keeper, task) in self._keepers.items()
                if source_id not in there or task.done() or _moved(keeper.row, there[source_id])
            ]
        )
        for source_id, row in there.items():
            if source_id not in self._keepers:
                keeper = Keeper(self._store, row, self._connect, self._syncing)
                self._keepers[source_id] = (keeper, asyncio.create_task(keeper.keep()))

    async def _dismiss(self, source_ids: list[int]) -> None:
        tasks = [self._keepers.pop(source_id)[1] for source_id in source_ids]
        for task in tasks:
            task.cancel()
        for failed in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(failed, Exception):
                log.error("keeping a source in step failed", exc_info=failed)


def _moved(before: SourceRow, now: SourceRow) -> bool:
    """Whether a source is reached otherwise, or is another server, than before."""
    names = ("name", "address", "secret", "account_secret", "trust", "at_once")
    return any(getattr(before, name) != getattr(now, name) for name in names)
