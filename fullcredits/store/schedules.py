"""When each source is looked at, and whether somebody wants it now.

The rules are pure, in the local time of this machine.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from fullcredits.errors import ConfigError
from fullcredits.store.schema import schedules

_DAY = 24 * 60
_RETRIES = (1, 2, 5, 15, 30, 60)
"""Minutes until a comparison that failed is tried again."""


class Schedule(NamedTuple):
    """What a user may decide; the defaults are those of a source nobody decided about."""

    every: int = 360
    """Minutes between two comparisons of everything; 0: only when told of changes or asked."""
    paused: bool = False
    """Nothing is asked of the server, whatever happens."""
    quiet_from: int | None = None
    """Minutes since midnight, local time: from then on nothing is asked of the server …"""
    quiet_to: int | None = None
    """… until then, the next day where that is earlier."""
    share: int = 100
    """Per cent of its time that the server may be kept busy by us."""
    asked: str | None = None
    """Somebody wants a sync now: "all" or "full"."""

    def pausing(self) -> Schedule:
        """The same, paused: what was asked for before is asked for no more."""
        return self._replace(paused=True, asked=None)

    def quiet(self, start: str, end: str) -> Schedule:
        """The same with quiet hours like "22:00" to "06:30"; none where both are empty.

        Raises ConfigError.
        """
        first, last = _minute_of(start), _minute_of(end)
        if (first is None) != (last is None):
            raise ConfigError("quiet hours have a beginning and an end: give both, or neither")
        return self._replace(quiet_from=first, quiet_to=last)


def schedule_of(db: Connection, source_id: int) -> Schedule:
    """The schedule of a source."""
    return all_schedules(db).get(source_id, Schedule())


def all_schedules(db: Connection) -> dict[int, Schedule]:
    """The schedules somebody decided about, by source."""
    columns = (schedules.c[name] for name in ("source_id", *Schedule._fields))
    return {row[0]: Schedule(*row[1:]) for row in db.execute(select(*columns))}


def resting(db: Connection, now: dt.datetime) -> set[int]:
    """The sources of which nothing is asked now, local time: paused, or in their quiet hours."""
    return {
        source_id
        for source_id, schedule in all_schedules(db).items()
        if schedule.paused or is_quiet(schedule, now)
    }


def set_schedule(db: Connection, source_id: int, schedule: Schedule) -> None:
    """Keep a schedule."""
    values = schedule._asdict()
    where = schedules.c.source_id == source_id
    if not db.execute(update(schedules).where(where).values(**values)).rowcount:
        db.execute(insert(schedules).values(source_id=source_id, **values))


def _minute_of(text: str) -> int | None:
    """The minute since midnight of "22:00"; None for "". Raises ConfigError."""
    if not text:
        return None
    match = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", text.strip())
    if match is None:
        raise ConfigError(f"{text!r} is no time of day like 22:00")
    return int(match[1]) * 60 + int(match[2])


class Past(NamedTuple):
    """How the comparisons of a source went."""

    ended: dt.datetime | None = None
    """When the last one ended; None before the first."""
    failures: int = 0
    """So many of the last failed, one after the other."""


def is_quiet(schedule: Schedule, now: dt.datetime) -> bool:
    """Whether it is within the quiet hours."""
    start, end = schedule.quiet_from, schedule.quiet_to
    if start is None or end is None or start == end:
        return False
    minute = now.hour * 60 + now.minute
    return start <= minute < end if start < end else minute >= start or minute < end


def quiet_until(schedule: Schedule, now: dt.datetime) -> dt.datetime:
    """When the quiet hours end that `now` is in; `now` itself outside of them."""
    if not is_quiet(schedule, now):
        return now
    assert schedule.quiet_to is not None
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    end = midnight + dt.timedelta(minutes=schedule.quiet_to)
    return end if end > now else end + dt.timedelta(minutes=_DAY)


def next_comparison(schedule: Schedule, past: Past, now: dt.datetime) -> dt.datetime | None:
    """When everything is to be compared next, maybe in the past; None: never by itself."""
    if schedule.paused or (schedule.every <= 0 and not past.failures):
        return None
    if past.ended is None:
        return quiet_until(schedule, now)
    minutes = schedule.every
    if past.failures:
        again = _RETRIES[min(past.failures, len(_RETRIES)) - 1]
        minutes = min(minutes, again) if minutes > 0 else again
    return quiet_until(schedule, past.ended + dt.timedelta(minutes=minutes))
