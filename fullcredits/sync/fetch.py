"""Fetching full records: batches of a fitting size, a few at once, bisected when one fails."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from fullcredits.errors import Failed, Nonsense, SourceError
from fullcredits.model import Library, MediaItem
from fullcredits.sources.contract import Records, Source
from fullcredits.sync.wishes import Wishes

TARGET_SECONDS = 1.5
"""How long a request for full records should take: long enough that its overhead vanishes, short
enough that progress is seen and a killed run repeats little."""

TARGET_BYTES = 8 * 2**20
"""How large its answer should be at most: what is read is held in memory several times over."""

MOST_FAILURES = 50
"""So many failed requests in a row mean the server, not a title, is broken. A season of titles
that cannot be read must not look like it.
"""


@dataclass(frozen=True, slots=True)
class Fetched:
    """One batch that came, or one title that failed."""

    library: Library
    items: tuple[MediaItem, ...]
    records: Records
    error: SourceError | None = None


class Fetcher:
    """Reads the full records of listed titles from one source, in the order given, but wished-for
    ones first; titles of a batch that failed come last, so that they hold up no others.

    `pace.parallel` requests are always under way while there is work; results wait in a queue of
    the same length, so a slow database slows the requests, not the other way round.
    """

    def __init__(self, source: Source, wishes: Wishes | None = None) -> None:
        self._source = source
        self._wishes = wishes or Wishes()
        self._size = float(source.pace.titles)
        self._waiting: deque[tuple[Library, tuple[MediaItem, ...]]] = deque()
        self._failures = 0

    async def fetch(
        self, due: Sequence[tuple[Library, Sequence[MediaItem]]]
    ) -> AsyncGenerator[Fetched, None]:
        """Results as they come. Raises the SourceError that makes going on pointless."""
        self._waiting.extend((library, tuple(items)) for library, items in due if items)
        parallel = self._source.pace.parallel
        done: asyncio.Queue[Fetched | None] = asyncio.Queue()
        room = asyncio.Semaphore(parallel)
        workers = [asyncio.create_task(self._work(done, room)) for _ in range(parallel)]
        for worker in workers:
            # However it ends, cancelled too: a worker that had to wait to tell would never end.
            worker.add_done_callback(lambda _: done.put_nowait(None))
        running = len(workers)
        try:
            while running:
                result = await done.get()
                if result is None:
                    running -= 1
                else:
                    room.release()
                    yield result
            await asyncio.gather(*workers)
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)

    async def _work(self, done: asyncio.Queue[Fetched | None], room: asyncio.Semaphore) -> None:
        try:
            while self._waiting:
                library, items = self._take()
                result = await self._one(library, items)
                if result is not None:
                    await room.acquire()
                    done.put_nowait(result)
        except SourceError:
            self._waiting.clear()
            raise

    def _take(self) -> tuple[Library, tuple[MediaItem, ...]]:
        """The next batch: at most the size that fits now, of one library."""
        self._hurry(self._wishes.take())
        library, items = self._waiting.popleft()
        size = max(1, int(self._size))
        if len(items) > size:
            self._waiting.appendleft((library, items[size:]))
        return library, items[:size]

    def _hurry(self, keys: set[str]) -> None:
        """Put these titles, as far as they wait, before all others."""
        if not keys:
            return
        waiting = list(self._waiting)
        self._waiting.clear()
        for library, items in waiting:
            rest = tuple(item for item in items if item.key not in keys)
            if rest:
                self._waiting.append((library, rest))
        for library, items in waiting:
            if first := tuple(item for item in items if item.key in keys):
                self._waiting.appendleft((library, first))

    async def _one(self, library: Library, items: tuple[MediaItem, ...]) -> Fetched | None:
        """A batch's records; None when it failed and its halves wait to be tried."""
        started = time.monotonic()
        try:
            records = await self._source.records(library, items)
        except (Failed, Nonsense) as error:
            self._failures += 1
            if self._failures > MOST_FAILURES:
                raise
            if len(items) == 1:
                return Fetched(library, items, Records((), ()), error)
            half = len(items) // 2
            self._size = max(1.0, min(self._size, half))
            self._waiting.extend([(library, items[:half]), (library, items[half:])])
            return None
        self._failures = 0
        self._adapt(len(items), time.monotonic() - started, records.size)
        return Fetched(library, items, records)

    def _adapt(self, titles: int, seconds: float, size: int) -> None:
        """Come nearer to the target time or the target bytes, whichever comes first; at most twice
        as large or half as large at a time.
        """
        in_time, in_size = TARGET_SECONDS / max(seconds, 0.001), TARGET_BYTES / max(size, 1)
        fitting = titles * min(in_time, in_size)
        most = self._source.pace.most_titles
        self._size = min(max(fitting, self._size / 2, 1.0), self._size * 2, float(most))
