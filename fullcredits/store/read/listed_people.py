"""Lists of everybody in stretches, read along the indexes of `person_departments`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, or_, select

from fullcredits.store.figures import ALL
from fullcredits.store.read.credits import Person
from fullcredits.store.read.stretches import Order, Place, read_beyond
from fullcredits.store.schema import people, person_departments
from fullcredits.store.search_words import begins

PeopleOrder = Literal["name", "titles"]
LETTERS = "abcdefghijklmnopqrstuvwxyz"
_AFTER = chr(ord(LETTERS[-1]) + 1)
OTHER = "other"
"""The letter of names that begin with none of those."""


class PersonLine(NamedTuple):
    """A person in a list, with how many movies and shows they worked on."""

    person: Person
    titles: int


class People(NamedTuple):
    """Which people."""

    letter: str = ""
    """One of LETTERS, OTHER, or "" for all; of the name that sorts them."""
    department: str = ALL


class Stretch(NamedTuple):
    """A stretch of a list, and whether there is more of it on both sides."""

    lines: list[PersonLine]
    more_before: bool
    more_after: bool


_counts = person_departments.c
_BY_NAME = (_counts.sort_folded, _counts.person_id)
_ORDERS: dict[PeopleOrder, Order] = {
    "name": Order(None, _BY_NAME),
    "titles": Order(_counts.titles, _BY_NAME),
}


def people_in(
    db: Connection, which: People, order: PeopleOrder, limit: int, place: Place | None
) -> Stretch:
    """A stretch by last name, or with those of most titles first.

    Without a place, or beside somebody who is not in the list, it is the first.
    """
    by = _ORDERS[order]
    position = _position(db, which, by, place) if place else None
    back = place is not None and position is not None and place.before
    rows: list[Row[Any]] = []
    for conditions in _runs(which, order, beside=position is not None, back=back):
        query, left = _listed(which).where(*conditions), limit + 1 - len(rows)
        if position is not None:
            rows += read_beyond(db, query, by, position, left, back=back)
        else:
            rows += db.execute(query.order_by(*by.by()).limit(left)).all()
        if len(rows) > limit:
            break
    lines, more = _lines(rows[:limit]), len(rows) > limit
    if back:
        return Stretch(lines[::-1], more, True)
    return Stretch(lines, position is not None, more)


def _position(db: Connection, which: People, order: Order, place: Place) -> Sequence[Any] | None:
    query: Select[Any] = select(*order.columns).where(
        _counts.person_id == place.id,
        _counts.department == which.department,
        *_lettered(which),
    )
    return db.execute(query).first()


def _listed(which: People) -> Select[Any]:
    return (
        select(people.c.id, people.c.name, people.c.portrait_id, _counts.titles)
        .join(people, people.c.id == _counts.person_id)
        .where(_counts.department == which.department)
    )


def _lines(rows: Sequence[Sequence[Any]]) -> list[PersonLine]:
    return [PersonLine(Person._make(row[:3]), row[3]) for row in rows]


def _lettered(which: People) -> Sequence[ColumnElement[bool]]:
    text = _counts.sort_folded
    if which.letter == OTHER:
        return [or_(text < LETTERS[0], text >= _AFTER)]
    return [begins(text, which.letter)] if which.letter else []


def _runs(
    which: People, order: PeopleOrder, *, beside: bool, back: bool
) -> Sequence[Sequence[ColumnElement[bool]]]:
    """What to read one after the other: by name, those of other letters stand at both ends."""
    text = _counts.sort_folded
    if which.letter == OTHER and order == "name":
        ends = [text < LETTERS[0]], [text >= _AFTER]
        return ends[::-1] if back else ends
    if which.letter in ("", OTHER) or not beside:
        return [_lettered(which)]
    # Where the rest of a letter begins the place says: said twice, SQLite would take the letter's
    # beginning, and walk.
    return [[text >= which.letter if back else text < which.letter + _AFTER]]
