"""Planning a sync: list everything cheaply, store what is new, say what must be read in full."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from fullcredits.model import Library, MediaItem, TitleKind
from fullcredits.sources.contract import Source
from fullcredits.store import Store
from fullcredits.store.write import put_listed
from fullcredits.sync.watch import Watch


@dataclass(slots=True)
class Plan:
    """What the listings of a source said."""

    due: list[tuple[Library, list[MediaItem]]] = field(default_factory=list)
    """What to read in full: films and shows before seasons and episodes, newest first."""
    seen: set[str] = field(default_factory=set)
    """Keys of every title listed."""
    complete: set[tuple[str, TitleKind]] = field(default_factory=set)
    """(library key, kind) of the listings that held as many titles as the server said."""
    broken: list[tuple[Library, str, str]] = field(default_factory=list)
    """(library, key, why) of listed titles that have not the expected form."""

    @property
    def titles(self) -> int:
        """How many full records are to be read."""
        return sum(len(items) for _, items in self.due)


async def make_plan(
    store: Store,
    source: Source,
    source_id: int,
    libraries: Mapping[Library, int],
    watch: Watch,
    *,
    full: bool,
) -> Plan:
    """List every library; `libraries` gives their ids. Each page is one transaction."""
    plan = Plan()
    by_kind: dict[TitleKind, list[tuple[Library, list[MediaItem]]]] = {k: [] for k in TitleKind}
    for library, library_id in libraries.items():
        for kind in library.kind.title_kinds:
            due = await _list(
                store, source, source_id, (library, library_id, kind), plan, watch, full
            )
            by_kind[kind].append((library, sorted(due, key=_newest_first)))
    plan.due = [entry for kind in TitleKind for entry in by_kind[kind] if entry[1]]
    return plan


async def _list(
    store: Store,
    source: Source,
    source_id: int,
    where: tuple[Library, int, TitleKind],
    plan: Plan,
    watch: Watch,
    full: bool,
) -> list[MediaItem]:
    library, library_id, kind = where
    due: list[MediaItem] = []
    before = len(plan.seen)
    total = 0
    async for page in source.listing(library, kind):
        fresh = [item for item in page.items if item.key not in plan.seen]
        plan.seen.update(item.key for item in page.items)
        plan.broken += [(library, key, why) for key, why in page.broken]

        def put(items: list[MediaItem] = fresh) -> list[MediaItem]:
            with store.writing() as db:
                return put_listed(db, source_id, library_id, items)

        changed = await asyncio.to_thread(put)
        due += fresh if full else changed
        total = page.total
        watch.listed(f"{library.name}: {kind}s", len(plan.seen) - before, total)
    if len(plan.seen) - before >= total:
        plan.complete.add((library.key, kind))
    return due


_LONG_AGO = dt.datetime(1, 1, 1, tzinfo=dt.UTC)


def _newest_first(item: MediaItem) -> float:
    return -((item.added or _LONG_AGO) - _LONG_AGO).total_seconds()
