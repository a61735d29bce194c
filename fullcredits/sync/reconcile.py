"""Finding what a server no longer has, without ever believing half an answer.

A title is gone when a complete listing of its library lacks it, no other library has it, and asking
for it by its key gives nothing. So many at once that a disk may be away are held for the owner.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import deque
from collections.abc import Collection, Mapping, Sequence

from fullcredits.errors import Failed, Nonsense
from fullcredits.model import Library, TitleKind
from fullcredits.sources.trouble import Costly
from fullcredits.store import holds, problems, sources
from fullcredits.store.gone import (
    Suspect,
    absent_titles,
    count_gone,
    count_living,
    mark_gone,
    strays,
    titles_below,
    titles_named,
)
from fullcredits.store.holds import Word
from fullcredits.store.sources import now
from fullcredits.store.succession import Heir, heirs, note_listed, succeed
from fullcredits.sync.away import FEW, looks_away
from fullcredits.sync.context import Context
from fullcredits.sync.fetch import MOST_FAILURES
from fullcredits.sync.identify import identify_titles
from fullcredits.sync.plan import Listing

MOST_SAID = 50
"""Titles, not counting what hangs on them, that are believed to be gone on a server's hint; more
are left to a comparison."""
LACKING = 0.1
"""A list that lacks more than this share of titles that the server still gives is no whole list."""
SPAN = dt.timedelta(hours=1)
"""A scan that finds a disk empty tells of it title by title: what is gone within so long counts
together."""
_ASKED = 200
"""Titles that are asked for at once."""


async def reconcile(run: Context, libraries: Mapping[Library, int], listing: Listing) -> None:
    """Find what is missing of each library, let what has another key now go on under that, and
    mark the rest as gone or hold it. A library that is shown no longer has lost all its titles.
    """
    kinds = {
        library_id: [k for k in library.kind.title_kinds if (library.key, k) in listing.complete]
        for library, library_id in libraries.items()
    }
    known = {i: library for library, i in (await _known(run)).items()}
    missing: dict[int, list[Suspect]] = {}
    for library_id, library in known.items():
        absent = await _absent(run, library_id, kinds.get(library_id, list(TitleKind)), listing)
        missing[library_id] = await _missing(run, absent)
        if library_id in kinds:
            given = len(absent) - len(missing[library_id])
            await _note_lacking(run, library, library_id, given)
    lost_ids = [title.id for lost in missing.values() for title in lost]
    moved = await _succeed(run, await run.read(heirs, run.row.id, lost_ids))
    strayed = await run.read(strays, [row for row in lost_ids if row not in moved])
    if strayed:
        await run.write(mark_gone, list(strayed))
    for library_id, library in known.items():
        lost = [title for title in missing[library_id] if title.id not in moved | strayed]
        await _settle(run, library_id, library.name, lost)
    whole = [i for i, listed in kinds.items() if len(listed) == len(known[i].kind.title_kinds)]
    await run.write(note_listed, whole, listing.seen.highest)
    await run.write(holds.let_go_empty, run.row.id)
    await run.write(problems.solve_lost, run.row.id)


async def succeed_named(run: Context, keys: Collection[str]) -> list[Suspect]:
    """Of the keys and what hangs on them, let what the server does not give, and has under another
    key now, go on under that, however much; returns what is left of what hung on it. Nothing may be
    on its way to be stored meanwhile.
    """
    known = await run.read(titles_named, run.row.id, keys)
    below = await run.read(titles_below, run.row.id, [title.key for title in known])
    suspects = {title.id: title for title in (*known, *below)}
    found = await run.read(heirs, run.row.id, suspects)
    if not found:
        return []
    likely = [suspects[row] for heir in found for row in heir.rows if row in suspects]
    missing = [title.id for title in await _missing(run, likely)]
    chosen = await run.read(heirs, run.row.id, missing)
    moving = {row for heir in chosen for row in heir.rows}
    above = [title.key for title in suspects.values() if title.id in moving]
    hanging = await run.read(titles_below, run.row.id, above)
    await _succeed(run, chosen)
    await run.write(holds.let_go_empty, run.row.id)
    return [title for title in hanging if title.id not in moving]


async def reconcile_named(
    run: Context, keys: Collection[str], taken: Collection[int] | None = None
) -> bool:
    """Let those of the keys that the server does not give, and what hangs on them, go on under
    other keys, or mark them, but for what is held. False: so many within a span of time that a disk
    may be away are left to a comparison. So are, while others are `taken`, row ids of titles whose
    records are on their way, these, which would be brought back, and what has another key.
    """
    hanging = await succeed_named(run, keys) if taken is None else []
    known = await run.read(titles_named, run.row.id, keys)
    if len(known) > MOST_SAID:
        return False
    whole = True
    gone = await _missing(run, known)
    below = await run.read(titles_below, run.row.id, [title.key for title in gone])
    gone += await _missing(run, list(dict.fromkeys([*below, *hanging])))
    if taken is None:
        taken = ()
    elif await run.read(heirs, run.row.id, [title.id for title in gone]):
        return False
    if not {title.id for title in gone}.isdisjoint(taken):
        return False
    for library_id in sorted({title.library_id for title in gone}):
        kept = await run.read(holds.kept_titles, library_id)
        held = kept.items if kept else ()
        here = [t for t in gone if t.library_id == library_id and t.id not in held]
        living = await run.read(count_living, library_id)
        lately = await run.read(count_gone, library_id, now() - SPAN)
        if looks_away(here, living, run.rules.held_share, lately, told=True):
            whole = False
        else:
            await _mark(run, here)
    await run.write(problems.solve_lost, run.row.id)
    return whole


async def _known(run: Context) -> dict[Library, int]:
    return await run.read(sources.known_libraries, run.row.id)


async def _absent(
    run: Context, library_id: int, kinds: Collection[TitleKind], listing: Listing
) -> list[Suspect]:
    """What complete listings of a library lack, without what its owner said to keep."""
    absent = await run.read(absent_titles, library_id, kinds, listing.seen)
    kept = await run.read(holds.kept_titles, library_id) if absent else None
    if kept and kept.word is Word.REFUSED:
        absent = [title for title in absent if title.id not in kept.items]
    return absent


async def _note_lacking(run: Context, library: Library, library_id: int, given: int) -> None:
    """Tell of a list that calls itself whole and lacks so many titles that the server gives."""
    if given < FEW:
        return
    whole = sum((await run.read(count_living, library_id)).values())
    if given > LACKING * whole:
        why = f"it lacks {given:,} of {whole:,} titles that the server still gives when asked"
        error = Nonsense(run.row.name, f"{why}: does the library show them there?")
        what = f"the list of titles in {library.name}"
        await run.problem(f"{library.key} lacking", what, "listing", error)


async def _succeed(run: Context, chosen: Collection[Heir]) -> set[int]:
    """Let titles that the server has under another key now go on under that; returns the row ids of
    all that stood for them.
    """
    if chosen:
        await run.write(succeed, run.row.name, chosen)
        await asyncio.to_thread(identify_titles, run.store)
    return {row for heir in chosen for row in heir.rows}


async def _settle(run: Context, library_id: int, name: str, missing: Sequence[Suspect]) -> None:
    """Mark what is missing of a library as gone, or hold it. What is held stays so while nothing of
    it is back, however much is added beside it, and while more than the share is not.
    """
    if not missing:
        return
    ids = frozenset(title.id for title in missing)
    living = await run.read(count_living, library_id)
    kept = await run.read(holds.kept_titles, library_id)
    held = kept.items if kept else frozenset[int]()
    few = 1 if held & ids else FEW
    if looks_away(missing, living, run.rules.held_share, few=few):
        items = ids | held
    elif kept and held <= ids and len(held) == kept.missing:
        items = held
    else:
        items = frozenset[int]()
    await _mark(run, [title for title in missing if title.id not in items])
    if items:
        whole = sum(living.values()) - len(ids - items)
        await run.write(holds.hold_titles, run.row.id, library_id, items, whole)
        run.tell(_why_held(len(items), whole, name))


def _why_held(missing: int, whole: int, library: str) -> str:
    why = "an empty library looks" if missing == whole else "so many at once look"
    it = "it" if missing == 1 else "they"
    return (
        f"{holds.of_library(missing, whole, library)} no longer listed; "
        f"{it} {'is' if missing == 1 else 'are'} kept: {why} like a disk that is away. "
        f"{'It returns' if missing == 1 else 'They return'} with it; if {it} "
        f"{'is' if missing == 1 else 'are'} gone for good, say so with `fullcredits hold`"
    )


async def _missing(run: Context, suspects: Sequence[Suspect]) -> list[Suspect]:
    """Those that the server does not give when asked for them by their keys. Those over which it
    breaks are not called gone, nor those that are left when it is given up.
    """
    keys = [title.key for title in suspects]
    waiting = deque(keys[start : start + _ASKED] for start in range(0, len(keys), _ASKED))
    there: set[str] = set()
    failures = 0
    while waiting:
        some = waiting.popleft()
        try:
            given = await run.source.present(some)
            failures = max(0, failures - len(given))
            there |= given
        except (Failed, Nonsense) as error:
            failures += 1
            if isinstance(error, Costly) or failures > MOST_FAILURES:
                there.update(some, *waiting)
                break
            half = len(some) // 2
            if half:
                waiting.extend((some[:half], some[half:]))
            else:
                there.update(some)
    return [title for title in suspects if title.key not in there]


async def _mark(run: Context, gone: Sequence[Suspect]) -> None:
    if gone:
        run.summary.titles_gone += await run.write(mark_gone, [title.id for title in gone])
