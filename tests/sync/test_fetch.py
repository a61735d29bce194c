"""The fetcher alone, over a source in memory."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from contextlib import aclosing
from types import SimpleNamespace
from typing import cast

import pytest

from fullcredits.errors import Busy, Failed, Nonsense, Refused, SourceError
from fullcredits.model import MediaItem, Record, TitleKind
from fullcredits.sources.contract import Pace, Records, Source
from fullcredits.sources.trouble import Costly, TooLarge, TooSlow
from fullcredits.store.plan import Turn, Waiting
from fullcredits.sync import fetch, stride
from fullcredits.sync.fetch import Fetched, Fetcher

COSTLY = (TooSlow("M", "took too long"), TooLarge("M", "sent too much"))


def films(count: int) -> list[Waiting]:
    movie, new = TitleKind.MOVIE, Turn.NEW
    return [Waiting(n, str(n), movie, 1, "", None, None, 0, new) for n in range(count)]


class Queue:
    """Titles that wait, in their order, until their batch is dealt with."""

    def __init__(self, titles: Sequence[Waiting]) -> None:
        self.titles = list(titles)

    async def __call__(self, most: int, taken: Collection[int]) -> Sequence[Waiting]:
        await asyncio.sleep(0)
        return [title for title in self.titles if title.id not in taken][:most]

    def done(self, fetched: Fetched) -> None:
        dealt_with = set(fetched.titles)
        self.titles = [title for title in self.titles if title not in dealt_with]


class Memory:
    """Answers at once, or when `gate` is opened; keeps what it was asked for."""

    name = "Memory"

    def __init__(
        self,
        pace: Pace,
        bad: Sequence[int] = (),
        error: SourceError | None = None,
        unreadable: Sequence[int] = (),
        kept_back: Sequence[int] = (),
        size: int = 0,
    ):
        self.pace = pace
        self.asked: list[tuple[str, ...]] = []
        self.underway = self.most_underway = self.setbacks = 0
        self.distance = 0.0
        self.gate: asyncio.Semaphore | None = None
        self._bad = {str(n) for n in bad}
        self._error = error or Failed("Memory", "broke")
        self._unreadable = {str(n) for n in unreadable}
        self._kept_back = {str(n) for n in kept_back}
        self._size = size

    async def records(self, kinds: Mapping[str, TitleKind]) -> Records:
        keys = tuple(kinds)
        self.asked.append(keys)
        self.underway += 1
        self.most_underway = max(self.most_underway, self.underway)
        try:
            if self.gate:
                await self.gate.acquire()
            else:
                await asyncio.sleep(0)
        finally:
            self.underway -= 1
        if self._bad & set(keys):
            raise self._error
        broken = tuple((key, "odd") for key in keys if key in self._unreadable)
        missing = tuple(key for key in keys if key in self._kept_back)
        read = kinds.keys() - self._unreadable - self._kept_back
        items = [MediaItem(key, kinds[key], f"Film {key}") for key in keys if key in read]
        found = tuple(Record(item, ()) for item in items)
        return Records(found, missing, broken, self._size)


async def fetched(memory: Memory, queue: Queue) -> AsyncGenerator[Fetched, None]:
    async with aclosing(Fetcher(cast(Source, memory), queue).fetch()) as batches:
        async for batch in batches:
            queue.done(batch)
            yield batch


async def _all(memory: Memory, queue: Queue) -> list[Fetched]:
    return [batch async for batch in fetched(memory, queue)]


def run(memory: Memory, titles: Sequence[Waiting]) -> list[Fetched]:
    return asyncio.run(_all(memory, Queue(titles)))


def _keys(results: Sequence[Fetched]) -> list[str]:
    return [record.item.key for batch in results for record in batch.records.records]


def test_everything_comes_once_in_order() -> None:
    memory = Memory(Pace(titles=10, most_titles=10, parallel=1))
    results = run(memory, films(25))
    assert _keys(results) == [title.key for title in films(25)]
    assert [len(batch.titles) for batch in results] == [10, 10, 5]


def test_who_comes_to_the_front_meanwhile_is_read_next() -> None:
    asyncio.run(_pushed_in())


async def _pushed_in() -> None:
    memory, queue = Memory(Pace(5, 5, 1)), Queue(films(30))
    results = fetched(memory, queue)
    await anext(results)
    queue.titles.sort(key=lambda title: title.id != 29)
    keys = _keys([batch async for batch in results])
    assert "29" in keys[:10]
    assert sorted(keys, key=int) == [title.key for title in films(30)][5:]


def test_nothing_due_asks_nothing() -> None:
    memory = Memory(Pace(10, 10, 2))
    assert run(memory, []) == []
    assert memory.asked == []


def _each_request_takes(seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SimpleNamespace(monotonic=itertools.count(step=seconds).__next__)
    monkeypatch.setattr("fullcredits.sync.fetch.time", clock)


def test_batches_grow_to_what_fits_while_answers_are_quick(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _each_request_takes(0.01, monkeypatch)
    memory = Memory(Pace(titles=10, most_titles=55, parallel=1))
    run(memory, films(300))
    assert [len(keys) for keys in memory.asked] == [10, 20, 40, 55, 55, 55, 55, 10]


def test_batches_shrink_while_answers_are_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    _each_request_takes(60.0, monkeypatch)
    memory = Memory(Pace(titles=40, most_titles=200, parallel=1))
    run(memory, films(80))
    assert [len(keys) for keys in memory.asked][:6] == [40, 20, 10, 5, 2, 1]
    assert sum(map(len, memory.asked)) == 80


@pytest.mark.parametrize("parallel", [1, 2, 4])
def test_one_unreadable_title_costs_only_itself(parallel: int) -> None:
    memory = Memory(Pace(100, 100, parallel), bad=[137])
    results = run(memory, films(300))
    (failed,) = [batch for batch in results if batch.error]
    assert [title.key for title in failed.titles] == ["137"]
    assert sorted(_keys(results), key=int) == [i.key for i in films(300) if i.key != "137"]
    assert len(memory.asked) < 40


def test_what_failed_holds_up_no_others() -> None:
    memory = Memory(Pace(10, 10, 1), bad=[3])
    results = run(memory, films(30))
    assert _keys(results)[:20] == [str(n) for n in range(10, 30)]
    assert len(_keys(results)) == 29


def test_a_season_of_unreadable_titles_ends_no_run() -> None:
    memory = Memory(Pace(100, 200, 2), bad=range(40, 64))
    results = run(memory, films(400))
    assert sorted(int(f.titles[0].key) for f in results if f.error) == list(range(40, 64))
    assert len(_keys(results)) == 376


def test_a_broken_server_is_given_up() -> None:
    memory = Memory(Pace(100, 100, 2), bad=range(1000))
    with pytest.raises(Failed):
        run(memory, films(1000))
    assert len(memory.asked) <= fetch.MOST_FAILURES + 2


@pytest.mark.parametrize("error", COSTLY)
def test_a_server_that_hangs_or_sends_far_too_much_is_soon_given_up(error: Costly) -> None:
    memory = Memory(Pace(100, 100, 1), bad=range(1000), error=error)
    with pytest.raises(Costly):
        run(memory, films(1000))
    assert len(memory.asked) == fetch.MOST_LATE


@pytest.mark.parametrize("error", COSTLY)
@pytest.mark.parametrize("bad", [[37], [37, 91]])
def test_titles_that_hang_or_are_far_too_large_are_found_while_others_come(
    bad: list[int], error: Costly
) -> None:
    memory = Memory(Pace(100, 100, 1), bad=bad, error=error)
    results = run(memory, films(100))
    given_up = {int(title.key) for batch in results if batch.error for title in batch.titles}
    assert given_up >= set(bad)
    assert len(_keys(results)) + len(given_up) == 100
    assert len(given_up) <= 100 // 2 ** (fetch.LATE - 1) * len(bad)


@pytest.mark.parametrize("error", [Refused("M", "no"), Busy("M", "later"), Nonsense("M", "what")])
def test_what_no_smaller_request_can_mend_ends_the_run(error: SourceError) -> None:
    memory = Memory(Pace(1, 1, 2), bad=range(5, 1000), error=error)
    with pytest.raises(type(error)):
        run(memory, films(200))
    assert len(memory.asked) <= 5 + fetch.MOST_FAILURES + 2


def test_answers_in_which_nothing_can_be_read_mean_that_the_server_is_broken() -> None:
    memory = Memory(Pace(1, 1, 2), unreadable=range(5, 1000))
    with pytest.raises(Nonsense, match="nothing can be read"):
        run(memory, films(200))
    assert len(memory.asked) <= 5 + fetch.MOST_FAILURES + 2


def test_titles_that_cannot_be_read_between_others_end_no_run() -> None:
    memory = Memory(Pace(1, 1, 2), unreadable=[n for n in range(200) if n % 20])
    assert sum(len(batch.records.broken) for batch in run(memory, films(200))) == 190


def test_a_server_of_which_little_comes_is_given_up_too() -> None:
    """A title in ten that comes makes up for one failed request, and there are many more."""
    memory = Memory(Pace(100, 100, 2), bad=[n for n in range(1000) if n % 10])
    with pytest.raises(Failed):
        run(memory, films(1000))
    assert len(memory.asked) <= 2 * fetch.MOST_FAILURES


def test_broken_titles_all_over_a_library_end_no_run() -> None:
    bad = range(7, 4000, 10)
    memory = Memory(Pace(100, 200, 2), bad=bad)
    results = run(memory, films(4000))
    assert sum(len(f.titles) for f in results if f.error) == len(bad)
    assert len(_keys(results)) == 4000 - len(bad)


@pytest.mark.parametrize("titles", [1, 25])
def test_a_server_that_gives_nothing_is_given_up(titles: int) -> None:
    memory = Memory(Pace(titles, titles, 2), kept_back=range(30, 10_000))
    with pytest.raises(Nonsense, match="gave nothing of what it was asked for"):
        run(memory, films(10_000))
    assert len(memory.asked) <= 30 // titles + fetch.MOST_FAILURES + 3


def test_a_disk_full_of_titles_that_are_not_given_ends_no_run() -> None:
    memory = Memory(Pace(25, 25, 2), kept_back=range(30, 1000))
    results = run(memory, films(2000))
    assert sum(len(batch.records.missing) for batch in results) == 970
    assert len(_keys(results)) == 1030


@pytest.mark.parametrize("most", [1, 2, 4])
def test_as_many_requests_are_always_under_way_as_the_server_bears(most: int) -> None:
    asyncio.run(_watched(most))


async def _watched(most: int) -> None:
    """Let answers out one by one: while work waits, another request follows at once; two at first,
    and one more for each answer in time, up to the most.
    """
    memory = Memory(Pace(1, 1, most))
    memory.gate = asyncio.Semaphore(0)
    results = fetched(memory, Queue(films(20)))
    got: list[Fetched] = []
    pending = asyncio.ensure_future(anext(results))
    for answered in range(20):
        await _settle()
        assert memory.underway == min(stride.USUAL + answered, most, 20 - answered)
        memory.gate.release()
        got.append(await pending)
        pending = asyncio.ensure_future(anext(results))
    with pytest.raises(StopAsyncIteration):
        await pending
    assert memory.most_underway == most
    assert _keys(got) == [item.key for item in films(20)]


def test_one_request_at_a_time_while_a_server_has_too_much_to_do() -> None:
    asyncio.run(_too_busy())


async def _too_busy() -> None:
    memory = Memory(Pace(1, 1, 4))
    memory.gate = asyncio.Semaphore(0)
    results = fetched(memory, Queue(films(20)))
    pending = asyncio.ensure_future(anext(results))
    for answered in range(10):
        await _settle()
        assert memory.underway == (1 if answered else 2)
        memory.setbacks += 1  # it was asked again, in the client
        memory.gate.release()
        await pending
        pending = asyncio.ensure_future(anext(results))
    for underway in (1, 2, 3, 4):
        await _settle()
        assert memory.underway == underway
        memory.gate.release()
        await pending
        pending = asyncio.ensure_future(anext(results))
    pending.cancel()
    await asyncio.gather(pending, return_exceptions=True)
    await results.aclose()


def test_a_slow_database_slows_the_requests() -> None:
    asyncio.run(_unread())


async def _unread() -> None:
    """Nobody takes the results: as many wait as are asked for at once, beside the one taken."""
    memory = Memory(Pace(1, 1, 2))
    results = fetched(memory, Queue(films(100)))
    await anext(results)
    await _settle()
    assert (memory.underway, len(memory.asked)) == (0, 3)
    assert len([batch async for batch in results]) == 99


@pytest.mark.parametrize("most", [2, 4])
def test_what_nobody_waits_for_is_asked_for_one_at_a_time(most: int) -> None:
    asyncio.run(_behind(most))


async def _behind(most: int) -> None:
    """A quick server and a slow database: what waits, or is under way, would be asked for again
    after a kill. Once the server is waited for, it has as much to do as it bears again.
    """
    memory = Memory(Pace(1, 1, most))
    results = fetched(memory, Queue(films(100)))
    for taken in range(1, 20):
        await anext(results)
        await _settle()
        assert len(memory.asked) <= taken + (1 if taken > most + 1 else most)
    memory.gate = asyncio.Semaphore(0)
    await anext(results)
    pending = asyncio.ensure_future(anext(results))
    await _settle()
    for underway in range(1, most + 1):
        assert memory.underway == underway
        memory.gate.release()
        await pending
        pending = asyncio.ensure_future(anext(results))
        await _settle()
    pending.cancel()
    await asyncio.gather(pending, return_exceptions=True)
    await results.aclose()


@pytest.mark.parametrize(
    ("size", "waiting"), [(fetch.AHEAD + 1, 2), (fetch.AHEAD // 4, 6), (0, 10)]
)
def test_a_slow_server_has_something_to_do_meanwhile(size: int, waiting: int) -> None:
    asyncio.run(_elsewhere(size, waiting))


async def _elsewhere(size: int, waiting: int) -> None:
    """It was waited for, and something else is done: of small answers a few wait, until the next
    one is taken.
    """
    memory, queue = Memory(Pace(1, 1, 2), size=size), Queue(films(100))
    memory.gate = asyncio.Semaphore(1)
    fetcher = Fetcher(cast(Source, memory), queue)
    async with aclosing(fetcher.fetch()) as results:
        queue.done(await anext(results))
        await _settle()
        assert await fetcher.lets_wait()
        for _ in range(100):
            memory.gate.release()
        await _settle()
        assert (memory.underway, len(memory.asked)) == (0, 1 + waiting)
        for _ in range(waiting):
            queue.done(await anext(results))
        await _settle()
        assert (memory.underway, len(memory.asked)) == (0, 1 + waiting + 2)


def test_leaving_early_leaves_nothing_running() -> None:
    asyncio.run(_left())


async def _left() -> None:
    memory = Memory(Pace(1, 1, 2))
    memory.gate = asyncio.Semaphore(1)
    results = fetched(memory, Queue(films(100)))
    await anext(results)
    await results.aclose()
    assert memory.underway == 0
    assert asyncio.all_tasks() == {asyncio.current_task()}


def test_leaving_while_results_wait_does_not_wait_for_ever() -> None:
    asyncio.run(_left_full())


async def _left_full() -> None:
    memory = Memory(Pace(1, 1, 2))
    results = fetched(memory, Queue(films(100)))
    await anext(results)
    await _settle()
    await asyncio.wait_for(results.aclose(), 10)
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def _settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)
