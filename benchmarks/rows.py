"""What the rows alone take: all that a sync has stored, inserted into an empty database with the
same tables, indexes and search indexes by a bare script.

`python -m benchmarks.rows DATABASE COPY` reads each table of an SQLite database that a sync has
filled and inserts its rows with sqlite3 under the program's own settings, a transaction a table,
many rows a statement, in the order of their keys. Nothing is fetched, decoded, compared or decided:
no program that keeps these tables can be quicker. Prints what it took, reading not included.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from itertools import chain
from pathlib import Path

from fullcredits.store.engine import open_engine
from fullcredits.store.schema import metadata

_MANY = 128
"""Rows a statement, as `store.bulk` has them."""


def main() -> None:
    """Copy all tables; prints what it took."""
    original, copy = sys.argv[1:]
    engine = open_engine(f"sqlite:///{Path(copy)}")
    metadata.create_all(engine)
    there, here = sqlite3.connect(original), engine.raw_connection().cursor()
    # Tables point at each other: some rows come before those they point at.
    here.execute("PRAGMA foreign_keys=OFF")
    seconds, number = 0.0, 0
    for table in metadata.sorted_tables:
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        rows = there.execute(f'SELECT {names} FROM "{table.name}" ORDER BY 1').fetchall()
        started = time.monotonic()
        here.execute("BEGIN IMMEDIATE")
        for first in range(0, len(rows), _MANY):
            part = rows[first : first + _MANY]
            marks = ", ".join([f"({', '.join('?' * len(table.columns))})"] * len(part))
            values = tuple(chain.from_iterable(part))
            here.execute(f'INSERT INTO "{table.name}" ({names}) VALUES {marks}', values)
        here.execute("COMMIT")
        seconds += time.monotonic() - started
        number += len(rows)
    print(json.dumps({"rows": number, "s": seconds}))


if __name__ == "__main__":
    main()
