"""Fetching full records: batches of a fitting size, a few at once, bisected when one fails."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass

from fullcredits.errors import Failed, Nonsense, SourceError
from fullcredits.sources.contract import Records, Source
from fullcredits.store.plan import Waiting

TARGET_SECONDS = 0.5
"""How long a request for full records should take: long enough that its overhead vanishes, short
enough that a title somebody looks at is read soon, and that a killed run repeats little."""

TARGET_BYTES = 8 * 2**20
"""How large its answer should be at most: what is read is held in memory several times over."""

MOST_FAILURES = 50
"""So many failed requests in a row mean the server, not a title, is broken. A season of titles
that cannot be read must not look like it.
"""

Supply = Callable[[int, Collection[int]], Awaitable[Sequence[Waiting]]]
"""Gives the titles whose turn it is: at most so many, without those row ids; none: all are read."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """One batch that came, or one title that failed."""

    titles: tuple[Waiting, ...]
    records: Records
    error: SourceError | None = None


class Fetcher:
    """Reads the full records of waiting titles from one source, whoever's turn it is first; titles
    of a batch that failed come last, so that they hold up no others.

    `pace.parallel` requests are always under way while there is work; results wait in a queue of
    the same length, so a slow database slows the requests, not the other way round.
    """

    def __init__(self, source: Source, supply: Supply) -> None:
        self._source = source
        self._supply = supply
        self._size = float(source.pace.titles)
        self._taken: set[int] = set()
        """Row ids of titles that are being read, or whose records are not stored yet."""
        self._done: asyncio.Queue[Fetched | None] = asyncio.Queue()
        self._asking = asyncio.Lock()
        """No two workers are given the same titles."""
        self._again: deque[tuple[Waiting, ...]] = deque()
        self._underway = 0
        self._failures = 0
        self._given_up = False

    @property
    def idle(self) -> bool:
        """Whether requests are under way, and whoever takes their answers would have to wait."""
        return self._underway > 0 and self._done.empty()

    async def fetch(self) -> AsyncGenerator[Fetched, None]:
        """Results as they come; each is taken for dealt with when the next one is asked for.

        Raises the SourceError that makes going on pointless.
        """
        parallel = self._source.pace.parallel
        room = asyncio.Semaphore(parallel)
        workers = [asyncio.create_task(self._work(room)) for _ in range(parallel)]
        for worker in workers:
            # However it ends, cancelled too: a worker that had to wait to tell would never end.
            worker.add_done_callback(lambda _: self._done.put_nowait(None))
        running = len(workers)
        try:
            while running:
                result = await self._done.get()
                if result is None:
                    running -= 1
                else:
                    room.release()
                    yield result
                    self._taken.difference_update(title.id for title in result.titles)
            await asyncio.gather(*workers)
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)

    async def _work(self, room: asyncio.Semaphore) -> None:
        try:
            while batch := await self._take():
                result = await self._one(batch)
                if result is not None:
                    await room.acquire()
                    self._done.put_nowait(result)
        except BaseException:
            self._given_up = True
            raise

    async def _take(self) -> tuple[Waiting, ...]:
        """The next batch: at most the size that fits now; nothing when all is read."""
        size = max(1, int(self._size))
        async with self._asking:
            if self._given_up:
                return ()
            # As they are now: who is let go meanwhile may still look due to whoever looks now.
            batch = tuple(await self._supply(size, frozenset(self._taken)))
            self._taken.update(title.id for title in batch)
        if batch:
            return batch
        if not self._again:
            return ()
        batch = self._again.popleft()
        if len(batch) > size:
            self._again.appendleft(batch[size:])
        return batch[:size]

    async def _one(self, titles: tuple[Waiting, ...]) -> Fetched | None:
        """A batch's records; None when it failed and its halves wait to be tried."""
        started = time.monotonic()
        try:
            records = await self._ask(titles)
        except (Failed, Nonsense) as error:
            self._failures += 1
            if self._failures > MOST_FAILURES:
                raise
            if len(titles) == 1:
                return Fetched(titles, Records((), ()), error)
            half = len(titles) // 2
            self._size = max(1.0, min(self._size, half))
            self._again.extend([titles[:half], titles[half:]])
            return None
        self._failures = 0
        self._adapt(len(titles), time.monotonic() - started, records.size)
        return Fetched(titles, records)

    async def _ask(self, titles: tuple[Waiting, ...]) -> Records:
        self._underway += 1
        try:
            return await self._source.records({title.key: title.kind for title in titles})
        finally:
            self._underway -= 1

    def _adapt(self, titles: int, seconds: float, size: int) -> None:
        """Come nearer to the target time or the target bytes, whichever comes first; at most twice
        as large or half as large at a time.
        """
        in_time, in_size = TARGET_SECONDS / max(seconds, 0.001), TARGET_BYTES / max(size, 1)
        fitting = titles * min(in_time, in_size)
        most = self._source.pace.most_titles
        self._size = min(max(fitting, self._size / 2, 1.0), self._size * 2, float(most))
