"""Who is behind each credit that a simulated server serves, beside what the database made of it."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select
from starlette.applications import Starlette

from fullcredits.simulate import JellyfinLibrary, PlexLibrary
from fullcredits.store.schema import media_items, media_people, source_people, sources
from tests.sync.household import Household

MOST_ROLES = 200
Place = tuple[str, str, int]
"""The source's name, the title's key on it, the billing."""


class Known(NamedTuple):
    """A stored credit and the truth about it."""

    source: str
    work: str
    name: str
    keyed: bool
    """Its source knows the person by more than the name."""
    humans: frozenset[str]
    """More than one where the server itself fused namesakes."""
    person: int
    title: int


def humans_of(app: Starlette, source: str) -> dict[Place, frozenset[str]]:
    """The humans behind every credit served."""
    library: PlexLibrary | JellyfinLibrary = app.state.library
    if isinstance(library, PlexLibrary):
        return {
            (source, str(key), billing): frozenset({human})
            for key in library.items
            for billing, human in enumerate(_plex_humans(library, key))
        }
    return {
        (source, key, billing): frozenset(human.id for human in credit.humans)
        for key in library.items
        for billing, credit in enumerate(library.people(key))
    }


def _plex_humans(library: PlexLibrary, key: int) -> list[str]:
    people = library.people(key)
    return [
        tag.human.id
        for kind in ("Role", "Director", "Writer", "Producer")
        for tag in people.get(kind, ())[:MOST_ROLES]
    ]


def works_of(app: Starlette) -> dict[str, str]:
    """The id of the work behind every key."""
    return {str(key): item.work.id for key, item in app.state.library.items.items()}


def known(house: Household, apps: dict[str, Starlette]) -> list[Known]:
    """Every stored credit of living titles, with the truth."""
    humans = {place: h for name, app in apps.items() for place, h in humans_of(app, name).items()}
    works = {name: works_of(app) for name, app in apps.items()}
    query = (
        select(
            sources.c.name.label("source"),
            media_items.c.key,
            media_people.c.billing,
            media_people.c.credited_as,
            source_people.c.by_name,
            media_people.c.person_id,
            media_items.c.title_id,
        )
        .select_from(media_people)
        .join(media_items)
        .join(source_people, source_people.c.id == media_people.c.source_person_id)
        .join(sources, sources.c.id == media_items.c.source_id)
        .where(media_items.c.gone_since.is_(None))
    )
    return [
        Known(
            row.source,
            works[row.source][row.key],
            row.credited_as,
            not row.by_name,
            humans[row.source, row.key, row.billing],
            row.person_id,
            row.title_id,
        )
        for row in house.rows(query)
    ]
