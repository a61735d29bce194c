"""How the syncs of sources stand: what runs, how far it is, what came of it, what is next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from fullcredits.pages.moments import when
from fullcredits.pages.parts import given, joined
from fullcredits.store import Connection, runs, schedules
from fullcredits.store import sources as stored
from fullcredits.store.alive import is_dead
from fullcredits.store.progress import Holder, Progress
from fullcredits.store.runs import DIED, RunRow
from fullcredits.store.schedules import (
    LibrarySchedule,
    Past,
    Schedule,
    local,
    next_comparison,
    not_due,
)
from fullcredits.text import counted, lasted, remaining, size, some_of

RUNS_SHOWN = 8

_WHAT = {
    "all": "Everything compared",
    "some": "Some libraries compared",
    "full": "Everything read",
    "changes": "Changes read",
}
_STATES = {"done": "", "partial": "with problems", "failed": "failed", "stopped": "stopped"}


@dataclass(frozen=True, slots=True)
class RunLine:
    """A sync that ended."""

    when: str
    """Like "today, 14:05", by this machine's clock."""
    what: str
    state: str
    """"", "with problems", "failed" or "stopped"."""
    came_of_it: str
    """Like "3 titles and 40 credits new"; why, where it failed; how far it came, where it was
    stopped."""
    cost: str
    """Like "2.1 s · 14 requests · 1.2 MB"."""


@dataclass(frozen=True, slots=True)
class Now:
    """What of a source changes while one looks on."""

    id: int
    state: str
    """"running", "waiting" (for its time), "paused", "failed"."""
    headline: str
    """Like "Reading titles: 1,200 of 5,000", "In step since today, 14:05"."""
    percent: int | None
    """How far what is being done is; None where nobody knows, and while nothing runs."""
    facts: tuple[str, ...]
    """Like "340 credits a second", "2 minutes left"."""
    runs: tuple[RunLine, ...]
    """The last ones, newest first."""


def all_now(db: Connection, moment: dt.datetime) -> dict[int, Now]:
    """What changes while one looks on, by source; `moment` by this machine's clock."""
    noted = {run.source_id: run for run in runs.running(db)}
    ended = runs.recent(db, RUNS_SHOWN)
    past = runs.all_past_comparisons(db)
    decided = schedules.all_schedules(db)
    libraries = schedules.all_library_schedules(db)
    return {
        row.id: _now(
            row.id,
            noted.get(row.id),
            ended.get(row.id, []),
            past.get(row.id, Past()),
            decided.get(row.id, Schedule()),
            libraries.get(row.id, []),
            moment,
        )
        for row in stored.list_sources(db)
    }


def _now(
    source_id: int,
    noted: RunRow | None,
    ended: Sequence[RunRow],
    past: Past,
    schedule: Schedule,
    libraries: Sequence[LibrarySchedule],
    moment: dt.datetime,
) -> Now:
    lines = tuple(_line(run, moment) for run in ended)
    if noted is not None and not is_dead(noted):
        return _running(source_id, noted, lines)
    facts = given(*_next(schedule, past, libraries, moment))
    if schedule.asked:
        return Now(source_id, "waiting", "About to begin", None, (), lines)
    if schedule.paused:
        return Now(source_id, "paused", "Paused", None, (), lines)
    died = noted or (ended[0] if ended and ended[0].error == DIED else None)
    if died is not None:
        when_died = when(local(died.beat_at), moment)
        words = f"Broken off {when_died}: the next sync goes on"
        return Now(source_id, "failed", words, None, facts, lines)
    if not ended:
        return Now(source_id, "waiting", "Never synced", None, facts, lines)
    last = ended[0]
    if last.state == "failed":
        why = last.error or "it failed"
        return Now(source_id, "failed", f"Last sync failed: {why}", None, facts, lines)
    since = when(local(last.ended_at), moment)
    if last.state == "stopped":
        return Now(source_id, "waiting", f"Stopped {since}", None, facts, lines)
    unread = [library.name for library in libraries if library.unread]
    if unread:
        rest = f"; all else in step since {since}" if len(unread) < len(libraries) else ""
        words = f"Nothing of {some_of(unread, len(unread))} is read yet{rest}"
        return Now(source_id, "failed", words, None, facts, lines)
    fails = last.state == "partial" or any(library.again for library in libraries)
    but = ", but for what is told below" if fails else ""
    return Now(source_id, "waiting", f"In step since {since}{but}", None, facts, lines)


