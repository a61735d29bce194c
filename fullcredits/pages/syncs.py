"""The page about syncing: of each source what is done, when, and what needs its owner."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fullcredits.model import SourceKind
from fullcredits.pages import addresses
from fullcredits.pages.held import Held, held_of
from fullcredits.pages.moments import clock, when
from fullcredits.pages.parts import given
from fullcredits.pages.runs import Now, all_now
from fullcredits.pages.servers import KINDS
from fullcredits.store import Connection, schedules
from fullcredits.store import sources as stored
from fullcredits.store.holds import Hold, list_holds
from fullcredits.store.problems import ProblemRow, all_open_problems
from fullcredits.store.schedules import LibrarySchedule, Schedule, local
from fullcredits.store.sources import SourceRow

PROBLEMS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """Something that failed and is still open."""

    key: str
    """Of the title to ask for again; "" for everything."""
    title: str
    message: str
    times: str
    """Like "3 times, tried again today, 21:26"; "" for once, and no time that is known."""


@dataclass(frozen=True, slots=True)
class ComparedLibrary:
    """How often a library is compared."""

    field: str
    """Its name in the form."""
    name: str
    every: str
    """Hours; "" for as often as its source."""


@dataclass(frozen=True, slots=True)
class SyncedSource:
    """A source, and what can be done about it."""

    id: int
    name: str
    address: str
    """Of its page among the servers."""
    kind: str
    now: Now
    listening: str
    """How its changes are heard of, or why they are not."""
    hears: bool
    paused: bool
    schedule: Schedule
    libraries: tuple[ComparedLibrary, ...]
    """Where there are several, or one has a schedule of its own."""
    quiet_from: str
    """Like "22:00"; "" for none. As `quiet_to`."""
    quiet_to: str
    held: Held
    problems: tuple[ProblemLine, ...]
    more_problems: int


@dataclass(frozen=True, slots=True)
class SyncPage:
    """All sources."""

    address: str
    heading: str
    live: str
    """Where the changes of `now` are told of."""
    busy: bool
    """Whether something runs."""
    hook: str
    """Where a Plex may send its webhooks; "" where there is none."""
    sources: tuple[SyncedSource, ...]


def syncs(
    db: Connection,
    trouble: Callable[[int], str | None],
    hook: str = "",
    now: dt.datetime | None = None,
) -> SyncPage:
    """All sources; `trouble` says why a source's changes are not heard of, `hook` where webhooks
    are taken.
    """
    moment = now or dt.datetime.now()
    states = all_now(db, moment)
    decided = schedules.all_schedules(db)
    libraries = schedules.all_library_schedules(db)
    problems, held = all_open_problems(db), list_holds(db)
    found = tuple(
        _source(
            row,
            states[row.id],
            decided.get(row.id, Schedule()),
            libraries.get(row.id, []),
            trouble(row.id),
            [problem for problem in problems if problem.source_id == row.id],
            [hold for hold in held if hold.source_id == row.id],
            moment,
        )
        for row in stored.list_sources(db)
    )
    busy = any(source.now.state == "running" for source in found)
    plex = any(source.kind == KINDS[SourceKind.PLEX] for source in found)
    live = addresses.at("/sync/live")
    return SyncPage(addresses.sync(), "Sync", live, busy, hook if plex else "", found)


def _source(
    row: SourceRow,
    now: Now,
    schedule: Schedule,
    libraries: Sequence[LibrarySchedule],
    trouble: str | None,
    problems: Sequence[ProblemRow],
    held: Sequence[Hold],
    moment: dt.datetime,
) -> SyncedSource:
    return SyncedSource(
        id=row.id,
        name=row.name,
        address=addresses.server(row.id),
        kind=KINDS[row.kind],
        now=now,
        listening=_hearing(row) if trouble is None else trouble,
        hears=trouble is None,
        paused=schedule.paused,
        schedule=schedule,
        libraries=_libraries(libraries),
        quiet_from=clock(schedule.quiet_from),
        quiet_to=clock(schedule.quiet_to),
        held=held_of(held, moment),
        problems=tuple(
            _problem(problem, None if schedule.paused else moment)
            for problem in problems[:PROBLEMS_SHOWN]
        ),
        more_problems=max(0, len(problems) - PROBLEMS_SHOWN),
    )


def _libraries(found: Sequence[LibrarySchedule]) -> tuple[ComparedLibrary, ...]:
    if len(found) < 2 and not any(library.every is not None for library in found):
        return ()
    return tuple(
        ComparedLibrary(
            library_field(library.id),
            library.name,
            "" if library.every is None else f"{library.every // 60}",
        )
        for library in found
    )


def library_field(library_id: int) -> str:
    """What the field for a library's hours is called in the form."""
    return f"library-{library_id}"


def _hearing(row: SourceRow) -> str:
    a_user = row.account_secret is not None or row.server_account is not None
    if row.kind is SourceKind.PLEX or a_user:
        return "Its changes are heard of as they happen."
    return (
        "Asked every minute what changed: sign in as a user beside the API key, and changes come "
        "within seconds."
    )


def _problem(row: ProblemRow, moment: dt.datetime | None) -> ProblemLine:
    """`moment`: None where nothing is tried again by itself."""
    again = local(row.next_try) if moment else None
    times = given(
        f"{row.times:,} times" if row.times > 1 else None,
        f"tried again {when(max(again, moment), moment)}" if again and moment else None,
    )
    # A library has no record that could be asked for, nor has a person beside the list of all.
    key = row.item_key if row.phase == "records" else None
    return ProblemLine(key or "", row.title or "", row.message, ", ".join(times))
