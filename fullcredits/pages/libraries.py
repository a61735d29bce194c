"""The front page and the pages of libraries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from fullcredits.errors import NotFound
from fullcredits.pages import addresses
from fullcredits.pages.parts import Card, Pages, counted, paged
from fullcredits.pages.titles import card
from fullcredits.store import Connection
from fullcredits.store.read import libraries as read
from fullcredits.store.read import titles as titles_read

RECENT = 24
PAGE_SIZE = 60
_SORTS = {"title": "A–Z", "year": "Year", "added": "Added"}


@dataclass(frozen=True, slots=True)
class LibraryItem:
    """A library to open."""

    name: str
    address: str
    source: str
    kind: str
    """Of the source: "plex" or "jellyfin"."""
    count: str
    """Like "1,204 titles"."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A number to be proud of."""

    number: str
    label: str


@dataclass(frozen=True, slots=True)
class HomePage:
    """What there is; with no source or nothing synced, what to do next."""

    address: str
    heading: str
    advice: tuple[str, ...]
    """Commands to run next, where there is nothing to show yet."""
    add: str
    """Where a server is added, while there is none; or ""."""
    recent: tuple[Card, ...]
    libraries: tuple[LibraryItem, ...]
    totals: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Sort:
    """A way to order a library."""

    text: str
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class LibraryPage:
    """A stretch of a library's posters."""

    address: str
    heading: str
    source: str
    count: str
    sorts: tuple[Sort, ...]
    cards: tuple[Card, ...]
    pages: Pages


def home(db: Connection) -> HomePage:
    """The front page."""
    items = read.libraries_with_counts(db)
    recent = titles_read.recently_added(db, RECENT)
    add = ""
    if recent:
        advice: tuple[str, ...] = ()
    elif read.count_sources(db):
        advice = ("fullcredits sync",)
    else:
        advice, add = ("fullcredits source add", "fullcredits demo"), addresses.add_server()
    return HomePage(
        address=addresses.at("/"),
        heading="Fullcredits",
        advice=advice,
        add=add,
        recent=tuple(card(row) for row in recent),
        libraries=tuple(
            LibraryItem(
                name=item.library.name,
                address=addresses.library(item.library.id),
                source=item.library.source_name,
                kind=item.library.source_kind,
                count=counted(item.titles, "title"),
            )
            for item in items
        ),
        totals=_facts(read.totals(db)),
    )


def library(db: Connection, library_id: int, sort: str = "title", page: int = 1) -> LibraryPage:
    """A page of that library. Raises NotFound, also for a sort there is not."""
    row = read.library_by_id(db, library_id)
    if row is None:
        raise NotFound("There is no library of this number here.")
    if sort not in _SORTS:
        raise NotFound("A library cannot be sorted like that.")
    total = titles_read.count_library_titles(db, library_id)
    pages = paged(
        total, PAGE_SIZE, page, lambda n: addresses.library(library_id, sort=sort, page=n)
    )
    rows = titles_read.library_titles(
        db,
        library_id,
        cast(titles_read.Order, sort),
        PAGE_SIZE,
        (pages.page - 1) * PAGE_SIZE,
    )
    return LibraryPage(
        address=addresses.library(library_id),
        heading=row.name,
        source=row.source_name,
        count=counted(total, "title"),
        sorts=tuple(
            Sort(text, addresses.library(library_id, sort=name), name == sort)
            for name, text in _SORTS.items()
        ),
        cards=tuple(card(row) for row in rows),
        pages=pages,
    )


def _facts(totals: read.Totals) -> tuple[Fact, ...]:
    named = zip(("movies", "shows", "episodes", "people", "credits"), totals, strict=True)
    return tuple(Fact(f"{number:,}", label) for label, number in named if number)
