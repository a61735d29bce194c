"""Reading what a source knows of persons beyond their names and credits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from fullcredits.errors import Failed, Nonsense
from fullcredits.model import PersonFacts
from fullcredits.sources.contract import PeoplePage
from fullcredits.store import Connection, problems, sources, vanished
from fullcredits.store.persons import (
    misnamed,
    person_names,
    person_rows,
    put_person_facts,
    unread_persons,
    who_loses,
)
from fullcredits.store.sources import now
from fullcredits.sync.context import Context
from fullcredits.sync.doubts import are_wrecked
from fullcredits.sync.rows import Rows
from fullcredits.sync.troubles import odd_form
from fullcredits.text import title_named

DOING = "its persons were read"
ASKED = "the list of persons"
FACTS = "facts of persons"
"""The key of the problem that what was known of many persons is missing at once."""
ROWS = "rows of the list of persons"
"""The key of the problem that the list lacks rows, and nobody knows whose: with it is kept when all
of the list is read again."""
WRECKED = (
    "what was known of most persons is missing in it (births, deaths, birthplaces, biographies or "
    "ids); that is kept until a list an hour later says the same"
)
MISNAMED = "its name has characters that nobody sees or types"
OVERLAP = dt.timedelta(minutes=10)
"""Persons saved so shortly before the last look are asked for again: servers save a record
before what hangs on it."""


async def persons_to_read(run: Context, *, full: bool, asked: bool) -> Persons:
    """Those changed since they were last read; now and then all, which tells who is there no
    longer. All are also read where the list lacked rows: by the next sync, then after growing
    pauses, lest one row that is broken for ever has everybody read each time.
    """
    lacking = await run.read(problems.open_problem, run.row.id, ROWS)
    if lacking is not None:
        due = asked or lacking.next_try is None or lacking.next_try <= now()
    else:
        due = _sweep_is_due(run)
    return Persons(run, None if full or due else _since(run), lacked=lacking is not None)


class Persons:
    """Reads persons' own facts, which change without any title's marker moving: of those changed
    `since`; None: of all. `lacked`: rows of their list could not be read before.

    What the server breaks on is a problem.
    """

    def __init__(self, run: Context, since: dt.datetime | None, *, lacked: bool) -> None:
        self._run = run
        self._since = since
        self._lacked = lacked
        self._pages = aiter(run.source.people(since))
        self._more = True
        self._broken = False
        self._wrecked = False
        self._watermark: dt.datetime | None = None
        self._listed = Rows()
        self._total = 0
        self._unread: set[str] = set()
        """Keys of rows of which nothing could be taken: those are asked for by their keys."""
        self._lacking: str | None = None
        """Why there are rows of which not even the key could be read."""

    async def read_page(self) -> bool:
        """Read a page of the list; False: there is none left. So persons can be read while a slow
        server is waited for anyway.
        """
        if not self._more:
            return False
        meanwhile = self._run.doing, self._run.asked
        self._run.doing, self._run.asked = DOING, ASKED
        try:
            page = await anext(self._pages, None)
        except (Failed, Nonsense) as error:
            page = None
            await self._break(error)
        self._run.doing, self._run.asked = meanwhile
        if page is None:
            self._more = False
            return False
        self._watermark = self._watermark or self._run.source.clock
        self._wrecked |= await _keep(self._run, page, self._listed)
        self._total = page.total
        self._unread |= {key for key, _ in page.broken} - {
            facts.person.key for facts in page.people
        }
        self._lacking = self._lacking or dict(page.broken).get("")
        return True

    async def finish(self) -> None:
        """Read what is left of the list, when all titles are read, and whoever is named and not
        listed; then the watermark is moved on.
        """
        self._run.doing, self._run.asked = DOING, ASKED
        while await self.read_page():
            self._run.watch.people(len(self._listed))
        if self._wrecked:
            await _doubt(self._run)
        if self._broken or self._wrecked or self._watermark is None:
            return  # or this kind of server knows nothing of persons
        run, listed = self._run, self._listed
        everybody = self._since is None
        told = everybody or bool(listed)  # a list that is empty may be a mistake
        lacks = self._lacks()
        before = 0 if everybody else run.row.people_up_to
        try:
            up_to, wrecked = await _read_unlisted(run, before, listed)
        except (Failed, Nonsense) as error:
            await self._break(error)
            return
        if wrecked:
            await _doubt(run)
            return
        await run.write(problems.solve_uncredited, run.row.id, ROWS)
        if lacks:
            await run.write(problems.note_problem, lacks, leave_alone=self._lacked)
        elif everybody:
            await run.write(problems.solve_problems, run.row.id, {ROWS})
        swept = everybody and bool(listed) and not lacks
        if swept:
            for row in await run.read(person_rows, run.row.id, sorted(self._unread)):
                listed.add(row)
            await run.write(vanished.persons, run.row.id, listed, run.rules.held_share)
        if listed or up_to > before:
            moved = bool(listed) and told
            at = self._watermark.replace(tzinfo=None, microsecond=0) - OVERLAP if moved else None
            await run.write(sources.note_people_read, run.row.id, at, up_to, swept=swept)

    def _lacks(self) -> problems.ProblemRow | None:
        """The problem that the list lacks rows that no key is known of. By ids only those are asked
        for who are credited and new.
        """
        why = self._lacking
        missing = self._total - len(self._listed) - len(self._unread - {""})
        if why is None and missing > 0:
            total = f"{self._total:,}"
            why = f"{missing:,} of its {total} rows did not come: does a proxy change answers?"
            self._run.failed(ROWS, ASKED, "people", Nonsense(self._run.row.name, why))
        if why is None:
            return None
        error = Nonsense(self._run.row.name, odd_form(why) if self._lacking else why)
        return problems.ProblemRow(
            self._run.row.id, ROWS, ASKED, "people", error.code, error.problem
        )

    async def _break(self, error: Failed | Nonsense) -> None:
        self._broken = True
        await self._run.problem("", ASKED, "people", error)


def _sweep_is_due(run: Context) -> bool:
    swept, days = run.row.people_swept_at, run.rules.reread_days
    return swept is not None and days > 0 and now() - swept > dt.timedelta(days=days)


def _since(run: Context) -> dt.datetime | None:
    read_at = run.row.people_read_at
    return read_at.replace(tzinfo=dt.UTC) if read_at else None


async def _read_unlisted(run: Context, above: int, listed: Rows) -> tuple[int, bool]:
    """Ask for persons by their keys who were named after that row id and are not listed: a user
    may be shown no list of them. A server that gives none of many gives none. Returns up to which
    row id they were asked for, and whether some of it is not believed.
    """
    named = await run.read(unread_persons, run.row.id, above)
    keys = [key for row, key in named if row not in listed]
    first, wrecked = 0, False
    async for page in run.source.persons(keys):
        asked = keys[first : first + page.total]
        broken = {key for key, _ in (*page.broken, *page.failed)}
        await run.write(problems.solve_problems, run.row.id, set(asked) - broken)
        wrecked |= await _keep(run, page, listed)
        run.watch.people(len(listed))
        if not page.people and not broken:
            break
        first += page.total
    return max([above, *(row for row, _ in named)]), wrecked


async def _keep(run: Context, page: PeoplePage, listed: Rows) -> bool:
    """Store a page, and whom it tells of; whether some of it is not believed."""
    changed, rows, wrecked, refused = await run.write(_put, run.row.id, page.people)
    for row in rows:
        listed.add(row)
    broken = [*((key, MISNAMED) for key in sorted(refused)), *page.broken]
    odd = [(key, Nonsense(run.row.name, odd_form(why))) for key, why in broken]
    failed = [*odd, *page.failed]
    keys = [key for key, _ in failed]
    names = await run.read(person_names, run.row.id, keys) if failed else {}
    for key, error in failed:
        what = f"the person {title_named(names[key])}" if key in names else f"the person {key}"
        if key:
            await run.problem(key, what, "people", error)
        else:
            run.failed(key, "a person without a key", "people", error)
    run.summary.people = len(listed)
    run.summary.people_changed += sum(row <= run.newest_person for row in changed)
    run.persons_told |= bool(changed)
    return wrecked


async def _doubt(run: Context) -> None:
    """Tell and keep that what came is not believed."""
    rest = f"read from {run.row.name} and not believed: {WRECKED}"
    run.summary.problems += 1
    run.tell_of(FACTS, ASKED, f"was {rest}", f"was {rest}")
    problem = problems.ProblemRow(run.row.id, FACTS, ASKED, "people", Nonsense.code, WRECKED)
    await run.write(problems.note_problem, problem)


def _put(
    db: Connection, source_id: int, people: Sequence[PersonFacts]
) -> tuple[set[int], list[int], bool, set[str]]:
    """Store a page; returns the row ids of those new or changed, of all, whether those who lose
    what was known are so many that they do not, and the keys of those whose names are not theirs.
    """
    refused = misnamed(db, source_id, people)
    named = [facts for facts in people if facts.person.key not in refused]
    losing = who_loses(db, source_id, named)
    since = problems.failing_since(db, source_id, FACTS)
    wrecked = are_wrecked(len(losing.keys), losing.known, since, now())
    kept = losing.keys if wrecked else frozenset[str]()
    changed = put_person_facts(db, source_id, [f for f in named if f.person.key not in kept])
    problems.solve_problems(db, source_id, {"", *(facts.person.key for facts in people)})
    rows = person_rows(db, source_id, [facts.person.key for facts in people])
    return changed, rows, wrecked, refused
