"""When each source is looked at, and whether somebody wants it now."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from fullcredits.store.schema import schedules


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


def schedule_of(db: Connection, source_id: int) -> Schedule:
    """The schedule of a source."""
    return all_schedules(db).get(source_id, Schedule())


def all_schedules(db: Connection) -> dict[int, Schedule]:
    """The schedules somebody decided about, by source."""
    columns = (schedules.c[name] for name in ("source_id", *Schedule._fields))
    return {row[0]: Schedule(*row[1:]) for row in db.execute(select(*columns))}


def set_schedule(db: Connection, source_id: int, schedule: Schedule) -> None:
    """Keep a schedule."""
    values = schedule._asdict()
    where = schedules.c.source_id == source_id
    if not db.execute(update(schedules).where(where).values(**values)).rowcount:
        db.execute(insert(schedules).values(source_id=source_id, **values))
