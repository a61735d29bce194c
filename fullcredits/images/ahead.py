"""Fetching pictures before anybody looks: those of what was added last first.

What a picture is worth has the form of a time: when the title it is for was added, and a little
earlier the less it is seen. So the newest poster comes before the newest star, the first star
before the tenth, and a star of today's film before the poster of a film of last month.
"""

from __future__ import annotations

import asyncio
import calendar
import contextlib
import datetime as dt
import heapq
import itertools
import math
import time
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from fullcredits.images.fetch import whom
from fullcredits.images.pictures import Pictures
from fullcredits.model import TitleKind
from fullcredits.sources.pictures import place_of
from fullcredits.store import Store, pictured, schedules
from fullcredits.store.alive import synced_elsewhere
from fullcredits.store.images import ImageRow, images_by_ids, stand_ins
from fullcredits.store.pictured import Pictured

STARS = 20
"""How many of a cast count as its stars: as many as a title's page shows with portraits."""
AT_ONCE = 2
"""Fetches at once from one server or host."""
_SHORTEST_REST, _LONGEST_REST = 0.02, 2.0
_RECOUNT = 600.0
"""Seconds for which it is believed that no other process uses the cache."""
_LOOK = 2.0
"""Seconds for which it is believed who syncs what."""
_TITLES, _OTHERS = 50, 500
"""How many are looked at together."""
_DAY = 86_400
_OF_BACKDROP = 7 * _DAY
_OF_EPISODE = 20 * 365 * _DAY
"""By how much the picture of a season or episode counts as older."""

T = TypeVar("T")


class Candidate(NamedTuple):
    """A picture that somebody may look at."""

    image_id: int
    worth: int
    """As `Cache.put_ahead` has it."""


@dataclass(slots=True)
class Progress:
    """How fetching ahead goes, and how it went."""

    fetched: int = 0
    failed: int = 0
    left: int = 0
    """Not asked for now, because whoever has them does not answer, or has enough to do."""
    full: bool = False
    """The cache has no room for more."""
    stopped: bool = False
    """There was more to do."""


async def fetch_ahead(
    pictures: Pictures,
    *,
    stop: asyncio.Event | None = None,
    seconds: float | None = None,
    gently: bool = True,
    told: Callable[[Progress], None] = lambda progress: None,
) -> Progress:
    """Fetch what may be looked at next, until all is there or the cache is full.

    Ends after so many `seconds`, or soon after `stop` is set, and goes on from there the next
    time. Waits while anybody waits for a picture. `gently` rests after each fetch for as long as
    it took, and leaves sources alone that are paused or have quiet hours, or that another process
    syncs: a sync on another machine shares no places with this one (`sources/places.py`). `told`
    is called after each. Raises StoreError.
    """
    run = _Run(pictures, stop or asyncio.Event(), seconds, gently, told)
    try:
        await run.go()
    finally:
        await pictures.fetcher.notes.flush()
    return run.progress


