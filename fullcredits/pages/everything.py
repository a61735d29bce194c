"""Everything, and everything in a library: lists of posters, each of their states an address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import cast

from fullcredits.errors import NotFound
from fullcredits.model import LibraryKind, TitleKind
from fullcredits.pages import addresses
from fullcredits.pages.choosers import Chooser, State
from fullcredits.pages.parts import Card, Pages, paged
from fullcredits.pages.titles import card
from fullcredits.store import Connection
from fullcredits.store.read import libraries
from fullcredits.store.read import listed_titles as read
from fullcredits.store.read.stretches import Place
from fullcredits.store.read.titles import CardRow
from fullcredits.text import counted

SHOWN = 60
SMALL = 1_000
"""Titles of a library of which all are looked at for any page of it."""
_SORTS = (("title", "A–Z"), ("year", "Year"), ("added", "Added"))
_KINDS = (("", "All"), (TitleKind.MOVIE, "Films"), (TitleKind.SHOW, "Shows"))
_OF_ONE_KIND: dict[str, str] = {
    LibraryKind.MOVIES: TitleKind.MOVIE,
    LibraryKind.SHOWS: TitleKind.SHOW,
}
_COUNTED = {
    "": ("film or show", "films and shows"),
    TitleKind.MOVIE: ("film", "films"),
    TitleKind.SHOW: ("show", "shows"),
}


@dataclass(frozen=True, slots=True)
class TitlesPage:
    """A stretch of all movies and shows, or of a library's."""

    address: str
    heading: str
    source: str
    """Of a library, the server it is on; else ""."""
    count: str
    sorts: Chooser
    filters: tuple[Chooser, ...]
    filtered: bool
    cards: tuple[Card, ...]
    pages: Pages


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a list is to be shown, as the address says it; "" for what does not matter."""

    sort: str = "title"
    kind: str = ""
    decade: str = ""
    genre: str = ""
    source: str = ""
    page: int = 1
    after: int | None = None
    before: int | None = None
    """Between which titles the page is, as links from the pages beside it say."""

    @property
    def filters(self) -> dict[str, str]:
        """Those of all lists."""
        return {"kind": self.kind, "decade": self.decade, "genre": self.genre}


def all_titles(db: Connection, asked: Asked) -> TitlesPage:
    """A page of everything. Raises NotFound for a sort or filter there is not."""
    values = {"sort": asked.sort, **asked.filters, "source": asked.source}
    state = State(values, addresses.titles)
    names = [(str(number), name) for number, name in read.source_names(db).items()]
    servers = state.chooser("source", "Server", [("", "All"), *names])
    filters = (*_filters(db, state), servers)
    which = _which(asked)._replace(source=int(asked.source) if asked.source else None)
    return _page(db, asked, state, filters, which, read.count_titles_in(db, which))


def library(db: Connection, library_id: int, asked: Asked) -> TitlesPage:
    """A page of that library. Raises NotFound, also for a sort or filter there is not."""
    found = libraries.library_by_id(db, library_id)
    if found is None:
        raise NotFound("There is no library with this number.")
    state = State({"sort": asked.sort, **asked.filters}, partial(addresses.library, library_id))
    filters = _filters(db, state)
    kind = asked.kind or _OF_ONE_KIND.get(found.kind, "")
    if found.kind in _OF_ONE_KIND and not asked.kind:
        filters = filters[1:]
    small = found.titles <= SMALL
    which = _which(asked)._replace(library=library_id, small=small)
    total = read.count_titles_in(db, which) if any(asked.filters.values()) else found.titles
    return replace(
        _page(db, asked, state, filters, which, total),
        address=addresses.library(library_id),
        heading=found.name,
        count=_counted(total, kind, asked),
        source=found.source_name,
    )


def _counted(count: int, kind: str, asked: Asked) -> str:
    everything = not kind and not asked.source and not any(asked.filters.values())
    return f"{count:,} in all" if everything else counted(count, *_COUNTED[kind])


def _filters(db: Connection, state: State) -> tuple[Chooser, ...]:
    decades = ((str(decade), f"{decade}s") for decade in read.decades(db))
    genres = ((genre, genre) for genre in read.genres(db))
    return (
        state.chooser("kind", "Kind", _KINDS),
        state.chooser("decade", "Decade", [("", "All"), *decades]),
        state.chooser("genre", "Genre", [("", "All"), *genres]),
    )


def _which(asked: Asked) -> read.Titles:
    return read.Titles(asked.kind, int(asked.decade) if asked.decade else None, asked.genre)


def _page(
    db: Connection,
    asked: Asked,
    state: State,
    filters: tuple[Chooser, ...],
    which: read.Titles,
    count: int,
) -> TitlesPage:
    sorts = state.chooser("sort", "Sort by", _SORTS)
    pages = paged(count, SHOWN, asked.page, lambda number: state.address(page=number))
    order = cast(read.TitleOrder, asked.sort)
    wanted = read.Wanted(SHOWN, (pages.page - 1) * SHOWN, count)
    rows = read.titles_in(db, which, order, wanted, _place(asked))
    return TitlesPage(
        address=addresses.titles(),
        heading="Titles",
        source="",
        count=_counted(count, asked.kind, asked),
        sorts=sorts,
        filters=filters,
        filtered=any(chooser.chosen.value for chooser in filters),
        cards=tuple(card(row) for row in rows),
        pages=_beside(pages, rows, state),
    )


def _place(asked: Asked) -> Place | None:
    beside = asked.after or asked.before
    return Place(beside, before=asked.after is None) if beside else None


def _beside(pages: Pages, rows: Sequence[CardRow], state: State) -> Pages:
    """The same, with links that say where exactly the pages before and after are.

    So nothing before them is counted, and nothing is shown twice when titles come and go.
    """
    if not rows:
        return pages
    before = state.address(page=pages.page - 1, before=str(rows[0].id))
    after = state.address(page=pages.page + 1, after=str(rows[-1].id))
    return replace(pages, before=pages.before and before, after=pages.after and after)
