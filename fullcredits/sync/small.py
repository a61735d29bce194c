"""A small sync: what a server named, what somebody looks at, and what is to be looked at again.

What is known is read at once; what is not known is placed first. What is said to be gone, and what
hangs on it, is asked for by key; it goes only if the server does not give it.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from fullcredits.sources.contract import Source
from fullcredits.store import Store, sources
from fullcredits.store.plan import SMALL, plan_again
from fullcredits.store.progress import Holder
from fullcredits.sync.context import Context, refuse_another
from fullcredits.sync.meanwhile import Meanwhile
from fullcredits.sync.news import place
from fullcredits.sync.reading import read_meanwhile, read_records
from fullcredits.sync.reconcile import reconcile_named
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
    run.summary.unplaced = await place(run, changed)
    missing = await read_records(run, SMALL)
    run.doing, run.asked = "what is gone was looked for", "what seems to be gone"
    gone = removed | {title.key for title in missing}
    run.summary.left = not await reconcile_named(run, gone)
