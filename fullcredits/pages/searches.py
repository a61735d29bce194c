"""The page of finds, and its short form that appears while one types."""

from __future__ import annotations

from dataclasses import dataclass

from fullcredits.pages import addresses
from fullcredits.pages.parts import Card, PersonCard, person_card
from fullcredits.pages.titles import card
from fullcredits.store import Connection
from fullcredits.store.read.listed_titles import recently_added
from fullcredits.store.search import find_people, find_titles
from fullcredits.store.search_characters import MOST_PLAYERS, CharacterFound, find_characters
from fullcredits.store.search_closest import closest
from fullcredits.text import counted

SHOWN = 48
SHOWN_AT_ONCE = 5
"""Of each group, while one types."""
LONGEST_QUERY = 200


@dataclass(frozen=True, slots=True)
class CharacterCard:
    """A character found."""

    name: str
    address: str
    people: str
    """Like "Played by 6 people"."""


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Titles, people and characters for a query, best first."""

    address: str
    heading: str
    query: str
    guessed: bool
    """Nothing is called like that; what is shown is written almost so."""
    titles: tuple[Card, ...]
    people: tuple[PersonCard, ...]
    characters: tuple[CharacterCard, ...]
    more_titles: bool
    more_people: bool
    more_characters: bool
    """There are more than are shown."""
    anything: bool
    """Whether there is anything that could be found."""


def search(db: Connection, query: str, shown: int = SHOWN) -> SearchPage:
    """The finds for a query; a query without letters or digits finds nothing."""
    query = query[:LONGEST_QUERY].strip()
    titles = find_titles(db, query, shown + 1)
    people = find_people(db, query, shown + 1)
    characters = find_characters(db, query, shown + 1)
    guessed = not (titles or people or characters)
    if guessed:
        titles, people, characters = closest(db, query, min(shown, SHOWN // 4))
        guessed = bool(titles or people or characters)
    found = bool(titles or people or characters)
    return SearchPage(
        address=addresses.search(query),
        heading=f"“{query}”" if query else "Search",
        query=query,
        guessed=guessed,
        titles=tuple(card(row) for row in titles[:shown]),
        people=tuple(person_card(*found) for found in people[:shown]),
        characters=tuple(_character(found) for found in characters[:shown]),
        more_titles=len(titles) > shown,
        more_people=len(people) > shown,
        more_characters=len(characters) > shown,
        anything=found or bool(recently_added(db, 1)),
    )


def _character(found: CharacterFound) -> CharacterCard:
    exactly = counted(found.people, "person", "people")
    many = f"Played by {MOST_PLAYERS:,} people or more"
    return CharacterCard(
        name=found.name,
        address=addresses.character(found.name),
        people=many if found.people >= MOST_PLAYERS else f"Played by {exactly}",
    )
