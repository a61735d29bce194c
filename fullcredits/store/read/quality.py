"""What looks wrong in a library: of each kind as many rows as are asked for, however large it is.

Everything is read along an index that holds little else, or among those with most titles.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    Subquery,
    and_,
    bindparam,
    func,
    or_,
    select,
    union_all,
)

from fullcredits.model import ExternalId, SourceKind, TitleKind
from fullcredits.store.figures import ALL, TOP_KINDS
from fullcredits.store.read.credits import Person
from fullcredits.store.read.listed_people import PersonLine
from fullcredits.store.schema import (
    media_items,
    people,
    person_departments,
    person_ids,
    source_people,
    sources,
    titles,
)

BUSIEST = 5_000
"""Among so many people with most titles, those without a portrait are looked for."""
NOBODY = frozenset({0})
CUT = frozenset({15, 200})
"""How long casts are that were probably cut: by Jellyfin's usual importer, and by Plex."""

# Written out as in the index of `schema`: only so is it seen to hold these rows.
_IN_INDEX = and_(
    media_items.c.cast_count.in_(
        bindparam("odd", sorted(NOBODY | CUT), expanding=True, literal_execute=True)
    ),
    media_items.c.kind.in_(bindparam("top_kinds", TOP_KINDS, expanding=True, literal_execute=True)),
)


class CastRow(NamedTuple):
    """A movie or show whose cast on one source is suspiciously long or short."""

    id: int
    kind: TitleKind
    title: str
    year: int | None
    poster_id: int | None
    cast: int
    source: str
    source_kind: SourceKind
    source_address: str
    server_id: str | None
    key: str
    """Of the media item on its source."""


class Namesake(NamedTuple):
    """One of several people of one name, with how many movies and shows they worked on."""

    name_folded: str
    person: Person
    titles: int
    born: dt.date | None


class Known(NamedTuple):
    """As whom a source knows a person."""

    person_id: int
    source: str
    source_kind: SourceKind
    source_address: str
    server_id: str | None
    key: str


class Clash(NamedTuple):
    """One of several ids of one catalogue that a person has, or of several people with one id."""

    person: Person
    titles: int
    id: ExternalId


def without_portrait(db: Connection, limit: int) -> list[PersonLine]:
    """Of the busiest people those whom no source has a picture of, with most titles first."""
    counts = person_departments.c
    everybody = select(counts.titles, counts.sort_folded).where(counts.department == ALL)
    order = (counts.titles.desc(), counts.sort_folded)
    last = db.execute(everybody.order_by(*order).offset(BUSIEST - 1).limit(1)).first()
    query = (
        select(people.c.id, people.c.name, people.c.portrait_id, counts.titles)
        .join(people, people.c.id == counts.person_id)
        .where(counts.department == ALL, people.c.portrait_id.is_(None))
    )
    if last is not None:
        # The index has this order, so nobody beyond is looked at.
        among_them = or_(counts.titles > last.titles, counts.sort_folded <= last.sort_folded)
        query = query.where(counts.titles >= last.titles, among_them)
    rows = db.execute(query.order_by(*order).limit(limit))
    return [PersonLine(Person._make(row[:3]), row[3]) for row in rows]


def known_as(db: Connection, persons: Collection[int]) -> list[Known]:
    """As whom the sources know these people, by the sources' names."""
    query = (
        select(
            source_people.c.person_id,
            sources.c.name,
            sources.c.kind,
            sources.c.address,
            sources.c.server_id,
            source_people.c.key,
        )
        .join(sources, sources.c.id == source_people.c.source_id)
        .where(source_people.c.person_id.in_(persons))
        .order_by(sources.c.name, source_people.c.id)
    )
    return [Known._make(row) for row in db.execute(query)]


