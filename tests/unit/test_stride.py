"""How much is asked of a server at once, by what its answers took."""

from __future__ import annotations

import heapq
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullcredits.sources.contract import Pace
from fullcredits.sync.stride import TARGET_BYTES, TARGET_SECONDS, TOO_HARD, Stride, Taker, first

PLEX, JELLYFIN = Pace(100, 200, 4), Pace(25, 200, 2)
LIMITED = Pace(100, 200, 1)


def answers(pace: Pace, *seconds: float, size: int = 0) -> list[int]:
    """Requests at once after each of these answers to as many titles as fit."""
    stride, found = first(pace), []
    for taken in seconds:
        stride = stride.after(pace, int(stride.titles), taken, size)
        found.append(stride.parallel)
    return found


@pytest.mark.parametrize(
    ("pace", "seconds", "parallel"),
    [
        (PLEX, [0.1] * 4, [3, 4, 4, 4]),
        (JELLYFIN, [0.1] * 4, [2, 2, 2, 2]),
        (LIMITED, [0.1] * 4, [1, 1, 1, 1]),
        (PLEX, [1.0] * 3, [2, 2, 2]),  # smaller requests are enough
        (PLEX, [30.0] * 3, [1, 1, 1]),
        (JELLYFIN, [30.0] * 3, [1, 1, 1]),
        (JELLYFIN, [30.0, 30.0, 0.4], [1, 1, 2]),  # two are usual, whatever their size
        (PLEX, [0.1, 0.1, 30.0, 30.0, 0.1], [3, 4, 3, 2, 2]),  # and more want whole batches
        (PLEX, [0.1, 30.0, *[0.01] * 6], [3, 2, 3, 4, 4, 4, 4, 4]),
    ],
)
def test_requests_at_once_follow_the_time(
    pace: Pace, seconds: list[float], parallel: list[int]
) -> None:
    assert answers(pace, *seconds) == parallel


def test_requests_at_once_follow_the_bytes() -> None:
    assert answers(PLEX, 0.1, 0.1, size=TARGET_BYTES // 2) == [3, 4]
    assert answers(PLEX, 0.1, 0.1, size=int(TARGET_BYTES * 2 * TOO_HARD)) == [1, 1]


def test_a_whole_request_is_worth_some_patience() -> None:
    """A hundred titles a request as long as they take no more than three times what they should:
    fewer only where that is slower still, or the answers are too large.
    """
    plex = Pace(100, 200, 4, whole=100)

    def settled(pace: Pace, seconds_a_title: float, size_of_a_title: int = 0) -> int:
        stride = first(pace)
        for _ in range(20):
            titles = int(stride.titles)
            stride = stride.after(pace, titles, seconds_a_title * titles, size_of_a_title * titles)
        return int(stride.titles)

    assert [settled(plex, n / 1000) for n in (1, 4, 10, 15)] == [200, 125, 100, 100]
    assert settled(plex, 0.03) == 50
    assert settled(plex, 0.01, TARGET_BYTES // 40) == 40
    assert settled(PLEX, 0.01) == 50


def test_trouble_halves_them_at_once() -> None:
    busy = Stride(100, 4).after(PLEX, 100, 0.1, 0, trouble=True)
    assert busy.parallel == 2
    assert busy.after(PLEX, 100, 0.1, 0, trouble=True).parallel == 1
    assert Stride(100, 4).broken(100, trouble=True) == Stride(50, 2)
    assert Stride(100, 4).broken(1, trouble=False) == Stride(1, 4)


def test_one_at_a_time_where_answers_wait_for_whoever_takes_them() -> None:
    stride = Stride(200, 4)
    for parallel in (3, 2, 1, 1):
        stride = stride.after(PLEX, 200, 0.1, 0, taker=Taker.BEHIND)
        assert stride.parallel == parallel
    assert stride.after(PLEX, 200, 0.1, 0, taker=Taker.BUSY).parallel == 1
    assert stride.after(PLEX, 200, 0.1, 0, taker=Taker.WAITS).parallel == 2
    assert Stride(200, 4).after(PLEX, 200, 0.1, 0, trouble=True, taker=Taker.BEHIND).parallel == 2


steps = st.tuples(
    st.floats(0, 600),
    st.integers(0, 2**30),
    st.booleans(),
    st.booleans(),
    st.integers(1, 200),
    st.sampled_from(Taker),
)
paces = st.builds(Pace, st.integers(1, 100), st.just(200), st.integers(1, 4))


@given(paces, st.lists(steps, max_size=30))
def test_whatever_comes_it_stays_between_the_bounds(
    pace: Pace, said: list[tuple[float, int, bool, bool, int, Taker]]
) -> None:
    stride = first(pace)
    for seconds, size, trouble, failed, most, taker in said:
        before = stride
        titles = min(int(stride.titles), most)
        if failed:
            stride = stride.broken(titles, trouble=trouble)
        else:
            stride = stride.after(pace, titles, seconds, size, trouble=trouble, taker=taker)
        assert 1 <= stride.titles <= pace.most_titles
        assert 1 <= stride.parallel <= pace.parallel
        assert stride.titles <= 2 * before.titles
        assert stride.parallel <= before.parallel + 1
        if trouble or seconds > TOO_HARD * TARGET_SECONDS or size > TOO_HARD * TARGET_BYTES:
            assert stride.parallel <= before.parallel


def test_a_server_far_away_is_asked_for_no_fewer_titles() -> None:
    stride = first(PLEX)
    for _ in range(10):
        stride = stride.after(PLEX, int(stride.titles), 1.1, 0, distance=1.0)
    assert stride.titles == PLEX.most_titles
    for _ in range(10):
        stride = stride.after(PLEX, int(stride.titles), 1.0 + stride.titles / 50, 0, distance=1.0)
    assert int(stride.titles) == 25


def requests(films: int, credits: int, seconds_a_credit: float) -> int:
    """How many requests read so many films of so many credits each, from a server that serves one
    credit after the other.
    """
    stride, left, asked = first(JELLYFIN), films, 0
    now = free = 0.0
    underway: list[tuple[float, float, int]] = []
    while left or underway:
        while left and len(underway) < stride.parallel:
            titles = min(left, max(1, int(stride.titles)))
            left, asked = left - titles, asked + 1
            free = max(free, now) + titles * credits * seconds_a_credit
            heapq.heappush(underway, (free, now, titles))
        now, began, titles = heapq.heappop(underway)
        stride = stride.after(JELLYFIN, titles, now - began, titles * credits * 300)
    return asked


@pytest.mark.parametrize(
    ("films", "credits"),
    [(10_000, 60), (10_000, 10), (2_000, 60), (230, 40), (1_000, 1), (99, 999)],
)
def test_how_many_requests_a_jellyfin_gets_at_its_real_cost(films: int, credits: int) -> None:
    """One for each 89 credits, which take it an eighth of a second, or more; but no film is halved;
    and a few until that is found out.
    """
    fitting = TARGET_SECONDS / 4 / 0.0014
    least = min(films, ceil(films * credits / fitting)) + ceil(films / 200)
    assert requests(films, credits, 0.0014) <= least + 5
