"""Finding what a server no longer has, without ever believing half an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from fullcredits.model import Library, MediaItem, TitleKind
from fullcredits.sources.contract import Source
from fullcredits.store import Store, runs
from fullcredits.store.write import living_items, mark_gone
from fullcredits.sync.plan import Plan

MOST_GONE = 0.25
"""A larger share of a library that disappears at once is held: a disk may be away."""
FEW = 5
"""Fewer titles than this are never held: in a small library they are soon a large share."""


async def reconcile(
    store: Store, source: Source, source_id: int, libraries: Mapping[Library, int], plan: Plan
) -> tuple[int, list[str]]:
    """Mark what is gone; returns how many titles, and what was held and why.

    A title is gone when a complete listing of its library lacks it, no other library has it,
    and asking for it by its key gives nothing.
    """
    gone = 0
    held: list[str] = []
    for library, library_id in libraries.items():
        for kind in library.kind.title_kinds:
            if (library.key, kind) not in plan.complete:
                continue
            known = await asyncio.to_thread(_living, store, library_id, kind)
            absent = [item for item in known if item.key not in plan.seen]
            if len(absent) >= FEW and len(absent) > MOST_GONE * len(known):
                held.append(
                    f"{len(absent)} of {len(known)} {kind}s in {library.name} are no longer "
                    "listed; they are kept, because so many at once look like a disk or a folder "
                    "that is away. Check the server; they return with it"
                )
                continue
            missing = await confirmed_absent(source, library, absent)
            gone += await asyncio.to_thread(_mark, store, source_id, missing)
    return gone, held


async def confirmed_absent(
    source: Source, library: Library, absent: Sequence[MediaItem]
) -> list[str]:
    """Keys of those that the server does not give when asked for them."""
    missing: list[str] = []
    size = source.pace.titles
    for start in range(0, len(absent), size):
        missing += (await source.records(library, absent[start : start + size])).missing
    return missing


def _living(store: Store, library_id: int, kind: TitleKind) -> list[MediaItem]:
    with store.reading() as db:
        return living_items(db, library_id, kind)


def _mark(store: Store, source_id: int, keys: list[str]) -> int:
    if not keys:
        return 0
    with store.writing() as db:
        runs.solve_problems(db, source_id, set(keys))
        return mark_gone(db, source_id, keys)
