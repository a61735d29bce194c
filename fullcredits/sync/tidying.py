"""The end of a comparison: what is gone for long enough is forgotten."""

from __future__ import annotations

from collections.abc import Collection

from fullcredits.store import Connection, sources, vanished
from fullcredits.store.sources import now
from fullcredits.sync.context import Context


async def tidy(run: Context, libraries: Collection[int]) -> None:
    """Forget what was gone for longer than the grace time; `libraries` are those shown now."""
    changed = run.summary.titles_gone or run.summary.credits_gone or run.persons_told
    await run.write(_tidy, run, libraries, changed=bool(changed))


def _tidy(db: Connection, run: Context, libraries: Collection[int], *, changed: bool) -> None:
    if changed:
        vanished.mark_uncredited(db)
    vanished.tidy(db, now() - run.rules.grace)
    sources.forget_libraries(db, run.row.id, libraries)