def _running(source_id: int, run: RunRow, lines: tuple[RunLine, ...]) -> Now:
    at = Progress.of(run.progress)
    doing = _how_far(at)
    percent = min(100, 100 * at.done // at.total) if at.total else None
    holder = Holder.read(run.holder or "")
    facts = given(
        f"waiting for its answer for {lasted(at.silent)}: asked for {at.asked}"
        if at.silent
        else None,
        counted(at.credits, "credit") if at.credits else None,
        f"{at.credits_a_second:,.0f} credits a second" if at.credits_a_second else None,
        f"{remaining(at.left)} left" if at.left and at.left >= 1 else None,
        counted(at.problems, "problem") if at.problems else None,
        f"by {holder}".replace("`", "") if holder else None,
    )
    return Now(source_id, "running", doing[:1].upper() + doing[1:], percent, facts, lines)


def _how_far(at: Progress) -> str:
    """Like "reading titles: 1,200 of 5,000"."""
    if at.total:
        return f"{at.doing}: {at.done:,} of {at.total:,}"
    return f"{at.doing}: {at.done:,}" if at.done else at.doing


def _next(
    schedule: Schedule, past: Past, libraries: Sequence[LibrarySchedule], moment: dt.datetime
) -> tuple[str | None, str | None]:
    """When all is compared, and which libraries that failed are tried again before that."""
    usual = [library._replace(again=None) for library in libraries]
    due = next_comparison(schedule, past, usual, moment)
    first = next_comparison(schedule, past, libraries, moment)
    tried = None
    if first and (due is None or first < due):
        later = not_due(schedule, past, libraries, max(first, moment))
        names = [
            library.name for library in libraries if library.again and library.key not in later
        ]
        are = "is" if len(names) == 1 else "are"
        tried = f"{some_of(names, len(names))} {are} tried again {when(max(first, moment), moment)}"
    if due is None:
        return "Compared only when something is heard of it", tried
    return f"Compared next {when(max(due, moment), moment)}", tried


def _line(run: RunRow, moment: dt.datetime) -> RunLine:
    came = (run.error or "it failed") if run.state == "failed" else came_of_it(run)
    counts, began = run.counts, when(local(run.started_at), moment)
    took = (run.ended_at - run.started_at).total_seconds() if run.ended_at else 0
    cost = given(
        lasted(max(took, 1)),
        counted(counts["requests"], "request") if counts.get("requests") else None,
        size(counts["received"]) if counts.get("received") else None,
    )
    return RunLine(
        when=began[:1].upper() + began[1:],
        what=_WHAT.get(run.what, run.what),
        state=_STATES.get(run.state, run.state),
        came_of_it=came,
        cost=" · ".join(cost),
    )


def came_of_it(run: RunRow) -> str:
    """Like "3 titles and 40 credits new, 1 title gone"; what changed, in words. Of a run that was
    stopped also how far it came.
    """
    parts = []
    for words in ("new", "changed", "gone"):
        found = [
            counted(run.counts[f"{what}_{words}"], one, what)
            for what, one in (("titles", "title"), ("credits", "credit"), ("people", "person"))
            if run.counts.get(f"{what}_{words}")
        ]
        if found:
            parts.append(f"{joined(found)} {words}")
    if run.state == "stopped" and run.progress:
        reached = _how_far(Progress.of(run.progress))
        return f"{', '.join(parts) or 'nothing changed yet'}; it came to {reached}"
    return ", ".join(parts) or "nothing changed"
