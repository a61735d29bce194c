"""Reading what a source knows of persons beyond their names and credits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from fullcredits.errors import Failed, Nonsense
from fullcredits.model import PersonFacts
from fullcredits.sources.contract import PeoplePage
from fullcredits.store import Connection, problems, sources, vanished
from fullcredits.store.person_lists import PersonList, forget_list, keep_list, list_under_way
from fullcredits.store.persons import (
    misnamed,
    person_names,
    person_rows,
    put_person_facts,
    unread_persons,
    who_loses,
)
from fullcredits.store.sources import SourceRow, now
from fullcredits.sync.context import Context
from fullcredits.sync.doubts import are_wrecked
from fullcredits.sync.person_list import OLDEST, PersonPages
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
Take = Callable[[Connection, Sequence[int], bool], None]
"""Notes what a page is to the list, in its transaction: by the row ids of its persons, and whether
some of it is not believed."""


async def persons_to_read(run: Context, *, asked: bool) -> Persons:
    """The list that the run before did not come to the end of; else those changed since they were
    last read; now and then all, which tells who is there no longer. All are also read where the
    list lacked rows: by the next sync, then after growing pauses, lest one row that is broken for
    ever has everybody read each time.
    """
    row = await run.read(sources.source_by_id, run.row.id)
    left = await run.read(list_under_way, row.id)
    lacking = await run.read(problems.open_problem, row.id, ROWS)
    if lacking is not None:
        due = asked or lacking.next_try is None or lacking.next_try <= now()
    else:
        due = _sweep_is_due(run, row)
    everybody = left is not None and left.since is None
    if left is None or now() - left.began_at > OLDEST or (due and not everybody):
        left = PersonList(now(), None if due or everybody else row.people_read_at)
    return Persons(run, left, row.people_up_to, lacked=lacking is not None)


def read_everybody(db: Connection, source_id: int) -> None:
    """Let all persons be listed by this run, or by the next one, from the beginning."""
    keep_list(db, source_id, PersonList(now()))


class Persons:
    """Reads persons' own facts, which change without any title's marker moving. `up_to`: those with
    higher row ids were named since they were read last; `lacked`: rows of their list could not be
    read before.

    What the server breaks on is a problem.
    """

    def __init__(self, run: Context, so_far: PersonList, up_to: int, *, lacked: bool) -> None:
        self._run = run
        self._pages = PersonPages(run, so_far)
        self._everybody = so_far.since is None
        self._up_to = 0 if self._everybody else up_to
        self._lacked = lacked
        self._more = True
        self._broken = False

    @property
    def resumed(self) -> bool:
        """Another run began with the list: what changed since then is not in it."""
        return self._pages.resumed

    async def read_page(self) -> bool:
        """Read a page of the list; False: there is none left. So persons can be read while a slow
        server is waited for anyway.
        """
        if not self._more:
            return False
        meanwhile = self._run.doing, self._run.asked
        self._run.doing, self._run.asked = DOING, ASKED
        try:
            page = await self._pages.next_page()
        except (Failed, Nonsense) as error:
            page = None
            await self._break(error)
        self._run.doing, self._run.asked = meanwhile
        if page is None:
            self._more = False
            return False

        def take(db: Connection, rows: Sequence[int], wrecked: bool) -> None:
            self._pages.take(db, page, rows, wrecked)

        await _keep(self._run, page, take)
        self._run.summary.people = len(self._pages.listed)
        return True

    async def finish(self) -> bool:
        """Read what is left of the list, when all titles are read, and whoever is named and not
        listed; then the watermark is moved on. False: something of it failed, or is not believed.
        """
        run, pages = self._run, self._pages
        run.doing, run.asked = DOING, ASKED
        while await self.read_page():
            run.watch.people(len(pages.listed))
            await run.between()
        if self._broken:
            return False
        if pages.so_far.watermark is None:  # this kind of server knows nothing of persons
            await run.write(forget_list, run.row.id)
            return True
        if not pages.so_far.wrecked:
            try:
                up_to = await self._read_unlisted()
            except (Failed, Nonsense) as error:
                await self._break(error)
                return False
        if pages.so_far.wrecked:
            await _doubt(run)
            return False
        await self._end(up_to)
        return True

    async def _end(self, up_to: int) -> None:
        """Everybody is read up to this row id: tell who is there no longer, move the watermark."""
        run, listed, so_far = self._run, self._pages.listed, self._pages.so_far
        lacks = self._lacks()
        await run.write(problems.solve_uncredited, run.row.id, ROWS)
        if lacks:
            await run.write(problems.note_problem, lacks, leave_alone=self._lacked)
        elif self._everybody:
            await run.write(problems.solve_problems, run.row.id, {ROWS})
        swept = self._everybody and bool(listed) and not lacks
        if swept:
            for row in await run.read(person_rows, run.row.id, so_far.unread):
                listed.add(row)
            await run.write(vanished.persons, run.row.id, listed, run.rules.held_share)
        # A list that is empty may be a mistake.
        told = bool(listed) and (self._everybody or so_far.shown > 0)
        moved = so_far.watermark - OVERLAP if told and so_far.watermark else None
        if listed or up_to > self._up_to:
            await run.write(_note_read, run.row.id, moved, up_to, swept=swept)
        else:
            await run.write(forget_list, run.row.id)

    async def _read_unlisted(self) -> int:
        """Ask for persons by their keys who were named since persons were read last and are not
        listed: a user may be shown no list of them. A server that gives none of many gives none.
        Returns up to which row id they were asked for.
        """
        run, pages = self._run, self._pages
        named = await run.read(unread_persons, run.row.id, self._up_to)
        left = [
            (row, key)
            for row, key in named
            if row not in pages.listed and row > pages.so_far.asked_up_to
        ]
        first = 0
        async for page in run.source.persons([key for _, key in left]):
            asked = left[first : first + page.total]
            first += page.total
            broken = {key for key, _ in (*page.broken, *page.failed)}
            given = {key for _, key in asked} - broken
            up_to, more = asked[-1][0], first < len(left)

            def take(
                db: Connection,
                rows: Sequence[int],
                wrecked: bool,
                given: set[str] = given,
                up_to: int = up_to,
                more: bool = more,
            ) -> None:
                problems.solve_problems(db, run.row.id, given)
                pages.take_asked(db, rows, wrecked, up_to, more=more)

            await _keep(run, page, take)
            run.summary.people = len(pages.listed)
            run.watch.people(len(pages.listed))
            if not page.people and not broken:
                break
        return max([self._up_to, pages.so_far.asked_up_to, *(row for row, _ in named)])

    def _lacks(self) -> problems.ProblemRow | None:
        """The problem that the list lacks rows that no key is known of. By ids only those are asked
        for who are credited and new.
        """
        so_far = self._pages.so_far
        why = so_far.lacking
        missing = so_far.total - so_far.shown - len(so_far.unread)
        if why is None and missing > 0:
            total = f"{so_far.total:,}"
            why = f"{missing:,} of its {total} rows did not come: does a proxy change answers?"
            self._run.failed(ROWS, ASKED, "people", Nonsense(self._run.row.name, why))
        if why is None:
            return None
        error = Nonsense(self._run.row.name, odd_form(why) if so_far.lacking else why)
        return problems.ProblemRow(
            self._run.row.id, ROWS, ASKED, "people", error.code, error.problem
        )

    async def _break(self, error: Failed | Nonsense) -> None:
        self._broken = True
        await self._run.problem("", ASKED, "people", error)


def _sweep_is_due(run: Context, row: SourceRow) -> bool:
    swept, days = row.people_swept_at, run.rules.reread_days
    return swept is not None and days > 0 and now() - swept > dt.timedelta(days=days)


def _note_read(
    db: Connection, source_id: int, at: dt.datetime | None, up_to: int, *, swept: bool
) -> None:
    sources.note_people_read(db, source_id, at, up_to, swept=swept)
    forget_list(db, source_id)


async def _keep(run: Context, page: PeoplePage, take: Take) -> None:
    """Store a page, and whom it tells of; what it is to the list is noted with it by `take`."""
    changed, refused = await run.write(_put, run.row.id, page.people, take)
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
    run.summary.people_changed += sum(row <= run.newest_person for row in changed)
    run.persons_told |= bool(changed)


async def _doubt(run: Context) -> None:
    """Tell and keep that what came is not believed."""
    rest = f"read from {run.row.name} and not believed: {WRECKED}"
    run.summary.problems += 1
    run.tell_of(FACTS, ASKED, f"was {rest}", f"was {rest}")
    problem = problems.ProblemRow(run.row.id, FACTS, ASKED, "people", Nonsense.code, WRECKED)

    def keep(db: Connection) -> None:
        problems.note_problem(db, problem)
        forget_list(db, run.row.id)

    await run.write(keep)


def _put(
    db: Connection, source_id: int, people: Sequence[PersonFacts], take: Take
) -> tuple[set[int], set[str]]:
    """Store a page; returns the row ids of those new or changed, and the keys of those whose names
    are not theirs. Where those who lose what was known are too many, they do not.
    """
    refused = misnamed(db, source_id, people)
    named = [facts for facts in people if facts.person.key not in refused]
    losing = who_loses(db, source_id, named)
    since = problems.failing_since(db, source_id, FACTS)
    wrecked = are_wrecked(len(losing.keys), losing.known, since, now())
    kept = losing.keys if wrecked else frozenset[str]()
    changed = put_person_facts(db, source_id, [f for f in named if f.person.key not in kept])
    problems.solve_problems(db, source_id, {"", *(facts.person.key for facts in people)})
    take(db, person_rows(db, source_id, [facts.person.key for facts in people]), wrecked)
    return changed, refused
