"""The whole list of a title's cast and crew, by department and page."""

from __future__ import annotations

from dataclasses import dataclass

from fullcredits.errors import NotFound
from fullcredits.model import TitleKind
from fullcredits.pages import addresses
from fullcredits.pages.credits import Entry, Group, Line, Section, key_of
from fullcredits.pages.groups import People, people_of, section
from fullcredits.pages.parts import Link, Pages, paged
from fullcredits.pages.titles import address_of, find
from fullcredits.store import Connection
from fullcredits.store.read import over_episodes
from fullcredits.text import fold, numbered

PAGE_SIZE = 200
FOUND_SHOWN = 40
"""Of each department, where all are filtered at once; all of it is a link away."""


@dataclass(frozen=True, slots=True)
class Tab:
    """A department to choose, or all of them."""

    anchor: str
    text: str
    address: str
    total: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class CreditsPage:
    """One department of a title, as long as it is, or what a filter finds in all of them."""

    address: str
    heading: str
    """Of the title."""
    title: Link
    tabs: tuple[Tab, ...]
    """The departments that have anybody, when one of them is shown."""
    department: str
    """The heading of that one, else ""."""
    anchor: str
    """Its name in addresses."""
    query: str
    """What the lists are filtered by; "" for all."""
    lines: tuple[Line, ...]
    """Of the one department."""
    pages: Pages
    found: tuple[Section, ...]
    """What the filter finds in each department that has any of it, when none was chosen."""


def credits(
    db: Connection,
    kind: TitleKind,
    title_id: int,
    department: str = "",
    page: int = 1,
    query: str = "",
) -> CreditsPage:
    """A page of one department, by default of the first; with a `query`, by default of all.

    `query` keeps those in whose name, characters or jobs all of its words stand. Raises NotFound,
    Moved.
    """
    row = find(db, title_id, kind)
    base = address_of(row)
    people = people_of(db, row)
    if department and department not in (group.anchor for group in people.groups):
        raise NotFound("This title has no such department.")
    words = fold(query).split()
    if words:
        said = _said(db, people, words)
        for group in people.groups:
            group.entries = [entry for entry in group.entries if _says(entry, words, said)]
    having = [group for group in people.groups if group.entries]
    by_all = bool(words) and not department
    chosen = None if by_all else next((g for g in having if department in ("", g.anchor)), None)
    anchor = chosen.anchor if chosen else department
    entries = chosen.entries if chosen else []

    def address(number: int) -> str:
        return addresses.credits(base, department=anchor, page=number, query=query)

    pages = paged(len(entries), PAGE_SIZE, page, address)
    shown = pages.cut(entries, PAGE_SIZE)
    parts = [(group, group.entries[:FOUND_SHOWN]) for group in having] if by_all else []
    people.detail(db, [*shown, *(entry for _, part in parts for entry in part)])
    is_season = kind == TitleKind.SEASON
    heading = numbered("Season", row.season_number, row.title) if is_season else row.title
    return CreditsPage(
        address=addresses.credits(base),
        heading=heading,
        title=Link(heading, base),
        tabs=() if by_all else _tabs(having, chosen, base, query if words else ""),
        department=chosen.heading if chosen else "",
        anchor=anchor,
        query=query,
        lines=tuple(entry.line() for entry in shown),
        pages=pages,
        found=tuple(section(group, part, base, query) for group, part in parts),
    )


def _tabs(having: list[Group], chosen: Group | None, base: str, query: str) -> tuple[Tab, ...]:
    """With a filter, back to what it finds in all departments, too."""
    total = sum(len(group.entries) for group in having)
    everywhere = Tab("", "All", addresses.credits(base, query=query), total, chosen=False)
    return (
        *([everywhere] if query and having else []),
        *(
            Tab(
                group.anchor,
                group.heading,
                addresses.credits(base, department=group.anchor, query=query),
                len(group.entries),
                group is chosen,
            )
            for group in having
        ),
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
