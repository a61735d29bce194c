"""Reading what there is: libraries with their counts, and totals over everything."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, func, select

from fullcredits.model import TitleKind
from fullcredits.store.read.titles import TOP_KINDS
from fullcredits.store.schema import libraries, media_items, media_people, sources, titles


class LibraryRow(NamedTuple):
    """A library and the source it is on."""

    id: int
    name: str
    kind: str
    source_name: str
    source_kind: str


class LibraryCount(NamedTuple):
    """A library with how many movies and shows it holds now."""

    library: LibraryRow
    titles: int


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
)


def library_by_id(db: Connection, library_id: int) -> LibraryRow | None:
    """The library of that id."""
    query = select(*_LIBRARY).join(sources, sources.c.id == libraries.c.source_id)
    row = db.execute(query.where(libraries.c.id == library_id)).first()
    return LibraryRow._make(row) if row else None


def libraries_with_counts(db: Connection) -> list[LibraryCount]:
    """All libraries, by source and name."""
    held = (
        select(
            media_items.c.library_id,
            func.count(media_items.c.title_id.distinct()).label("titles"),
        )
        .where(media_items.c.kind.in_(TOP_KINDS), media_items.c.gone_since.is_(None))
        .group_by(media_items.c.library_id)
        .subquery()
    )
    rows = db.execute(
        select(*_LIBRARY, func.coalesce(held.c.titles, 0))
        .join(sources, sources.c.id == libraries.c.source_id)
        .join(held, held.c.library_id == libraries.c.id, isouter=True)
        .order_by(sources.c.name, libraries.c.name, libraries.c.id)
    )
    return [LibraryCount(LibraryRow._make(row[:-1]), row[-1]) for row in rows]


def count_sources(db: Connection) -> int:
    """How many servers are configured."""
    return db.execute(select(func.count()).select_from(sources)).scalar_one()


def totals(db: Connection) -> Totals:
    """Counts of titles by kind, of people with a credit, and of credits as sources state them."""
    by_kind = (
        select(titles.c.kind, func.count())
        .where(titles.c.merged_into.is_(None))
        .group_by(titles.c.kind)
    )
    kinds: dict[str, int] = dict(db.execute(by_kind).all())
    # Grouped, not count(distinct …): this runs along the index, without sorting a million rows.
    credited = (
        select(media_people.c.person_id)
        .where(media_people.c.person_id.is_not(None))
        .group_by(media_people.c.person_id)
        .subquery()
    )
    people = db.execute(select(func.count()).select_from(credited)).scalar_one()
    credits = db.execute(select(func.count()).select_from(media_people)).scalar_one()
    return Totals(
        kinds.get(TitleKind.MOVIE, 0),
        kinds.get(TitleKind.SHOW, 0),
        kinds.get(TitleKind.EPISODE, 0),
        people,
        credits,
    )
