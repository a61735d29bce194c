"""Reading credits counted over the episodes of a show or season."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any, Literal, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Select,
    bindparam,
    case,
    cast,
    extract,
    func,
    or_,
    select,
)

from fullcredits.model import TitleKind
from fullcredits.store.read.credits import NAMED, Person
from fullcredits.store.schema import (
    characters,
    media_items,
    media_people,
    people,
    sources,
    titles,
)

GUEST_JOB = "Guest Star"


class Tally(NamedTuple):
    """How much one person did in one department over a stretch of episodes."""

    person: Person
    department: str
    episodes: int
    """Different episodes, however many sources state each."""
    as_guest: int
    """Those of them where a source says "Guest Star"."""
    first_year: int | None
    last_year: int | None


class EpisodeCredit(NamedTuple):
    """What a person did over a stretch of episodes, as one source states it, counted."""

    person: Person
    """Under the name credited, and without a portrait."""
    source: str
    department: str
    job: str
    character: str
    credited_as: str
    first_season: int | None
    """The number of the first season of which an episode is stated so; specials do not count."""


Level = Literal["show", "season"]


class Stretch(NamedTuple):
    """The episodes of a whole show, or of one season."""

    level: Level
    title_id: int


# A credit without a person is a person of its own for each way its name is written.
_UNKNOWN = case((media_people.c.person_id.is_(None), media_people.c.credited_as))


class Extent(NamedTuple):
    """How long a stretch is."""

    episodes: int
    """Those that have any credit."""
    first_season: int | None
    """The number of the first season; specials do not count."""


_SEASON = func.nullif(titles.c.season_number, 0)


def extent(db: Connection, stretch: Stretch) -> Extent:
    """How many episodes of it have any credit, and where it begins."""
    return Extent._make(db.execute(_extent(stretch.level), _here(stretch)).one())


@cache
def _extent(level: Level) -> Select[int, int | None]:
    credited = (
        select(media_people.c.id)
        .join(media_items, media_items.c.id == media_people.c.media_item_id)
        .where(media_items.c.title_id == titles.c.id, media_items.c.gone_since.is_(None))
        .exists()
    )
    return select(func.count(), func.min(_SEASON)).where(_within(level), credited)


def tally(db: Connection, stretch: Stretch, only: Collection[int] | None = None) -> list[Tally]:
    """Everybody of a stretch by department, most episodes first, then by best billing.

    `only` limits it to those people.
    """
    query, values = _tally(stretch.level), _here(stretch)
    if only is not None:
        query, values = _tally_of_some(stretch.level), values | {"persons": list(only)}
    return [Tally(Person._make(row[:3]), *row[3:]) for row in db.execute(query, values).all()]


@cache
def _tally(level: Level) -> Select[Any]:
    return _named(_tallied(level))


@cache
def _tally_of_some(level: Level) -> Select[Any]:
    return _named(_tallied(level).where(_SOME))


def _tallied(level: Level) -> Select[Any]:
    """Without names: those are many letters to sort by."""
    year = func.coalesce(titles.c.year, cast(extract("year", titles.c.released), Integer))
    return (
        select(
            media_people.c.person_id,
            _UNKNOWN.label("unknown"),
            media_people.c.department,
            func.count(titles.c.id.distinct()).label("episodes"),
            func.count(case((media_people.c.job == GUEST_JOB, titles.c.id)).distinct()).label(
                "as_guest"
            ),
            func.min(year).label("first_year"),
            func.max(year).label("last_year"),
            func.min(media_people.c.billing).label("billing"),
        )
        .select_from(_episodes())
        .where(_within(level), media_items.c.gone_since.is_(None))
        .group_by(media_people.c.person_id, _UNKNOWN, media_people.c.department)
    )


def _named(tallied: Select[Any]) -> Select[Any]:
    found = tallied.subquery()
    name = func.coalesce(people.c.name, found.c.unknown)
    counts = found.c["department", "episodes", "as_guest", "first_year", "last_year"]
    return (
        select(found.c.person_id, name, people.c.portrait_id, *counts)
        .select_from(found)
        .join(people, people.c.id == found.c.person_id, isouter=True)
        .order_by(found.c.episodes.desc(), found.c.billing, name)
    )


def episode_credits(
    db: Connection, stretch: Stretch, only: Collection[Person]
) -> list[EpisodeCredit]:
    """What these people did over a stretch, each statement once, the most frequent first."""
    values = _here(stretch) | {
        "persons": [person.id for person in only if person.id is not None],
        "names": [person.name for person in only if person.id is None],
    }
    rows = db.execute(_episode_credits(stretch.level), values).all()
    return [EpisodeCredit(Person(row[0], row[5], None), *row[1:]) for row in rows]


@cache
def _episode_credits(level: Level) -> Select[Any]:
    unknown = media_people.c.person_id.is_(None)
    named = media_people.c.credited_as.in_(bindparam("names", expanding=True))
    stated = (
        media_people.c.person_id,
        sources.c.name,
        media_people.c.department,
        media_people.c.job,
        media_people.c.character,
        media_people.c.credited_as,
    )
    return (
        select(*stated, func.min(_SEASON))
        .select_from(_episodes())
        .join(sources, sources.c.id == media_items.c.source_id)
        .where(_within(level), media_items.c.gone_since.is_(None))
        .where(or_(_SOME, unknown & named))
        .group_by(*stated)
        .order_by(func.count(titles.c.id.distinct()).desc(), *stated[1:])
    )


class Said(NamedTuple):
    """A job, and a character folded, of somebody over a stretch of episodes."""

    person: Person
    department: str
    job: str
    character: str
    first_season: int | None
    """The number of the first season of which an episode says so; specials do not count."""


def said_of_episodes(db: Connection, stretch: Stretch, words: Collection[str]) -> list[Said]:
    """The jobs and characters in which any of these folded words stands, each once."""
    character = func.coalesce(characters.c.name_folded, "")
    said = [
        text.contains(word, autoescape=True)
        for word in words
        for text in (character, func.lower(media_people.c.job))
    ]
    stated = (*NAMED, media_people.c.department, media_people.c.job, character)
    query = (
        select(*stated, func.min(_SEASON))
        .select_from(_episodes())
        .join(people, people.c.id == media_people.c.person_id, isouter=True)
        .join(characters, characters.c.id == media_people.c.character_id, isouter=True)
        .where(_within(stretch.level), media_items.c.gone_since.is_(None), or_(*said))
        .group_by(*stated)
    )
    rows = db.execute(query, _here(stretch)).all()
    return [Said(Person._make(row[:3]), *row[3:]) for row in rows]


_SOME = media_people.c.person_id.in_(bindparam("persons", expanding=True))


def _here(stretch: Stretch) -> dict[str, Any]:
    return {"here": stretch.title_id}


def _within(level: Level) -> ColumnElement[bool]:
    column = titles.c.show_id if level == "show" else titles.c.parent_id
    return (column == bindparam("here")) & (titles.c.kind == TitleKind.EPISODE)


def _episodes() -> FromClause:
    """The credits of episodes."""
    return titles.join(media_items, media_items.c.title_id == titles.c.id).join(
        media_people, media_people.c.media_item_id == media_items.c.id
    )
