"""Reading how the configured servers stand, all of them at once."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from fullcredits.store.runs import RunRow
from fullcredits.store.schema import media_items, sync_problems, sync_runs


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
    """How many living titles of each source are known; sources without are left out."""
    query = (
        select(media_items.c.source_id, func.count())
        .where(media_items.c.gone_since.is_(None))
        .group_by(media_items.c.source_id)
    )
    return dict(db.execute(query).all())
