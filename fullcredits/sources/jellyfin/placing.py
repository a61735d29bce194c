"""In which library titles are of which only the keys are known.

No item says so, and asked for by ids the server does not look where they are. So the titles are
asked for by their ids, which tells what else was named, and then looked for in the libraries: in
what was saved lately, which all is that was scanned in or edited; and in what is newest, because a
title that a scan has just found has no date of saving yet.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing

from fullcredits.errors import Failed, Nonsense
from fullcredits.model import Library, ListedTitle, TitleKind
from fullcredits.sources.contract import Placed
from fullcredits.sources.http import Params
from fullcredits.sources.jellyfin import translate
from fullcredits.sources.jellyfin.persons import Ask
from fullcredits.sources.jellyfin.wire import Item, total_of
from fullcredits.sources.paging import Slice, slices
from fullcredits.sources.remarks import sampled
from fullcredits.sources.trouble import Costly, NotOpen

_LATELY = dt.timedelta(hours=2)
"""Of what a server tells us, it saved the last before so long at most: scans may take."""
_WORDS = {kind: word for word, kind in translate.KINDS.items()}


async def placed(
    ask: Ask,
    facts: Params,
    libraries: Sequence[Library],
    parts: Iterable[Sequence[str]],
    *,
    now: dt.datetime,
    size: int,
) -> Placed:
    """The titles among these keys, a request for each part of them. `facts`: parameters that ask
    for all that lists have; `now`: the server's time; `size`: rows of a page of a list. What only a
    library has whose lists break is left. Raises Costly: each further list would take as long.
    """
    titles, left = await _titles(ask, facts, parts)
    found: list[tuple[Library, ListedTitle]] = []
    broken: set[str] = set()
    since = f"{now.astimezone(dt.UTC) - _LATELY:%Y-%m-%dT%H:%M:%SZ}"
    saved = {"minDateLastSavedForUser": since, "sortBy": "SortName"}
    newest = {"sortBy": "DateCreated", "sortOrder": "Descending"}
    for which, whole in ((saved, True), (newest, False)):
        for library in libraries:
            kinds = library.kind.title_kinds
            sought = {item.kind for item in titles.values() if item.kind in kinds}
            if not sought or library.key in broken:
                continue
            try:
                async with aclosing(_pages(ask, library, sought, which, size)) as pages:
                    async for keys in pages:
                        here = [key for key in keys if key in titles]
                        found += [(library, titles.pop(key)) for key in here]
                        if not titles or not (here or whole):
                            break
            except Costly:
                raise
            except (Failed, Nonsense, NotOpen):
                broken.add(library.key)
    return Placed(tuple(found), frozenset(left | titles.keys()))


async def _titles(
    ask: Ask, facts: Params, parts: Iterable[Sequence[str]]
) -> tuple[dict[str, ListedTitle], set[str]]:
    """The titles among these keys as lists have them; and the keys over which the server breaks."""
    titles: dict[str, ListedTitle] = {}
    left: set[str] = set()

    async def read(some: Sequence[str]) -> Sequence[Item]:
        page = await ask({**facts, "ids": ",".join(some)})
        given = {row.id for row in page.rows}
        for key, _ in page.broken:
            left.update([key] if key else set(some) - given)
        return page.rows

    for some in parts:
        try:
            sample = await sampled(some, read)
        except (Failed, Nonsense):
            left.update(some)
            continue
        left.update(key for key, _ in sample.broken)
        for row in sample.rows:
            kind = translate.KINDS.get(row.type or "")
            if kind is not None and translate.title_kind(row, kind) is kind:
                titles[row.id] = translate.listed_title(row, kind)
    return titles, left - titles.keys()


async def _pages(
    ask: Ask, library: Library, kinds: Iterable[TitleKind], which: Params, size: int
) -> AsyncGenerator[list[str]]:
    """The keys of a library's titles of these kinds, without any facts."""
    params: dict[str, str | int] = {
        "enableUserData": "false",
        "enableImages": "false",
        "collapseBoxSetItems": "false",
        "parentId": library.key,
        "recursive": "true",
        "includeItemTypes": ",".join(_WORDS[kind] for kind in sorted(kinds)),
        "excludeLocationTypes": "Virtual",
        **which,
    }

    async def fetch(start: int, size: int) -> Slice[None]:
        page = await ask({**params, "startIndex": start, "limit": size})
        rows = [(row.id, None) for row in page.rows]
        return Slice(rows, len(rows) + len(page.broken), total_of(page, start), page.broken)

    async for part in slices(fetch, size):
        yield [key for key, _ in part.rows]
