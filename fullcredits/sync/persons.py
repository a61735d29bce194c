"""Reading what a source knows of persons beyond their names and credits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from fullcredits.errors import Failed, Nonsense
from fullcredits.model import PersonFacts
from fullcredits.store import Connection, problems, sources, vanished
from fullcredits.store.persons import person_rows, put_person_facts
from fullcredits.store.sources import now
from fullcredits.sync.context import Context
from fullcredits.sync.rows import Rows
from fullcredits.sync.troubles import odd_form

OVERLAP = dt.timedelta(minutes=10)
"""Persons saved so shortly before the last look are asked for again: servers save a record
before what hangs on it."""


async def read_persons(run: Context, *, full: bool) -> None:
    """Read persons' own facts, which change without any title's marker moving: those changed since
    they were last read; now and then all, which tells who is there no longer.

    What the server breaks on is a problem.
    """
    try:
        await _read(run, None if full or _sweep_is_due(run) else _since(run))
    except (Failed, Nonsense) as error:
        await run.problem("", "the list of persons", "people", error)


def _sweep_is_due(run: Context) -> bool:
    swept, days = run.row.people_swept_at, run.rules.reread_days
    return swept is not None and days > 0 and now() - swept > dt.timedelta(days=days)


def _since(run: Context) -> dt.datetime | None:
    read_at = run.row.people_read_at
    return read_at.replace(tzinfo=dt.UTC) if read_at else None


async def _read(run: Context, since: dt.datetime | None) -> None:
    """All persons, or those changed since; then the watermark is moved on."""
    watermark: dt.datetime | None = None
    listed, here, total = Rows(), 0, 0
    async for page in run.source.people(since):
        watermark = watermark or run.source.clock
        changed, rows = await run.write(_put, run.row.id, page.people)
        for row in rows:
            listed.add(row)
        for key, why in page.broken:
            error = Nonsense(run.row.name, odd_form(why))
            await run.problem(key, f"the person {key}", "people", error)
        here, total = here + len(page.people), page.total
        run.summary.people = here
        run.summary.people_changed += sum(row <= run.newest_person for row in changed)
        run.persons_told |= bool(changed)
        run.watch.people(here)
    if watermark is None or not here:
        return
    swept = since is None and here >= total
    if swept:
        await run.write(vanished.persons, run.row.id, listed, run.rules.held_share)
    at = watermark.replace(tzinfo=None, microsecond=0) - OVERLAP
    await run.write(sources.note_people_read, run.row.id, at, swept=swept)


def _put(
    db: Connection, source_id: int, people: Sequence[PersonFacts]
) -> tuple[set[int], list[int]]:
    """Store a page; returns the row ids of those new or changed, and of all."""
    changed = put_person_facts(db, source_id, people)
    problems.solve_problems(db, source_id, {"", *(facts.person.key for facts in people)})
    return changed, person_rows(db, source_id, people)
