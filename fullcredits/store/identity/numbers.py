"""Numbers for rows to come: taken in bulk, never given twice."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Table, column, func, select, table


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
