"""A sync, whole: plan → fetch → write → reconcile → people → identify.

Each batch is one transaction that stores records together with the change markers they were
listed under, so a run that is killed anywhere goes on where it was.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import datetime as dt
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, Concatenate, ParamSpec, TypeVar

from fullcredits.errors import Failed, Nonsense, SourceError
from fullcredits.model import Library, MediaItem, PersonFacts, Record
from fullcredits.sources.contract import Source
from fullcredits.store import Connection, Store, runs, sources
from fullcredits.store.persons import put_person_facts
from fullcredits.store.progress import Holder
from fullcredits.store.write import Written, put_records
from fullcredits.sync.fetch import Fetched, Fetcher
from fullcredits.sync.identify import identify, identify_titles
from fullcredits.sync.lease import leased, this_process
from fullcredits.sync.plan import Plan, make_plan
from fullcredits.sync.progress import Meter
from fullcredits.sync.reconcile import reconcile
from fullcredits.sync.watch import Summary, Watch
from fullcredits.sync.wishes import Wishes

P = ParamSpec("P")
T = TypeVar("T")

OVERLAP = dt.timedelta(minutes=10)
"""Persons saved so shortly before the last look are asked for again: servers save a record
before what hangs on it."""


async def sync_source(
    store: Store,
    source: Source,
    row: sources.SourceRow,
    watch: Watch,
    holder: Holder | None = None,
    *,
    full: bool = False,
    wishes: Wishes | None = None,
) -> Summary:
    """Bring the database in step with one source; `full` reads again what seems unchanged.

    Never raises SourceError: what failed is in the summary, and what was stored stays. Raises
    Occupied where somebody else syncs this source.
    """
    run = Run(store, source, row, Meter(watch), wishes)
    return await run.under_lease(holder, "full" if full else "all", run.read(full=full))


class Run:
    """The state of one run over one source."""

    def __init__(
        self,
        store: Store,
        source: Source,
        row: sources.SourceRow,
        watch: Meter,
        wishes: Wishes | None = None,
    ) -> None:
        self.wishes = wishes or Wishes()
        self.store = store
        self.source = source
        self.row = row
        self.watch = watch
        self.absent: set[str] | None = None
        """Keys asked for and not given, where these are told apart from problems."""
        self.summary = Summary(source=row.name)
        self.doing = ""
        """What of the source is being read, in words that go on a "while"."""

    async def under_lease(
        self, holder: Holder | None, what: str, work: Coroutine[Any, Any, None]
    ) -> Summary:
        """Do the work, decide who is who, keep how it went. Raises Occupied."""
        holder = holder or this_process("fullcredits sync")
        summary, meter = self.summary, self.watch
        with contextlib.closing(work):  # Occupied: it was never begun
            async with leased(
                self.store, self.row.id, holder, what, lambda: meter.now, summary.counts
            ) as run_id:
                await self._count(work)
                await self.write(
                    runs.end_run, run_id, summary.state, summary.counts(), summary.error
                )
        meter.finished(summary)
        return summary

    async def _count(self, work: Coroutine[Any, Any, None]) -> None:
        started = time.monotonic()
        before = await self.write(sources.held, self.row.id)
        summary = self.summary
        try:
            await work
        except SourceError as error:
            summary.error = f"{error.problem} (while {self.doing})"
            summary.exit_code = error.exit_code
        if not summary.error:
            self.watch.step("who is who")
        await asyncio.to_thread(identify, self.store)
        held = await self.write(sources.held, self.row.id)
        summary.titles_held, summary.credits_held, summary.people_held = held
        summary.people_new = held.people - before.people
        summary.seconds = round(time.monotonic() - started, 3)
        summary.requests, summary.received = self.source.requests, self.source.received

    async def read(self, *, full: bool) -> None:
        """All that is asked of the source. Raises the SourceError that makes going on pointless."""
        libraries = await self._libraries()
        self.doing = "its titles were listed"
        plan = await make_plan(
            self.store, self.source, self.row.id, libraries, self.watch, full=full
        )
        self.summary.titles = len(plan.seen)
        for library, key, why in plan.broken:
            await self.problem(
                key, None, "listing", Nonsense(self.row.name, f"{library.name}: {why}")
            )
        broken = {key for _, key, _ in plan.broken}
        await self.write(runs.solve_others, self.row.id, "listing", broken)
        if plan.due:
            await asyncio.to_thread(identify_titles, self.store)
        self.doing = "its titles were read"
        await self.records(libraries, plan.due)
        self.doing = "what is gone was looked for"
        await self._reconcile(libraries, plan)
        self.doing = "its persons were read"
        await self._people(full=full)

    async def _libraries(self) -> dict[Library, int]:
        self.doing = "it was asked who it is"
        server = await self.source.server()
        self.watch.source(self.row.name, f"{server.name}, {self.row.kind} {server.version}")
        await self.write(sources.note_server, self.row.id, server)
        self.doing = "its libraries were listed"
        found = await self.source.libraries()
        ids = await self.write(sources.put_libraries, self.row.id, found)
        self.summary.libraries = len(found)
        return {library: ids[library.key] for library in found}

    async def records(
        self, libraries: Mapping[Library, int], due: Sequence[tuple[Library, list[MediaItem]]]
    ) -> None:
        """Read and store what is due; each batch is written while the next ones are read."""
        self.watch.planned(sum(len(items) for _, items in due))
        async with contextlib.aclosing(Fetcher(self.source, self.wishes).fetch(due)) as batches:
            async for fetched in batches:
                await self._store(fetched, libraries[fetched.library])
                if self.wishes.grants(item.key for item in fetched.items):
                    # Without it no page shows their credits.
                    await asyncio.to_thread(identify, self.store)

    async def _store(self, fetched: Fetched, library_id: int) -> None:
        listed = {item.key: item for item in fetched.items}
        records = [
            # Under the marker it was listed with: a change since then is read by the next run.
            _under(listed[record.item.key].marker, record)
            for record in fetched.records.records
            if record.item.key in listed
        ]
        written = await self.write(self._put, library_id, records)
        total = self.summary
        total.titles_new += written.new
        total.titles_changed += written.changed
        total.credits += sum(len(record.credits) for record in records)
        total.credits_new += written.credits.new
        total.credits_changed += written.credits.changed
        total.credits_gone += written.credits.gone
        for key, why in fetched.records.broken:
            name = listed[key].title if key in listed else None
            await self.problem(key, name, "records", Nonsense(self.row.name, why))
        missing = fetched.records.missing
        if self.absent is not None:
            self.absent.update(missing)
            missing = ()
        for key in missing:
            problem = f"“{listed[key].title}” is listed, but its record is not given"
            await self.problem(key, listed[key].title, "records", Nonsense(self.row.name, problem))
        if fetched.error:
            item = fetched.items[0]
            await self.problem(item.key, item.title, "records", fetched.error)
        self.watch.stored(len(fetched.items), sum(len(r.credits) for r in records))

    def _put(self, db: Connection, library_id: int, records: list[Record]) -> Written:
        written = put_records(db, self.row.id, library_id, records)
        runs.solve_problems(db, self.row.id, {record.item.key for record in records})
        return written

    def _put_people(self, db: Connection, people: Sequence[PersonFacts]) -> int:
        changed = put_person_facts(db, self.row.id, people)
        runs.solve_problems(db, self.row.id, {facts.person.key for facts in people})
        return changed

    async def _reconcile(self, libraries: Mapping[Library, int], plan: Plan) -> None:
        gone, held = await reconcile(self.store, self.source, self.row.id, libraries, plan)
        self.summary.titles_gone = gone
        for why in held:
            await self.problem(None, None, "reconcile", Failed(self.row.name, why))
        if not held:
            await self.write(runs.solve_problems, self.row.id, {None})

    async def _people(self, *, full: bool) -> None:
        """Persons' own facts: those changed since they were last read, or all."""
        read_at = self.row.people_read_at
        since = read_at.replace(tzinfo=dt.UTC) if read_at and not full else None
        watermark: dt.datetime | None = None
        async for page in self.source.people(since):
            watermark = watermark or self.source.clock
            self.summary.people += len(page.people)
            self.summary.people_changed += await self.write(self._put_people, page.people)
            for key, why in page.broken:
                await self.problem(key, None, "people", Nonsense(self.row.name, why))
            self.watch.people(self.summary.people)
        if watermark is not None and self.summary.people:
            at = watermark.replace(tzinfo=None, microsecond=0) - OVERLAP
            await self.write(sources.note_people_read, self.row.id, at)

    async def problem(
        self, key: str | None, title: str | None, phase: str, error: SourceError
    ) -> None:
        """Keep what failed, tell the watcher, go on."""
        self.summary.problems += 1
        self.summary.messages.append(error.problem)
        self.watch.problem(error.problem)
        row = runs.ProblemRow(self.row.id, key, title, phase, error.code, error.problem, 1)
        await self.write(runs.note_problem, row)

    async def write(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run database work in one transaction, in a thread."""

        def whole() -> T:
            with self.store.writing() as db:
                return work(db, *args, **kwargs)

        return await asyncio.to_thread(whole)


def _under(marker: str | None, record: Record) -> Record:
    if marker is None:
        return record
    return dataclasses.replace(record, item=dataclasses.replace(record.item, marker=marker))
