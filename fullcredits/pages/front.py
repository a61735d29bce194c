"""The front page."""

from __future__ import annotations

from dataclasses import dataclass

from fullcredits.pages import addresses
from fullcredits.pages.parts import Card
from fullcredits.pages.titles import card
from fullcredits.store import Connection
from fullcredits.store.read import libraries as read
from fullcredits.store.read.listed_titles import recently_added
from fullcredits.text import counted

RECENT = 24


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


def home(db: Connection) -> HomePage:
    """The front page."""
    items = read.all_libraries(db)
    add = ""
    recent = recently_added(db, RECENT)
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
                name=item.name,
                address=addresses.library(item.id),
                source=item.source_name,
                kind=item.source_kind,
                count=counted(item.titles, "title"),
            )
            for item in items
        ),
        totals=_facts(read.all_totals(db)),
    )


def _facts(totals: read.Totals) -> tuple[Fact, ...]:
    named = zip(("movies", "shows", "episodes", "people", "credits"), totals, strict=True)
    return tuple(Fact(f"{number:,}", label) for label, number in named if number)
