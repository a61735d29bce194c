"""The whole list of a title's cast and crew, by department and page."""

from __future__ import annotations

from dataclasses import dataclass

from fullcredits.errors import NotFound
from fullcredits.model import TitleKind
from fullcredits.pages import addresses
from fullcredits.pages.credits import Entry, Line, key_of
from fullcredits.pages.groups import People, people_of
from fullcredits.pages.parts import Link, Pages, numbered, paged
from fullcredits.pages.titles import address_of, find
from fullcredits.store import Connection
from fullcredits.store.read import over_episodes
from fullcredits.text import fold

PAGE_SIZE = 200


@dataclass(frozen=True, slots=True)
class Tab:
    """A department to choose."""

    anchor: str
    text: str
    address: str
    total: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class CreditsPage:
    """One department of a title, as long as it is."""

    address: str
    heading: str
    """Of the title."""
    title: Link
    tabs: tuple[Tab, ...]
    """All departments; empty for a title without credits."""
    department: str
    """The heading of the chosen one."""
    anchor: str
    """Its name in addresses."""
    query: str
    """What the lists are filtered by; "" for all."""
    lines: tuple[Line, ...]
    pages: Pages


def credits(
    db: Connection,
    kind: TitleKind,
    title_id: int,
    department: str = "",
    page: int = 1,
    query: str = "",
) -> CreditsPage:
    """A page of one department, by default of the first that has anybody.

    `query` keeps those in whose name, characters or jobs all of its words stand. Raises NotFound,
    Moved.
    """
    row = find(db, title_id, kind)
    people = people_of(db, row)
    words = fold(query).split()
    if words:
        said = _said(db, people, words)
        for group in people.groups:
            group.entries = [entry for entry in group.entries if _says(entry, words, said)]
    chosen = next((g for g in people.groups if g.anchor == department), None)
    if department and chosen is None:
        raise NotFound("This title has no such department.")
    if chosen is None and people.groups:
        chosen = next((g for g in people.groups if g.entries), people.groups[0])
    anchor = chosen.anchor if chosen else ""
    entries = chosen.entries if chosen else []
    base = address_of(row)

    def address(number: int) -> str:
        return addresses.credits(base, department=anchor, page=number, query=query)

    pages = paged(len(entries), PAGE_SIZE, page, address)
    shown = pages.cut(entries, PAGE_SIZE)
    people.detail(db, shown)
    is_season = kind == TitleKind.SEASON
    heading = numbered("Season", row.season_number, row.title) if is_season else row.title
    return CreditsPage(
        address=addresses.credits(base),
        heading=heading,
        title=Link(heading, base),
        tabs=tuple(
            Tab(
                group.anchor,
                group.heading,
                addresses.credits(base, department=group.anchor, query=query),
                len(group.entries),
                group is chosen,
            )
            for group in people.groups
        ),
        department=chosen.heading if chosen else "",
        anchor=anchor,
        query=query,
        lines=tuple(entry.line() for entry in shown),
        pages=pages,
    )


def _said(db: Connection, people: People, words: list[str]) -> dict[object, list[str]]:
    """What episodes say of whom and may be told, as far as it has to do with the words."""
    said: dict[object, list[str]] = {}
    if people.stretch is not None:
        for one in over_episodes.said_of_episodes(db, people.stretch, words):
            if not people.comes_later(one):
                texts = said.setdefault(key_of(one.person, one.department), [])
                texts += (one.character, fold(one.job))
    return said


def _says(entry: Entry, words: list[str], said: dict[object, list[str]]) -> bool:
    own = (fold(entry.person.name), *entry.names, *entry.characters, *entry.jobs)
    everything = " ".join((*own, *said.get(key_of(entry.person, entry.department), ())))
    return all(word in everything for word in words)
