"""The pages of a person: who they are and what they did."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, replace
from itertools import chain

from fullcredits.errors import NotFound
from fullcredits.model import Department
from fullcredits.pages import addresses
from fullcredits.pages.choosers import Chooser
from fullcredits.pages.filmography import (
    Gathered,
    Work,
    WorksIn,
    again_and_again,
    gather_works,
    known_for,
    work,
)
from fullcredits.pages.known import Panel, panel
from fullcredits.pages.parts import (
    Card,
    Link,
    Pages,
    Picture,
    age,
    day,
    id_links,
    joined,
    paged,
    paragraphs,
    picture,
)
from fullcredits.pages.wanted import Wanted, choosers, wanted_of
from fullcredits.store import Connection
from fullcredits.store.read import people as read
from fullcredits.store.read.people import PersonRow
from fullcredits.text import counted, fold

KNOWN_FOR = 6
CHARACTERS = 12
SHOWN_FIRST = 40
SHOWN_OTHER = 16
"""Of a department; all of it is a link away."""
EPISODES_SHOWN = 240
"""On a whole page, over all shows; the rest is behind links."""
PAGE_SIZE = 150


@dataclass(frozen=True, slots=True)
class Again:
    """A character somebody plays more than once."""

    name: str
    address: str
    count: str
    """Like "3 titles"."""


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A person with a filmography by department."""

    address: str
    heading: str
    portrait: Picture
    known_as: str
    """For the departments they work in most, like "Acting and Directing"."""
    also_known_as: tuple[str, ...]
    born: str
    """Like "17 July 1952 (aged 74)"; "" where unknown, and so on."""
    died: str
    birthplace: Link | None
    """To a map of the world."""
    biography: tuple[str, ...]
    """By paragraphs."""
    ids: tuple[Link, ...]
    count: str
    """Like "63 titles"."""
    known_for: tuple[Card, ...]
    again: tuple[Again, ...]
    """The characters they play again and again."""
    collaborators: str
    """Where everybody is that they worked with."""
    most: str
    """Where the few are that they worked with most."""
    filters: tuple[Chooser, ...]
    filtered: bool
    several_sources: bool
    """Not everything is on one server, so it is worth saying where each work is."""
    departments: tuple[WorksIn, ...]
    identity: Panel


@dataclass(frozen=True, slots=True)
class FilmographyPage:
    """One department of a filmography, as long as it is."""

    address: str
    heading: str
    """The person's name."""
    person: Link
    department: str
    filters: tuple[Chooser, ...]
    several_sources: bool
    works: tuple[Work, ...]
    pages: Pages


def person(
    db: Connection, person_id: int, wanted: Wanted | None = None, today: dt.date | None = None
) -> PersonPage:
    """The page of that person; ages are as of `today`.

    Raises NotFound, also for a filter there is not, and Moved.
    """
    row = find(db, person_id)
    address = address_of(row)
    wanted = wanted or Wanted()
    departments = gather_works(row, read.works_of(db, row.id))
    works = [item for items in departments.values() for item in items]
    titles = {item.top_id for item in works}
    most = sorted(departments, key=lambda name: _much(departments[name]), reverse=True)[:2]
    born, died = _dates(row, today or dt.date.today())
    place = row.birthplace
    return PersonPage(
        address=address,
        heading=row.name,
        portrait=picture("portrait", row.portrait_id, row.name),
        known_as=joined(most),
        also_known_as=tuple(n for n in row.also_known_as if fold(n) != fold(row.name)),
        born=born,
        died=died,
        birthplace=Link(place, addresses.map_of(place)) if place else None,
        biography=paragraphs(row.biography),
        ids=id_links(read.ids_of_person(db, row.id), "person"),
        count=counted(len(titles), "title"),
        known_for=_cards(departments, row) if len(titles) > KNOWN_FOR else (),
        again=_again(departments),
        collaborators=addresses.collaborators(address),
        most=addresses.most(address),
        filters=choosers(works, wanted, address),
        filtered=bool(wanted),
        several_sources=_on_several(works),
        departments=_sections(departments, row, wanted),
        identity=panel(db, row.id, address),
    )


