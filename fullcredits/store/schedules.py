"""When each source is looked at, and whether somebody wants it now.

The rules are pure, in the local time of this machine.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, func, insert, select, update

from fullcredits.errors import ConfigError
from fullcredits.store.schema import libraries, schedules, sync_problems
from fullcredits.store.sources import now as utc_now

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


def answer(db: Connection, source_id: int, what: str) -> None:
    """A run begins that is "all", "full", …: who asked for that gets it now, who asks from now on
    gets another. Nothing is written where nobody asked.
    """
    schedule = schedule_of(db, source_id)
    if schedule.asked is not None and what in (schedule.asked, "full"):
        set_schedule(db, source_id, schedule._replace(asked=None))


def ask_again(db: Connection, source_id: int) -> None:
    """What somebody asked for was broken off: it is gone on with as soon as may be. Who asks for
    more meanwhile gets that.
    """
    schedule = schedule_of(db, source_id)
    if schedule.asked is None:
        set_schedule(db, source_id, schedule._replace(asked="all"))


class LibrarySchedule(NamedTuple):
    """When one library is compared."""

    id: int
    key: str
    name: str
    every: int | None = None
    """Minutes between two comparisons; None: as often as its source, 0: only when asked."""
    compared: dt.datetime | None = None
    """When the last comparison of it ended, local time; None before the first."""
    again: dt.datetime | None = None
    """When it is tried again, local time, because a list of it, or a row there, could not be read;
    None: nothing failed.
    """
    unread: bool = False
    """Something failed, and nothing of it is known."""


def library_schedules(db: Connection, source_id: int) -> list[LibrarySchedule]:
    """Of the libraries of a source, as they were stored last."""
    return all_library_schedules(db).get(source_id, [])


def all_library_schedules(db: Connection) -> dict[int, list[LibrarySchedule]]:
    """Of all libraries, by source."""
    tried = _tried_again(db)
    found: dict[int, list[LibrarySchedule]] = {}
    for row in db.execute(select(libraries).order_by(libraries.c.id)):
        again = tried.get(row.id)
        unread = again is not None and row.titles == 0
        times = local(row.compared_at), local(again)
        plan = LibrarySchedule(row.id, row.key, row.name, row.every, *times, unread)
        found.setdefault(row.source_id, []).append(plan)
    return found


def _tried_again(db: Connection) -> dict[int, dt.datetime]:
    """When libraries are tried again, by their ids. What fails in another way than before is one
    problem more, and the pause is that of the last.
    """
    key = sync_problems.c.item_key
    each = (
        select(libraries.c.id, func.max(sync_problems.c.next_try).label("at"))
        .join(sync_problems, sync_problems.c.source_id == libraries.c.source_id)
        .where(
            sync_problems.c.phase == "listing",
            sync_problems.c.solved_at.is_(None),
            func.substr(key, 1, func.length(libraries.c.key) + 1) == libraries.c.key + " ",
        )
        .group_by(libraries.c.id, key)
        .subquery()
    )
    query = select(each.c.id, func.min(each.c.at)).where(each.c.at.is_not(None))
    return {row.id: row[1] for row in db.execute(query.group_by(each.c.id))}


def set_library_schedule(db: Connection, library_id: int, every: int | None) -> None:
    """How often a library is compared; None: as often as its source."""
    db.execute(update(libraries).where(libraries.c.id == library_id).values(every=every))


def note_compared(db: Connection, source_id: int, later: Collection[str]) -> None:
    """A comparison of a source's libraries, but for those with keys in `later`, has ended now. Also
    of one that the server shows no longer: else it would be due for ever.
    """
    where = (libraries.c.source_id == source_id, libraries.c.key.not_in(later))
    db.execute(update(libraries).where(*where).values(compared_at=utc_now()))


def _minute_of(text: str) -> int | None:
    """The minute since midnight of "22:00"; None for "". Raises ConfigError."""
    if not text:
        return None
    match = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", text.strip())
    if match is None:
        raise ConfigError(f"{text!r} is no time of day like 22:00")
    return int(match[1]) * 60 + int(match[2])


class Past(NamedTuple):
    """How the comparisons of a source went, whatever libraries they were of."""

    ended: dt.datetime | None = None
    """When the last one ended, local time; None before the first."""
    failures: int = 0
    """So many of the last failed, one after the other."""
    whole: bool = False
    """Whether the last one was of all libraries, whatever their hours."""
    died: bool = False
    """After these there was one whose process died: it waits to be gone on with."""


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


def next_comparison(
    schedule: Schedule, past: Past, of: Sequence[LibrarySchedule], now: dt.datetime
) -> dt.datetime | None:
    """When something is to be compared next, maybe in the past; None: never by itself. `of`: the
    libraries that are known.
    """
    if schedule.paused:
        return None
    if past.died:
        return quiet_until(schedule, now)
    times = [_due(schedule, past, library, now) for library in of or (_UNKNOWN,)]
    due = min(filter(None, times), default=None)
    return due and quiet_until(schedule, due)


def not_due(
    schedule: Schedule, past: Past, of: Iterable[LibrarySchedule], now: dt.datetime
) -> frozenset[str]:
    """The keys of libraries that a comparison leaves for another time: those that are not due, nor
    soon. One whose process died leaves none: which it was of is not known.
    """
    if past.died:
        return frozenset()
    soon = now + TOGETHER
    times = {library.key: _due(schedule, past, library, now) for library in of}
    return frozenset(key for key, due in times.items() if due is None or due > soon)


TOGETHER = dt.timedelta(minutes=10)
"""Libraries that are due within so long are compared at once."""
_UNKNOWN = LibrarySchedule(0, "", "")


def _due(
    schedule: Schedule, past: Past, library: LibrarySchedule, now: dt.datetime
) -> dt.datetime | None:
    """When a library is to be compared, quiet hours and pauses aside. After a failure soon again;
    one with a schedule of its own not sooner than that says, unless what failed was of all. Where a
    list of it alone failed, when that is tried again.
    """
    minutes = schedule.every if library.every is None else library.every
    again = retry_at(past)
    if again and past.ended and minutes > 0:
        again = min(again, past.ended + dt.timedelta(minutes=minutes))
    if again and (library.every is None or past.whole):
        return again
    due = library.again
    if minutes > 0:
        regular = library.compared + dt.timedelta(minutes=minutes) if library.compared else now
        due = min(due, regular) if due else regular
    return max(due, again) if due and again else due


def retry_at(past: Past) -> dt.datetime | None:
    """When a comparison is tried again that failed last; None where it did not."""
    if not past.failures or past.ended is None:
        return None
    return past.ended + dt.timedelta(minutes=_RETRIES[min(past.failures, len(_RETRIES)) - 1])


def local(at: dt.datetime | None) -> dt.datetime | None:
    """A moment as the database keeps it (UTC), by the clock on this machine's wall."""
    return at and at.replace(tzinfo=dt.UTC).astimezone().replace(tzinfo=None)
