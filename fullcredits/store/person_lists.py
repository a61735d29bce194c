"""Lists of persons that are not read to their end: a run that comes later goes on with them.

Each page is stored together with how far the list came. What is finished is forgotten.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from fullcredits.store.schema import person_lists


class PersonList(NamedTuple):
    """How far the list of a source's persons was read; see the table `person_lists`."""

    began_at: dt.datetime
    since: dt.datetime | None = None
    """None: the list is of everybody."""
    watermark: dt.datetime | None = None
    position: int = 0
    total: int = 0
    again: bool = False
    listed: bytes = b""
    shown: int = 0
    unread: tuple[str, ...] = ()
    keyless: int = 0
    lacking: str | None = None
    wrecked: bool = False
    asked_up_to: int = 0

    @property
    def begun(self) -> bool:
        """Whether some of it was read."""
        return self.again or self.position > 0 or self.asked_up_to > 0


def list_under_way(db: Connection, source_id: int) -> PersonList | None:
    """The list that is not read to its end; None: there is none."""
    columns = (person_lists.c[name] for name in PersonList._fields)
    row = db.execute(select(*columns).where(person_lists.c.source_id == source_id)).first()
    if row is None:
        return None
    found = PersonList._make(row)
    return found._replace(unread=tuple(found.unread), listed=bytes(found.listed))


def keep_list(db: Connection, source_id: int, so_far: PersonList) -> None:
    """Keep how far a list came, in the place of what was kept of one."""
    values = {**so_far._asdict(), "unread": list(so_far.unread)}
    where = person_lists.c.source_id == source_id
    if not db.execute(update(person_lists).where(where).values(**values)).rowcount:
        db.execute(insert(person_lists).values(source_id=source_id, **values))


def begin_list_again(db: Connection, source_id: int, at: dt.datetime) -> None:
    """Another server answers, or shows others: what was read of a list is no part of the next."""
    left = list_under_way(db, source_id)
    if left is not None:
        keep_list(db, source_id, PersonList(at, left.since))


def forget_list(db: Connection, source_id: int) -> None:
    """It is finished. Nothing is written where there is none."""
    where = person_lists.c.source_id == source_id
    if db.execute(select(person_lists.c.source_id).where(where)).first():
        db.execute(delete(person_lists).where(where))
