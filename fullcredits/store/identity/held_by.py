"""What stands behind a person: the source persons and credits held for them."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from fullcredits.store.among import among
from fullcredits.store.schema import (
    media_items,
    media_people,
    people,
    source_people,
    sources,
    titles,
)


class Record(NamedTuple):
    """A source person who is somebody."""

    id: int
    by_name: bool


def today(db: Connection, person: int) -> int:
    """Who a number means today: an old one those whom they turned out to be."""
    seen = set()
    number: int | None = person
    while number is not None and number not in seen:
        seen.add(person := number)
        number = db.scalar(select(people.c.merged_into).where(people.c.id == person))
    return person


def came_as(db: Connection, person: int) -> dict[int, int | None]:
    """The source persons who are this person, and under which number each came."""
    query = select(source_people.c.id, source_people.c.own_person_id)
    rows = db.execute(query.where(source_people.c.person_id == person)).all()
    return {row.id: row.own_person_id for row in rows}


def records_of(db: Connection, person: int) -> list[Record]:
    """The source persons who are this person, with all their credits but single ones."""
    query = select(source_people.c.id, source_people.c.by_name)
    rows = db.execute(query.where(source_people.c.person_id == person).order_by("id")).all()
    return [Record(*row) for row in rows]


def credits_of(db: Connection, person: int) -> dict[int, int]:
    """Every credit held for this person, and its source person."""
    query = select(media_people.c.id, media_people.c.source_person_id)
    rows = db.execute(query.where(media_people.c.person_id == person)).all()
    return {row.id: row.source_person_id for row in rows}


def holders_of(db: Connection, credits: Collection[int]) -> list[int]:
    """For whom these credits are held: most of them first."""
    holder = media_people.c.person_id
    query = select(holder).where(among(media_people.c.id, credits), holder.is_not(None))
    return list(db.scalars(query.group_by(holder).order_by(func.count().desc(), holder)))


def lent_by(db: Connection, person: int) -> dict[int, int]:
    """The credits of this person's records that others hold, and their source persons."""
    query = (
        select(media_people.c.id, media_people.c.source_person_id)
        .join(source_people, source_people.c.id == media_people.c.source_person_id)
        .where(source_people.c.person_id == person, media_people.c.person_id != person)
    )
    return {row.id: row.source_person_id for row in db.execute(query).all()}


class HeldRow(NamedTuple):
    """A credit held for somebody, and where it is."""

    id: int
    department: str
    job: str
    character: str
    title: int
    parent: int | None
    show: int | None
    """Of seasons and episodes."""
    season: int | None
    episode: int | None


def held_credits(db: Connection, person: int) -> list[HeldRow]:
    """Every credit held for this person."""
    query = (
        select(
            *(media_people.c[name] for name in ("id", "department", "job", "character")),
            *(titles.c[name] for name in ("id", "parent_id", "show_id")),
            titles.c.season_number,
            titles.c.episode_number,
        )
        .join(media_items, media_items.c.id == media_people.c.media_item_id)
        .join(titles, titles.c.id == media_items.c.title_id)
        .where(media_people.c.person_id == person)
    )
    return list(map(HeldRow._make, db.execute(query)))


def title_of(db: Connection, title: int) -> str | None:
    """What a title is called, a season or episode with its show; None if there is none."""
    show = titles.alias("show")
    query = select(show.c.title, titles.c.title).select_from(titles)
    query = query.outerjoin(show, show.c.id == titles.c.show_id).where(titles.c.id == title)
    row = db.execute(query).one_or_none()
    return ": ".join(name for name in row if name) if row else None


def name_of(db: Connection, person: int) -> str | None:
    """What somebody is called; None if there is nobody of that number."""
    return db.scalar(select(people.c.name).where(people.c.id == person))


def portraits_of(db: Connection, person: int) -> dict[int, int]:
    """The pictures of this person by the source persons that have them."""
    credited = select(media_people.c.source_person_id).where(media_people.c.person_id == person)
    query = select(source_people.c.id, source_people.c.portrait_id).where(
        (source_people.c.person_id == person) | source_people.c.id.in_(credited),
        source_people.c.portrait_id.is_not(None),
    )
    return {row.id: row.portrait_id for row in db.execute(query).all()}


def on_source(db: Connection, source_persons: Collection[int], source: str) -> int | None:
    """The one of these source persons that a source has; None if it has none."""
    query = select(source_people.c.id).join(sources).where(sources.c.name == source)
    found = db.scalars(query.where(source_people.c.id.in_(source_persons)).order_by("id"))
    return found.first()
