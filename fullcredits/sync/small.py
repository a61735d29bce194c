"""A small sync: what a server named, what somebody looks at, and what is to be looked at again.

What is known is read at once; then what is not known is placed, and read. What is said to be gone,
and what hangs on it, is asked for by key; it goes only if the server does not give it.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from functools import partial

from fullcredits.errors import Failed, Nonsense
from fullcredits.sources.contract import Source
from fullcredits.sources.trouble import NotOpen
from fullcredits.store import Store, sources
from fullcredits.store.plan import LOOKED_AT, SMALL, Waiting, plan_again, plan_named
from fullcredits.store.progress import Holder
from fullcredits.sync.context import Context, refuse_another
from fullcredits.sync.meanwhile import Meanwhile
from fullcredits.sync.news import place
from fullcredits.sync.reading import read_meanwhile, read_records
from fullcredits.sync.reconcile import reconcile_named, succeed_named
from fullcredits.sync.rules import USUAL, Rules
from fullcredits.sync.watch import Summary, Watch


async def sync_named(
    store: Store,
    source: Source,
    row: sources.SourceRow,
    watch: Watch,
    holder: Holder | None = None,
    *,
    changed: Collection[str] = (),
    removed: Collection[str] = (),
    meanwhile: Meanwhile | None = None,
    rules: Rules = USUAL,
) -> Summary:
    """Bring these titles of a source in step, and those that wait for no comparison; keys of other
    things are passed over.

    As `run.sync_source`: never raises SourceError, raises Occupied.
    """
    run = Context(store, source, row, watch, rules, meanwhile)
    return await run.through(holder, "changes", _read(run, set(changed), set(removed)))


async def _read(run: Context, changed: set[str], removed: set[str]) -> None:
    run.between = partial(read_meanwhile, run)
    server = await run.source.server()
    refuse_another(run, server)
    run.watch.source(run.row.name, f"{server.name}, {run.row.kind} {server.version}")
    run.doing, run.asked = "what changed was read", "what changed"
    await run.write(plan_again, run.row.id)
    run.listed = True
    strangers = changed - await run.write(plan_named, run.row.id, changed)
    missing: list[Waiting] = []
    if strangers:
        missing += await read_records(run, LOOKED_AT)
        run.summary.unplaced = frozenset(strangers)
        with suppress(Failed, Nonsense, NotOpen):  # the comparison that is owed tells of it
            run.summary.unplaced = await place(run, strangers)
    hanging = await succeed_named(run, removed)
    missing += await read_records(run, SMALL)
    run.doing, run.asked = "what is gone was looked for", "what seems to be gone"
    gone = removed | {title.key for title in hanging} | {title.key for title in missing}
    run.summary.left = not await reconcile_named(run, gone)
