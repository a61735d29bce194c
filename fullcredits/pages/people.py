"""The pages of a person: who they are and what they did."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from fullcredits.errors import NotFound
from fullcredits.pages import addresses
from fullcredits.pages.filmography import (
    EpisodeOf,
    Gathered,
    Work,
    WorksIn,
    gather_works,
    known_for,
    work,
)
from fullcredits.pages.parts import (
    Card,
    Link,
    Pages,
    Picture,
    age,
    counted,
    day,
    id_links,
    joined,
    paged,
    paragraphs,
    picture,
)
from fullcredits.store import Connection
from fullcredits.store.read import people as read
from fullcredits.store.read.people import PersonRow
from fullcredits.text import fold

KNOWN_FOR = 6
SHOWN_FIRST = 60
SHOWN_OTHER = 24
EPISODES_SHOWN = 240
"""On a whole page, over all shows; the rest is behind links."""
PAGE_SIZE = 150


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
    birthplace: str
    biography: tuple[str, ...]
    """By paragraphs."""
    ids: tuple[Link, ...]
    count: str
    """Like "63 titles"."""
    known_for: tuple[Card, ...]
    departments: tuple[WorksIn, ...]


@dataclass(frozen=True, slots=True)
class FilmographyPage:
    """One department of a filmography, as long as it is."""

    address: str
    heading: str
    """The person's name."""
    person: Link
    department: str
    works: tuple[Work, ...]
    pages: Pages


@dataclass(frozen=True, slots=True)
class AppearancesPage:
    """All episodes of a show that a person worked on, by department."""

    address: str
    heading: str
    """The person's name."""
    person: Link
    show: Link
    episodes: tuple[EpisodeOf, ...]
    pages: Pages


def person(db: Connection, person_id: int, today: dt.date | None = None) -> PersonPage:
    """The page of that person; ages are as of `today`. Raises NotFound, Moved."""
    row = _find(db, person_id)
    address = _address(row)
    departments = gather_works(row, read.works_of(db, row.id))
    titles = {item.top_id for works in departments.values() for item in works}
    most = sorted(departments, key=lambda name: -len(departments[name]))[:2]
    born, died = _dates(row, today or dt.date.today())
    return PersonPage(
        address=address,
        heading=row.name,
        portrait=picture("portrait", row.portrait_id, row.name),
        known_as=joined(most),
        also_known_as=tuple(n for n in row.also_known_as if fold(n) != fold(row.name)),
        born=born,
        died=died,
        birthplace=row.birthplace or "",
        biography=paragraphs(row.biography),
        ids=id_links(read.ids_of_person(db, row.id), "person"),
        count=counted(len(titles), "title"),
        known_for=_cards(departments, row) if len(titles) > KNOWN_FOR else (),
        departments=_sections(departments, row, address),
    )


def filmography(
    db: Connection, person_id: int, department: str = "", page: int = 1
) -> FilmographyPage:
    """A page of a department, by default of the first. Raises NotFound, Moved."""
    row = _find(db, person_id)
    base = _address(row)
    departments = gather_works(row, read.works_of(db, row.id))
    anchors = {fold(name): name for name in departments}
    name = anchors.get(department or next(iter(anchors), ""))
    if name is None:
        raise NotFound("This person has no credits in such a department.")
    items = departments[name]

    def address(number: int) -> str:
        return addresses.credits(base, department=fold(name), page=number)

    pages = paged(len(items), PAGE_SIZE, page, address)
    return FilmographyPage(
        address=addresses.credits(base),
        heading=row.name,
        person=Link(row.name, base),
        department=name,
        works=tuple(work(item, row, 0) for item in pages.cut(items, PAGE_SIZE)),
        pages=pages,
    )


def appearances(db: Connection, person_id: int, show_id: int, page: int = 1) -> AppearancesPage:
    """A page of their episodes of that show. Raises NotFound, Moved."""
    row = _find(db, person_id)
    base = _address(row)
    departments = gather_works(row, read.works_of(db, row.id))
    items = [w for works in departments.values() for w in works if w.top_id == show_id]
    if not items:
        raise NotFound("This person has no credits in such a show.")
    shown = [work(item, row, len(item.episodes)) for item in items]
    episodes = [episode for item in shown for episode in item.episodes]
    pages = paged(
        len(episodes), PAGE_SIZE, page, lambda n: addresses.appearances(base, show_id, page=n)
    )
    return AppearancesPage(
        address=addresses.appearances(base, show_id),
        heading=row.name,
        person=Link(row.name, base),
        show=Link(shown[0].title, shown[0].address),
        episodes=tuple(pages.cut(episodes, PAGE_SIZE)),
        pages=pages,
    )


def _find(db: Connection, person_id: int) -> PersonRow:
    row = read.person_by_id(db, person_id)
    if row is None:
        raise NotFound("There is nobody of this number here.")
    if row.merged_into is not None:
        row = read.person_by_id(db, row.merged_into) or row
        raise addresses.Moved(_address(row))
    return row


def _address(row: PersonRow) -> str:
    return addresses.of("person", row.id, row.name)


def _dates(row: PersonRow, today: dt.date) -> tuple[str, str]:
    if row.died is None:
        living = f" (aged {age(row.born, today)})" if row.born else ""
        return (f"{day(row.born)}{living}" if row.born else "", "")
    reached = f" (aged {age(row.born, row.died)})" if row.born else ""
    return (day(row.born) if row.born else "", f"{day(row.died)}{reached}")


def _cards(departments: dict[str, list[Gathered]], row: PersonRow) -> tuple[Card, ...]:
    works = (work(item, row, 0) for item in known_for(departments, KNOWN_FOR))
    return tuple(Card(w.title, w.address, w.kind, w.year, w.poster) for w in works)


def _sections(
    departments: dict[str, list[Gathered]], row: PersonRow, address: str
) -> tuple[WorksIn, ...]:
    episodes_left = EPISODES_SHOWN
    sections = []
    for place, (name, items) in enumerate(departments.items()):
        works = []
        for item in items[: SHOWN_OTHER if place else SHOWN_FIRST]:
            works.append(work(item, row, episodes_left))
            episodes_left -= len(works[-1].episodes)
        whole = addresses.credits(address, department=fold(name))
        more = whole if len(works) < len(items) else None
        sections.append(WorksIn(fold(name), name, len(items), tuple(works), more))
    return tuple(sections)
