"""What pictures are for, newest first: what is worth being fetched ahead is told by this.

Everything is read in stretches, each in a transaction of its own: fetching takes hours.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, func, select, tuple_

from fullcredits.model import Department, TitleKind
from fullcredits.store.engine import Store
from fullcredits.store.schema import media_items, media_people, people, titles

Row = TypeVar("Row")

_STRETCH = 1000


class Pictured(NamedTuple):
    """A title with its pictures."""

    id: int
    added: dt.datetime | None
    poster_id: int | None
    backdrop_id: int | None


class Star(NamedTuple):
    """Somebody's portrait on a title that they are billed high on."""

    title_id: int
    portrait_id: int
    billing: int


def newest(store: Store, kind: TitleKind) -> Iterator[Pictured]:
    """All titles of a kind, those added last first, those of unknown date last."""
    added, number = titles.c.added, titles.c.id
    query = select(*(titles.c[name] for name in Pictured._fields)).where(
        titles.c.kind == kind, titles.c.merged_into.is_(None)
    )
    yield from _stretches(store, query.where(added.is_not(None)), (added, number), Pictured._make)
    yield from _stretches(store, query.where(added.is_(None)), (number,), Pictured._make)


def portraits(store: Store) -> Iterator[int]:
    """The portrait of everybody who has one, whoever came last first."""
    query = select(people.c.id, people.c.portrait_id).where(
        people.c.portrait_id.is_not(None), people.c.merged_into.is_(None)
    )
    for _, portrait in _stretches(store, query, (people.c.id,), tuple):
        yield portrait


def stars_of(db: Connection, title_ids: Collection[int], most: int) -> list[Star]:
    """The portraits of the first `most` of the cast of each title, as any source bills them."""
    billing = func.min(media_people.c.billing)
    rows = db.execute(
        select(media_items.c.title_id, people.c.portrait_id, billing)
        .join(media_people, media_people.c.media_item_id == media_items.c.id)
        .join(people, people.c.id == media_people.c.person_id)
        .where(
            media_items.c.title_id.in_(title_ids),
            media_people.c.department == Department.ACTING,
            media_people.c.billing < most,
            people.c.portrait_id.is_not(None),
        )
        .group_by(media_items.c.title_id, people.c.portrait_id)
    )
    return [Star._make(row) for row in rows]


def _stretches(
    store: Store,
    query: Select[Any],
    order: tuple[ColumnElement[Any], ...],
    make: Callable[[Any], Row],
) -> Iterator[Row]:
    """All rows of a query by falling `order`, which must tell rows apart and be among them."""
    ordered = query.order_by(*(column.desc() for column in order)).limit(_STRETCH)
    stretch = ordered
    while True:
        with store.reading() as db:
            rows = db.execute(stretch).all()
        yield from map(make, rows)
        if len(rows) < _STRETCH:
            return
        last = [getattr(rows[-1], str(column.key)) for column in order]
        stretch = ordered.where(tuple_(*order) < tuple_(*last))
