"""What failed in syncs and was not solved since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence, Set
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, insert, or_, select, update

from fullcredits.store.schema import holds, media_items, media_people, source_people, sync_problems
from fullcredits.store.sources import now


class ProblemRow(NamedTuple):
    """One thing that failed and was not solved since."""

    source_id: int
    item_key: str | None
    title: str | None
    phase: str
    code: str
    message: str
    times: int = 1
    next_try: dt.datetime | None = None
    """Until then it is left alone; a list is tried again then, or by a comparison before. None: the
    next comparison tries again.
    """


PAUSES = (
    dt.timedelta(minutes=10),
    dt.timedelta(hours=1),
    dt.timedelta(hours=6),
    dt.timedelta(days=1),
)
"""How long a title or list that could not be read is left alone, after the first time, the second,
…"""


def note_problem(db: Connection, problem: ProblemRow, *, leave_alone: bool = False) -> dt.datetime:
    """Keep a problem; one already known is counted again with its newest words. Returns until when
    to leave it alone, which is kept with it where `leave_alone`.
    """
    same = select(sync_problems.c.id, sync_problems.c.times).where(*_same(problem))
    known = db.execute(same).first()
    times = known.times + 1 if known else 1
    again = now() + PAUSES[min(times, len(PAUSES)) - 1]
    facts = {
        "title": problem.title,
        "message": problem.message,
        "last_seen": now(),
        "times": times,
        "next_try": again if leave_alone else None,
    }
    if known is None:
        values = {**problem._asdict(), **facts, "first_seen": now()}
        db.execute(insert(sync_problems).values(**values))
    else:
        where = sync_problems.c.id == known.id
        db.execute(update(sync_problems).where(where).values(**facts))
    return again


def failing_since(db: Connection, source_id: int, item_key: str) -> dt.datetime | None:
    """Since when this fails; None: it does not."""
    query = select(sync_problems.c.first_seen).where(
        sync_problems.c.source_id == source_id,
        sync_problems.c.item_key == item_key,
        sync_problems.c.solved_at.is_(None),
    )
    return db.scalars(query.order_by(sync_problems.c.first_seen)).first()


def open_problem(db: Connection, source_id: int, item_key: str) -> ProblemRow | None:
    """What fails for this key, where that is one thing; None: nothing does."""
    query = select(*(sync_problems.c[name] for name in ProblemRow._fields)).where(
        sync_problems.c.source_id == source_id,
        sync_problems.c.item_key == item_key,
        sync_problems.c.solved_at.is_(None),
    )
    row = db.execute(query).first()
    return ProblemRow._make(row) if row else None


def solve_problems(db: Connection, source_id: int, item_keys: Set[str | None]) -> None:
    """What failed for these media items (None: for the source as a whole) works again."""
    open_problems = db.execute(
        select(sync_problems.c.id, sync_problems.c.item_key).where(
            sync_problems.c.source_id == source_id, sync_problems.c.solved_at.is_(None)
        )
    )
    _solve(db, [row.id for row in open_problems if row.item_key in item_keys])


def solve_listed(
    db: Connection, source_id: int, still: Set[str], elsewhere: Collection[str]
) -> None:
    """Of what failed in listings, only this fails still; nothing is known of libraries `elsewhere`.
    Keys here begin with that of the library.
    """
    failing = db.execute(
        select(sync_problems.c.id, sync_problems.c.item_key).where(
            sync_problems.c.source_id == source_id,
            sync_problems.c.phase == "listing",
            sync_problems.c.solved_at.is_(None),
        )
    )
    others = [row for row in failing if row.item_key.partition(" ")[0] not in elsewhere]
    _solve(db, [row.id for row in others if row.item_key not in still])


def solve_lost(db: Connection, source_id: int) -> None:
    """What failed for titles that are gone, held or known under another key fails no more."""
    vanished = select(holds.c.id).where(holds.c.library_id.is_not(None))
    there = select(media_items.c.id).where(
        media_items.c.source_id == source_id,
        media_items.c.key == sync_problems.c.item_key,
        media_items.c.gone_since.is_(None),
        or_(media_items.c.hold_id.is_(None), media_items.c.hold_id.not_in(vanished)),
    )
    query = select(sync_problems.c.id).where(
        sync_problems.c.source_id == source_id,
        sync_problems.c.phase == "records",
        sync_problems.c.solved_at.is_(None),
        ~there.exists(),
    )
    _solve(db, list(db.scalars(query)))


def solve_uncredited(db: Connection, source_id: int, but: str) -> None:
    """What failed for persons whom no title credits matters to nobody; `but` is the key of none."""
    credited = (
        select(media_people.c.id)
        .join(source_people, source_people.c.id == media_people.c.source_person_id)
        .where(
            source_people.c.source_id == source_id,
            source_people.c.key == sync_problems.c.item_key,
        )
    )
    query = select(sync_problems.c.id).where(
        sync_problems.c.source_id == source_id,
        sync_problems.c.phase == "people",
        sync_problems.c.item_key.not_in(("", but)),
        sync_problems.c.solved_at.is_(None),
        ~credited.exists(),
    )
    _solve(db, list(db.scalars(query)))


def _solve(db: Connection, problem_ids: Sequence[int]) -> None:
    if problem_ids:
        where = sync_problems.c.id.in_(problem_ids)
        db.execute(update(sync_problems).where(where).values(solved_at=now()))


def open_problems(db: Connection, source_id: int) -> list[ProblemRow]:
    """Unsolved problems of a source, newest first."""
    return [problem for problem in all_open_problems(db) if problem.source_id == source_id]


def all_open_problems(db: Connection) -> list[ProblemRow]:
    """Unsolved problems of all sources, newest first."""
    query = (
        select(*(sync_problems.c[name] for name in ProblemRow._fields))
        .where(sync_problems.c.solved_at.is_(None))
        .order_by(sync_problems.c.last_seen.desc(), sync_problems.c.id.desc())
    )
    return [ProblemRow._make(row) for row in db.execute(query)]


def _same(problem: ProblemRow) -> tuple[ColumnElement[bool], ...]:
    item = sync_problems.c.item_key
    return (
        sync_problems.c.source_id == problem.source_id,
        item.is_(None) if problem.item_key is None else item == problem.item_key,
        sync_problems.c.phase == problem.phase,
        sync_problems.c.code == problem.code,
        sync_problems.c.solved_at.is_(None),
    )
