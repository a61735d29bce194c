"""What makes finding fast: indexes of every run of three letters ("trigram").

On SQLite an FTS5 table beside each searched table, kept by triggers, so it is true after any
write, by whatever way. On PostgreSQL indexes of the extension pg_trgm, which any owner of a
database may add since PostgreSQL 13; where the migration cannot add it, searches read whole tables.
All of them have "_search" in their names.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import Connection, MetaData, event


class Searched(NamedTuple):
    """A table that is searched: in which folded columns, and which of its rows."""

    table: str
    columns: tuple[str, ...]
    rows: str = "1"
    """A condition in SQL on a row called {}."""

    @property
    def named(self) -> str:
        """The name of its index on SQLite."""
        return f"{self.table}_search"


SEARCHED = (
    Searched("people", ("name_folded", "also_folded")),
    Searched("titles", ("title_folded", "original_folded"), "{}.kind IN ('movie', 'show')"),
    Searched("characters", ("name_folded",)),
)


def attach_to(metadata: MetaData) -> None:
    """Let tables made from the metadata on SQLite be searchable, as migrations make them."""
    for searched in SEARCHED:
        for statement in sqlite_statements(searched):
            event.listen(metadata, "after_create", _on_sqlite(statement))


def _on_sqlite(statement: str) -> Callable[..., None]:
    def run(_: MetaData, db: Connection, **__: Any) -> None:
        if db.dialect.name == "sqlite":
            db.exec_driver_sql(statement)

    return run


def sqlite_statements(searched: Searched) -> tuple[str, ...]:
    """The index and its triggers.

    The index keeps no copy of the text, so it has to be told the old one when a row changes.
    """
    table, columns, rows = searched
    index = searched.named
    put, take = _put(searched), _take(searched)
    changed = " OR ".join(f"old.{name} <> new.{name}" for name in columns)
    return (
        f"CREATE VIRTUAL TABLE {index} USING fts5({', '.join(columns)}, content='{table}', "
        "content_rowid='id', tokenize='trigram case_sensitive 1')",
        f"CREATE TRIGGER {index}_insert AFTER INSERT ON {table} "
        f"WHEN {rows.format('new')} BEGIN {put} END",
        f"CREATE TRIGGER {index}_delete AFTER DELETE ON {table} "
        f"WHEN {rows.format('old')} BEGIN {take} END",
        f"CREATE TRIGGER {index}_update AFTER UPDATE OF {', '.join(columns)} ON {table} "
        f"WHEN {rows.format('new')} AND ({changed}) BEGIN {take} {put} END",
    )


def _put(searched: Searched) -> str:
    names = ", ".join(("rowid", *searched.columns))
    values = ", ".join(f"new.{name}" for name in ("id", *searched.columns))
    return f"INSERT INTO {searched.named}({names}) VALUES ({values});"  # noqa: S608


def _take(searched: Searched) -> str:
    names = ", ".join((searched.named, "rowid", *searched.columns))
    values = ", ".join(f"old.{name}" for name in ("id", *searched.columns))
    return f"INSERT INTO {searched.named}({names}) VALUES ('delete', {values});"  # noqa: S608
