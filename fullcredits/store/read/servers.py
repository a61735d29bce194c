"""Reading how the configured servers stand, all of them at once."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, case, func, select

from fullcredits.store.figures import TOP_KINDS
from fullcredits.store.runs import RunRow
from fullcredits.store.schema import libraries, media_items, sync_problems, sync_runs


class Casts(NamedTuple):
    """How long the casts of a library's films and shows are, of those that were read."""

    name: str
    """The library's."""
    titles: int
    longest: int
    exact: int
    """How many have exactly so many as was asked for."""


def newest_runs(db: Connection) -> dict[int, RunRow]:
    """The newest sync of each source that had one, by the source's id."""
    newest = select(func.max(sync_runs.c.id)).group_by(sync_runs.c.source_id)
    query = select(*(sync_runs.c[name] for name in RunRow._fields)).where(
        sync_runs.c.id.in_(newest)
    )
    return {row.source_id: RunRow._make(row) for row in db.execute(query)}


def problem_counts(db: Connection) -> dict[int, int]:
    """How many problems of each source are unsolved; sources without are left out."""
    query = (
        select(sync_problems.c.source_id, func.count())
        .where(sync_problems.c.solved_at.is_(None))
        .group_by(sync_problems.c.source_id)
    )
    return dict(db.execute(query).all())


def title_counts(db: Connection) -> dict[int, int]:
    """How many movies and shows the libraries of each source have; sources without any are left
    out.
    """
    query = (
        select(libraries.c.source_id, func.sum(libraries.c.titles))
        .where(libraries.c.titles > 0)
        .group_by(libraries.c.source_id)
    )
    return dict(db.execute(query).all())


def cast_lengths(db: Connection, source_id: int, most: int) -> list[Casts]:
    """The casts of each library of a source, held against a length; libraries of which nothing was
    read are left out.
    """
    exact = func.sum(case((media_items.c.cast_count == most, 1), else_=0))
    query = (
        select(libraries.c.name, func.count(), func.max(media_items.c.cast_count), exact)
        .join(libraries, libraries.c.id == media_items.c.library_id)
        .where(
            media_items.c.source_id == source_id,
            media_items.c.kind.in_(TOP_KINDS),
            media_items.c.read_at.is_not(None),
            media_items.c.gone_since.is_(None),
        )
        .group_by(libraries.c.id, libraries.c.name)
        .order_by(libraries.c.id)
    )
    return [Casts._make(row) for row in db.execute(query)]
