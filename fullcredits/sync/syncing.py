"""Syncing a source from its row: connect, hold the lease, keep how it went, failures included."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection
from contextlib import AsyncExitStack

from fullcredits.errors import NotFound, Occupied, SourceError
from fullcredits.sources.contract import Source
from fullcredits.store import Store, runs, sources
from fullcredits.store.engine import PATIENT_SECONDS
from fullcredits.store.progress import Holder
from fullcredits.store.sources import SourceRow
from fullcredits.sync.context import removed
from fullcredits.sync.lease import begin
from fullcredits.sync.live import Connect, Heard
from fullcredits.sync.meanwhile import Meanwhile
from fullcredits.sync.rules import USUAL, Rules
from fullcredits.sync.run import sync_source, what_of
from fullcredits.sync.silence import told
from fullcredits.sync.small import sync_named
from fullcredits.sync.watch import Summary, Watch

KEPT = 500
"""Ended runs of a source that stay in its history …"""
KEPT_EMPTY = 50
"""… and, among them, those that found nothing to do."""
_WAIT = 1.0


class Syncing:
    """Syncs sources for one holder."""

    def __init__(
        self, store: Store, connect: Connect, holder: Holder, rules: Rules = USUAL
    ) -> None:
        self._store = store
        self._connect = connect
        self._holder = holder
        self._rules = rules

    async def patiently(self, row: SourceRow, watch: Watch, *, full: bool = False) -> Summary:
        """As `once`, for its owner; whoever syncs this source already is waited for."""
        told = False
        while True:
            try:
                return await self.once(row, watch, full=full, asked=True)
            except Occupied as error:
                if not told:
                    watch.waiting(row.name, str(error))
                told = True
                await asyncio.sleep(_WAIT)

    async def once(
        self,
        row: SourceRow,
        watch: Watch,
        *,
        full: bool = False,
        asked: bool = False,
        later: Collection[str] = (),
        meanwhile: Meanwhile | None = None,
    ) -> Summary:
        """Sync all of a source but the libraries with keys in `later`; `asked`: its owner waits
        for it; `meanwhile`: what the server names. Raises Occupied. What was to be read again by a
        run that broke off before it planned that is read again by this one.
        """
        full = full or await asyncio.to_thread(self._owes_full, row)

        async def work(source: Source) -> Summary:
            return await sync_source(
                self._store,
                source,
                row,
                watch,
                self._holder,
                full=full,
                asked=asked,
                later=later,
                meanwhile=meanwhile,
                rules=self._rules,
            )

        return await self._connected(row, watch, what_of(full=full, later=later), work)

    async def named(
        self, row: SourceRow, watch: Watch, heard: Heard, meanwhile: Meanwhile | None = None
    ) -> Summary:
        """Sync what a server named, and what waits for no comparison. Raises Occupied."""

        async def work(source: Source) -> Summary:
            return await sync_named(
                self._store,
                source,
                row,
                watch,
                self._holder,
                changed=heard.changed,
                removed=heard.removed,
                meanwhile=meanwhile,
                rules=self._rules,
            )

        return await self._connected(row, watch, "changes", work)

    async def _connected(
        self,
        row: SourceRow,
        watch: Watch,
        what: str,
        work: Callable[[Source], Awaitable[Summary]],
    ) -> Summary:
        try:
            connecting = time.monotonic()
            async with AsyncExitStack() as stack:
                async with told(
                    lambda: time.monotonic() - connecting,
                    lambda seconds: watch.silent(row.name, seconds, "who it is"),
                ):
                    source = await stack.enter_async_context(self._connect(row))
                summary = await work(source)
        except SourceError as error:  # not even connected
            summary = Summary(row.name, error=error.problem, exit_code=error.exit_code)
            try:
                await asyncio.to_thread(self._note_failure, row, what, summary)
            except NotFound:
                summary = removed(row)
            watch.finished(summary)
        await asyncio.to_thread(self._prune, row)
        return summary

    def _owes_full(self, row: SourceRow) -> bool:
        with self._store.reading() as db:
            return runs.owes_full(db, row.id)

    def _note_failure(self, row: SourceRow, what: str, summary: Summary) -> None:
        with self._store.writing(PATIENT_SECONDS) as db:
            run = begin(db, row.id, self._holder, what)
            runs.end_run(db, run, summary.state, summary.counts(), summary.error)
            held = sources.held(db, row.id)
            summary.titles_held, summary.credits_held, summary.people_held = held

    def _prune(self, row: SourceRow) -> None:
        with self._store.writing(PATIENT_SECONDS) as db:
            runs.prune_runs(db, row.id, keep=KEPT, keep_empty=KEPT_EMPTY)
