"""Rows by the thousand: numbers for them, and the fastest way in that each database has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Table, column, func, select, table

from fullcredits.errors import StoreError

T = TypeVar("T")

_MOST_ROWS = 128
"""In one statement. A power of two, as the sizes of all parts are: the driver keeps statements it
has prepared, and those of every size there is would fill the memory."""


def fresh_numbers(db: Connection, of: Table, many: int) -> Sequence[int]:
    """So many ids for new rows of a table, rising; to be used in this transaction."""
    if many == 0:
        return ()
    if db.dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(of.name, "id")
        following = select(func.nextval(sequence)).select_from(func.generate_series(1, many))
        return db.scalars(following).all()
    # Nobody else writes: SQLite has one writer, and it holds the lock from the beginning.
    given = table("sqlite_sequence", column("name"), column("seq"))
    last = db.scalar(select(given.c.seq).where(given.c.name == of.name)) or 0
    return range(last + 1, last + 1 + many)


def insert_rows(
    db: Connection, into: Table, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Insert rows; columns left out are given their defaults by the database, not by `schema`.

    PostgreSQL copies them. SQLite gets many rows a statement: a statement for each would begin
    and end the search indexes' work with each, and would not let another thread run meanwhile.
    """
    rows = _bound(db, [into.c[name] for name in columns], rows)
    names = ", ".join(f'"{name}"' for name in columns)
    if db.dialect.name == "postgresql":
        _copy(db, f"COPY {into.name} ({names}) FROM STDIN", rows)
        return
    row_of_marks = f"({', '.join('?' * len(columns))})"
    for part in _parts(rows):
        marks = ", ".join([row_of_marks] * len(part))
        statement = f"INSERT INTO {into.name} ({names}) VALUES {marks}"  # noqa: S608
        db.exec_driver_sql(statement, tuple(chain.from_iterable(part)))


def _bound(
    db: Connection, columns: Sequence[Column[Any]], rows: Sequence[Sequence[Any]]
) -> Sequence[Sequence[Any]]:
    """The values as the driver takes them: days and lists are text to SQLite."""
    kinds = (column.type.dialect_impl(db.dialect) for column in columns)
    binding = [(at, bind) for at, k in enumerate(kinds) if (bind := k.bind_processor(db.dialect))]
    if not binding:
        return rows
    bound = [list(row) for row in rows]
    for row in bound:
        for at, bind in binding:
            row[at] = bind(row[at])
    return bound


def _copy(db: Connection, statement: str, rows: Iterable[Sequence[Any]]) -> None:
    opened: Any = db.connection.cursor()  # a psycopg one
    try:
        with opened as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except db.dialect.loaded_dbapi.Error as error:
        raise StoreError(f"the database refused: {error}") from error


def _parts(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    start, size = 0, _MOST_ROWS
    while start < len(rows):
        while size > len(rows) - start:
            size //= 2
        yield rows[start : start + size]
        start += size
