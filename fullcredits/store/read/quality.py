"""What looks wrong in a library: of each kind as many rows as are asked for, however large it is.

Everything is read along an index that holds little else, or among those with most titles.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    Select,
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
    link_address: str | None
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
    link_address: str | None
    server_id: str | None
    key: str


class Clash(NamedTuple):
    """One of several ids of one catalogue that a person has, or of several people with one id."""

    person: Person
    titles: int
    id: ExternalId


_LIMIT = bindparam("limit", type_=Integer)
_COUNTS = person_departments.c
_OF_ALL = _COUNTS.department == ALL
_BUSIEST_FIRST = (_COUNTS.titles.desc(), _COUNTS.sort_folded)
_LAST_BUSY = (
    select(_COUNTS.titles, _COUNTS.sort_folded)
    .where(_OF_ALL)
    .order_by(*_BUSIEST_FIRST)
    .limit(1)
    .offset(bindparam("before", type_=Integer))
)
_FACELESS = (
    select(people.c.id, people.c.name, people.c.portrait_id, _COUNTS.titles)
    .join(people, people.c.id == _COUNTS.person_id)
    .where(_OF_ALL, people.c.portrait_id.is_(None))
    .order_by(*_BUSIEST_FIRST)
    .limit(_LIMIT)
)
# The index has this order, so nobody beyond the last one is looked at.
_FACELESS_AMONG_BUSIEST = _FACELESS.where(
    _COUNTS.titles >= bindparam("titles"),
    or_(_COUNTS.titles > bindparam("titles"), _COUNTS.sort_folded <= bindparam("sort_folded")),
)


def without_portrait(db: Connection, limit: int) -> list[PersonLine]:
    """Of the busiest people those whom no source has a picture of, with most titles first."""
    last = db.execute(_LAST_BUSY, {"before": BUSIEST - 1}).mappings().first()
    query = _FACELESS if last is None else _FACELESS_AMONG_BUSIEST
    rows = db.execute(query, {"limit": limit, **(last or {})}).all()
    return [PersonLine(Person._make(row[:3]), row[3]) for row in rows]


_KNOWN_AS = (
    select(
        source_people.c.person_id,
        sources.c.name,
        sources.c.kind,
        sources.c.address,
        sources.c.link_address,
        sources.c.server_id,
        source_people.c.key,
    )
    .join(sources, sources.c.id == source_people.c.source_id)
    .where(source_people.c.person_id.in_(bindparam("persons", expanding=True)))
    .order_by(sources.c.name, source_people.c.id)
)


def known_as(db: Connection, persons: Collection[int]) -> list[Known]:
    """As whom the sources know these people, by the sources' names."""
    return [Known._make(row) for row in db.execute(_KNOWN_AS, {"persons": list(persons)}).all()]


def casts_of(db: Connection, sizes: Collection[int], limit: int) -> list[CastRow]:
    """Movies and shows with that many in the cast on one source, what came last first.

    Only sizes of NOBODY and CUT are known. What was never read is left out.
    """
    rows = db.execute(_casts_of(frozenset(sizes)), {"limit": limit}).all()
    return [CastRow._make(row) for row in rows]


@cache
def _casts_of(sizes: frozenset[int]) -> Select[Any]:
    each = (_last_with(size) for size in sorted(sizes))
    found = union_all(*(select(last.subquery()) for last in each)).subquery()
    return (
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
            sources.c.link_address,
            sources.c.server_id,
            media_items.c.key,
        )
        .select_from(found)
        .join(media_items, media_items.c.id == found.c.id)
        .join(titles, titles.c.id == media_items.c.title_id)
        .join(sources, sources.c.id == media_items.c.source_id)
        .order_by(media_items.c.added.desc(), media_items.c.id.desc())
        .limit(_LIMIT)
    )


def _last_with(size: int) -> Select[Any]:
    """In the order of the index, so that it is read no further."""
    return (
        select(media_items.c.id)
        .where(_IN_INDEX, media_items.c.cast_count == size, media_items.c.title_id.is_not(None))
        .where(media_items.c.read_at.is_not(None), media_items.c.gone_since.is_(None))
        .order_by(media_items.c.added.desc(), media_items.c.id.desc())
        .limit(_LIMIT)
    )


_SHARED_NAMES = (
    select(people.c.name_folded)
    .where(people.c.merged_into.is_(None), people.c.gone_since.is_(None))
    .group_by(people.c.name_folded)
    .having(func.count() > 1)
    .order_by(people.c.name_folded)
    .limit(_LIMIT)
)


def shared_names(db: Connection, limit: int) -> list[str]:
    """Folded names that several people have, in the order of names."""
    return list(db.execute(_SHARED_NAMES, {"limit": limit}).scalars().all())


_COUNTED = func.coalesce(_COUNTS.titles, 0)
_COUNTS_OF_PERSON = (_COUNTS.person_id == people.c.id) & _OF_ALL
_CALLED = (
    select(
        people.c.name_folded,
        people.c.id,
        people.c.name,
        people.c.portrait_id,
        _COUNTED,
        people.c.born,
    )
    .join(person_departments, _COUNTS_OF_PERSON, isouter=True)
    .where(people.c.name_folded.in_(bindparam("names", expanding=True)))
    .where(people.c.merged_into.is_(None), people.c.gone_since.is_(None))
    .order_by(people.c.name_folded, _COUNTED.desc(), people.c.id)
)


def people_called(db: Connection, names: Collection[str]) -> list[Namesake]:
    """Everybody of these folded names, by name, those with most titles first."""
    rows = db.execute(_CALLED, {"names": list(names)}).all()
    return [Namesake(row[0], Person._make(row[1:4]), row[4], row[5]) for row in rows]


def several_ids(db: Connection, limit: int) -> list[Clash]:
    """People with several ids of one catalogue: each id a row, by person and catalogue."""
    return _clashes(db, _SEVERAL_IDS, limit)


def shared_ids(db: Connection, limit: int) -> list[Clash]:
    """Ids of one catalogue that several people have: each person a row, by id."""
    return _clashes(db, _SHARED_IDS, limit)


def _clashes(db: Connection, found: Select[Any], limit: int) -> list[Clash]:
    rows = db.execute(found, {"limit": limit}).all()
    return [Clash(Person._make(row[:3]), row[3], ExternalId(*row[4:])) for row in rows]


def _sharing(*same: Column[Any], then: Column[Any]) -> Select[Any]:
    """Ids that contradict each other: several rows share these columns."""
    ids = person_ids.c
    shared = select(*same).where(ids.clashes).group_by(*same).having(func.count() > 1)
    found = shared.limit(_LIMIT).subquery()
    return (
        select(people.c.id, people.c.name, people.c.portrait_id, _COUNTED, ids.scheme, ids.value)
        .join(found, and_(*(found.c[column.name] == column for column in same)))
        .join(people, people.c.id == ids.person_id)
        .join(person_departments, _COUNTS_OF_PERSON, isouter=True)
        .where(people.c.merged_into.is_(None))
        .order_by(*same, then)
    )


_SEVERAL_IDS = _sharing(person_ids.c.person_id, person_ids.c.scheme, then=person_ids.c.value)
_SHARED_IDS = _sharing(person_ids.c.scheme, person_ids.c.value, then=person_ids.c.person_id)
