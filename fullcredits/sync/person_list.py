"""The list of a source's persons, page by page, from where the run before left it.

The list is in the order of names. While it is read, rows move: whoever is added or renamed makes
some come twice, whoever is removed lets others slip to a page that was read. So a list is gone on
with some rows before where it was left, and where they are not those that were there before, from
further back; the same where it got shorter between two pages. Who was renamed or added meanwhile
was saved since it began, and is in the next list of changes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from fullcredits.sources.contract import PeoplePage
from fullcredits.store import Connection
from fullcredits.store.person_lists import PersonList, keep_list
from fullcredits.sync.context import Context
from fullcredits.sync.rows import Rows

OLDEST = dt.timedelta(days=1)
"""An older list is begun anew, for two reasons: who is on none of its pages is called gone, which
is to be as of one day; and what changed since it began is asked for when it is finished, which
after a longer time may be as much as the list itself."""
SEAM = 50
"""So many rows are read again where a list is gone on with; half of them have to be there still."""
_MOST_FALLS = 5
"""So often a total that fell has rows read again in one run: one that goes up and down would keep
it for ever."""


class PersonPages:
    """The pages of a list, begun or gone on with."""

    def __init__(self, run: Context, so_far: PersonList) -> None:
        self._run = run
        self.so_far = so_far
        self.listed = Rows(so_far.listed)
        """Row ids of those who came."""
        self.resumed = so_far.begun
        """Another run began with it."""
        self._kept = so_far.begun
        self._seam = so_far.begun and not so_far.again
        """The next page has to begin before where the last one ended."""
        self._falls = 0
        """How often the list got shorter between two pages."""
        self._pages: AsyncIterator[PeoplePage] | None = None
        self._at = 0
        """Where these pages go on."""

    async def next_page(self) -> PeoplePage | None:
        """Ask for the next page; None: there is none left. Raises the SourceError of one that
        cannot be read. What comes is to be stored, and noted by `take`.
        """
        while True:
            page = await anext(self._opened(), None)
            if page is not None:
                return _without_broken(page) if self.so_far.again else page
            if self.so_far.again or not self._lacks():
                return None
            # Rows of equal names change places between pages.
            self.so_far = self.so_far._replace(again=True, position=0)
            self._seam = False

    def take(self, db: Connection, page: PeoplePage, rows: Sequence[int], wrecked: bool) -> None:
        """Note a page in the transaction that stores it: with the row ids of its persons, and
        whether some of it is not believed.
        """
        again = sum(row in self.listed for row in rows)
        broken = {key for key, _ in page.broken} - {facts.person.key for facts in page.people}
        so_far = self.so_far
        position = self._goes_on(page, again)
        self._at = page.end
        self._add(rows)
        self.so_far = so_far._replace(
            watermark=so_far.watermark or _naive(self._run.source.clock),
            position=position,
            total=page.total,
            shown=len(self.listed),
            unread=tuple(sorted({*so_far.unread, *broken} - {""})),
            keyless=so_far.keyless + sum(not key for key, _ in page.broken),
            lacking=so_far.lacking or dict(page.broken).get(""),
            wrecked=so_far.wrecked or wrecked,
        )
        self._keep(db, more=position < page.total)

    def take_asked(
        self, db: Connection, rows: Sequence[int], wrecked: bool, up_to: int, *, more: bool
    ) -> None:
        """As `take`, of persons who were asked for by their keys."""
        self._add(rows)
        wrecked |= self.so_far.wrecked
        self.so_far = self.so_far._replace(wrecked=wrecked, asked_up_to=up_to)
        self._keep(db, more=more)

    def _add(self, rows: Sequence[int]) -> None:
        for row in rows:
            self.listed.add(row)

    def _keep(self, db: Connection, *, more: bool) -> None:
        """What comes to its end with this is not kept; most lists of changes are one page."""
        if more or self._kept:
            keep_list(db, self._run.row.id, self.so_far._replace(listed=self.listed.bits))
            self._kept = True

    def _opened(self) -> AsyncIterator[PeoplePage]:
        so_far = self.so_far
        if self._pages is None and so_far.begun and so_far.position >= so_far.total:
            self._pages = _nothing()  # it had come to its end
        elif self._pages is None or self._at != so_far.position:
            start = max(0, so_far.position - SEAM) if self._pages is None else so_far.position
            since = so_far.since and so_far.since.replace(tzinfo=dt.UTC)
            self._pages = self._run.source.people(since, start)
        self._at = so_far.position
        return self._pages

    def _goes_on(self, page: PeoplePage, again: int) -> int:
        """Where the list goes on after a page on which so many come `again`."""
        fell = self.so_far.total - page.total
        if page.start > 0 and not self.so_far.again:
            if self._seam and 2 * again < SEAM:
                back = max(page.end - page.start, 10 * SEAM)
                return max(0, min(page.start, page.total) - back)
            if not self._seam and fell > 0 and self._falls < _MOST_FALLS:
                self._seam = True
                self._falls += 1
                return max(0, page.start - fell - SEAM)
        self._seam = False
        return page.end

    def _lacks(self) -> bool:
        so_far = self.so_far
        return so_far.total > so_far.shown + len(so_far.unread) + so_far.keyless


def _without_broken(page: PeoplePage) -> PeoplePage:
    """Of a list that is read a second time: what is broken in it was told before."""
    broken = {key for key, _ in page.broken}
    people = tuple(facts for facts in page.people if facts.person.key not in broken)
    return replace(page, people=people, broken=())


def _naive(at: dt.datetime | None) -> dt.datetime | None:
    return at and at.replace(tzinfo=None, microsecond=0)


async def _nothing() -> AsyncIterator[PeoplePage]:
    nothing: tuple[PeoplePage, ...] = ()
    for page in nothing:
        yield page
