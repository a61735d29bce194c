"""The history of sync runs, and what failed in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence, Set
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, insert, select, update

from fullcredits.store.schema import sync_problems, sync_runs
from fullcredits.store.sources import now


class ProblemRow(NamedTuple):
    """One thing that failed and was not solved since."""

    source_id: int
    item_key: str | None
    title: str | None
    phase: str
    code: str
    message: str
    times: int


class RunRow(NamedTuple):
    """A sync of one source."""

    started_at: dt.datetime
    ended_at: dt.datetime | None
    state: str
    """One of "running", "done", "partial" (some problems) and "failed"."""
    error: str | None
    counts: dict[str, int]


def last_run(db: Connection, source_id: int) -> RunRow | None:
    """The newest sync of a source, maybe one under way."""
    query = (
        select(*(sync_runs.c[name] for name in RunRow._fields))
        .where(sync_runs.c.source_id == source_id)
        .order_by(sync_runs.c.id.desc())
        .limit(1)
    )
    row = db.execute(query).first()
    return RunRow._make(row) if row else None


def start_run(db: Connection, source_id: int) -> int:
    """Note that a sync of this source begins; returns the run's id.

    A run of this source that never ended was killed: it is marked as failed.
    """
    db.execute(
        update(sync_runs)
        .where(sync_runs.c.source_id == source_id, sync_runs.c.state == "running")
        .values(state="failed", error="stopped before its end", ended_at=now())
    )
    values = {"source_id": source_id, "started_at": now(), "state": "running", "counts": {}}
    inserted = insert(sync_runs).values(**values).returning(sync_runs.c.id)
    run_id: int = db.execute(inserted).scalar_one()
    return run_id


def end_run(
    db: Connection, run_id: int, state: str, counts: Mapping[str, int], error: str | None = None
) -> None:
    """Note how a run ended: "done", "partial" or "failed", with its counts by name."""
    db.execute(
        update(sync_runs)
        .where(sync_runs.c.id == run_id)
        .values(state=state, ended_at=now(), counts=dict(counts), error=error)
    )


def note_problem(db: Connection, problem: ProblemRow) -> None:
    """Keep a problem; one already known is counted again with its newest words."""
    known = db.execute(
        select(sync_problems.c.id, sync_problems.c.times).where(*_same(problem))
    ).first()
    facts = {"title": problem.title, "message": problem.message, "last_seen": now()}
    if known is None:
        values = {**problem._asdict(), **facts, "first_seen": now(), "times": 1}
        db.execute(insert(sync_problems).values(**values))
    else:
        db.execute(
            update(sync_problems)
            .where(sync_problems.c.id == known.id)
            .values(**facts, times=known.times + 1)
        )


def solve_problems(db: Connection, source_id: int, item_keys: Set[str | None]) -> None:
    """What failed for these media items (None: for the source as a whole) works again."""
    open_problems = db.execute(
        select(sync_problems.c.id, sync_problems.c.item_key).where(
            sync_problems.c.source_id == source_id, sync_problems.c.solved_at.is_(None)
        )
    )
    _solve(db, [row.id for row in open_problems if row.item_key in item_keys])


def solve_others(db: Connection, source_id: int, phase: str, still: Set[str]) -> None:
    """Of what failed in a phase, only these media items fail still."""
    failing = db.execute(
        select(sync_problems.c.id, sync_problems.c.item_key).where(
            sync_problems.c.source_id == source_id,
            sync_problems.c.phase == phase,
            sync_problems.c.solved_at.is_(None),
        )
    )
    _solve(db, [row.id for row in failing if row.item_key not in still])


def _solve(db: Connection, problem_ids: Sequence[int]) -> None:
    if problem_ids:
        where = sync_problems.c.id.in_(problem_ids)
        db.execute(update(sync_problems).where(where).values(solved_at=now()))


def open_problems(db: Connection, source_id: int) -> list[ProblemRow]:
    """Unsolved problems of a source, newest first."""
    query = (
        select(*(sync_problems.c[name] for name in ProblemRow._fields))
        .where(sync_problems.c.source_id == source_id, sync_problems.c.solved_at.is_(None))
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
