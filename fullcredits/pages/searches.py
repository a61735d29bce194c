"""The page of finds."""

from __future__ import annotations

from dataclasses import dataclass

from fullcredits.pages import addresses
from fullcredits.pages.credits import link_to
from fullcredits.pages.parts import Card, Picture, counted, picture
from fullcredits.pages.titles import card
from fullcredits.store import Connection
from fullcredits.store.search import PersonFound, find_people, find_titles

SHOWN = 48
LONGEST_QUERY = 200


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A person found."""

    name: str
    address: str
    portrait: Picture
    credits: str
    """Like "12 credits"."""


@dataclass(frozen=True, slots=True)
class SearchPage:
    """People and titles for a query, best first."""

    address: str
    heading: str
    query: str
    people: tuple[PersonCard, ...]
    titles: tuple[Card, ...]
    more_people: bool
    more_titles: bool
    """There are more than are shown."""


def search(db: Connection, query: str) -> SearchPage:
    """The finds for a query; a query without letters or digits finds nothing."""
    query = query[:LONGEST_QUERY].strip()
    people = find_people(db, query, SHOWN + 1)
    titles = find_titles(db, query, SHOWN + 1)
    return SearchPage(
        address=addresses.search(query),
        heading=f"“{query}”" if query else "Search",
        query=query,
        people=tuple(_person(found) for found in people[:SHOWN]),
        titles=tuple(card(row) for row in titles[:SHOWN]),
        more_people=len(people) > SHOWN,
        more_titles=len(titles) > SHOWN,
    )


def _person(found: PersonFound) -> PersonCard:
    person = found.person
    return PersonCard(
        name=person.name,
        address=link_to(person).address or "",
        portrait=picture("portrait", person.portrait_id, person.name),
        credits=counted(found.credits, "credit"),
    )
