"""When a source is due."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullcredits.store.schedules import (
    LibrarySchedule,
    Past,
    Schedule,
    is_quiet,
    next_comparison,
    not_due,
    quiet_until,
)

NOON = dt.datetime(2026, 3, 14, 12, 0)
NIGHT = Schedule(quiet_from=22 * 60, quiet_to=6 * 60 + 30)
LUNCH = Schedule(quiet_from=12 * 60, quiet_to=13 * 60)


def at(hour: int, minute: int = 0, day: int = 14) -> dt.datetime:
    return NOON.replace(day=day, hour=hour, minute=minute)


@pytest.mark.parametrize(
    ("schedule", "now", "until"),
    [
        (Schedule(), at(3), at(3)),
        (Schedule(quiet_from=60, quiet_to=60), at(1), at(1)),
        (Schedule(quiet_from=60), at(1), at(1)),
        (LUNCH, at(11, 59), at(11, 59)),
        (LUNCH, at(12), at(13)),
        (LUNCH, at(12, 59), at(13)),
        (LUNCH, at(13), at(13)),
        (NIGHT, at(21, 59), at(21, 59)),
        (NIGHT, at(22), at(6, 30, day=15)),
        (NIGHT, at(23, 59), at(6, 30, day=15)),
        (NIGHT, at(0), at(6, 30)),
        (NIGHT, at(6, 29), at(6, 30)),
        (NIGHT, at(6, 30), at(6, 30)),
    ],
)
def test_quiet_hours(schedule: Schedule, now: dt.datetime, until: dt.datetime) -> None:
    assert quiet_until(schedule, now) == until
    assert is_quiet(schedule, now) == (until != now)


@given(
    st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 1, 1)),
    st.integers(0, 1439),
    st.integers(0, 1439),
)
def test_quiet_hours_end_within_a_day(now: dt.datetime, start: int, end: int) -> None:
    schedule = Schedule(quiet_from=start, quiet_to=end)
    until = quiet_until(schedule, now)
    assert now <= until < now + dt.timedelta(days=1)
    assert not is_quiet(schedule, until)


def compared(*times: dt.datetime | None, every: int | None = None) -> list[LibrarySchedule]:
    """Libraries "1", "2", …; all with the same schedule of their own, or none."""
    return [LibrarySchedule(n, f"{n}", f"No. {n}", every, at) for n, at in enumerate(times, 1)]


def failing(
    again: dt.datetime, compared: dt.datetime = NOON, every: int | None = None
) -> list[LibrarySchedule]:
    """A library "f" whose list failed."""
    return [LibrarySchedule(9, "f", "Failing", every, compared, again)]


@pytest.mark.parametrize(
    ("schedule", "past", "of", "then"),
    [
        (Schedule(), Past(), [], NOON),
        (Schedule(), Past(), compared(None), NOON),
        (Schedule(), Past(at(11)), compared(at(11), None), NOON),
        (Schedule(every=60), Past(at(11, 30)), compared(at(11, 30)), at(12, 30)),
        (Schedule(every=60), Past(at(3)), compared(at(3)), at(4)),
        (Schedule(every=60), Past(at(11)), compared(at(11), at(3)), at(4)),
        (Schedule(every=60, paused=True), Past(at(3)), compared(at(3)), None),
        (Schedule(paused=True), Past(), [], None),
        (Schedule(every=0), Past(at(3)), compared(at(3)), None),
        (Schedule(every=0), Past(), [], None),
        (Schedule(every=0), Past(at(11), failures=1), compared(at(3)), at(11, 1)),
        (Schedule(every=360), Past(at(11), failures=3), [], at(11, 5)),
        (Schedule(every=360), Past(at(11), failures=3), compared(at(3)), at(11, 5)),
        (Schedule(every=360), Past(at(11), failures=99), compared(at(3)), at(12)),
        (Schedule(every=10), Past(at(11), failures=99), compared(at(3)), at(11, 10)),
        (Schedule(every=0), Past(at(11), failures=3, died=True), compared(at(11)), NOON),
        (LUNCH, Past(at(11), died=True), compared(at(11)), at(13)),
        (LUNCH, Past(), [], at(13)),
        (NIGHT._replace(every=720), Past(at(12)), compared(at(12)), at(6, 30, day=15)),
        # Libraries with schedules of their own.
        (Schedule(), Past(at(11)), compared(at(11), every=120), at(13)),
        (Schedule(), Past(at(11)), compared(None, every=120), NOON),
        (Schedule(), Past(at(11)), compared(at(3), every=0), None),
        (Schedule(every=0), Past(at(11)), compared(at(11), every=60), NOON),
        (Schedule(), Past(at(11)), compared(at(11)) + compared(at(10), every=180), at(13)),
        (Schedule(), Past(at(11), failures=2), compared(at(3), every=60), at(11, 2)),
        (Schedule(), Past(at(11), failures=2), compared(at(11), every=180), at(14)),
        (Schedule(), Past(at(11), failures=2), compared(at(3), every=0), None),
        (Schedule(paused=True), Past(), compared(None, every=60), None),
        # What failed was of all of them, whatever their own hours.
        (Schedule(), Past(at(11), 2, whole=True), compared(at(11), every=180), at(11, 2)),
        (Schedule(), Past(at(11), 9, whole=True), compared(at(10), every=30), at(11, 30)),
        (Schedule(), Past(at(11), 2, whole=True), compared(at(3), every=0), at(11, 2)),
        (Schedule(), Past(at(11), whole=True), compared(at(11), every=180), at(14)),
        # Lists that failed are tried again by themselves, whatever the hours …
        (Schedule(), Past(NOON), compared(NOON) + failing(at(12, 10)), at(12, 10)),
        (Schedule(every=0), Past(NOON), compared(NOON) + failing(at(12, 10)), at(12, 10)),
        (Schedule(), Past(NOON), failing(at(12, 10), every=0), at(12, 10)),
        (Schedule(paused=True), Past(NOON), failing(at(12, 10)), None),
        (LUNCH, Past(NOON), failing(at(12, 10)), at(13)),
        # … not later than without, and not while no list is given at all.
        (Schedule(every=60), Past(NOON), failing(at(12, day=15)), at(13)),
        (Schedule(), Past(NOON, failures=1), failing(at(3)), at(12, 1)),
        (Schedule(), Past(NOON, failures=1), failing(at(3), every=60), at(12, 1)),
        (Schedule(), Past(NOON, failures=1), failing(at(3), every=0), at(12, 1)),
    ],
)
def test_the_next_comparison(
    schedule: Schedule, past: Past, of: list[LibrarySchedule], then: dt.datetime | None
) -> None:
    assert next_comparison(schedule, past, of, NOON) == then


@pytest.mark.parametrize(
    ("schedule", "libraries", "later"),
    [
        (Schedule(every=60), compared(at(10), at(3)), ""),
        (Schedule(every=60), compared(at(11, 5), at(3)), ""),  # due so soon that it comes along
        (Schedule(every=60), compared(at(11, 30), at(3)), "1"),
        (Schedule(every=60), compared(at(11, 30), None), "1"),
        (Schedule(every=60), compared(at(3), at(3), every=0), "12"),
        (Schedule(every=0), compared(at(11), at(3), every=180), "1"),
        (Schedule(), compared(at(11), at(10)) + failing(at(12)), "12"),
        (Schedule(every=0), compared(at(11)) + failing(at(12), every=0), "1"),
        (Schedule(every=60), compared(at(3)) + failing(at(12, 30)), "f"),
    ],
)
def test_what_a_comparison_leaves_for_later(
    schedule: Schedule, libraries: list[LibrarySchedule], later: str
) -> None:
    assert not_due(schedule, Past(at(11)), libraries, NOON) == set(later)


every = st.none() | st.sampled_from([0, 10, 60, 1440])
times = st.none() | st.datetimes(dt.datetime(2026, 3, 1), NOON)


@given(
    st.sampled_from([Schedule(every=minutes) for minutes in (0, 30, 360)]),
    st.builds(Past, ended=times, failures=st.integers(0, 8), whole=st.booleans()),
    st.lists(st.tuples(every, times, times), min_size=1, max_size=5),
)
def test_when_something_is_due_something_is_compared(
    schedule: Schedule,
    past: Past,
    plans: list[tuple[int | None, dt.datetime | None, dt.datetime | None]],
) -> None:
    libraries = [LibrarySchedule(n, f"{n}", "", *plan) for n, plan in enumerate(plans)]
    due = next_comparison(schedule, past, libraries, NOON)
    later = not_due(schedule, past, libraries, NOON)
    if due is not None and due <= NOON:
        assert later < {library.key for library in libraries}
    elif due is None:
        assert later == {library.key for library in libraries}
