"""What identity needs to know of source persons and their credits."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from fullcredits import text
from fullcredits.model import Department, ExternalId, SourceKind
from fullcredits.store.chunks import MOST_VALUES, chunked
from fullcredits.store.schema import (
    media_items,
    media_people,
    source_people,
    source_person_ids,
    sources,
)

MANY = 0.1
"""From this share on, looking at everybody costs less than finding out whom to look at."""


class PersonRow(NamedTuple):
    """A source person as identity looks at them."""

    id: int
    source: int
    name: str
    by_name: bool
    ids: tuple[ExternalId, ...]


class CreditRow(NamedTuple):
    """A credit on a title that several sources have."""

    id: int
    person: int
    title: int
    department: Department
    part: str


def scope(db: Connection) -> set[int]:
    """The undecided source persons and all whom deciding them can touch.

    That is everybody connected with them by a folded name, an external id, or a person they are
    held for together, directly or through others; simply everybody when many are undecided.
    """
    reached: set[int] = set()
    fresh = set(db.scalars(select(source_people.c.id).where(source_people.c.undecided)))
    everybody = db.execute(select(func.count()).select_from(source_people)).scalar_one()
    if len(fresh) > MANY * everybody:
        return set(db.scalars(select(source_people.c.id)))
    while fresh:
        reached |= fresh
        near: set[int] = set()
        for chunk in chunked(sorted(fresh)):
            near |= _namesakes(db, chunk) | _id_sharers(db, chunk) | _held_together(db, chunk)
        fresh = near - reached
    return reached


def _namesakes(db: Connection, ids: Sequence[int]) -> set[int]:
    names = select(source_people.c.name_folded).where(source_people.c.id.in_(ids))
    return set(db.scalars(select(source_people.c.id).where(source_people.c.name_folded.in_(names))))


def _id_sharers(db: Connection, ids: Sequence[int]) -> set[int]:
    own, other = source_person_ids.alias(), source_person_ids.alias()
    same = (own.c.scheme == other.c.scheme) & (own.c.value == other.c.value)
    by_id = (
        select(other.c.source_person_id)
        .join(own, same)
        .where(own.c.source_person_id.in_(ids))
        .distinct()
    )
    one, two = source_people.alias(), source_people.alias()
    by_key = (
        select(two.c.id)
        .join(one, (one.c.key == two.c.key) & (one.c.id != two.c.id))
        .where(one.c.id.in_(ids), one.c.by_name.is_(False), two.c.by_name.is_(False))
    )
    return set(db.scalars(by_id)) | set(db.scalars(by_key))


def _held_together(db: Connection, ids: Sequence[int]) -> set[int]:
    held_for = (
        select(media_people.c.person_id)
        .where(media_people.c.source_person_id.in_(ids), media_people.c.person_id.is_not(None))
        .distinct()
    )
    query = (
        select(media_people.c.source_person_id)
        .where(media_people.c.person_id.in_(held_for))
        .distinct()
    )
    return set(db.scalars(query))


def load_persons(db: Connection, ids: Iterable[int]) -> list[PersonRow]:
    """Source persons by id, in rising order."""
    wanted = sorted(ids)
    external: dict[int, list[ExternalId]] = defaultdict(list)
    rows: list[Any] = []
    for chunk in chunked(wanted):
        known = select(source_person_ids).where(source_person_ids.c.source_person_id.in_(chunk))
        for person, scheme, value in db.execute(known):
            external[person].append(ExternalId(scheme, value))
        query = (
            select(
                source_people.c.id,
                source_people.c.source_id,
                source_people.c.key,
                source_people.c.name_folded,
                source_people.c.by_name,
                sources.c.kind,
            )
            .join(sources)
            .where(source_people.c.id.in_(chunk))
            .order_by(source_people.c.id)
        )
        rows += db.execute(query).all()
    return [
        PersonRow(
            row.id,
            row.source_id,
            row.name_folded,
            row.by_name,
            (*sorted(external.get(row.id, ())), *_key_ids(row)),
        )
        for row in rows
    ]


def _key_ids(row: Any) -> tuple[ExternalId, ...]:
    """A Plex person's key is their id at Plex, the same on every Plex server."""
    if row.by_name or row.kind != SourceKind.PLEX:
        return ()
    return (ExternalId("plex", row.key),)


def load_shared_credits(db: Connection, persons: set[int]) -> list[CreditRow]:
    """These source persons' credits on titles that living items of several sources share."""
    living = media_items.c.gone_since.is_(None)
    shared = (
        select(media_items.c.title_id)
        .where(media_items.c.title_id.is_not(None), living)
        .group_by(media_items.c.title_id)
        .having(func.count(media_items.c.source_id.distinct()) > 1)
        .subquery()
    )
    query = (
        select(
            media_people.c.id,
            media_people.c.source_person_id,
            media_items.c.title_id,
            media_people.c.department,
            media_people.c.job,
            media_people.c.character,
        )
        .join(media_items, media_items.c.id == media_people.c.media_item_id)
        .join(shared, shared.c.title_id == media_items.c.title_id)
        .where(living)
    )
    if len(persons) <= MOST_VALUES:
        query = query.where(media_people.c.source_person_id.in_(persons))
    return [
        CreditRow(
            row.id,
            row.source_person_id,
            row.title_id,
            Department(row.department),
            text.fold(row.character or row.job),
        )
        for row in db.execute(query)
        if row.source_person_id in persons
    ]


def held(db: Connection, persons: Iterable[int]) -> dict[int, Counter[int | None]]:
    """For each source person, how many credits are held for whom until now (None: nobody yet)."""
    counts: dict[int, Counter[int | None]] = defaultdict(Counter)
    for chunk in chunked(sorted(persons)):
        query = (
            select(
                media_people.c.source_person_id, media_people.c.person_id, func.count().label("n")
            )
            .where(media_people.c.source_person_id.in_(chunk))
            .group_by(media_people.c.source_person_id, media_people.c.person_id)
        )
        for person, holder, count in db.execute(query):
            counts[person][holder] = count
    return counts


def credits_of(db: Connection, person: int) -> dict[int, int | None]:
    """All credits of a source person, and whom each is held for until now."""
    query = select(media_people.c.id, media_people.c.person_id)
    rows = db.execute(query.where(media_people.c.source_person_id == person))
    return {row.id: row.person_id for row in rows}
