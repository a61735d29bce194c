"""Finding what a server no longer has, without ever believing half an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fullcredits.errors import Failed
from fullcredits.model import Library
from fullcredits.store import Connection, problems
from fullcredits.store.gone import Suspect, absent_titles, mark_gone, titles_below, titles_named
from fullcredits.sync.context import Context
from fullcredits.sync.plan import Listing

MOST_GONE = 0.25
"""A larger share of a library that disappears at once is held: a disk may be away."""
FEW = 5
"""Fewer titles than this are never held: in a small library they are soon a large share."""
MOST_SAID = 50
"""Titles, not counting what hangs on them, that are believed to be gone on a server's hint; more
are left to a comparison, which holds what looks like a disk that is away."""


async def reconcile(run: Context, libraries: Mapping[Library, int], listing: Listing) -> None:
    """Mark what is gone, and hold back what looks like a disk that is away.

    A title is gone when a complete listing of its library lacks it, no other library has it,
    and asking for it by its key gives nothing.
    """
    held = False
    for library, library_id in libraries.items():
        for kind in library.kind.title_kinds:
            if (library.key, kind) not in listing.complete:
                continue
            absent, living = await run.read(absent_titles, library_id, kind, listing.seen)
            if len(absent) >= FEW and len(absent) > MOST_GONE * living:
                held = True
                why = (
                    f"{len(absent)} of {living} {kind}s in {library.name} are no longer "
                    "listed; they are kept, because so many at once look like a disk or a folder "
                    "that is away. Check the server; they return with it"
                )
                await run.problem(None, None, "reconcile", Failed(run.row.name, why))
                continue
            await _mark(run, await _confirmed(run, absent))
    if not held:
        await run.write(problems.solve_problems, run.row.id, {None})


async def reconcile_named(run: Context, keys: set[str]) -> None:
    """Mark those of the keys that the server does not give, and what hangs on them."""
    known = await run.read(titles_named, run.row.id, keys)
    if len(known) > MOST_SAID:
        run.summary.left = True
        return
    gone = await _confirmed(run, known)
    below = await run.read(titles_below, run.row.id, [title.key for title in gone])
    await _mark(run, gone + await _confirmed(run, below))


async def _confirmed(run: Context, suspects: Sequence[Suspect]) -> list[Suspect]:
    """Those that the server does not give when asked for them by their keys."""
    missing: set[str] = set()
    size = run.source.pace.titles
    for start in range(0, len(suspects), size):
        kinds = {title.key: title.kind for title in suspects[start : start + size]}
        missing.update((await run.source.records(kinds)).missing)
    return [title for title in suspects if title.key in missing]


async def _mark(run: Context, gone: Sequence[Suspect]) -> None:
    if gone:
        run.summary.titles_gone += await run.write(_marked, run.row.id, gone)


def _marked(db: Connection, source_id: int, gone: Sequence[Suspect]) -> int:
    problems.solve_problems(db, source_id, {title.key for title in gone})
    return mark_gone(db, [title.id for title in gone])