class _Run:
    def __init__(
        self,
        pictures: Pictures,
        stop: asyncio.Event,
        seconds: float | None,
        gently: bool,
        told: Callable[[Progress], None],
    ) -> None:
        self.progress = Progress()
        self._pictures = pictures
        self._fetcher = pictures.fetcher
        self._cache = pictures.fetcher.cache
        self._stop = stop
        self._end = math.inf if seconds is None else time.monotonic() + seconds
        self._gently = gently
        self._told = told
        self._refused = 0
        self._elsewhere: set[int] = set()
        self._looked_at = -math.inf

    async def go(self) -> None:
        await asyncio.to_thread(self._cache.recount, _RECOUNT)
        batches = _candidates(self._pictures.store)
        while (batch := await asyncio.to_thread(next, batches, None)) is not None:
            as_noted = self._fetcher.notes.taken_along()
            due = await asyncio.to_thread(self._due, batch, as_noted)
            fitted = await self._fetch(due)
            if not fitted or self._is_over():
                return

    def _due(
        self, batch: Sequence[Candidate], as_noted: Callable[[ImageRow], ImageRow]
    ) -> list[tuple[ImageRow, int]]:
        """Of these what is not there; for what is dead also what may stand in for it."""
        due = []
        with self._pictures.store.reading() as db:
            resting = schedules.resting(db, dt.datetime.now()) if self._gently else set()
            found = images_by_ids(db, {one.image_id for one in batch})
            rows = {number: as_noted(row) for number, row in found.items()}
            for one in batch:
                row = rows.get(one.image_id)
                if row is None or row.source_id in resting or self._is_held(row, one.worth):
                    continue
                due.append((row, one.worth))
                if row.failures:
                    others = stand_ins(db, row.id)
                    if not any(self._is_held(other, one.worth) for other in others):
                        due += [(other, one.worth) for other in others[:1]]
        return due

    def _is_held(self, row: ImageRow, worth: int) -> bool:
        digest = self._fetcher.notes.applied(row).digest
        return digest is not None and self._cache.holds(digest, worth)

    async def _fetch(self, due: Iterable[tuple[ImageRow, int]]) -> bool:
        """Fetch these, a few at a time from each server, in their order; False: none fitted."""
        fetched, refused = self.progress.fetched, self._refused
        queues: dict[Hashable, deque[tuple[ImageRow, int]]] = defaultdict(deque)
        for row, worth in due:
            queues[whom(row)].append((row, worth))
        sources = {row.source_id for queue in queues.values() for row, _ in queue}
        async with self._fetcher.connections.kept(sources), asyncio.TaskGroup() as group:
            for queue in queues.values():
                for _ in range(AT_ONCE):
                    group.create_task(self._work(queue))
        return self.progress.fetched > fetched or self._refused == refused

    async def _work(self, queue: deque[tuple[ImageRow, int]]) -> None:
        while queue and not self._is_over():
            row, worth = queue.popleft()
            await self._pictures.nobody_waits()
            if not self._fetcher.is_due(row):
                continue
            if self._fetcher.is_left_alone(row) or await self._is_synced_elsewhere(row):
                self.progress.left += 1
            elif not await asyncio.to_thread(self._cache.room_for, worth):
                self.progress.full = True
                self._refused += 1
            else:
                began = time.monotonic()
                came = await self._pictures.fetch(row, worth)
                self.progress.fetched += came
                self.progress.failed += not came
                self._told(self.progress)
                if self._gently:
                    await self._rest(time.monotonic() - began)

    async def _is_synced_elsewhere(self, row: ImageRow) -> bool:
        """Whether another process may ask the picture's own server for all that it bears."""
        if not self._gently or place_of(row.ref):
            return False
        if time.monotonic() > self._looked_at + _LOOK:
            self._elsewhere = await asyncio.to_thread(_synced_elsewhere, self._pictures.store)
            self._looked_at = time.monotonic()
        return row.source_id in self._elsewhere

    async def _rest(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(min(max(seconds, _SHORTEST_REST), _LONGEST_REST)):
                await self._stop.wait()

    def _is_over(self) -> bool:
        if self._stop.is_set() or time.monotonic() >= self._end:
            self.progress.stopped = True
        return self.progress.stopped


def _synced_elsewhere(store: Store) -> set[int]:
    with store.reading() as db:
        return synced_elsewhere(db)


def _candidates(store: Store) -> Iterator[list[Candidate]]:
    """Everything that could be looked at: films and shows with their stars, then seasons and
    episodes, then everybody else.
    """
    for some in _batched(_by_age(store, TitleKind.MOVIE, TitleKind.SHOW), _TITLES):
        yield _of_titles(store, some)
    for some in _batched(_by_age(store, TitleKind.SEASON, TitleKind.EPISODE), _OTHERS):
        yield [
            Candidate(title.poster_id, max(0, _time(title) - _OF_EPISODE))
            for title in some
            if title.poster_id is not None
        ]
    for portraits in _batched(pictured.portraits(store), _OTHERS):
        yield [Candidate(portrait, 0) for portrait in portraits]


def _of_titles(store: Store, some: Sequence[Pictured]) -> list[Candidate]:
    times = {title.id: _time(title) for title in some}
    with store.reading() as db:
        stars = pictured.stars_of(db, times.keys(), STARS)
    found = [
        Candidate(image_id, times[title.id] - older)
        for title in some
        for image_id, older in ((title.poster_id, 0), (title.backdrop_id, _OF_BACKDROP))
        if image_id is not None
    ]
    found += [Candidate(s.portrait_id, times[s.title_id] - (1 + s.billing) * _DAY) for s in stars]
    best: dict[int, int] = {}
    for image_id, worth in found:
        best[image_id] = max(worth, best.get(image_id, 0))
    return sorted(itertools.starmap(Candidate, best.items()), key=lambda one: -one.worth)


def _by_age(store: Store, *kinds: TitleKind) -> Iterator[Pictured]:
    return heapq.merge(*(pictured.newest(store, kind) for kind in kinds), key=lambda t: -_time(t))


def _time(title: Pictured) -> int:
    """When it was added, in seconds since 1970; 0 where that is unknown, never in the future."""
    if title.added is None:
        return 0
    return max(0, min(calendar.timegm(title.added.timetuple()), int(time.time())))


def _batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    items = iter(items)
    while batch := list(itertools.islice(items, size)):
        yield batch