def filmography(db: Connection, person_id: int, wanted: Wanted, page: int = 1) -> FilmographyPage:
    """A page of a department, by default of the first.

    Raises NotFound, also for a filter there is not, and Moved.
    """
    row = find(db, person_id)
    base = address_of(row)
    departments = gather_works(row, read.works_of(db, row.id))
    works = [item for items in departments.values() for item in items]
    if not works:
        raise NotFound("This person has no credits on anything that you have now.")
    if not wanted.department:
        wanted = replace(wanted, department=fold(works[0].department))
    filters = choosers(works, wanted, addresses.credits(base))
    items = wanted_of(works, wanted)

    def address(number: int) -> str:
        return addresses.credits(base, page=number, **asdict(wanted))

    pages = paged(len(items), PAGE_SIZE, page, address)
    return FilmographyPage(
        address=addresses.credits(base),
        heading=row.name,
        person=Link(row.name, base),
        department=next(name for name in departments if fold(name) == wanted.department),
        filters=filters,
        several_sources=_on_several(works),
        works=tuple(work(item, row, 0) for item in pages.cut(items, PAGE_SIZE)),
        pages=pages,
    )


def find(db: Connection, person_id: int) -> PersonRow:
    """The person of that id. Raises NotFound, or Moved to who they turned out to be."""
    row = read.person_by_id(db, person_id)
    if row is None:
        raise NotFound("There is nobody with this number.")
    if row.merged_into is not None:
        row = read.person_by_id(db, row.merged_into) or row
        raise addresses.Moved(address_of(row))
    return row


def address_of(row: PersonRow) -> str:
    """Where a person's page is."""
    return addresses.of("person", row.id, row.name)


def _dates(row: PersonRow, today: dt.date) -> tuple[str, str]:
    if row.died is None:
        living = f" (aged {age(row.born, today)})" if row.born else ""
        return (f"{day(row.born)}{living}" if row.born else "", "")
    reached = f" (aged {age(row.born, row.died)})" if row.born else ""
    return (day(row.born) if row.born else "", f"{day(row.died)}{reached}")


def _much(works: list[Gathered]) -> tuple[int, int]:
    """How many titles these are, and how many episodes: on television all may be one title."""
    return len(works), sum(item.episodes for item in works)


def _cards(departments: dict[str, list[Gathered]], row: PersonRow) -> tuple[Card, ...]:
    works = (work(item, row, 0) for item in known_for(departments, KNOWN_FOR))
    return tuple(Card(w.title, w.address, w.kind, w.year, w.poster) for w in works)


def _again(departments: dict[str, list[Gathered]]) -> tuple[Again, ...]:
    found = again_and_again(departments.get(Department.ACTING, ()))
    return tuple(
        Again(name, addresses.character(name), counted(number, "title"))
        for name, number in found[:CHARACTERS]
    )


def _on_several(works: list[Gathered]) -> bool:
    return len(set(chain.from_iterable(item.sources for item in works))) > 1


def _sections(
    departments: dict[str, list[Gathered]], row: PersonRow, wanted: Wanted
) -> tuple[WorksIn, ...]:
    episodes_left = EPISODES_SHOWN
    sections: list[WorksIn] = []
    for name, every in departments.items():
        items = wanted_of(every, wanted)
        if not items:
            continue
        works = []
        for item in items[: SHOWN_OTHER if sections else SHOWN_FIRST]:
            works.append(work(item, row, episodes_left))
            episodes_left -= len(works[-1].episodes)
        filters = asdict(wanted) | {"department": fold(name)}
        whole = addresses.credits(address_of(row), **filters)
        more = whole if len(works) < len(items) else None
        sections.append(WorksIn(fold(name), name, len(items), tuple(works), more))
    return tuple(sections)
