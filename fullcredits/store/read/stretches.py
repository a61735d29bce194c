"""Stretches of ordered lists: each begins right after the last row of the one before.

So the thousandth stretch is as fast as the first, where an index has the order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, tuple_


class Place(NamedTuple):
    """Beside which row a stretch is."""

    id: int
    before: bool
    """The stretch ends right before it; else it begins right after it."""


class Order(NamedTuple):
    """What a list is ordered by: the greatest `first` first, if there is one, `then` upwards.

    All of it together tells any row from any other.
    """

    first: ColumnElement[Any] | None
    then: tuple[ColumnElement[Any], ...]

    @property
    def columns(self) -> tuple[ColumnElement[Any], ...]:
        """What makes the position of a row."""
        return self.then if self.first is None else (self.first, *self.then)

    def by(self, *, back: bool = False) -> list[ColumnElement[Any]]:
        """For `order_by`, or the opposite."""
        then = [column.desc() if back else column for column in self.then]
        if self.first is None:
            return then
        return [self.first.asc() if back else self.first.desc(), *then]

    def beyond(self, position: Sequence[Any], *, back: bool) -> list[ColumnElement[bool]]:
        """Conditions on what comes after a position, or before it, one stretch after the other:
        who shares the `first` comes first.
        """
        here = position if self.first is None else position[1:]
        row = tuple_(*self.then)
        further = row < tuple(here) if back else row > tuple(here)
        if self.first is None:
            return [further]
        less = self.first > position[0] if back else self.first < position[0]
        return [(self.first == position[0]) & further, less]


def read_beyond(
    db: Connection,
    query: Select[Any],
    order: Order,
    position: Sequence[Any],
    limit: int,
    *,
    back: bool,
) -> list[Row[Any]]:
    """The rows of a query that come right after a position; with `back` those right before it,
    the nearest first.
    """
    rows: list[Row[Any]] = []
    for condition in order.beyond(position, back=back):
        stretch = query.where(condition).order_by(*order.by(back=back)).limit(limit - len(rows))
        rows += db.execute(stretch).all()
        if len(rows) >= limit:
            break
    return rows
