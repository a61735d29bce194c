"""Reading what there is: libraries with their counts, and totals over everything."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, func, select

from fullcredits.store.schema import libraries, sources, totals


class LibraryRow(NamedTuple):
    """A library and the source it is on."""

    id: int
    name: str
    kind: str
    source_name: str
    source_kind: str
    titles: int
    """How many movies and shows it has now."""


class Totals(NamedTuple):
    """How much is known in all."""

    movies: int
    shows: int
    episodes: int
    people: int
    credits: int


_LIBRARY = (
    libraries.c.id,
    libraries.c.name,
    libraries.c.kind,
    sources.c.name,
    sources.c.kind,
    libraries.c.titles,
)
_LIBRARIES = (
    select(*_LIBRARY)
    .join(sources, sources.c.id == libraries.c.source_id)
    .order_by(sources.c.name, libraries.c.name, libraries.c.id)
)


def library_by_id(db: Connection, library_id: int) -> LibraryRow | None:
    """The library of that id."""
    row = db.execute(_LIBRARIES.where(libraries.c.id == library_id)).first()
    return LibraryRow._make(row) if row else None


def all_libraries(db: Connection) -> list[LibraryRow]:
    """All libraries, by source and name."""
    return [LibraryRow._make(row) for row in db.execute(_LIBRARIES)]


def count_sources(db: Connection) -> int:
    """How many servers are configured."""
    return db.execute(select(func.count()).select_from(sources)).scalar_one()


def all_totals(db: Connection) -> Totals:
    """Counts of titles by kind, of people with a credit, and of credits as sources state them."""
    known = dict(db.execute(select(totals.c.name, totals.c.number)).all())
    return Totals(*(known.get(name, 0) for name in Totals._fields))
