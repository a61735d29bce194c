"""Lists of everybody in stretches: each begins right after the last one of the stretch before.

So the thousandth stretch is as fast as the first. Everything is read along the indexes of
`person_departments`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, or_, select, tuple_

from fullcredits.store.figures import ALL
from fullcredits.store.read.credits import Person
from fullcredits.store.schema import people, person_departments
from fullcredits.store.search_words import begins

PeopleOrder = Literal["name", "titles"]
LETTERS = "abcdefghijklmnopqrstuvwxyz"
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


class Place(NamedTuple):
    """Beside whom a stretch is."""

    person_id: int
    before: bool
    """The stretch ends right before them; else it begins right after them."""


class Stretch(NamedTuple):
    """A stretch of a list, and whether there is more of it on both sides."""

    lines: list[PersonLine]
    more_before: bool
    more_after: bool


_counts = person_departments.c


def people_in(
    db: Connection, which: People, order: PeopleOrder, limit: int, place: Place | None
) -> Stretch:
    """A stretch by last name, or with those of most titles first.

    Without a place, or beside somebody who is not in the list, it is the first.
    """
    beside = _position(db, which, place) if place else None
    back = place is not None and place.before and beside is not None
    rows: list[PersonLine] = []
    for condition in _after(order, place, beside, back=back):
        query = _listed(which, order, back=back).where(condition).limit(limit + 1 - len(rows))
        rows += [PersonLine(Person._make(row[:3]), row[3]) for row in db.execute(query)]
        if len(rows) > limit:
            break
    more = len(rows) > limit
    if back:
        return Stretch(rows[limit - 1 :: -1] if more else rows[::-1], more, True)
    return Stretch(rows[:limit], beside is not None, more)


class _Position(NamedTuple):
    sort_folded: str
    titles: int


def _position(db: Connection, which: People, place: Place) -> _Position | None:
    query = select(_counts.sort_folded, _counts.titles).where(
        _counts.person_id == place.person_id, _counts.department == which.department
    )
    row = db.execute(query).first()
    return _Position._make(row) if row else None


def _after(
    order: PeopleOrder, place: Place | None, beside: _Position | None, *, back: bool
) -> Sequence[ColumnElement[bool]]:
    """Conditions, one after the other: those who share the place's number of titles come first."""
    if place is None or beside is None:
        return [_counts.titles > 0]
    name = tuple_(_counts.sort_folded, _counts.person_id)
    here = (beside.sort_folded, place.person_id)
    further = name < here if back else name > here
    if order == "name":
        return [further]
    fewer = _counts.titles > beside.titles if back else _counts.titles < beside.titles
    return [(_counts.titles == beside.titles) & further, fewer]


def _listed(which: People, order: PeopleOrder, *, back: bool) -> Select[Any]:
    name: list[ColumnElement[Any]] = [_counts.sort_folded, _counts.person_id]
    if back:
        name = [column.desc() for column in name]
    if order == "titles":
        name = [_counts.titles.asc() if back else _counts.titles.desc(), *name]
    return (
        select(people.c.id, people.c.name, people.c.portrait_id, _counts.titles)
        .join(people, people.c.id == _counts.person_id)
        .where(_counts.department == which.department, *_lettered(which))
        .order_by(*name)
    )


def _lettered(which: People) -> Sequence[ColumnElement[bool]]:
    text = _counts.sort_folded
    if which.letter == OTHER:
        return [or_(text < LETTERS[0], text >= chr(ord(LETTERS[-1]) + 1))]
    return [begins(text, which.letter)] if which.letter else []
