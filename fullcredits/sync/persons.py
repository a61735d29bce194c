"""Reading what a source knows of persons beyond their names and credits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from fullcredits.errors import Nonsense
from fullcredits.model import PersonFacts
from fullcredits.store import Connection, problems, sources
from fullcredits.store.persons import put_person_facts
from fullcredits.sync.context import Context

OVERLAP = dt.timedelta(minutes=10)
"""Persons saved so shortly before the last look are asked for again: servers save a record
before what hangs on it."""


async def read_persons(run: Context, *, full: bool) -> None:
    """Read persons' own facts: those changed since they were last read, or all.

    They change without any title's marker moving.
    """
    read_at = run.row.people_read_at
    since = read_at.replace(tzinfo=dt.UTC) if read_at and not full else None
    watermark: dt.datetime | None = None
    async for page in run.source.people(since):
        watermark = watermark or run.source.clock
        run.summary.people += len(page.people)
        run.summary.people_changed += await run.write(_put, run.row.id, page.people)
        for key, why in page.broken:
            await run.problem(key, None, "people", Nonsense(run.row.name, why))
        run.watch.people(run.summary.people)
    if watermark is not None and run.summary.people:
        at = watermark.replace(tzinfo=None, microsecond=0) - OVERLAP
        await run.write(sources.note_people_read, run.row.id, at)


def _put(db: Connection, source_id: int, people: Sequence[PersonFacts]) -> int:
    changed = put_person_facts(db, source_id, people)
    problems.solve_problems(db, source_id, {facts.person.key for facts in people})
    return changed
