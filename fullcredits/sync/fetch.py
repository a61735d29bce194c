"""Fetching full records: in batches of a fitting size, a few at once, bisected when one fails."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass

from fullcredits.errors import Failed, Nonsense, SourceError
from fullcredits.sources.contract import Records, Source
from fullcredits.sources.gate import Gate
from fullcredits.sources.trouble import Costly
from fullcredits.store.plan import Waiting
from fullcredits.sync import stride

MOST_FAILURES = 50
"""So many requests in vain mean the server, not a title, is broken: what comes in between makes up
for as many of them as it has titles. So do as many answers in a row in which nothing can be read. A
season of titles that cannot be read must not look like it.
"""
LATE = 3
"""So many answers in a row that did not come in time, or were far too large: the titles at fault
now are not looked for one by one any more, which would take minutes each."""
MOST_LATE = 6
"""So many in a row mean that the server is at fault, not a title."""

AHEAD = 2**20
"""Bytes of answers that may wait while whoever takes them does something else (see `lets_wait`): a
few of a slow server, so that it has something to do while who is who is decided. Of a quick one's
none wait but those under way: they would be asked for again after a kill."""
_LEAST = AHEAD // 8
"""Every answer counts as so many bytes at least."""

_MOMENT = 0.1
"""Seconds. A quick server's answers are on their way meanwhile."""

