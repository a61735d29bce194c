"""The page of a character: everyone who played it."""

from __future__ import annotations

from dataclasses import dataclass

from fullcredits.errors import NotFound
from fullcredits.pages import addresses
from fullcredits.pages.credits import link_to
from fullcredits.pages.parts import Link, Pages, Picture, paged, picture
from fullcredits.store import Connection
from fullcredits.store.read import characters as read
from fullcredits.store.read.characters import PlayedIn
from fullcredits.store.read.credits import Person

PAGE_SIZE = 60
TITLES_SHOWN = 12
"""Of each person."""


@dataclass(frozen=True, slots=True)
class Part:
    """A title in which somebody plays the character."""

    title: Link
    year: str


@dataclass(frozen=True, slots=True)
class PlayerItem:
    """Somebody who plays it."""

    name: str
    address: str
    portrait: Picture
    parts: tuple[Part, ...]
    """The first of them, oldest first."""
    more: int
    """How many more there are."""


@dataclass(frozen=True, slots=True)
class CharacterPage:
    """Everyone who plays a character, the most faithful first."""

    address: str
    heading: str
    players: tuple[PlayerItem, ...]
    pages: Pages


def character(db: Connection, name: str, page: int = 1) -> CharacterPage:
    """Who plays it. Raises NotFound where nobody does."""
    texts = read.texts_of(db, name)
    total = read.count_players(db, texts.ids) if texts.ids else 0
    if not total:
        raise NotFound("Nobody plays this in your libraries.")
    pages = paged(total, PAGE_SIZE, page, lambda n: addresses.character(texts.name, page=n))
    found = read.players(db, texts.ids, PAGE_SIZE, (pages.page - 1) * PAGE_SIZE)
    parts: dict[int, list[PlayedIn]] = {}
    for part in read.played_in(db, texts.ids, [p.id for p in found if p.id]):
        parts.setdefault(part.person_id, []).append(part)
    return CharacterPage(
        address=addresses.character(texts.name),
        heading=texts.name,
        players=tuple(_player(row, parts.get(row.id or 0, [])) for row in found),
        pages=pages,
    )


def _player(person: Person, parts: list[PlayedIn]) -> PlayerItem:
    return PlayerItem(
        name=person.name,
        address=link_to(person).address or "",
        portrait=picture("portrait", person.portrait_id, person.name),
        parts=tuple(
            Part(
                Link(part.title, addresses.of(part.kind, part.id, part.title)), str(part.year or "")
            )
            for part in parts[:TITLES_SHOWN]
        ),
        more=max(0, len(parts) - TITLES_SHOWN),
    )
