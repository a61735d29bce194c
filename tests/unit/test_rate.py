"""How much a second is done lately: what time left is told from."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fullcredits.sync.rate import Rate

STEP = 0.5
"""Seconds a batch takes."""

Speed = Callable[[float], float]
"""Credits a second at a moment."""


def steady(_at: float) -> float:
    return 700.0


def quick_start(at: float) -> float:
    return 2100.0 if at < 60 else 700.0


def slow_start(at: float) -> float:
    return 200.0 if at < 60 else 700.0


def tiring(at: float) -> float:
    """Half as quick every ten minutes, as a server and a database that fill up."""
    return float(2000.0 * 0.5 ** (at / 600))


def resting(at: float) -> float:
    """Ten seconds of work, ten of rest."""
    return 1400.0 if at % 20 < 10 else 0.0


def told(speed: Speed, until: float) -> list[tuple[float, float]]:
    """(moment, credits a second as told) after each batch; none comes while nothing is done."""
    rate, found, waited = Rate(), [], 0.0
    for number in range(int(until / STEP)):
        at, waited = number * STEP, waited + STEP
        if done := speed(at) * STEP:
            rate.note(waited, done)
            found.append((at + STEP, rate.now))
            waited = 0.0
    return found


@pytest.mark.parametrize(
    ("speed", "truth", "since"),
    [
        (steady, steady, 0),
        (quick_start, quick_start, 60 + 180),
        (slow_start, slow_start, 60 + 180),
        (tiring, tiring, 60),
        (resting, lambda _: 700.0, 60),
    ],
)
def test_it_is_told_within_a_fifth(speed: Speed, truth: Speed, since: float) -> None:
    late = [(at, now) for at, now in told(speed, 1800) if at > since]
    assert late
    off = [abs(now / truth(at) - 1) for at, now in late]
    assert max(off) <= 0.2


def test_at_first_it_is_what_was_done_until_then() -> None:
    rate = Rate()
    assert rate.now == 0
    rate.note(0.0, 10)
    assert rate.now == 0
    rate.note(2.0, 90)
    assert rate.now == pytest.approx(50, rel=0.02)


def test_a_pause_is_not_taken_for_the_end() -> None:
    rate = Rate()
    for _ in range(600):
        rate.note(STEP, 700 * STEP)
    rate.note(20.0, 0)
    assert rate.now == pytest.approx(700, rel=0.21)
    for _ in range(240):
        rate.note(STEP, 700 * STEP)
    assert rate.now == pytest.approx(700, rel=0.06)
