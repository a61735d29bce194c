"""The end of a comparison: what is gone for long enough is forgotten."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from fullcredits.model import Library
from fullcredits.store import Connection, sources, vanished
from fullcredits.store.schedules import note_compared
from fullcredits.store.sources import now
from fullcredits.sync.context import Context


async def tidy(run: Context, libraries: Mapping[Library, int], later: Collection[str]) -> None:
    """Forget what was gone for longer than the grace time; `libraries` are those shown now, and
    compared but for those with keys in `later`.
    """
    changed = run.summary.titles_gone or run.summary.credits_gone or run.persons_told
    await run.write(_tidy, run, libraries.values(), later, changed=bool(changed))


def _tidy(
    db: Connection,
    run: Context,
    shown: Collection[int],
    later: Collection[str],
    *,
    changed: bool,
) -> None:
    if changed:
        vanished.mark_uncredited(db)
    vanished.tidy(db, now() - run.rules.grace)
    sources.forget_libraries(db, run.row.id, shown)
    note_compared(db, run.row.id, later)
