"""A small sync: only what a server named, or what somebody looks at.

What is known is read at once. What is not known is placed first: which library it is in, and
whether it is a title at all. What is said to be gone, and what hangs on it, is asked for by key;
it goes only if the server does not give it.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from fullcredits.errors import Nonsense
from fullcredits.model import Library, MediaItem, TitleKind
from fullcredits.sources.contract import Source
from fullcredits.store import Store, named, runs, sources
from fullcredits.store.named import NamedItem
from fullcredits.store.progress import Holder
from fullcredits.store.write import mark_gone, put_listed
from fullcredits.sync.identify import identify_titles
from fullcredits.sync.progress import Meter
from fullcredits.sync.reconcile import confirmed_absent
from fullcredits.sync.run import Run
from fullcredits.sync.watch import Summary, Watch
from fullcredits.sync.wishes import Wishes

MOST_GONE = 50
"""Titles, not counting what hangs on them, that are believed to be gone on a server's hint; more
are left to a comparison, which holds what looks like a disk that is away."""

_PARENTS_FIRST = {kind: place for place, kind in enumerate(TitleKind)}
Due = Sequence[tuple[Library, list[MediaItem]]]


async def sync_named(
    store: Store,
    source: Source,
    row: sources.SourceRow,
    watch: Watch,
    holder: Holder,
    changed: Collection[str],
    removed: Collection[str] = (),
    *,
    wishes: Wishes | None = None,
) -> Summary:
    """Bring these titles of a source in step; keys of other things are passed over.

    As `run.sync_source`: never raises SourceError, raises Occupied.
    """
    run = Run(store, source, row, Meter(watch), wishes)
    return await run.under_lease(holder, "changes", _read(run, set(changed), set(removed)))


async def _read(run: Run, changed: set[str], removed: set[str]) -> None:
    run.doing = "it was asked who it is"
    server = await run.source.server()
    if server.id != run.row.server_id:
        raise Nonsense(run.row.name, f"another server answers at its address ({server.name})")
    run.watch.source(run.row.name, f"{server.name}, {run.row.kind} {server.version}")
    libraries = await run.write(sources.known_libraries, run.row.id)
    run.doing = "what changed was read"
    due = await _due(run, libraries, changed)
    run.absent = set()
    await run.records(libraries, due)
    run.doing = "what is gone was looked for"
    await _gone(run, libraries, run.absent | removed)


async def _due(run: Run, libraries: Mapping[Library, int], changed: set[str]) -> Due:
    """What is known of the changed, and what becomes known; shows before seasons and episodes."""
    known = await run.write(named.items_named, run.row.id, changed)
    due = _by_library(known, libraries)
    strangers = changed - {found.item.key for found in known}
    if strangers:
        placed = await run.source.placed(list(libraries), strangers)
        fresh: dict[Library, list[MediaItem]] = defaultdict(list)
        for library, item in placed:
            fresh[library].append(item)
        for library, items in fresh.items():
            due[library] += await run.write(put_listed, run.row.id, libraries[library], items)
        if placed:
            await asyncio.to_thread(identify_titles, run.store)
    return [
        (library, sorted(items, key=lambda item: _PARENTS_FIRST[item.kind]))
        for library, items in due.items()
    ]


async def _gone(run: Run, libraries: Mapping[Library, int], suspects: set[str]) -> None:
    """Those of the suspects that the server does not give, and what hangs on them."""
    known = await run.write(named.items_named, run.row.id, suspects)
    if len(known) > MOST_GONE:
        run.summary.left = True
        return
    gone = await _confirmed(run, libraries, known)
    below = await run.write(named.items_below, run.row.id, gone)
    gone += await _confirmed(run, libraries, below)
    if gone:
        run.summary.titles_gone += await asyncio.to_thread(_mark, run.store, run.row.id, gone)


async def _confirmed(
    run: Run, libraries: Mapping[Library, int], suspects: Sequence[NamedItem]
) -> list[str]:
    gone: list[str] = []
    for library, items in _by_library(suspects, libraries).items():
        gone += await confirmed_absent(run.source, library, items)
    return gone


def _by_library(
    found: Sequence[NamedItem], libraries: Mapping[Library, int]
) -> dict[Library, list[MediaItem]]:
    by_id = {library_id: library for library, library_id in libraries.items()}
    sorted_in: dict[Library, list[MediaItem]] = defaultdict(list)
    for library_id, item in found:
        sorted_in[by_id[library_id]].append(item)
    return sorted_in


def _mark(store: Store, source_id: int, keys: Sequence[str]) -> int:
    with store.writing() as db:
        runs.solve_problems(db, source_id, set(keys))
        return mark_gone(db, source_id, keys)
