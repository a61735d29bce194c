"""Time left is told from credits: a server takes its time over each of them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import pytest

from fullcredits.model import TitleKind
from fullcredits.store.plan import Queue, Turn, Waiting
from fullcredits.store.sources import now
from fullcredits.sync.ahead import USUAL, Ahead
from fullcredits.sync.progress import Meter
from fullcredits.sync.watch import Unwatched

SECONDS_A_CREDIT = 0.0014
"""Of a real Jellyfin."""
BATCH = 40


def title(number: int, kind: TitleKind, credits: int | None = None) -> Waiting:
    """A title that waits; `credits` of one read before."""
    read = None if credits is None else now()
    turn = Turn.NEW if read is None else Turn.SWEEP
    return Waiting(number, str(number), kind, "A", 1, "", None, read, credits or 0, turn)


def library(dice: random.Random, films: int, episodes: int) -> list[tuple[Waiting, int]]:
    """Titles that were never read, in the order in which they are, and their credits."""
    kinds = [TitleKind.MOVIE] * films + [TitleKind.EPISODE] * episodes
    return [
        (title(number, kind), min(int(dice.lognormvariate(2.93, 1.0) * USUAL[kind] / 30), 330))
        for number, kind in enumerate(kinds)
    ]


def queues(titles: Sequence[tuple[Waiting, int]]) -> list[Queue]:
    kinds = [waiting.kind for waiting, _ in titles]
    return [Queue(Turn.NEW, k, n, n, 0) for k in set(kinds) if (n := kinds.count(k))]


def moments(titles: Sequence[tuple[Waiting, int]]) -> Iterator[tuple[float, float, float]]:
    """After each batch: seconds since the beginning, seconds told to be left, seconds left."""
    clock = 0.0
    meter = Meter(Unwatched(), lambda: clock)
    meter.source("Den", "Den")
    meter.planned(queues(titles))
    whole = sum(credits for _, credits in titles) * SECONDS_A_CREDIT
    for start in range(0, len(titles), BATCH):
        batch = titles[start : start + BATCH]
        clock += sum(credits for _, credits in batch) * SECONDS_A_CREDIT
        meter.stored([t for t, _ in batch], {t.key: credits for t, credits in batch})
        assert meter.now.left is not None
        yield clock, meter.now.left, whole - clock


@pytest.mark.parametrize(("films", "episodes"), [(10_000, 0), (3_000, 20_000), (0, 15_000)])
@pytest.mark.parametrize("seed", range(5))
def test_after_a_minute_time_left_is_within_a_fifth(films: int, episodes: int, seed: int) -> None:
    told = list(moments(library(random.Random(seed), films, episodes)))
    late = [(left, truth) for clock, left, truth in told if clock > 60]
    assert late
    # Of the last few titles nobody can tell: by then it is a matter of seconds.
    assert all(abs(left - truth) <= max(0.2 * truth, 3) for left, truth in late)
    assert told[-1][1] == 0


def test_what_was_read_before_counts_as_it_was() -> None:
    long, short = title(1, TitleKind.MOVIE, 300), title(2, TitleKind.MOVIE, 3)
    ahead = Ahead([Queue(Turn.SWEEP, TitleKind.MOVIE, 2, 0, 303)])
    assert ahead.left == 305
    ahead.take([long], {long.key: 299})
    assert (ahead.done, ahead.left) == (300, 4)
    ahead.take([short], {short.key: 3})
    assert ahead.left == 0


def test_what_failed_is_not_ahead_any_more_and_was_not_done() -> None:
    ahead = Ahead([Queue(Turn.NEW, TitleKind.SHOW, 2, 2, 0)])
    assert ahead.left == 2 * (USUAL[TitleKind.SHOW] + 1)
    ahead.take([title(1, TitleKind.SHOW)], {})
    assert (ahead.done, ahead.left) == (0, USUAL[TitleKind.SHOW] + 1)


def test_titles_that_were_asked_for_meanwhile_leave_no_debt() -> None:
    ahead = Ahead()
    ahead.take([title(1, TitleKind.SHOW), title(2, TitleKind.SHOW, 9)], {"1": 5, "2": 9})
    assert ahead.left == 0
