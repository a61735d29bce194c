"""Whom a person worked with, and what two people did together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from fullcredits.errors import NotFound
from fullcredits.model import TitleKind
from fullcredits.pages import addresses, spoilers
from fullcredits.pages.choosers import Chooser, State
from fullcredits.pages.everybody import DEPARTMENTS
from fullcredits.pages.filmography import Work, gather_works, work
from fullcredits.pages.parts import Link, Pages, Picture, given, paged, picture
from fullcredits.pages.people import address_of, find
from fullcredits.store import Connection
from fullcredits.store.read import people as people_read
from fullcredits.store.read import together as read
from fullcredits.store.read.people import PersonRow
from fullcredits.text import counted

MOST = 9
PAGE_SIZE = 96
EPISODES_SHOWN = 60
"""Of each show."""
TOGETHER_SHOWN = 300
"""Works on one page; more than anybody has with anybody."""


@dataclass(frozen=True, slots=True)
class Collaborator:
    """Somebody a person worked with."""

    name: str
    portrait: Picture
    address: str
    """Of all they did together."""
    count: str
    """Like "7 titles together", or "2 titles, 212 episodes together"."""


@dataclass(frozen=True, slots=True)
class MostPage:
    """The few that a person worked with most."""

    address: str
    all: str
    """Where everybody is that they worked with."""
    people: tuple[Collaborator, ...]


@dataclass(frozen=True, slots=True)
class CollaboratorsPage:
    """Everybody that a person worked with, most first."""

    address: str
    heading: str
    person: Link
    departments: Chooser
    people: tuple[Collaborator, ...]
    pages: Pages


@dataclass(frozen=True, slots=True)
class Side:
    """One of two people."""

    person: Link
    portrait: Picture


@dataclass(frozen=True, slots=True)
class Shared:
    """A movie or show of both, with what each of them did: one line a department."""

    first: tuple[Work, ...]
    second: tuple[Work, ...]

    @property
    def title(self) -> Work:
        """The movie or show itself."""
        return self.first[0]


@dataclass(frozen=True, slots=True)
class TogetherPage:
    """All that two people worked on together, newest first."""

    address: str
    heading: str
    sides: tuple[Side, Side]
    count: str
    """Like "7 titles", or "2 titles, 212 episodes"."""
    shared: tuple[Shared, ...]


def most_together(db: Connection, person_id: int) -> MostPage:
    """The few they worked with most. Raises NotFound, Moved."""
    person = find(db, person_id)
    base = address_of(person)
    found = read.collaborators(db, person.id, "", MOST, 0)
    return MostPage(
        addresses.most(base),
        addresses.collaborators(base),
        tuple(_collaborator(base, one) for one in found),
    )


def collaborators(
    db: Connection, person_id: int, department: str = "", page: int = 1
) -> CollaboratorsPage:
    """Everybody, or those of a department of theirs. Raises NotFound, Moved."""
    person = find(db, person_id)
    base = address_of(person)
    state = State({"department": department}, partial(addresses.collaborators, base))
    names = [(value, str(name)) for value, name in DEPARTMENTS.items()]
    departments = state.chooser("department", "Department", [("", "All"), *names])
    theirs = str(DEPARTMENTS.get(department, ""))
    total = read.count_collaborators(db, person.id, theirs)
    pages = paged(total, PAGE_SIZE, page, lambda number: state.address(page=number))
    offset = (pages.page - 1) * PAGE_SIZE
    found = read.collaborators(db, person.id, theirs, PAGE_SIZE, offset)
    return CollaboratorsPage(
        address=addresses.collaborators(base),
        heading=person.name,
        person=Link(person.name, base),
        departments=departments,
        people=tuple(_collaborator(base, one) for one in found),
        pages=pages,
    )


def together(db: Connection, one_id: int, other_id: int) -> TogetherPage:
    """What they worked on: the same films, and shows with an episode in common.

    Raises NotFound, Moved.
    """
    one, other = find(db, one_id), find(db, other_id)
    if one.id == other.id:
        raise NotFound("That is one person.")
    theirs = [people_read.works_of(db, person.id) for person in (one, other)]
    common = {row.title_id for row in theirs[0]} & {row.title_id for row in theirs[1]}
    episodes = {
        row.title_id
        for row in theirs[0]
        if row.title_id in common and row.kind == TitleKind.EPISODE
    }
    found = [
        gather_works(person, (row for row in rows if row.title_id in common))
        for person, rows in zip((one, other), theirs, strict=True)
    ]
    lines: dict[int, tuple[list[Work], list[Work]]] = {}
    newest: dict[int, int] = {}
    for side, (person, departments) in enumerate(zip((one, other), found, strict=True)):
        for item in (item for items in departments.values() for item in items):
            newest[item.top_id] = max(newest.get(item.top_id, 0), item.newest)
            shown = work(item, person, 0 if side else EPISODES_SHOWN)
            lines.setdefault(item.top_id, ([], []))[side].append(shown)
    order = sorted(lines, key=lambda top: (-newest[top], top))
    return TogetherPage(
        address=addresses.together(address_of(one), other.id),
        heading=f"{one.name} and {other.name}",
        sides=(_side(one), _side(other)),
        count=_count(len(order), len(episodes)),
        shared=tuple(
            Shared(tuple(lines[top][0]), tuple(lines[top][1])) for top in order[:TOGETHER_SHOWN]
        ),
    )


def _collaborator(base: str, found: read.Collaborator) -> Collaborator:
    person = found.person
    return Collaborator(
        name=person.name,
        portrait=picture("portrait", person.portrait_id, person.name),
        address=addresses.together(base, person.id or 0),
        count=f"{_count(found.titles, found.episodes)} together",
    )


def _count(titles: int, episodes: int) -> str:
    """How many episodes somebody is in is a spoiler, with whomever."""
    told = episodes and not spoilers.are_hidden()
    return ", ".join(
        given(counted(titles, "title"), counted(episodes, "episode") if told else None)
    )


def _side(row: PersonRow) -> Side:
    return Side(Link(row.name, address_of(row)), picture("portrait", row.portrait_id, row.name))
