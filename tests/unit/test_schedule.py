"""When a source is due."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullcredits.store.schedules import (
    Past,
    Schedule,
    is_quiet,
    next_comparison,
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


@pytest.mark.parametrize(
    ("schedule", "past", "then"),
    [
        (Schedule(), Past(), NOON),
        (Schedule(every=60), Past(at(11, 30)), at(12, 30)),
        (Schedule(every=60), Past(at(3)), at(4)),
        (Schedule(every=60, paused=True), Past(at(3)), None),
        (Schedule(paused=True), Past(), None),
        (Schedule(every=0), Past(at(3)), None),
        (Schedule(every=0), Past(at(11), failures=1), at(11, 1)),
        (Schedule(every=360), Past(at(11), failures=3), at(11, 5)),
        (Schedule(every=360), Past(at(11), failures=99), at(12)),
        (Schedule(every=10), Past(at(11), failures=99), at(11, 10)),
        (LUNCH, Past(), at(13)),
        (NIGHT._replace(every=720), Past(at(12)), at(6, 30, day=15)),
    ],
)
def test_the_next_comparison(schedule: Schedule, past: Past, then: dt.datetime | None) -> None:
    assert next_comparison(schedule, past, NOON) == then
