"""Reading lists of servers that do not answer in time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from fullcredits.sources.paging import MOST_LATE, Slice, portions, slices
from fullcredits.sources.remarks import sampled
from fullcredits.sources.trouble import TooSlow

LATE = TooSlow("Attic", "took too long to answer")


class Shelf:
    """A list of so many rows; what asks for more than `most`, or for the row `bad`, is late."""

    def __init__(self, rows: int, most: int = 10_000, bad: int | None = None) -> None:
        self.asked: list[tuple[int, int]] = []
        self.late = 0
        self._rows, self._most, self._bad = rows, most, bad

    async def fetch(self, start: int, size: int) -> Slice[int]:
        self.asked.append((start, size))
        here = range(start, min(start + size, self._rows))
        if size > self._most or (self._bad is not None and self._bad in here):
            self.late += 1
            raise LATE
        return Slice([(str(n), n) for n in here], len(here), self._rows)

    def read(self, size: int = 2000) -> tuple[list[int], list[str]]:
        """The rows that came, and what is said of others."""

        async def go() -> tuple[list[int], list[str]]:
            parts = [part async for part in slices(self.fetch, size)]
            rows = [row for part in parts for _, row in part.rows]
            return rows, [why for part in parts for _, why in part.broken]

        return asyncio.run(go())


@pytest.mark.parametrize("size", [2000, 500])
def test_a_list_that_hangs_is_given_up(size: int) -> None:
    shelf = Shelf(5000, most=0)
    with pytest.raises(TooSlow):
        shelf.read(size)
    assert len(shelf.asked) <= MOST_LATE
    assert [size for _, size in shelf.asked].count(1) >= 2


def test_what_was_too_much_is_not_asked_for_again() -> None:
    """A slow server is waited for once or twice, not at every second page."""
    shelf = Shelf(5000, most=200)
    assert shelf.read() == (list(range(5000)), [])
    assert shelf.late == 1


def test_a_row_that_hangs_costs_only_itself() -> None:
    shelf = Shelf(5000, bad=3210)
    rows, said = shelf.read()
    assert rows == [n for n in range(5000) if n != 3210]
    (why,) = said
    assert why.startswith("row 3211: took too long")
    assert shelf.late < MOST_LATE


def test_a_sample_that_hangs_is_soon_given_up() -> None:
    asked: list[Sequence[str]] = []

    async def read(some: Sequence[str]) -> Sequence[str]:
        asked.append(some)
        raise LATE

    with pytest.raises(TooSlow):
        asyncio.run(sampled([str(n) for n in range(25)], read))
    assert len(asked) == 3


def test_portions_fit_an_address() -> None:
    keys = [f"{number:032x}" for number in range(450)]
    assert list(map(len, portions(keys, 6600, 200))) == [200, 200, 50]
    long = ["x" * 100, "é" * 100, *keys[:10]]
    parts = list(portions(long, 700, 200))
    assert [key for part in parts for key in part] == long
    assert list(map(len, parts)) == [1, 4, 7]
    assert list(portions([], 700, 200)) == []
