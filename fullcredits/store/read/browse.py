"""Lists of everybody and of everything, in stretches, with filters."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, Text, cast, exists, func, or_, select

from fullcredits.store.read.credits import Person
from fullcredits.store.read.titles import HELD, TOP_KINDS, CardRow, Order
from fullcredits.store.schema import media_items, media_people, people, sources, titles
from fullcredits.store.search_words import begins

PeopleOrder = Literal["name", "credits"]
LETTERS = "abcdefghijklmnopqrstuvwxyz"
OTHER = "other"
"""The letter of names that begin with none of those."""


class PersonLine(NamedTuple):
    """A person in a list, with their credits as the sources state them."""

    person: Person
    credits: int


class People(NamedTuple):
    """Which people."""

    letter: str = ""
    """One of LETTERS, OTHER, or "" for all; of the name that sorts them."""
    department: str = ""


class Titles(NamedTuple):
    """Which movies and shows; what is empty does not matter."""

    kind: str = ""
    decade: int | None = None
    genre: str = ""
    source: int | None = None


_WHO = (people.c.id, people.c.name, people.c.portrait_id)


def people_by_name(db: Connection, which: People, limit: int, offset: int) -> list[PersonLine]:
    """By last name, those with a credit."""
    page = (
        select(*_WHO, people.c.sort_folded)
        .where(people.c.merged_into.is_(None), _credited(which.department), *_lettered(which))
        .order_by(people.c.sort_folded, people.c.id)
        .limit(limit)
        .offset(offset)
        .subquery()
    )
    counting = select(func.count()).where(media_people.c.person_id == page.c.id)
    if which.department:
        counting = counting.where(media_people.c.department == which.department)
    rows = db.execute(
        select(page.c.id, page.c.name, page.c.portrait_id, counting.scalar_subquery()).order_by(
            page.c.sort_folded, page.c.id
        )
    )
    return [PersonLine(Person._make(row[:3]), row[3]) for row in rows]


def people_by_credits(db: Connection, which: People, limit: int, offset: int) -> list[PersonLine]:
    """Those with most credits first."""
    # Grouped before people are joined: this runs along one index, and joins only what is shown.
    many = func.count().label("many")
    counted = select(media_people.c.person_id, many).group_by(media_people.c.person_id)
    counted = counted.where(media_people.c.person_id.is_not(None))
    if which.department:
        counted = counted.where(media_people.c.department == which.department)
    if which.letter:
        lettered = select(people.c.id).where(*_lettered(which))
        counted = counted.where(media_people.c.person_id.in_(lettered))
    order = (many.desc(), media_people.c.person_id)
    page = counted.order_by(*order).limit(limit).offset(offset).subquery()
    rows = db.execute(
        select(*_WHO, page.c.many)
        .join(page, page.c.person_id == people.c.id)
        .order_by(page.c.many.desc(), people.c.id)
    )
    return [PersonLine(Person._make(row[:3]), row[3]) for row in rows]


def titles_in(
    db: Connection, which: Titles, order: Order, limit: int, offset: int
) -> list[CardRow]:
    """A stretch of the movies and shows that a source has."""
    by: dict[Order, tuple[ColumnElement[Any], ...]] = {
        "title": (),
        "year": (titles.c.year.is_(None), titles.c.year.desc()),
        "added": (titles.c.added.is_(None), titles.c.added.desc()),
    }
    query = _chosen(which, *(titles.c[name] for name in CardRow._fields))
    query = query.order_by(*by[order], titles.c.sort_folded, titles.c.id)
    return [CardRow._make(row) for row in db.execute(query.limit(limit).offset(offset))]


def count_titles_in(db: Connection, which: Titles) -> int:
    """How many `titles_in` has in all."""
    return int(db.execute(_chosen(which, func.count())).scalar_one())


def genres(db: Connection) -> list[str]:
    """All genres of movies and shows, sorted."""
    text = cast(titles.c.genres, Text)
    rows = db.execute(select(text).where(titles.c.kind.in_(TOP_KINDS)).distinct())
    return sorted({genre for (row,) in rows for genre in json.loads(row)})


def decades(db: Connection) -> list[int]:
    """The decades there are, newest first."""
    rows = db.execute(
        select(titles.c.year // 10)
        .where(titles.c.kind.in_(TOP_KINDS), titles.c.year > 0)
        .distinct()
    )
    return sorted({row[0] * 10 for row in rows}, reverse=True)


def source_names(db: Connection) -> dict[int, str]:
    """All sources by id, sorted by name."""
    return dict(db.execute(select(sources.c.id, sources.c.name).order_by(sources.c.name)).all())


def _credited(department: str) -> ColumnElement[bool]:
    credit = exists().where(media_people.c.person_id == people.c.id)
    return credit.where(media_people.c.department == department) if department else credit


def _lettered(which: People) -> Sequence[ColumnElement[bool]]:
    text = people.c.sort_folded
    if which.letter == OTHER:
        return [or_(text < LETTERS[0], text >= chr(ord(LETTERS[-1]) + 1))]
    return [begins(text, which.letter)] if which.letter else []


def _chosen(which: Titles, *columns: Any) -> Select[Any]:
    query = select(*columns).select_from(titles).where(titles.c.merged_into.is_(None))
    kinds = [kind for kind in TOP_KINDS if which.kind in ("", kind)]
    query = query.where(titles.c.kind.in_(kinds))
    if which.decade is not None:
        query = query.where(titles.c.year.between(which.decade, which.decade + 9))
    if which.genre:
        stored = cast(titles.c.genres, Text)
        query = query.where(stored.contains(json.dumps(which.genre), autoescape=True))
    if which.source is None:
        return query.where(HELD)
    held = (media_items.c.title_id == titles.c.id) & media_items.c.gone_since.is_(None)
    return query.where(exists().where(held, media_items.c.source_id == which.source))
