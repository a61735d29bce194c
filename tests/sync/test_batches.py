"""Batches of full records grow and shrink with the time and the bytes that they take."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import cast

import pytest

from fullcredits.model import MediaItem, Record, TitleKind
from fullcredits.sources.contract import Pace, Records, Source
from fullcredits.store.plan import Turn, Waiting
from fullcredits.sync import stride
from fullcredits.sync.fetch import Fetcher


class Weighed:
    """A source whose records have a weight each, and take their time."""

    pace = Pace(titles=20, most_titles=200, parallel=1)
    setbacks = 0
    distance = 0.0

    def __init__(self, size: int, seconds: float) -> None:
        self._size, self._seconds = size, seconds
        self.batches: list[int] = []

    async def records(self, kinds: Mapping[str, TitleKind]) -> Records:
        self.batches.append(len(kinds))
        await asyncio.sleep(self._seconds * len(kinds))
        found = tuple(Record(MediaItem(key, kind, "Film"), ()) for key, kind in kinds.items())
        return Records(found, (), (), self._size * len(kinds))


def batches(size: int, seconds: float = 0.0, titles: int = 2000) -> list[int]:
    source = Weighed(size, seconds)
    movie, new = TitleKind.MOVIE, Turn.NEW
    waiting = [Waiting(n, str(n), movie, 1, "", None, None, 0, new) for n in range(titles)]

    async def supply(most: int, taken: Collection[int]) -> Sequence[Waiting]:
        given = waiting[:most]
        del waiting[:most]
        return given

    async def go() -> int:
        fetcher = Fetcher(cast(Source, source), supply)
        return sum([len(f.records.records) async for f in fetcher.fetch()])

    assert asyncio.run(go()) == titles
    return source.batches[:-1]


def test_light_and_fast_records_come_in_ever_larger_batches() -> None:
    assert batches(1000)[:5] == [20, 40, 80, 160, 200]


@pytest.mark.parametrize(("size", "fitting"), [(100_000, 83), (2**20, 8), (50 * 2**20, 1)])
def test_heavy_records_come_in_batches_of_bearable_size(size: int, fitting: int) -> None:
    settled = batches(size, titles=1000)[5:]
    assert len(settled) >= 5
    assert set(settled) == {fitting}


def test_slow_records_come_in_batches_of_bearable_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stride, "TARGET_SECONDS", 0.02)
    assert max(batches(10, seconds=0.002, titles=200)[3:]) <= 12
