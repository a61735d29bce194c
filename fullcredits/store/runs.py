"""The history of sync runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from enum import Enum, auto
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from fullcredits.errors import Occupied
from fullcredits.store.among import among
from fullcredits.store.schedules import Past, local
from fullcredits.store.schema import sync_runs
from fullcredits.store.sources import now, source_by_id


class RunRow(NamedTuple):
    """A sync of one source."""

    id: int
    source_id: int
    what: str
    """What was to be done: "all", "full", "some" (libraries) or "changes"."""
    started_at: dt.datetime
    ended_at: dt.datetime | None
    state: str
    """One of "running", "done", "partial" (some problems), "failed" and "stopped"."""
    error: str | None
    counts: dict[str, int]
    holder: str | None
    """Who is at it, while it runs; see `sync.lease`."""
    beat_at: dt.datetime | None
    """Their last sign of life."""
    progress: dict[str, Any] | None
    """How far it is, while it runs; see `sync.progress`."""


def last_run(db: Connection, source_id: int) -> RunRow | None:
    """The newest sync of a source, maybe one under way."""
    found = _runs(db, sync_runs.c.source_id == source_id, most=1)
    return found[0] if found else None


def ended(db: Connection) -> tuple[dt.datetime | None, int]:
    """When the last run ended, and how many have: another value, and there is news."""
    query = select(func.max(sync_runs.c.ended_at), func.count(sync_runs.c.ended_at))
    at, number = db.execute(query).one()
    return at, number


def running(db: Connection) -> list[RunRow]:
    """The runs that are under way, or whose holder died over them."""
    return _runs(db, sync_runs.c.state == "running")


def history(db: Connection, source_id: int, most: int) -> list[RunRow]:
    """The newest ended runs of a source, newest first."""
    return _runs(db, sync_runs.c.source_id == source_id, sync_runs.c.state != "running", most=most)


def recent(db: Connection, each: int, *where: ColumnElement[bool]) -> dict[int, list[RunRow]]:
    """So many of the newest ended runs of each source, newest first."""
    place = (
        func.row_number()
        .over(partition_by=sync_runs.c.source_id, order_by=sync_runs.c.id.desc())
        .label("place")
    )
    ended = select(sync_runs, place).where(sync_runs.c.state != "running", *where).subquery()
    query = (
        select(*(ended.c[name] for name in RunRow._fields))
        .where(ended.c.place <= each)
        .order_by(ended.c.id.desc())
    )
    found: dict[int, list[RunRow]] = {}
    for row in db.execute(query):
        found.setdefault(row.source_id, []).append(RunRow._make(row))
    return found


_COMPARISONS = ("all", "full", "some")
DIED = "stopped before its end"
"""The error of a run whose process died over it."""


def past_comparisons(db: Connection, source_id: int) -> Past:
    """How the comparisons of one source went."""
    return all_past_comparisons(db).get(source_id, Past())


def all_past_comparisons(db: Connection) -> dict[int, Past]:
    """Of all libraries or some, whoever made them; those that were stopped count as not made, and
    those whose process died say nothing of the server.
    """
    found = recent(db, 10, sync_runs.c.what.in_(_COMPARISONS), sync_runs.c.state != "stopped")
    return {source_id: _past(runs) for source_id, runs in found.items()}


def _past(found: Sequence[RunRow]) -> Past:
    ended = [run for run in found if run.error != DIED]
    failed = [run.state == "failed" for run in ended]
    failures = failed.index(False) if False in failed else len(failed)
    at = local(ended[0].ended_at) if ended else None
    whole = bool(ended) and ended[0].what != "some"
    return Past(at, failures, whole=whole, died=found[0].error == DIED)


def _runs(db: Connection, *where: ColumnElement[bool], most: int | None = None) -> list[RunRow]:
    query = (
        select(*(sync_runs.c[name] for name in RunRow._fields))
        .where(*where)
        .order_by(sync_runs.c.id.desc())
        .limit(most)
    )
    return [RunRow._make(row) for row in db.execute(query)]


def running_of(db: Connection, source_id: int) -> RunRow | None:
    """The run of a source that is under way, or whose holder died over it."""
    where = (sync_runs.c.source_id == source_id, sync_runs.c.state == "running")
    return next(iter(_runs(db, *where)), None)


def under_way(db: Connection) -> list[RunRow]:
    """The runs of all sources that are under way, or whose holders died over them."""
    return _runs(db, sync_runs.c.state == "running")


def start_run(db: Connection, source_id: int, holder: str, what: str) -> int:
    """Note that a sync of this source begins; returns the run's id.

    Raises Occupied where another one is noted as under way, NotFound where the source was removed.
    """
    source_by_id(db, source_id)
    values = {
        "source_id": source_id,
        "what": what,
        "started_at": now(),
        "state": "running",
        "counts": {},
        "listed": False,
        "holder": holder,
        "beat_at": now(),
    }
    inserted = insert(sync_runs).values(**values).returning(sync_runs.c.id)
    try:
        run_id: int = db.execute(inserted).scalar_one()
    except IntegrityError as error:
        raise Occupied("another sync of this source began at the same moment") from error
    return run_id


def note_listed(db: Connection, run_id: int) -> None:
    """A run has listed all there is, or read all that one before it had listed: what is left of it
    is to read what waits.
    """
    db.execute(update(sync_runs).where(sync_runs.c.id == run_id).values(listed=True))


def goes_on(db: Connection, run_id: int) -> bool:
    """Whether the comparison before this run broke off when all was listed. One that was killed or
    stopped while it went on with another is passed over, so that this goes on with that, too. One
    that failed over it is not: it would fail over the same for ever, and see nothing new.
    """
    this = select(sync_runs.c.source_id).where(sync_runs.c.id == run_id).scalar_subquery()
    ended = and_(
        sync_runs.c.state != "stopped", or_(sync_runs.c.error.is_(None), sync_runs.c.error != DIED)
    )
    query = (
        select(sync_runs.c.state, sync_runs.c.listed)
        .where(sync_runs.c.source_id == this, sync_runs.c.id < run_id)
        .where(sync_runs.c.what.in_(_COMPARISONS), or_(sync_runs.c.listed, ended))
        .order_by(sync_runs.c.id.desc())
        .limit(1)
    )
    before = db.execute(query).first()
    return before is not None and before.listed and before.state in ("failed", "stopped")


def owes_full(db: Connection, source_id: int) -> bool:
    """Whether the last comparison of a source was to read everything again, and broke off before
    that was planned: the next one is to do it.
    """
    of_source = (sync_runs.c.source_id == source_id, sync_runs.c.what.in_(_COMPARISONS))
    query = select(sync_runs.c.what, sync_runs.c.listed).where(*of_source)
    last = db.execute(query.order_by(sync_runs.c.id.desc()).limit(1)).first()
    return last is not None and last.what == "full" and not last.listed


def beat(db: Connection, run_id: int, progress: Mapping[str, Any]) -> bool:
    """A sign of life of a run, with how far it is; False where it is under way no more, because
    somebody took it for dead.
    """
    values = {"beat_at": now(), "progress": dict(progress)}
    where = (sync_runs.c.id == run_id, sync_runs.c.state == "running")
    return db.execute(update(sync_runs).where(*where).values(**values)).rowcount > 0


class Fate(Enum):
    """What became of a run's hold on its source."""

    HELD = auto()
    LOST = auto()
    """Somebody took its holder for dead."""
    REMOVED = auto()
    """The source is there no longer."""


