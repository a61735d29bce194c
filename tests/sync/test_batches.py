"""Batches of full records grow and shrink with the time and the bytes that they take."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import cast

import pytest

from fullcredits.model import Library, LibraryKind, MediaItem, Record, TitleKind
from fullcredits.sources.contract import Pace, Records, Source
from fullcredits.sync import fetch
from fullcredits.sync.fetch import Fetcher

FILMS = Library("1", "Films", LibraryKind.MOVIES)


class Weighed:
    """A source whose records have a weight each, and take their time."""

    pace = Pace(titles=20, most_titles=200, parallel=1)

    def __init__(self, size: int, seconds: float) -> None:
        self._size, self._seconds = size, seconds
        self.batches: list[int] = []

    async def records(self, _: Library, items: Sequence[MediaItem]) -> Records:
        self.batches.append(len(items))
        await asyncio.sleep(self._seconds * len(items))
        found = tuple(Record(item, ()) for item in items)
        return Records(found, (), (), self._size * len(items))


def batches(size: int, seconds: float = 0.0, titles: int = 2000) -> list[int]:
    source = Weighed(size, seconds)
    items = [MediaItem(str(number), TitleKind.MOVIE, "Film") for number in range(titles)]

    async def go() -> int:
        fetcher = Fetcher(cast(Source, source))
        return sum([len(f.records.records) async for f in fetcher.fetch([(FILMS, items)])])

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
    monkeypatch.setattr(fetch, "TARGET_SECONDS", 0.02)
    assert max(batches(10, seconds=0.002, titles=200)[3:]) <= 12
