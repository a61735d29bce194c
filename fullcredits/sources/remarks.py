"""What a user should know of a server before wondering: what it can and cannot tell of people."""

from __future__ import annotations

import asyncio
import ipaddress
import re
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from fullcredits.errors import Failed, Nonsense, SourceError
from fullcredits.model import Library
from fullcredits.sources.trouble import TooSlow

SAMPLE = 25
"""Titles of a library that are looked at, the newest."""
PATIENCE = 60.0
"""Seconds for a library's sample: somebody waits, and it is for no more than remarks."""

NO_LIBRARY = (
    "shows this account no library with films or series: open one to it, or sign in as the "
    "server's owner; if it has just started, wait; see that its disks are there"
)

_MOST_BROKEN = 3
"""More that fail one by one mean the server, not the titles, is broken."""
_MOST_LATE = 3
"""So many that do not come in time mean that it hangs."""
_INSIDE = (".local", ".lan", ".home", ".internal", ".home.arpa", ".localdomain", ".localhost")
_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to know of a server or of one of its libraries."""

    code: str
    """A stable word for scripts."""
    text: str
    library: str | None = None
    limits: bool = False
    """Whether something is missing because of it, that its owner could change."""


Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Sample(Generic[Row]):
    """What came of reading some titles."""

    rows: list[Row] = field(default_factory=list)
    broken: list[tuple[str, SourceError]] = field(default_factory=list)
    """Keys of those that break the server, with what it says."""


async def sampled(
    keys: Sequence[str], read: Callable[[Sequence[str]], Awaitable[Sequence[Row]]]
) -> Sample[Row]:
    """Titles read at once; where that fails by halves, down to those that break it.

    Raises the SourceError of what fails whatever is asked for.
    """
    found: Sample[Row] = Sample()
    waiting = [keys] if keys else []
    late = 0
    while waiting:
        some = waiting.pop()
        try:
            found.rows.extend(await read(some))
        except (Failed, Nonsense) as error:
            half = len(some) // 2
            late += isinstance(error, TooSlow)
            if late == _MOST_LATE:
                raise
            if half:
                waiting += [some[half:], some[:half]]
            elif len(found.broken) == _MOST_BROKEN:
                raise
            else:
                found.broken.append((some[0], error))
    return found


async def in_time(source: str, look: Coroutine[Any, Any, Sample[Row]]) -> Sample[Row]:
    """What a look at a library gives. Raises its SourceErrors, and TooSlow."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await look
    except TimeoutError:
        raise TooSlow(source, f"took longer than {PATIENCE:.0f} s for a few titles") from None


def of_reading(library: str, sample: Sample[Row]) -> list[Remark]:
    """Where titles of a sample could not be read, or there were none."""
    if sample.broken:
        problem = sample.broken[0][1].problem
        text = f"{len(sample.broken)} of its newest titles cannot be read: {problem}"
        return [Remark("unreadable", text, library, limits=True)]
    if not sample.rows:
        text = "holds no titles: is its folder right, was it scanned, may this account see them?"
        return [Remark("empty", text, library, limits=True)]
    return []


def of_libraries(libraries: Sequence[Library]) -> list[Remark]:
    """Where there is none to be read."""
    return [] if libraries else [Remark("no-library", NO_LIBRARY, limits=True)]


def some_of(count: int, titles: Sequence[object]) -> str:
    """Like "1 of the newest 9 titles has"."""
    return f"{count} of the newest {len(titles)} titles {'has' if count == 1 else 'have'}"


def too_old(product: str, version: str, least: tuple[int, int]) -> list[Remark]:
    """A remark where a server is older than we know it. An unreadable version is no reason."""
    numbers = tuple(int(number[:9]) for number in _NUMBERS.findall(version)[:2])
    if not numbers or numbers >= least:
        return []
    oldest = ".".join(map(str, least))
    text = (
        f"{product} {version} is older than {oldest}, the oldest that Fullcredits knows: "
        "it may work, but update it before you trust the result"
    )
    return [Remark("old-version", text, limits=True)]


def in_clear(address: str) -> list[Remark]:
    """A remark where our token goes through the open network without https."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    try:
        public = ipaddress.ip_address(host).is_global
    except ValueError:
        public = "." in host and not host.endswith(_INSIDE)
    if parts.scheme != "http" or not public:
        return []
    text = f"{address} is asked without https: who sits in between can read our token"
    return [Remark("in-clear", text, limits=True)]


def unread(library: str, error: SourceError) -> Remark:
    """Where the sample could not be had."""
    return Remark("unread", f"its titles could not be looked into: {error.problem}", library, True)


def cut_at(counts: Iterable[int], most: int) -> int:
    """How many lists are exactly as long as the longest allowed, where it looks like a cut: at
    least three are, and none is longer.
    """
    lengths = list(counts)
    exact = lengths.count(most)
    return exact if exact >= 3 and max(lengths) == most else 0
