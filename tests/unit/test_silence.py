"""Telling that one waits for a server."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from fullcredits.sync import silence
from fullcredits.sync.progress import Meter
from fullcredits.sync.watch import Unwatched


def heard(seconds: Sequence[float], monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What is told where these are the seconds of silence, a look after the other."""
    monkeypatch.setattr(silence, "_LOOK", 0.0)
    told: list[float] = []

    async def go() -> None:
        looks, over = iter(seconds), asyncio.Event()

        def now() -> float:
            found = next(looks, None)
            if found is None:
                over.set()
                return last
            return found

        last = seconds[-1]
        async with silence.told(now, told.append):
            await over.wait()

    asyncio.run(go())
    return told


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        ([0, 1, 4.9, 0, 2], []),
        ([1, 5, 6.5, 0, 0, 1], [5, 6.5, 0]),
        ([5, 1, 7, 2], [5, 0, 7, 0]),
    ],
)
def test_only_a_long_silence_is_told_and_that_it_is_over(
    seconds: list[float], told: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert heard(seconds, monkeypatch) == told


def test_a_silence_that_lasts_until_the_end_is_over_then(monkeypatch: pytest.MonkeyPatch) -> None:
    found = heard([5, 6], monkeypatch)
    assert found[:2] == [5, 6]
    assert found[-1] == 0


def test_what_is_kept_of_it_with_a_run_changes_in_steps() -> None:
    meter = Meter(Unwatched())
    kept = []
    for seconds in (5.0, 6.0, 9.9, 10.1, 0.0):
        meter.silent("Attic", seconds, "the movies in Films")
        kept.append((meter.now.silent, meter.now.asked))
    films = "the movies in Films"
    assert kept == [(5, films), (5, films), (5, films), (10, films), (0, "")]
