"""What a server names that is not known, or says is gone: taken in by whichever run is under way.

What is not known is placed first: which library it is in, and whether it is a title at all.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Mapping
from contextlib import suppress

from fullcredits.errors import Failed, Nonsense
from fullcredits.model import Library, ListedTitle
from fullcredits.store import Connection, sources
from fullcredits.store.listed import compare_listed, put_listed
from fullcredits.store.plan import plan_named
from fullcredits.sync.context import Context
from fullcredits.sync.identify import identify_titles
from fullcredits.sync.live import Heard
from fullcredits.sync.reconcile import reconcile_named

MOST = 50
"""More at once are left to the sync after the run: a scan names everything there is."""
REST = 9.0
"""Times as long as it took to take news in, the run then goes on without: to place a title a server
may have to be asked for all it saved lately."""


async def take_in(run: Context, taken: Collection[int]) -> None:
    """Place what the server named that is not known, and let go what it says is gone, when all is
    listed. What is `taken`, row ids of titles that are being read just now, is not let go, and what
    cannot be told now is not lost: that is left to the sync after the run. `taken` may change
    meanwhile.
    """
    if run.meanwhile is None or not run.listed:
        return
    news = run.meanwhile.news()
    if not news:
        return
    left, started = news, time.monotonic()
    try:
        if len(news.changed) + len(news.removed) <= MOST:
            was, run.asked = run.asked, "what is new or gone"
            with suppress(Failed, Nonsense):
                left = await _taken_in(run, news, taken)
            run.asked = was
    finally:
        run.meanwhile.leave(left)
    run.meanwhile.rest(REST * (time.monotonic() - started))


async def _taken_in(run: Context, news: Heard, taken: Collection[int]) -> Heard:
    """Returns what is left of it."""
    unplaced = await place(run, news.changed) if news.changed else frozenset[str]()
    whole = not news.removed or await reconcile_named(run, news.removed, taken)
    return Heard(set(unplaced), set() if whole else news.removed)


async def place(run: Context, keys: Collection[str]) -> frozenset[str]:
    """Have the titles with these keys read at once, also those that are not known; keys of other
    things are passed over. Returns those of titles of which it is not told where they are: a
    comparison is owed.
    """
    left = set(keys) - await run.write(plan_named, run.row.id, keys)
    if not left:
        return frozenset()
    libraries = await run.read(sources.known_libraries, run.row.id)
    by_library: dict[Library, list[ListedTitle]] = {}
    placed = await run.source.placed(list(libraries), left)
    for library, item in placed.items:
        if item.key in left:  # what two libraries show is the first's
            left.remove(item.key)
            by_library.setdefault(library, []).append(item)
    if by_library:
        await run.write(_put, run.row.id, libraries, by_library)
        await asyncio.to_thread(identify_titles, run.store)
    return placed.left


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