Supply = Callable[[int, Collection[int]], Awaitable[Sequence[Waiting]]]
"""Gives the titles whose turn it is: at most so many, without those row ids; none: all are read."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """One batch that came, or titles that failed: one, or all that hang."""

    titles: tuple[Waiting, ...]
    records: Records
    error: SourceError | None = None


class Fetcher:
    """Reads the full records of waiting titles from one source, whoever's turn it is first; titles
    of a batch that failed come last, so that they hold up no others.

    As many requests are under way as the server bears and whoever takes the results keeps up with,
    at most `pace.parallel`, while there is work.
    """

    def __init__(self, source: Source, supply: Supply) -> None:
        self._source = source
        self._supply = supply
        self._stride = stride.first(source.pace)
        self._gate = Gate(self._stride.parallel)
        self._setbacks = source.setbacks
        self._taken: set[int] = set()
        """Row ids of titles that are being read, or whose records are not stored yet."""
        self._done: asyncio.Queue[Fetched | None] = asyncio.Queue()
        self._came = self._went = self._ahead = 0
        """How many results came, how many were taken, and what the others weigh."""
        self._awaited = self._elsewhere = False
        """Whoever takes results waits for one; was told that there is time for something else."""
        self._room = asyncio.Condition()
        self._asking = asyncio.Lock()
        """No two workers are given the same titles."""
        self._again: deque[tuple[Waiting, ...]] = deque()
        self._underway = 0
        self._failures = self._unreadable = self._late = 0
        """Requests that brought nothing, and that nothing made up for; answers in a row in which
        nothing could be read; requests in a row whose answer did not come in time, or was far too
        large.
        """
        self._given_up = False

    @property
    def taken(self) -> Collection[int]:
        """Row ids of the titles that are being read, or whose records are not dealt with; they
        change as the reading goes on.
        """
        return self._taken

    async def lets_wait(self) -> bool:
        """Whether requests are under way, and no answer comes for a moment: the server is slower
        than whoever takes its answers.
        """
        self._awaited = True
        if self._underway and self._done.empty():
            await asyncio.sleep(_MOMENT)
        self._elsewhere = self._underway > 0 and self._done.empty()
        return self._elsewhere

    async def fetch(self) -> AsyncGenerator[Fetched, None]:
        """Results as they come; each is taken for dealt with when the next one is asked for.

        Raises the SourceError that makes going on pointless.
        """
        most = self._source.pace.parallel
        workers = [asyncio.create_task(self._work()) for _ in range(most)]
        for worker in workers:
            # However it ends, cancelled too: a worker that had to wait to tell would never end.
            worker.add_done_callback(lambda _: self._done.put_nowait(None))
        running = len(workers)
        try:
            while running:
                self._awaited = True
                result = await self._done.get()
                if result is None:
                    running -= 1
                else:
                    await self._let_go(result)
                    yield result
                    self._taken.difference_update(title.id for title in result.titles)
            await asyncio.gather(*workers)
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)

    async def _let_go(self, result: Fetched) -> None:
        async with self._room:
            self._awaited = self._elsewhere = False
            self._went += 1
            self._ahead -= _weight(result)
            self._room.notify_all()

    async def _work(self) -> None:
        try:
            while await self._step():
                pass
        except BaseException:
            self._given_up = True
            raise

    async def _step(self) -> bool:
        """Read a batch, if it is this worker's turn and there is one, and wait until it is taken or
        may wait: a slow database slows the requests, and little is read in vain when the run is
        killed.
        """
        async with self._gate.place():
            batch = await self._take()
            result = await self._one(batch) if batch else None
            if result is not None:
                self._came += 1
                self._ahead += _weight(result)
                self._done.put_nowait(result)
                await self._until_taken(self._came)
        return bool(batch)

    async def _until_taken(self, result: int) -> None:
        """Wait until a result, told by which one came, is taken, or may wait."""

        def goes_on() -> bool:
            return self._went >= result or (self._elsewhere and self._ahead <= AHEAD)

        async with self._room:
            await self._room.wait_for(goes_on)

    async def _take(self) -> tuple[Waiting, ...]:
        """The next batch: at most the size that fits now; nothing when all is read."""
        size = max(1, int(self._stride.titles))
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
            self._late = self._late + 1 if isinstance(error, Costly) else 0
            if self._failures > MOST_FAILURES or self._late == MOST_LATE:
                raise
            if len(titles) == 1 or self._late >= LATE:
                return Fetched(titles, Records((), ()), error)
            half = len(titles) // 2
            self._go_on(self._stride.broken(len(titles), trouble=self._trouble()))
            self._again.extend([titles[:half], titles[half:]])
            return None
        self._late = 0
        self._weigh(records)
        self._go_on(
            self._stride.after(
                self._source.pace,
                len(titles),
                time.monotonic() - started,
                records.size,
                distance=self._source.distance,
                trouble=self._trouble(),
                taker=self._taker(),
            )
        )
        return Fetched(titles, records)

    def _weigh(self, records: Records) -> None:
        """See whether this is still a server. Raises Nonsense."""
        if records.records:
            self._failures = max(0, self._failures - len(records.records))
            self._unreadable = 0
        elif records.broken:
            self._unreadable += 1
            if self._unreadable > MOST_FAILURES:
                raise Nonsense(
                    self._source.name,
                    f"sent {self._unreadable} answers running in which nothing can be read: is it "
                    "of a version that Fullcredits knows?",
                )
        else:
            self._failures += 1
            if self._failures > MOST_FAILURES:
                raise Nonsense(
                    self._source.name,
                    "gave nothing of what it was asked for again and again: does it open its "
                    "titles itself, and does no proxy change its answers?",
                )

    async def _ask(self, titles: tuple[Waiting, ...]) -> Records:
        self._underway += 1
        try:
            return await self._source.records({title.key: title.kind for title in titles})
        finally:
            self._underway -= 1

    def _taker(self) -> stride.Taker:
        if self._awaited or self._elsewhere:
            return stride.Taker.WAITS
        return stride.Taker.BEHIND if self._came > self._went else stride.Taker.BUSY

    def _trouble(self) -> bool:
        """Whether the server had any since this was asked last."""
        before, self._setbacks = self._setbacks, self._source.setbacks
        return self._setbacks > before

    def _go_on(self, next_stride: stride.Stride) -> None:
        self._stride = next_stride
        self._gate.resize(next_stride.parallel)


def _weight(result: Fetched) -> int:
    return max(_LEAST, result.records.size)
