"""Reading people: who they are and everything they did."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, select

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

    `show_title` and what follows are of the show, for seasons and episodes.
    """

    department: str
    job: str
    character: str
    credited_as: str
    billing: int
    source: str
    title_id: int
    kind: TitleKind
    title: str
    year: int | None
    released: dt.date | None
    poster_id: int | None
    season_number: int | None
    episode_number: int | None
    show_id: int | None
    show_title: str | None
    show_year: int | None
    show_poster_id: int | None


_PERSON = tuple(people.c[name] for name in PersonRow._fields)


def person_by_id(db: Connection, person_id: int) -> PersonRow | None:
    """The person of that id, merged ones too."""
    row = db.execute(select(*_PERSON).where(people.c.id == person_id)).first()
    return PersonRow._make(row) if row else None


def ids_of_person(db: Connection, person_id: int) -> list[ExternalId]:
    """Their external ids, sorted."""
    rows = db.execute(
        select(person_ids.c.scheme, person_ids.c.value)
        .where(person_ids.c.person_id == person_id)
        .order_by(person_ids.c.scheme, person_ids.c.value)
    )
    return [ExternalId._make(row) for row in rows]


def works_of(db: Connection, person_id: int) -> list[WorkRow]:
    """Every credit of a person on titles that a source has, in no useful order."""
    show = titles.alias("show")
    rows = db.execute(
        select(
            media_people.c.department,
            media_people.c.job,
            media_people.c.character,
            media_people.c.credited_as,
            media_people.c.billing,
            sources.c.name,
            titles.c.id,
            titles.c.kind,
            titles.c.title,
            titles.c.year,
            titles.c.released,
            titles.c.poster_id,
            titles.c.season_number,
            titles.c.episode_number,
            show.c.id,
            show.c.title,
            show.c.year,
            show.c.poster_id,
        )
        .select_from(media_people)
        .join(media_items, media_items.c.id == media_people.c.media_item_id)
        .join(sources, sources.c.id == media_items.c.source_id)
        .join(titles, titles.c.id == media_items.c.title_id)
        .join(show, show.c.id == titles.c.show_id, isouter=True)
        .where(media_people.c.person_id == person_id, media_items.c.gone_since.is_(None))
        .order_by(media_people.c.media_item_id, media_people.c.billing, media_people.c.id)
    )
    return [WorkRow._make(row) for row in rows]