def casts_of(db: Connection, sizes: Collection[int], limit: int) -> list[CastRow]:
    """Movies and shows with that many in the cast on one source, what came last first.

    Only sizes of NOBODY and CUT are known. What was never read is left out.
    """
    each = (_last_with(size, limit) for size in sorted(sizes))
    found = union_all(*(select(last.subquery()) for last in each)).subquery()
    query = (
        select(
            titles.c.id,
            titles.c.kind,
            titles.c.title,
            titles.c.year,
            titles.c.poster_id,
            media_items.c.cast_count,
            sources.c.name,
            sources.c.kind,
            sources.c.address,
            sources.c.server_id,
            media_items.c.key,
        )
        .select_from(found)
        .join(media_items, media_items.c.id == found.c.id)
        .join(titles, titles.c.id == media_items.c.title_id)
        .join(sources, sources.c.id == media_items.c.source_id)
        .order_by(media_items.c.added.desc(), media_items.c.id.desc())
        .limit(limit)
    )
    return [CastRow._make(row) for row in db.execute(query)]


def _last_with(size: int, limit: int) -> Select[Any]:
    """In the order of the index, so that it is read no further."""
    return (
        select(media_items.c.id)
        .where(_IN_INDEX, media_items.c.cast_count == size, media_items.c.title_id.is_not(None))
        .where(media_items.c.read_at.is_not(None), media_items.c.gone_since.is_(None))
        .order_by(media_items.c.added.desc(), media_items.c.id.desc())
        .limit(limit)
    )


def shared_names(db: Connection, limit: int) -> list[str]:
    """Folded names that several people have, in the order of names."""
    query = (
        select(people.c.name_folded)
        .where(people.c.merged_into.is_(None), people.c.gone_since.is_(None))
        .group_by(people.c.name_folded)
        .having(func.count() > 1)
        .order_by(people.c.name_folded)
        .limit(limit)
    )
    return list(db.execute(query).scalars())


def people_called(db: Connection, names: Collection[str]) -> list[Namesake]:
    """Everybody of these folded names, by name, those with most titles first."""
    counts = person_departments.c
    query = (
        select(
            people.c.name_folded,
            people.c.id,
            people.c.name,
            people.c.portrait_id,
            func.coalesce(counts.titles, 0),
            people.c.born,
        )
        .join(
            person_departments,
            (counts.person_id == people.c.id) & (counts.department == ALL),
            isouter=True,
        )
        .where(people.c.name_folded.in_(names))
        .where(people.c.merged_into.is_(None), people.c.gone_since.is_(None))
        .order_by(people.c.name_folded, func.coalesce(counts.titles, 0).desc(), people.c.id)
    )
    return [Namesake(row[0], Person._make(row[1:4]), row[4], row[5]) for row in db.execute(query)]


def several_ids(db: Connection, limit: int) -> list[Clash]:
    """People with several ids of one catalogue: each id a row, by person and catalogue."""
    ids = person_ids.c
    several = (
        select(ids.person_id, ids.scheme)
        .where(ids.clashes)
        .group_by(ids.person_id, ids.scheme)
        .having(func.count() > 1)
        .limit(limit)
        .subquery()
    )
    return _clashes(
        db,
        (several.c.person_id == ids.person_id) & (several.c.scheme == ids.scheme),
        several,
        (ids.person_id, ids.scheme, ids.value),
    )


def shared_ids(db: Connection, limit: int) -> list[Clash]:
    """Ids of one catalogue that several people have: each person a row, by id."""
    ids = person_ids.c
    shared = (
        select(ids.scheme, ids.value)
        .where(ids.clashes)
        .group_by(ids.scheme, ids.value)
        .having(func.count() > 1)
        .limit(limit)
        .subquery()
    )
    return _clashes(
        db,
        (shared.c.scheme == ids.scheme) & (shared.c.value == ids.value),
        shared,
        (ids.scheme, ids.value, ids.person_id),
    )


def _clashes(
    db: Connection, same: ColumnElement[bool], found: Subquery, order: Sequence[Column[Any]]
) -> list[Clash]:
    counts = person_departments.c
    of_all = (counts.person_id == people.c.id) & (counts.department == ALL)
    query = (
        select(
            people.c.id,
            people.c.name,
            people.c.portrait_id,
            func.coalesce(counts.titles, 0),
            person_ids.c.scheme,
            person_ids.c.value,
        )
        .join(found, same)
        .join(people, people.c.id == person_ids.c.person_id)
        .join(person_departments, of_all, isouter=True)
        .where(people.c.merged_into.is_(None))
        .order_by(*order)
    )
    rows = db.execute(query)
    return [Clash(Person._make(row[:3]), row[3], ExternalId(*row[4:])) for row in rows]
