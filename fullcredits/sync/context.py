"""One run over one source: what every part of it needs, and what goes around all of them."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Coroutine, Hashable
from typing import Any, Concatenate, ParamSpec, TypeVar

from fullcredits.errors import NotFound, SourceError
from fullcredits.model import Server
from fullcredits.sources.contract import Source
from fullcredits.sources.trouble import Another
from fullcredits.store import Connection, Store, problems, runs, sources
from fullcredits.store.engine import PATIENT_SECONDS
from fullcredits.store.holds import count_undecided
from fullcredits.store.named import full_names
from fullcredits.store.persons import newest_person
from fullcredits.store.plan import Waiting, count_unsettled, put_off, unsettled_titles
from fullcredits.store.progress import Holder
from fullcredits.store.sources import SourceRow
from fullcredits.sync.identify import anything_waits, portions
from fullcredits.sync.lease import REMOVED, leased, this_process
from fullcredits.sync.meanwhile import Meanwhile
from fullcredits.sync.progress import Meter
from fullcredits.sync.rules import Rules
from fullcredits.sync.silence import told
from fullcredits.sync.troubles import Phase, Troubles
from fullcredits.sync.watch import Summary, Watch
from fullcredits.text import NAMED, size, title_named

P = ParamSpec("P")
T = TypeVar("T")


class Context:
    """What the parts of a run share: the database, the source, who is told, what was done."""

    def __init__(
        self,
        store: Store,
        source: Source,
        row: SourceRow,
        watch: Watch,
        rules: Rules,
        meanwhile: Meanwhile | None = None,
    ) -> None:
        self.rules = rules
        self.meanwhile = meanwhile
        """Where the server is listened to."""
        self.between: Callable[[], Awaitable[None]] = _nothing
        """To be called between two requests, or portions, of what may take long and reads no
        titles; see `reading.read_meanwhile`."""
        self.store = store
        self.source = source
        self.row = row
        self.watch = Meter(watch)
        self.summary = Summary(source=row.name)
        self._troubles, self._notes = Troubles(row.name), Troubles(row.name)
        self.newest_person = 0
        """Persons with higher row ids were not known before this run."""
        self.persons_told = False
        """Some persons' records said something new."""
        self.id = 0
        """The number of the run, when it has begun."""
        self.listed = False
        """All its titles are listed, now or by the run before: what is not known is new."""
        self.doing = "it was asked who it is"
        """What of the source is being read, in words that go on a "while"."""
        self.asked = "who it is"
        """What it was asked for last, in words."""

    async def through(
        self, holder: Holder | None, what: str, work: Coroutine[Any, Any, None]
    ) -> Summary:
        """Hold the source's lease, do the work, decide who is who, keep how it went.

        Never raises SourceError: what failed is in the summary, and what was stored stays; that the
        source was removed meanwhile is in it too. Raises Occupied where somebody else syncs it.
        """
        holder = holder or this_process("fullcredits sync")
        with contextlib.closing(work):  # Occupied: it was never begun
            try:
                await self._hold(holder, what, work)
            except NotFound:
                self.summary = removed(self.row)
        self.watch.finished(self.summary)
        return self.summary

    async def _hold(self, holder: Holder, what: str, work: Coroutine[Any, Any, None]) -> None:
        summary, meter = self.summary, self.watch
        async with leased(
            self.store, self.row.id, holder, what, lambda: meter.now, summary.counts
        ) as self.id:
            async with told(lambda: self.source.silence, self._silent):
                await self._count(work)
            counts = summary.counts()
            await self.write(runs.end_run, self.id, summary.state, counts, summary.error)

    async def _count(self, work: Coroutine[Any, Any, None]) -> None:
        started = time.monotonic()
        before = await self.read(sources.held, self.row.id)
        self.newest_person = await self.read(newest_person)
        summary = self.summary
        try:
            await work
            await self.identify()
        except SourceError as error:
            self.between = _nothing  # it is asked for nothing more
            summary.error = f"{error.problem} (while {self.doing})"
            summary.exit_code = error.exit_code
        finally:  # also of a run that is stopped
            summary.seconds = round(time.monotonic() - started, 3)
            summary.requests, summary.received = self.source.requests, self.source.received
        for words in self._troubles.again():
            self.watch.tell(words)
        summary.messages = [*self._troubles.sentences(), *summary.messages]
        summary.notes = self._notes.sentences()
        if summary.error:
            await self.identify()
        held = await self.read(sources.held, self.row.id)
        summary.titles_held, summary.credits_held, summary.people_held = held
        summary.unsettled = await self.read(count_unsettled, self.row.id)
        summary.unsettled_titles = await self.read(unsettled_titles, self.row.id, NAMED)
        summary.holds = await self.read(count_undecided, self.row.id)
        summary.people_new = held.people - before.people
        summary.seconds = round(time.monotonic() - started, 3)

    async def identify(self) -> None:
        """Decide who is who, until nobody waits; can be cancelled between two portions, and does
        what is to be done `between` them.
        """
        if await self.read(anything_waits):
            self.watch.step("who is who")
        left = portions(self.store)
        while await asyncio.to_thread(next, left, False):
            await self.between()

    async def problem(
        self, key: str, what: str, phase: Phase, error: SourceError, *, leave_alone: bool = False
    ) -> None:
        """Keep what failed, tell the watcher, go on. `what` names it as it stands in a sentence.
        `leave_alone`: it is tried again by itself, after a pause that grows.
        """
        self.failed(key, what, phase, error)
        problem = self._problem(key, what, phase, error)
        await self.write(problems.note_problem, problem, leave_alone=leave_alone)

    async def unread(self, title: Waiting, error: SourceError) -> None:
        """A title's record could not be read: it is left alone, longer each time."""
        name = (await self.read(full_names, [title.id]))[title.id]
        self.failed(title.key, title_named(name), "records", error)
        problem = self._problem(title.key, name, "records", error)

        def keep(db: Connection) -> None:
            until = problems.note_problem(db, problem, leave_alone=True)
            put_off(db, [title.id], until)

        await self.write(keep)

    def tell(self, words: str) -> None:
        """Tell whoever looks on, now and in the summary."""
        self.summary.messages.append(words)
        self.watch.problem(words)

    def _silent(self, seconds: float) -> None:
        came = self.source.arriving
        so_far = f" (so far {size(came)})" if came else ""
        self.watch.silent(self.row.name, seconds, f"{self.asked}{so_far}")

    def tell_of(self, kind: Hashable, what: str, one: str, many: str) -> None:
        """Tell of something that is no failure, see `Troubles.tell_of`."""
        self._pass_on(self._troubles.tell_of(kind, what, one, many))

    def note(self, kind: Hashable, what: str, one: str, many: str) -> None:
        """As `tell_of`, of what nobody has to be told before the end."""
        self._notes.tell_of(kind, what, one, many)

    def failed(self, key: str, what: str, phase: Phase, error: SourceError) -> None:
        """As `problem`, of what is kept in another way."""
        self.summary.problems += 1
        self._pass_on(self._troubles.note(phase, key, what, error))

    def _pass_on(self, words: str | None) -> None:
        if words is None:
            self.watch.more_problems()
        else:
            self.watch.problem(words)

    def _problem(
        self, key: str, title: str, phase: Phase, error: SourceError
    ) -> problems.ProblemRow:
        return problems.ProblemRow(self.row.id, key, title, phase, error.code, error.problem)

    async def read(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Read from the database, in a thread."""

        def whole() -> T:
            with self.store.reading() as db:
                return work(db, *args, **kwargs)

        return await asyncio.to_thread(whole)

    async def write(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Do database work in one transaction, in a thread."""

        def whole() -> T:
            with self.store.writing(PATIENT_SECONDS) as db:
                return work(db, *args, **kwargs)

        return await asyncio.to_thread(whole)


def removed(row: SourceRow) -> Summary:
    """Of a run whose source is there no longer."""
    return Summary(row.name, error=REMOVED, exit_code=NotFound.exit_code)


async def _nothing() -> None:
    pass


def refuse_another(run: Context, server: Server) -> None:
    """Raises Another where another server than the one that is meant answers."""
    if run.row.server_id and server.id != run.row.server_id:
        raise Another(run.row.name, run.row.address)
