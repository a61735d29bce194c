"""Reading people: who they are and everything they did."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, Text, bindparam, cast, func, select, type_coerce
from sqlalchemy.types import UserDefinedType

from fullcredits.model import ExternalId, TitleKind
from fullcredits.store.schema import (
    media_items,
    media_people,
    people,
    person_ids,
    sources,
    titles,
)


class PersonRow(NamedTuple):
    """A person whole."""

    id: int
    name: str
    also_known_as: Sequence[str]
    born: dt.date | None
    died: dt.date | None
    birthplace: str | None
    biography: str | None
    portrait_id: int | None
    merged_into: int | None


class WorkRow(NamedTuple):
    """One credit of a person as one source states it, with the title it is on.

    `show_title` and `show_poster_id` are of the show, for seasons and episodes; `genres` are those
    of the movie or show.
    """

    media_item_id: int
    billing: int
    id: int
    """Of the credit. By these three it is sorted."""
    department: str
    job: str
    character: str
    credited_as: str
    source_id: int
    source: str
    title_id: int
    kind: TitleKind
    title: str
    year: int | None
    released: dt.date | None
    poster_id: int | None
    season_number: int | None
    episode_number: int | None
    parent_id: int | None
    show_id: int | None
    show_title: str | None
    show_poster_id: int | None
    genres: Sequence[str]
    """Each once."""


_PERSON = select(*(people.c[name] for name in PersonRow._fields))
_BY_ID = _PERSON.where(people.c.id == bindparam("id"))
_IDS = (
    select(person_ids.c.scheme, person_ids.c.value)
    .where(person_ids.c.person_id == bindparam("person"))
    .order_by(person_ids.c.scheme, person_ids.c.value)
)


def person_by_id(db: Connection, person_id: int) -> PersonRow | None:
    """The person of that id, merged ones too."""
    row = db.execute(_BY_ID, {"id": person_id}).first()
    return PersonRow._make(row) if row else None


def ids_of_person(db: Connection, person_id: int) -> list[ExternalId]:
    """Their external ids, sorted."""
    return [ExternalId._make(row) for row in db.execute(_IDS, {"person": person_id})]


@lru_cache(maxsize=4096)
def _listed(genres: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(json.loads(genres)))


class _Listed(UserDefinedType[tuple[str, ...]]):
    """A list that is read as text: few lists are many titles', and each is taken apart once."""

    cache_ok = True

    def result_processor(self, *_: Any) -> Callable[[str], tuple[str, ...]]:
        return _listed


def _works() -> Select[Any]:
    show = titles.alias("show")
    return (
        select(
            media_people.c.media_item_id,
            media_people.c.billing,
            media_people.c.id,
            media_people.c.department,
            media_people.c.job,
            media_people.c.character,
            media_people.c.credited_as,
            sources.c.id,
            sources.c.name,
            titles.c.id,
            titles.c.kind,
            titles.c.title,
            titles.c.year,
            titles.c.released,
            titles.c.poster_id,
            titles.c.season_number,
            titles.c.episode_number,
            titles.c.parent_id,
            show.c.id,
            show.c.title,
            show.c.poster_id,
            type_coerce(cast(func.coalesce(show.c.genres, titles.c.genres), Text), _Listed()),
        )
        .select_from(media_people)
        .join(media_items, media_items.c.id == media_people.c.media_item_id)
        .join(sources, sources.c.id == media_items.c.source_id)
        .join(titles, titles.c.id == media_items.c.title_id)
        .join(show, show.c.id == titles.c.show_id, isouter=True)
        .where(media_items.c.gone_since.is_(None))
    )


_WORKS = _works().where(media_people.c.person_id == bindparam("person"))


def works_of(db: Connection, person_id: int) -> list[WorkRow]:
    """Every credit of a person on titles that a source has, in no order."""
    return list(map(WorkRow._make, db.execute(_WORKS, {"person": person_id}).all()))
