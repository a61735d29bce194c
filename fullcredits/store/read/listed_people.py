"""Lists of everybody in stretches, read along the indexes of `person_departments`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, or_, select

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
    if place is None or position is None:
        first = (
            _listed(which)
            .where(_counts.titles > 0, *_lettered(which))
            .order_by(*by.by())
            .limit(limit + 1)
        )
        lines = _lines(db.execute(first).all())
        return Stretch(lines[:limit], False, len(lines) > limit)
    query = _listed(which).where(*_rest_of_letter(which, back=place.before))
    rows = read_beyond(db, query, by, position, limit + 1, back=place.before)
    lines, more = _lines(rows[:limit]), len(rows) > limit
    return Stretch(lines[::-1], more, True) if place.before else Stretch(lines, True, more)


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


def _rest_of_letter(which: People, *, back: bool) -> Sequence[ColumnElement[bool]]:
    """The same of what lies beyond somebody of that letter. Where it begins their place says: said
    twice, SQLite would take the letter's beginning, and walk.
    """
    text = _counts.sort_folded
    if which.letter in ("", OTHER):
        return _lettered(which)
    return [text >= which.letter if back else text < which.letter + _AFTER]
