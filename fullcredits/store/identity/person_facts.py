"""What identity needs to know of source persons and their credits."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select, update

from fullcredits.model import Department, ExternalId, SourceKind
from fullcredits.store.chunks import MOST_VALUES, chunked
from fullcredits.store.schema import (
    media_items,
    media_people,
    source_people,
    source_person_ids,
    sources,
    titles,
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
    born: dt.date | None


class CreditRow(NamedTuple):
    """A credit on a title that a living item has."""

    id: int
    person: int
    title: int
    work: int
    """The film, or the show that the title belongs to."""
    department: Department
    part: str
    """The character or job, as the server wrote it."""
    year: int | None


def look_again(db: Connection, items: Collection[int]) -> None:
    """Let identity look at everybody on the titles of these media items: their company changed."""
    stale = source_people.c.undecided.is_(False)
    total = db.execute(select(func.count()).select_from(media_items)).scalar_one()
    if len(items) > MANY * total:
        db.execute(update(source_people).where(stale).values(undecided=True))
        return
    there = media_items.alias()
    for chunk in chunked(sorted(items)):
        on_titles = (
            select(media_people.c.source_person_id)
            .join(there, there.c.id == media_people.c.media_item_id)
            .join(media_items, media_items.c.title_id == there.c.title_id)
            .where(media_items.c.id.in_(chunk))
        )
        where = (source_people.c.id.in_(on_titles), stale)
        db.execute(update(source_people).where(*where).values(undecided=True))


def all_names(db: Connection) -> set[str]:
    """Every folded name any source has a person of."""
    return set(db.scalars(select(source_people.c.name_folded).distinct()))


def undecided_names(db: Connection) -> set[str]:
    """The folded names of the undecided; all new names are among them."""
    where = source_people.c.undecided
    return set(db.scalars(select(source_people.c.name_folded).where(where).distinct()))


def scope(
    db: Connection, names: Iterable[str] = (), ruled: Iterable[tuple[int, int]] = ()
) -> set[int]:
    """The undecided source persons, those of these names, and all whom deciding them can touch.

    That is everybody connected with them by a folded name, an external id, a person they are held
    for together, or the owner's word (`ruled`), directly or through others; simply everybody when
    many are undecided.
    """
    bound: dict[int, set[int]] = defaultdict(set)
    for one, other in ruled:
        bound[one].add(other)
        bound[other].add(one)
    reached: set[int] = set()
    fresh = set(db.scalars(select(source_people.c.id).where(source_people.c.undecided)))
    for some in chunked(sorted(names)):
        named = source_people.c.name_folded.in_(some)
        fresh.update(db.scalars(select(source_people.c.id).where(named)))
    everybody = db.execute(select(func.count()).select_from(source_people)).scalar_one()
    if len(fresh) > MANY * everybody:
        return set(db.scalars(select(source_people.c.id)))
    while fresh:
        reached |= fresh
        near: set[int] = set()
        for chunk in chunked(sorted(fresh)):
            near |= _namesakes(db, chunk) | _id_sharers(db, chunk) | _held_together(db, chunk)
        near.update(other for one in fresh for other in bound.get(one, ()))
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
                source_people.c.born,
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
            row.born,
        )
        for row in rows
    ]


def _key_ids(row: Any) -> tuple[ExternalId, ...]:
    """A Plex person's key is their id at Plex, the same on every Plex server."""
    if row.by_name or row.kind != SourceKind.PLEX:
        return ()
    return (ExternalId("plex", row.key),)


def load_credits(db: Connection, persons: set[int]) -> list[CreditRow]:
    """These source persons' credits on titles of living items."""
    query = (
        select(
            media_people.c.id,
            media_people.c.source_person_id,
            media_items.c.title_id,
            titles.c.show_id,
            media_people.c.department,
            media_people.c.job,
            media_people.c.character,
            titles.c.year,
        )
        .join(media_items, media_items.c.id == media_people.c.media_item_id)
        .join(titles, titles.c.id == media_items.c.title_id)
        .where(media_items.c.gone_since.is_(None))
    )
    if len(persons) <= MOST_VALUES:
        query = query.where(media_people.c.source_person_id.in_(persons))
    departments = {department.value: department for department in Department}
    return [
        CreditRow(
            row_id,
            person,
            title,
            show or title,
            departments[department],
            # Of crew the job: whoever acts is told by whom they play, or by nothing.
            character if department == Department.ACTING else job,
            year,
        )
        for row_id, person, title, show, department, job, character, year in db.execute(query)
        if person in persons
    ]


def names_beside(db: Connection, wanted: Iterable[int]) -> dict[int, set[str]]:
    """The folded names credited on each of these titles."""
    found: dict[int, set[str]] = defaultdict(set)
    for chunk in chunked(sorted(wanted)):
        query = (
            select(media_items.c.title_id, source_people.c.name_folded)
            .join(media_people, media_people.c.media_item_id == media_items.c.id)
            .join(source_people, source_people.c.id == media_people.c.source_person_id)
            .where(media_items.c.title_id.in_(chunk), media_items.c.gone_since.is_(None))
            .distinct()
        )
        for title, name in db.execute(query):
            found[title].add(name)
    return found


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