def fate_of(db: Connection, run_id: int) -> Fate:
    """Whether a run may go on; one that ended by itself may."""
    row = db.execute(select(sync_runs.c.error).where(sync_runs.c.id == run_id)).first()
    if row is None:
        return Fate.REMOVED
    return Fate.LOST if row.error == DIED else Fate.HELD


def prune_runs(db: Connection, source_id: int, *, keep: int, keep_empty: int) -> None:
    """Forget all but the newest runs of a source; of those that found nothing to do, fewer stay."""
    ended = _runs(db, sync_runs.c.source_id == source_id, sync_runs.c.state != "running")
    empty = [run.id for run in ended if run.state == "done" and not changes_in(run)]
    beyond = {run.id for run in ended[keep:]} | set(empty[keep_empty:])
    if beyond:
        db.execute(delete(sync_runs).where(among(sync_runs.c.id, beyond)))


def changes_in(run: RunRow) -> int:
    """How much a run changed."""
    return sum(n for name, n in run.counts.items() if name.endswith(("_new", "_changed", "_gone")))


def end_run(
    db: Connection,
    run_id: int,
    state: str,
    counts: Mapping[str, int],
    error: str | None = None,
    at: dt.datetime | None = None,
    reached: Mapping[str, Any] | None = None,
) -> None:
    """Note how a run ended: "done", "partial", "failed" or "stopped", with its counts by name, and
    when (None: now); of one that was stopped also how far it had `reached`, as `beat` has it.

    One that was taken for dead meanwhile stays as it is noted.
    """
    db.execute(
        update(sync_runs)
        .where(sync_runs.c.id == run_id, sync_runs.c.state == "running")
        .values(
            state=state,
            ended_at=at or now(),
            counts=dict(counts),
            error=error,
            holder=None,
            progress=dict(reached) if reached else None,
        )
    )
