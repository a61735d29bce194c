"""Planning a sync: list everything cheaply, and store what is new and what waits to be read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from fullcredits.errors import Failed, Nonsense
from fullcredits.model import Library, ListedTitle, TitleKind
from fullcredits.sources.trouble import Costly, NotOpen
from fullcredits.store import problems
from fullcredits.store.engine import PATIENT_SECONDS
from fullcredits.store.gone import titles_named
from fullcredits.store.listed import compare_listed, put_listed
from fullcredits.store.named import full_names
from fullcredits.sync.context import Context
from fullcredits.sync.rows import Rows
from fullcredits.sync.troubles import odd_form
from fullcredits.text import title_named

_MOST_HANG = 2
"""Lists running that may hang, or be far too large: then the server is at fault, and each takes
minutes."""


@dataclass(slots=True)
class Listing:
    """What the listings of a source said."""

    seen: Rows = field(default_factory=Rows)
    """Row ids of every title listed."""
    complete: set[tuple[str, TitleKind]] = field(default_factory=set)
    """(library key, kind) of the listings that held as many titles as the server said."""
    news: bool = False
    """Something was listed that was not known."""


class Lister:
    """Lists the libraries of one source and stores what they say, a page at a time."""

    def __init__(
        self, run: Context, libraries: Mapping[Library, int], later: Collection[str]
    ) -> None:
        self._run = run
        self._libraries = libraries
        self._later = later
        self.failing: set[str] = set()
        """What of the listings could not be read, by the keys of its problems."""
        self._hang = 0
        self._failed: Failed | Nonsense | NotOpen | None = None
        self.listing = Listing()

    async def list_all(self) -> AsyncIterator[TitleKind]:
        """List every library; gives each kind when all of that kind are stored, parents first.

        A library that cannot be listed, and a row that cannot be read, are problems, tried again
        by themselves. Raises the SourceError that makes going on pointless, as when none of all
        libraries can be listed, or two lists running hang.
        """
        run = self._run
        for kind in TitleKind:
            later: list[int] = []
            for library, library_id in self._libraries.items():
                if library.key in self._later:
                    later.append(library_id)
                elif kind in library.kind.title_kinds:
                    await self._list(library, library_id, kind, later)
            run.summary.titles = len(self.listing.seen)
            yield kind
        if self._failed and not (self.listing.complete or self._later):
            raise self._failed
        await run.write(problems.solve_listed, run.row.id, self.failing, self._later)

    async def _list(
        self, library: Library, library_id: int, kind: TitleKind, before: Collection[int]
    ) -> None:
        here = total = 0
        self._run.asked = f"the {kind}s in {library.name}"
        try:
            async for page in self._run.source.listing(library, kind):
                await asyncio.to_thread(self._put, library_id, page.items, before)
                await self._note_broken(library, page.broken)
                here, total = here + len(page.items), page.total
                self._run.watch.listed(f"{library.name}: {kind}s", here, total)
                await self._run.between()
        except (Failed, Nonsense, NotOpen) as error:
            self._failed = self._failed or error
            self._hang = self._hang + 1 if isinstance(error, Costly) else 0
            if self._hang == _MOST_HANG:
                raise
            await self._broken(
                f"{library.key} {kind}", f"the list of {kind}s in {library.name}", error
            )
            return
        self._hang = 0
        if here >= total:
            self.listing.complete.add((library.key, kind))

    async def _note_broken(self, library: Library, broken: Sequence[tuple[str, str]]) -> None:
        """Rows that cannot be read: named as they are known from before, or by their keys."""
        keys = [key for key, _ in broken if key]
        known = await self._run.read(titles_named, self._run.row.id, keys) if keys else []
        names = await self._run.read(full_names, [title.id for title in known])
        named = {title.key: title_named(names[title.id]) for title in known}
        for key, why in broken:
            stranger = f"a title in {library.name}{f' (its key is {key})' if key else ''}"
            error = Nonsense(self._run.row.name, odd_form(why))
            await self._broken(f"{library.key} {key}", named.get(key, stranger), error)

    async def _broken(self, key: str, what: str, error: Failed | Nonsense | NotOpen) -> None:
        self.failing.add(key)
        await self._run.problem(key, what, "listing", error, leave_alone=True)

    def _put(self, library_id: int, items: Sequence[ListedTitle], before: Collection[int]) -> None:
        """Store a page, if it says anything new. A title that two libraries show is the first's,
        also where those `before` this one are not listed now.
        """
        store, source_id, seen = self._run.store, self._run.row.id, self.listing.seen
        with store.reading() as db:
            compared = compare_listed(db, source_id, library_id, items, before)
        moved = [row for row in compared.moved if row["row_id"] not in seen]
        compared = compared._replace(moved=moved)
        ids = compared.known
        if moved or compared.fresh:
            self.listing.news = True
            with store.writing(PATIENT_SECONDS) as db:
                ids = put_listed(db, source_id, library_id, compared)
        for row in ids.values():
            seen.add(row)
