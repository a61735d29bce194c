"""Reading a list of unknown length page by page, without losing or repeating rows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar
from urllib.parse import quote

from fullcredits.errors import Failed
from fullcredits.sources.trouble import TooSlow

T = TypeVar("T")

_SWEEPS = 2
_MOST_UNREADABLE = 3
"""Rows running on which a server may break before we call the whole list unreadable."""
_LEAST = 25
MOST_LATE = 5
"""Answers of one list that may not come in time: from a whole page down to two single rows."""


class Slice(NamedTuple, Generic[T]):
    """What one request for a part of a list gave."""

    rows: list[tuple[str, T]]
    """(key, value) of the rows asked for."""
    served: int
    """Rows the server sent, broken ones and those of another kind included."""
    total: int
    """Rows the server says the whole list has."""
    broken: tuple[tuple[str, str], ...] = ()
    end: int = 0
    """Where the list goes on, as `sweep` tells it."""


Fetch = Callable[[int, int], Awaitable[Slice[T]]]
"""Asks for a part of the list: (start, size)."""


def portions(keys: Sequence[str], longest: int, most: int) -> Iterator[Sequence[str]]:
    """The keys in as few parts as requests allow: so many characters of an address, each comma one
    of them, and so many keys.
    """
    part: list[str] = []
    length = 0
    for key in keys:
        more = len(quote(key, safe="")) + 1
        if part and (length + more > longest or len(part) == most):
            yield part
            part, length = [], 0
        part.append(key)
        length += more
    if part:
        yield part


async def slices(fetch: Fetch[T], size: int) -> AsyncIterator[Slice[T]]:
    """The whole list, each key once; at least one slice, even of an empty list.

    `total` of a slice leaves out rows of another kind. Where rows with equal sort keys change
    places between pages (Jellyfin), keys are missing in the end: then we look a second time.
    """
    seen: set[str] = set()
    for turn in range(_SWEEPS):
        foreign = bad = total = 0
        async for part in sweep(fetch, size):
            bad += len(part.broken)
            foreign += part.served - len(part.rows) - len(part.broken)
            total = part.total - foreign
            fresh = {key: row for key, row in part.rows if key not in seen}
            seen.update(fresh)
            if turn == 0:
                yield part._replace(rows=list(fresh.items()), total=total)
            elif fresh:
                yield part._replace(rows=list(fresh.items()), total=total, broken=())
        if len(seen) + bad >= total:
            return


async def sweep(fetch: Fetch[T], size: int, start: int = 0) -> AsyncIterator[Slice[T]]:
    """From `start` to the end once, going on by the rows that really came.

    An empty part before the end, and one on which the server fails, is asked for again in smaller
    pieces (large Plex pages come empty from libraries heavy with metadata), down to the single
    row that cannot be read; that one is skipped and reported. What did not come in time is not
    asked for so large again. Raises Failed when several rows running fail, and TooSlow for a list
    that hangs.
    """
    now, late, until = size, 0, 0
    total: int | None = None
    skipped: list[tuple[str, str]] = []
    while total is None or start < total:
        try:
            part = await fetch(start, now)
        except Failed as error:
            smaller = 4
            if isinstance(error, TooSlow):
                late, smaller = late + 1, 16
                if late == MOST_LATE:
                    raise
                size, until = max(_LEAST, now // smaller), start + now
            if now > 1:
                now = max(1, now // smaller)
                continue
            skipped.append(("", f"row {start + 1}: {error.problem}"))
            if len(skipped) > _MOST_UNREADABLE:
                raise
            start += 1
            continue
        total = part.total
        if part.served == 0 and start < total and now > _LEAST:
            now = max(_LEAST, now // 4)
            continue
        start = start + part.served if part.served else total
        if start >= until:
            now = min(size, now * 2)
        broken = (*part.broken, *skipped)
        yield part._replace(served=part.served + len(skipped), broken=broken, end=start)
        skipped.clear()
