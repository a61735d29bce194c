"""A small sync: what a server named, what somebody looks at, and what is to be looked at again.

What is known is read at once. What is not known is placed first: which library it is in, and
whether it is a title at all. What is said to be gone, and what hangs on it, is asked for by key;
it goes only if the server does not give it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping

from fullcredits.model import Library, ListedTitle
from fullcredits.sources.contract import Source
from fullcredits.store import Connection, Store, sources
from fullcredits.store.listed import compare_listed, put_listed
from fullcredits.store.plan import SMALL, plan_again, plan_named
from fullcredits.store.progress import Holder
from fullcredits.sync.context import Context, refuse_another
from fullcredits.sync.identify import identify_titles
from fullcredits.sync.meanwhile import Meanwhile
from fullcredits.sync.reading import read_records
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
    server = await run.source.server()
    refuse_another(run, server)
    run.watch.source(run.row.name, f"{server.name}, {run.row.kind} {server.version}")
    run.doing, run.asked = "what changed was read", "what changed"
    await run.write(plan_again, run.row.id)
    strangers = changed - await run.write(plan_named, run.row.id, changed)
    if strangers:
        await _place(run, strangers)
    missing = await read_records(run, SMALL)
    run.doing, run.asked = "what is gone was looked for", "what seems to be gone"
    await reconcile_named(run, removed | {title.key for title in missing})


async def _place(run: Context, keys: set[str]) -> None:
    """Store those of these keys that are titles, to be read at once. Of those of which it is not
    told where they are, a comparison is owed.
    """
    libraries = await run.read(sources.known_libraries, run.row.id)
    by_library: dict[Library, list[ListedTitle]] = {}
    left = set(keys)
    placed = await run.source.placed(list(libraries), keys)
    run.summary.unplaced = placed.left
    for library, item in placed.items:
        if item.key in left:  # what two libraries show is the first's
            left.remove(item.key)
            by_library.setdefault(library, []).append(item)
    if by_library:
        await run.write(_put, run.row.id, libraries, by_library)
        await asyncio.to_thread(identify_titles, run.store)


def _put(
    db: Connection,
    source_id: int,
    libraries: Mapping[Library, int],
    placed: Mapping[Library, list[ListedTitle]],
) -> None:
    for library, items in placed.items():
        library_id = libraries[library]
        compared = compare_listed(db, source_id, library_id, items)
        put_listed(db, source_id, library_id, compared)
        plan_named(db, source_id, [item.key for item in items])
