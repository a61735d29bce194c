"""Everybody and everything: lists to wander through, each of their states with an address."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import cast

from fullcredits.errors import NotFound
from fullcredits.model import Department, TitleKind
from fullcredits.pages import addresses
from fullcredits.pages.credits import link_to
from fullcredits.pages.parts import Card, Pages, counted, paged, picture
from fullcredits.pages.searches import PersonCard
from fullcredits.pages.titles import card
from fullcredits.store import Connection
from fullcredits.store.read import browse as read
from fullcredits.store.read.titles import Order
from fullcredits.text import fold

PEOPLE_SHOWN = 96
TITLES_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose."""

    text: str
    value: str
    """As the address has it; "" for all."""
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Chooser:
    """A filter or an order, with what there is to choose."""

    name: str
    """In addresses."""
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """A stretch of everybody with a credit."""

    address: str
    heading: str
    sorts: Chooser
    departments: Chooser
    letters: Chooser
    people: tuple[PersonCard, ...]
    before: str | None
    after: str | None
    """The addresses of the stretches before and after this one."""


@dataclass(frozen=True, slots=True)
class TitlesPage:
    """A stretch of all movies and shows."""

    address: str
    heading: str
    count: str
    sorts: Chooser
    filters: tuple[Chooser, ...]
    filtered: bool
    cards: tuple[Card, ...]
    pages: Pages


def all_people(
    db: Connection, sort: str = "name", letter: str = "", department: str = "", page: int = 1
) -> PeoplePage:
    """A page of everybody. Raises NotFound for a sort, letter or department there is not."""
    state = {"sort": sort, "letter": letter, "department": department}

    def address(number: int, name: str = "", value: str = "") -> str:
        values = state | ({name: value} if name else {})
        values["sort"] = "" if values["sort"] == "name" else values["sort"]
        return addresses.people(page=number, **values)

    def chooser(name: str, label: str, choices: Iterable[tuple[str, str]]) -> Chooser:
        return _chooser(name, label, choices, state[name], lambda v: address(1, name, v))

    names = {fold(name): str(name) for name in Department}
    letters = [("", "All"), *((c, c.upper()) for c in read.LETTERS), (read.OTHER, "…")]
    sorts = chooser("sort", "Sort by", (("name", "A–Z"), ("credits", "Most credits")))
    departments = chooser("department", "Department", [("", "All"), *names.items()])
    lettered = chooser("letter", "Last name begins with", letters)
    which = read.People(letter, names.get(department, ""))
    listed = read.people_by_name if sort == "name" else read.people_by_credits
    rows = listed(db, which, PEOPLE_SHOWN + 1, (page - 1) * PEOPLE_SHOWN)
    return PeoplePage(
        address=addresses.people(),
        heading="People",
        sorts=sorts,
        departments=departments,
        letters=lettered,
        people=tuple(_person(row) for row in rows[:PEOPLE_SHOWN]),
        before=address(page - 1) if page > 1 else None,
        after=address(page + 1) if len(rows) > PEOPLE_SHOWN else None,
    )


def all_titles(
    db: Connection,
    sort: str = "title",
    kind: str = "",
    decade: str = "",
    genre: str = "",
    source: str = "",
    page: int = 1,
) -> TitlesPage:
    """A page of everything. Raises NotFound for a sort or filter there is not."""
    state = {"sort": sort, "kind": kind, "decade": decade, "genre": genre, "source": source}

    def address(number: int, name: str = "", value: str = "") -> str:
        values = state | ({name: value} if name else {})
        values["sort"] = "" if values["sort"] == "title" else values["sort"]
        return addresses.titles(page=number, **values)

    def chooser(name: str, label: str, choices: Iterable[tuple[str, str]]) -> Chooser:
        return _chooser(name, label, choices, state[name], lambda v: address(1, name, v))

    kinds = (("", "All"), (TitleKind.MOVIE, "Films"), (TitleKind.SHOW, "Shows"))
    filters = (
        chooser("kind", "Kind", kinds),
        chooser("decade", "Decade", [("", "All"), *((str(d), f"{d}s") for d in read.decades(db))]),
        chooser("genre", "Genre", [("", "All"), *((g, g) for g in read.genres(db))]),
        chooser(
            "source",
            "Server",
            [("", "All"), *((str(k), v) for k, v in read.source_names(db).items())],
        ),
    )
    sorts = chooser("sort", "Sort by", (("title", "A–Z"), ("year", "Year"), ("added", "Added")))
    which = read.Titles(
        kind, int(decade) if decade else None, genre, int(source) if source else None
    )
    total = read.count_titles_in(db, which)
    pages = paged(total, TITLES_SHOWN, page, address)
    rows = read.titles_in(
        db, which, cast(Order, sort), TITLES_SHOWN, (pages.page - 1) * TITLES_SHOWN
    )
    return TitlesPage(
        address=addresses.titles(),
        heading="Titles",
        count=counted(total, "title"),
        sorts=sorts,
        filters=filters,
        filtered=any((kind, decade, genre, source)),
        cards=tuple(card(row) for row in rows),
        pages=pages,
    )


def _chooser(
    name: str,
    label: str,
    choices: Iterable[tuple[str, str]],
    chosen: str,
    address: Callable[[str], str],
) -> Chooser:
    """Raises NotFound when what is chosen is not among the choices."""
    made = tuple(Choice(text, value, address(value), value == chosen) for value, text in choices)
    if not any(choice.chosen for choice in made):
        raise NotFound(f"There is no {label.lower()} “{chosen}” here.")
    return Chooser(name, label, made)


def _person(row: read.PersonLine) -> PersonCard:
    person = row.person
    return PersonCard(
        name=person.name,
        address=link_to(person).address or "",
        portrait=picture("portrait", person.portrait_id, person.name),
        credits=counted(row.credits, "credit"),
    )
