"""Finding what a server no longer has, without ever believing half an answer.

A title is gone when a complete listing of its library lacks it, no other library has it, and asking
for it by its key gives nothing. So many at once that a disk may be away are held for the owner.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from fullcredits.errors import Failed, Nonsense
from fullcredits.model import Library, TitleKind
from fullcredits.store import Connection, holds, problems, sources
from fullcredits.store.gone import (
    Suspect,
    absent_titles,
    count_living,
    mark_gone,
    titles_below,
    titles_named,
)
from fullcredits.store.holds import Word
from fullcredits.store.plan import TOP
from fullcredits.sync.context import Context
from fullcredits.sync.plan import Listing

FEW = 5
"""Fewer titles than this are never held: in a small library they are soon a large share."""
MOST_SAID = 50
"""Titles, not counting what hangs on them, that are believed to be gone on a server's hint; more
are left to a comparison."""
_ASKED = 200
"""Titles that are asked for at once."""


async def reconcile(run: Context, libraries: Mapping[Library, int], listing: Listing) -> None:
    """Mark what is gone of each library, and hold back what looks like a disk that is away; a
    library that the server shows no longer has lost all its titles.
    """
    for library, library_id in libraries.items():
        kinds = [k for k in library.kind.title_kinds if (library.key, k) in listing.complete]
        await _reconcile(run, library_id, library.name, kinds, listing)
    for library, library_id in (await run.read(sources.known_libraries, run.row.id)).items():
        if library_id not in libraries.values():
            await _reconcile(run, library_id, library.name, list(TitleKind), listing)
    await run.write(holds.let_go_empty, run.row.id)


async def reconcile_named(run: Context, keys: set[str]) -> None:
    """Mark those of the keys that the server does not give, and what hangs on them."""
    known = await run.read(titles_named, run.row.id, keys)
    if len(known) > MOST_SAID:
        run.summary.left = True
        return
    gone = await _missing(run, known)
    below = await run.read(titles_below, run.row.id, [title.key for title in gone])
    gone += await _missing(run, below)
    for library_id in sorted({title.library_id for title in gone}):
        here = [title for title in gone if title.library_id == library_id]
        if _too_many(here, await run.read(count_living, library_id), run.rules.held_share):
            run.summary.left = True
        else:
            await _mark(run, here)


async def _reconcile(
    run: Context, library_id: int, name: str, kinds: Collection[TitleKind], listing: Listing
) -> None:
    absent = await run.read(absent_titles, library_id, kinds, listing.seen)
    kept = await run.read(holds.kept_titles, library_id)
    if kept and kept.word is Word.REFUSED:
        absent = [title for title in absent if title.id not in kept.items]
    missing = await _missing(run, absent)
    living = await run.read(count_living, library_id)
    if not _too_many(missing, living, run.rules.held_share):
        await _mark(run, missing)
        return
    items = {title.id for title in missing} | (kept.items if kept else set())
    whole = sum(living.values())
    await run.write(holds.hold_titles, run.row.id, library_id, items, whole)
    run.tell(
        f"{len(items):,} of {whole:,} titles in {name} are no longer listed; they are kept: so "
        "many at once look like a disk that is away. They return with it; if they are gone for "
        "good, say so with `fullcredits hold`"
    )


def _too_many(missing: Sequence[Suspect], living: Mapping[TitleKind, int], most: float) -> bool:
    """Whether so much of a library vanished that it is held. What hangs on a title that vanished
    too is not counted: a long series is one title.
    """
    gone = {title.key for title in missing if title.kind in TOP}
    counted = Counter(
        title.kind for title in missing if title.kind in TOP or title.show_key not in gone
    )
    return any(
        count >= FEW and count > most * living.get(kind, 0) for kind, count in counted.items()
    )


async def _missing(run: Context, suspects: Sequence[Suspect]) -> list[Suspect]:
    """Those that the server does not give when asked for them by their keys."""
    keys = [title.key for title in suspects]
    there: set[str] = set()
    for start in range(0, len(keys), _ASKED):
        there |= await _present(run, keys[start : start + _ASKED])
    return [title for title in suspects if title.key not in there]


async def _present(run: Context, keys: Sequence[str]) -> set[str]:
    """Which of them the server gives; those over which it breaks are not called gone."""
    try:
        return await run.source.present(keys)
    except (Failed, Nonsense):
        if len(keys) == 1:
            return set(keys)
    half = len(keys) // 2
    return await _present(run, keys[:half]) | await _present(run, keys[half:])


async def _mark(run: Context, gone: Sequence[Suspect]) -> None:
    if gone:
        run.summary.titles_gone += await run.write(_marked, run.row.id, gone)


def _marked(db: Connection, source_id: int, gone: Sequence[Suspect]) -> int:
    problems.solve_problems(db, source_id, {title.key for title in gone})
    return mark_gone(db, [title.id for title in gone])
