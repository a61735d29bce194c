"""Persons whom a server lists no longer, people whom nobody credits, and what is gone for long."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, delete, or_, select, update

from fullcredits.store import figures
from fullcredits.store.among import among
from fullcredits.store.gone import Listed
from fullcredits.store.identity import name_counts
from fullcredits.store.plan import Turn
from fullcredits.store.schema import media_items, media_people, people, source_people, titles
from fullcredits.store.sources import now


def persons(db: Connection, source_id: int, listed: Listed, most: float) -> None:
    """Of the persons of a source, these are listed, and no others are there any more.

    Titles that credit one of the others are to be read again: no marker of theirs has moved.
    Others whom no title credits are forgotten. Where more than a share `most` is missing, the list
    is not believed.
    """
    known = list(
        db.scalars(select(source_people.c.id).where(source_people.c.source_id == source_id))
    )
    missing = [row for row in known if row not in listed]
    if len(missing) > most * len(known):
        return
    if not missing:
        return
    credited = select(media_people.c.media_item_id)
    credited = credited.where(among(media_people.c.source_person_id, missing))
    waits = (
        media_items.c.id.in_(credited),
        media_items.c.due.is_(None),
        media_items.c.hold_id.is_(None),
        media_items.c.gone_since.is_(None),
    )
    db.execute(update(media_items).where(*waits).values(due=Turn.CHANGED))
    _forget_persons(db, missing)


def tidy(db: Connection, before: dt.datetime) -> bool:
    """Forget what has been gone since before then: titles with their credits, and people whom
    nobody credits. Their addresses are not given out again. Returns whether there was any.
    """
    items = list(db.scalars(select(media_items.c.id).where(media_items.c.gone_since < before)))
    left = list(db.scalars(select(people.c.id).where(people.c.gone_since < before)))
    if items:
        _forget_items(db, items)
    _forget(db, people, left, _credits(media_people.c.person_id, people.c.id))
    if items or left:
        figures.count_totals(db)
    return bool(items or left)


def mark_uncredited(db: Connection) -> None:
    """Note since when nobody credits a person, and who is credited again."""
    credited = _credits(media_people.c.person_id, people.c.id)
    alone = (people.c.gone_since.is_(None), people.c.merged_into.is_(None), ~credited)
    again = (people.c.gone_since.is_not(None), credited)
    for which, since in ((alone, now()), (again, None)):
        if rows := db.scalars(select(people.c.id).where(*which)).all():
            db.execute(update(people).where(among(people.c.id, rows)).values(gone_since=since))


def _forget_items(db: Connection, items: Collection[int]) -> None:
    these, theirs = among(media_items.c.id, items), among(media_people.c.media_item_id, items)
    touched = set(_ids(db, select(media_items.c.title_id).where(these)))
    names = set(db.scalars(select(media_items.c.title_folded).where(these)))
    named = _ids(db, select(media_people.c.source_person_id).where(theirs).distinct())
    db.execute(delete(media_items).where(these))
    # What they alone said of a title is said no more, and others may be one without them.
    same = (among(media_items.c.title_id, touched), among(media_items.c.title_folded, names))
    db.execute(update(media_items).where(or_(*same)).values(undecided=True))
    _forget(db, titles, touched, _credits(media_items.c.title_id, titles.c.id))
    _forget_persons(db, named)
    mark_uncredited(db)


def _forget_persons(db: Connection, rows: Collection[int]) -> None:
    """Forget those source persons whom no title credits."""
    alone = ~_credits(media_people.c.source_person_id, source_people.c.id)
    which = (among(source_people.c.id, rows), alone)
    name_counts.forget_names(db, select(source_people.c.name_folded).where(*which))
    db.execute(delete(source_people).where(*which))


def _forget(db: Connection, table: Table, rows: Collection[int], used: ColumnElement[bool]) -> None:
    """Forget those rows that are not used, and the redirects that lead to them."""
    found = set(_ids(db, select(table.c.id).where(among(table.c.id, rows), ~used)))
    while (
        leading := set(_ids(db, select(table.c.id).where(among(table.c.merged_into, found))))
        - found
    ):
        found |= leading
    db.execute(delete(table).where(among(table.c.id, found)))


def _credits(column: ColumnElement[Any], row: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a row is pointed at."""
    return select(column).where(column == row).exists()


def _ids(db: Connection, query: Select[Any]) -> list[int]:
    return [row for row in db.scalars(query) if row is not None]
