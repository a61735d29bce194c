"""Everybody: a list to wander through, each of its states with an address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from fullcredits.model import Department
from fullcredits.pages import addresses
from fullcredits.pages.choosers import Chooser, State
from fullcredits.pages.parts import PersonCard, person_card
from fullcredits.store import Connection
from fullcredits.store.read import libraries
from fullcredits.store.read import listed_people as read
from fullcredits.store.read.stretches import Place
from fullcredits.text import fold

SHOWN = 96
DEPARTMENTS = {fold(name): name for name in Department}
"""By their names in addresses."""


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """A stretch of everybody who worked on something that a source has."""

    address: str
    heading: str
    count: str
    """Of all; "" where only some are listed."""
    sorts: Chooser
    departments: Chooser
    letters: Chooser
    people: tuple[PersonCard, ...]
    before: str | None
    after: str | None
    """The addresses of the stretches before and after this one."""


def all_people(
    db: Connection,
    sort: str = "name",
    letter: str = "",
    department: str = "",
    after: int | None = None,
    before: int | None = None,
) -> PeoplePage:
    """The stretch after or before a person, else the first one.

    Raises NotFound for a sort, letter or department there is not.
    """
    state = State({"sort": sort, "letter": letter, "department": department}, addresses.people)
    letters = [("", "All"), *((c, c.upper()) for c in read.LETTERS), (read.OTHER, "Other")]
    sorts = state.chooser("sort", "Sort by", (("name", "A–Z"), ("titles", "Most titles")))
    names = [(value, str(name)) for value, name in DEPARTMENTS.items()]
    departments = state.chooser("department", "Department", [("", "All"), *names])
    lettered = state.chooser("letter", "Last name begins with", letters)
    which = read.People(letter, DEPARTMENTS.get(department, ""))
    beside = after or before
    place = Place(beside, before=after is None) if beside is not None else None
    found = read.people_in(db, which, cast(read.PeopleOrder, sort), SHOWN, place)
    everybody = not letter and not department
    ids = [line.person.id or 0 for line in found.lines]
    return PeoplePage(
        address=addresses.people(),
        heading="People",
        count=f"{libraries.all_totals(db).people:,} in all" if everybody else "",
        sorts=sorts,
        departments=departments,
        letters=lettered,
        people=tuple(person_card(line.person, line.titles) for line in found.lines),
        before=state.address(before=ids[0]) if found.more_before and ids else None,
        after=state.address(after=ids[-1]) if found.more_after and ids else None,
    )
