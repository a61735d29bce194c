"""Time left is told from credits: a server takes its time over each of them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import pytest

from fullcredits.model import TitleKind
from fullcredits.store.plan import SAMPLED, WORTH_A_SAMPLE, Queue, Turn, Waiting
from fullcredits.store.sources import now
from fullcredits.sync.ahead import USUAL, Ahead
from fullcredits.sync.progress import Meter
from fullcredits.sync.watch import Unwatched

SECONDS_A_CREDIT = 0.0014
"""Of a real Jellyfin."""
SECONDS_A_TITLE = 0.0006
"""Beside its people."""
BATCH = 40


def title(number: int, kind: TitleKind, credits: int | None = None) -> Waiting:
    """A title that waits; `credits` of one read before."""
    read = None if credits is None else now()
    turn = Turn.NEW if read is None else Turn.SWEEP
    return Waiting(number, str(number), kind, 1, "", None, read, credits or 0, turn)


def library(
    dice: random.Random, films: int, episodes: int, length: Length
) -> list[tuple[Waiting, int]]:
    """Titles that were never read, in the order in which they are, and their credits."""
    found: list[tuple[Waiting, int]] = []
    for kind, whole in ((TitleKind.MOVIE, films), (TitleKind.EPISODE, episodes)):
        for place in range(1, whole + 1):
            usual = dice.lognormvariate(2.93, 1.0) * length(kind, place / whole)
            found.append((title(len(found), kind), min(int(usual), 330)))
            if whole >= WORTH_A_SAMPLE and place * SAMPLED % whole < SAMPLED:
                found[-1] = (found[-1][0]._replace(turn=Turn.SAMPLE), found[-1][1])
    return sorted(found, key=lambda one: one[0].turn)


Length = Callable[[TitleKind, float], float]
"""How long casts of a kind are, so far into it, compared with 30 people."""


def as_usual(kind: TitleKind, _place: float) -> float:
    return USUAL[kind] / 30


def older_ones_longer(kind: TitleKind, place: float) -> float:
    return (0.3 + 3 * place) * USUAL[kind] / 30


def newer_ones_longer(kind: TitleKind, place: float) -> float:
    return older_ones_longer(kind, 1 - place)


def short_films_and_long_episodes(kind: TitleKind, _place: float) -> float:
    return 0.4 if kind is TitleKind.MOVIE else 1.0


def long_films_and_short_episodes(kind: TitleKind, _place: float) -> float:
    return 2.5 if kind is TitleKind.MOVIE else 0.15


def queues(titles: Sequence[tuple[Waiting, int]]) -> list[Queue]:
    waiting = Counter((title.turn, title.kind) for title, _ in titles)
    return [Queue(turn, kind, n, n, 0) for (turn, kind), n in waiting.items()]


def cost(credits: int) -> float:
    """Seconds that a title takes."""
    return credits * SECONDS_A_CREDIT + SECONDS_A_TITLE


def moments(titles: Sequence[tuple[Waiting, int]]) -> Iterator[tuple[float, float, float]]:
    """After each batch: seconds since the beginning, seconds told to be left, seconds left."""
    clock = 0.0
    meter = Meter(Unwatched(), lambda: clock)
    meter.source("Den", "Den")
    meter.planned(queues(titles))
    whole = sum(cost(credits) for _, credits in titles)
    for start in range(0, len(titles), BATCH):
        batch = titles[start : start + BATCH]
        clock += sum(cost(credits) for _, credits in batch)
        meter.stored([t for t, _ in batch], {t.key: credits for t, credits in batch})
        assert meter.now.left is not None
        yield clock, meter.now.left, whole - clock


@pytest.mark.parametrize(("films", "episodes"), [(10_000, 0), (3_000, 20_000), (0, 15_000)])
@pytest.mark.parametrize(
    "length",
    [
        as_usual,
        older_ones_longer,
        newer_ones_longer,
        short_films_and_long_episodes,
        long_films_and_short_episodes,
    ],
)
def test_after_a_minute_time_left_is_within_a_fifth(
    films: int, episodes: int, length: Length
) -> None:
    """At nine of ten moments, and never far from it; of the last titles, of which there is nothing
    left to compare with, by a small part of the whole.
    """
    off, at_the_end = [], []
    for seed in range(4):
        told = list(moments(library(random.Random(seed), films, episodes, length)))
        whole = told[-1][0]
        for clock, left, truth in told:
            if 60 < clock <= 0.8 * whole:
                off.append(abs(left - truth) / truth)
            elif clock > 60:
                at_the_end.append(abs(left - truth) / whole)
        assert told[-1][1] == 0
    assert sorted(off)[len(off) * 9 // 10] <= 0.2
    assert max(off) <= 0.4
    assert max(at_the_end) <= 0.07


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
