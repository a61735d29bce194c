"""What identity needs to know of source persons and their credits, portion by portion.

A portion is closed: nobody outside it can be one human with anybody inside, nor is held for the
same person until now. So each can be decided by itself.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, func, select

from fullcredits.model import Department, ExternalId, SourceKind
from fullcredits.store.among import among
from fullcredits.store.schema import (
    media_items,
    media_people,
    part_holders,
    said_numbers,
    source_people,
    source_person_ids,
    sources,
    spellings,
    titles,
)

PORTION = 1_000
"""So many waiting source persons are decided at a time, with all they are connected with."""
TITLES = 500
"""Of so many the credits are looked at together: they have thirty each."""


class PersonRow(NamedTuple):
    """A source person as identity looks at them."""

    id: int
    source: int
    source_name: str
    key: str
    name: str
    by_name: bool
    ids: tuple[ExternalId, ...]
    born: dt.date | None
    person: int | None
    """Whom their credits are held for until now."""
    own_person: int | None
    """Under which number they came, or last stood apart, whatever the owner said."""
    undecided: bool


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


class CareerRow(NamedTuple):
    """All work of a source person on titles that a living item has."""

    person: int
    one_department: bool
    first: int | None
    """The year of the first work."""
    last: int | None


def waiting_persons(
    db: Connection,
    ruled: Mapping[int, Iterable[int]] | None = None,
    first: Collection[int] = (),
) -> list[PersonRow]:
    """Some source persons that wait, with all they are connected with; empty: none waits.

    `first` are looked at instead, whether they wait or not.
    Connected is who shares a folded name, an external id, a person they are held for, or the
    owner's word (`ruled`: with whom, by source person), and who may be them under another name.
    """
    waiting = select(source_people.c.id).where(source_people.c.undecided)
    seeds = first or db.scalars(waiting.order_by(source_people.c.id).limit(PORTION)).all()
    reached: dict[int, Any] = {}
    ids: dict[int, list[ExternalId]] = {}
    fresh = _persons(db, [among(source_people.c.id, seeds)]) if seeds else {}
    while fresh:
        reached |= fresh
        ids |= _external_ids(db, fresh)
        near = _persons(db, _connections(db, fresh, ruled or {}))
        fresh = {number: row for number, row in near.items() if number not in reached}
    return [_row(reached[number], ids.get(number, ())) for number in sorted(reached)]


def _connections(
    db: Connection, rows: Mapping[int, Any], ruled: Mapping[int, Iterable[int]]
) -> Iterator[ColumnElement[bool]]:
    """Conditions of being connected with one of these."""
    yield among(source_people.c.name_folded, {row.name_folded for row in rows.values()})
    own, other = source_person_ids.alias(), source_person_ids.alias()
    same = (own.c.scheme == other.c.scheme) & (own.c.value == other.c.value)
    sharing = select(other.c.source_person_id).join(own, same)
    yield source_people.c.id.in_(sharing.where(among(own.c.source_person_id, rows)))
    yield from same_keys(db, [row.key for row in rows.values() if _is_plex(row)])
    first, second = spellings.c.one_id, spellings.c.other_id
    yield source_people.c.id.in_(select(first).where(among(second, rows)))
    yield source_people.c.id.in_(select(second).where(among(first, rows)))
    if others := {other for number in rows.keys() & ruled.keys() for other in ruled[number]}:
        yield among(source_people.c.id, others)
    if holders := _holders(db, rows):
        yield among(source_people.c.person_id, holders)
        parts = select(part_holders.c.source_person_id)
        yield source_people.c.id.in_(parts.where(among(part_holders.c.person_id, holders)))
        said = select(said_numbers.c.source_person_id)
        yield source_people.c.id.in_(said.where(among(said_numbers.c.evident_id, holders)))


def same_keys(db: Connection, keys: Collection[str]) -> Iterator[ColumnElement[bool]]:
    """Conditions of having one of these keys on some Plex: it is the same human on every one."""
    if keys:
        of_plex = select(sources.c.id).where(sources.c.kind == SourceKind.PLEX)
        for source in db.scalars(of_plex).all():
            yield (source_people.c.source_id == source) & among(source_people.c.key, keys)


def _holders(db: Connection, rows: Mapping[int, Any]) -> set[int]:
    """Everybody for whom any credit of these is held until now, or would be but for a word."""
    found = {row.person_id for row in rows.values() if row.person_id is not None}
    query = select(part_holders.c.person_id)
    found.update(db.scalars(query.where(among(part_holders.c.source_person_id, rows))))
    said = select(said_numbers.c.evident_id)
    found.update(db.scalars(said.where(among(said_numbers.c.source_person_id, rows))))
    return found


def _persons(db: Connection, conditions: Iterable[ColumnElement[bool]]) -> dict[int, Any]:
    columns = (source_people.c[name] for name in _COLUMNS)
    served = (sources.c.kind, sources.c.name.label("source_name"))
    chosen = select(*columns, *served).join(sources)
    found: dict[int, Any] = {}
    for condition in conditions:
        for row in db.execute(chosen.where(condition)).all():
            found[row.id] = row
    return found


_COLUMNS = (
    "id", "source_id", "key", "name_folded", "by_name", "born", "person_id", "own_person_id",
    "undecided",
)  # fmt: skip


def _external_ids(db: Connection, persons: Iterable[int]) -> dict[int, list[ExternalId]]:
    found: dict[int, list[ExternalId]] = defaultdict(list)
    theirs = among(source_person_ids.c.source_person_id, persons)
    for person, scheme, value in db.execute(select(source_person_ids).where(theirs)).all():
        found[person].append(ExternalId(scheme, value))
    return found


def _is_plex(row: Row[Any]) -> bool:
    return not row.by_name and row.kind == SourceKind.PLEX


def _row(row: Row[Any], ids: Iterable[ExternalId]) -> PersonRow:
    own = (*sorted(ids), ExternalId("plex", row.key)) if _is_plex(row) else tuple(sorted(ids))
    return PersonRow(
        row.id,
        row.source_id,
        row.source_name,
        row.key,
        row.name_folded,
        row.by_name,
        own,
        row.born,
        row.person_id,
        row.own_person_id,
        row.undecided,
    )


def load_credits(db: Connection, persons: Iterable[int]) -> list[CreditRow]:
    """These source persons' credits on titles of living items."""
    departments = {department.value: department for department in Department}
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
        .where(among(media_people.c.source_person_id, persons))
    )
    return [
        CreditRow(
            number,
            person,
            title,
            show or title,
            departments[department],
            # Of crew the job: whoever acts is told by whom they play, or by nothing.
            character if department == Department.ACTING else job,
            year,
        )
        for number, person, title, show, department, job, character, year in db.execute(query)
    ]


def load_careers(db: Connection, persons: Iterable[int]) -> list[CareerRow]:
    """The careers of these source persons; nothing of whoever has no credits."""
    department, year = media_people.c.department, titles.c.year
    query = (
        select(
            media_people.c.source_person_id,
            func.min(department) == func.max(department),
            func.min(year),
            func.max(year),
        )
        .join(media_items, media_items.c.id == media_people.c.media_item_id)
        .join(titles, titles.c.id == media_items.c.title_id)
        .where(media_items.c.gone_since.is_(None))
        .where(among(media_people.c.source_person_id, persons))
        .group_by(media_people.c.source_person_id)
    )
    return [CareerRow(*row) for row in db.execute(query)]


def names_beside(db: Connection, wanted: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """The folded names credited on each of these titles, each once, in no order.

    They may be most titles of a library: of the busiest people, all that they ever did.
    """
    asked = sorted(wanted)
    one_of_each: dict[str, str] = {}
    found: dict[int, tuple[str, ...]] = {}
    for first in range(0, len(asked), TITLES):
        there: dict[int, set[str]] = defaultdict(set)
        query = (
            select(media_items.c.title_id, source_people.c.name_folded)
            .join(media_people, media_people.c.media_item_id == media_items.c.id)
            .join(source_people, source_people.c.id == media_people.c.source_person_id)
            .where(among(media_items.c.title_id, asked[first : first + TITLES]))
            .where(media_items.c.gone_since.is_(None))
        )
        for title, name in db.execute(query):
            there[title].add(one_of_each.setdefault(name, name))
        found.update((title, tuple(names)) for title, names in there.items())
    return found


def held(db: Connection, persons: Iterable[int]) -> dict[int, Counter[int | None]]:
    """For each source person, how many credits are held for whom until now (None: nobody yet)."""
    counts: dict[int, Counter[int | None]] = defaultdict(Counter)
    query = (
        select(media_people.c.source_person_id, media_people.c.person_id, func.count())
        .where(among(media_people.c.source_person_id, persons))
        .group_by(media_people.c.source_person_id, media_people.c.person_id)
    )
    for person, holder, count in db.execute(query).all():
        counts[person][holder] = count
    return counts


def credits_of(db: Connection, persons: Iterable[int]) -> dict[int, dict[int, int | None]]:
    """For each source person, all their credits, and whom each is held for until now."""
    found: dict[int, dict[int, int | None]] = {person: {} for person in persons}
    columns = (media_people.c.source_person_id, media_people.c.id, media_people.c.person_id)
    query = select(*columns).where(among(columns[0], found)).order_by(*columns[:2])
    for person, credit, holder in db.execute(query):
        found[person][credit] = holder
    return found


class SaidRow(NamedTuple):
    """Numbers of a credit that the owner's word has a part in, beside that of its holder."""

    credit: int
    person: int
    """Its source person."""
    evident: int
    """Whom it would be held for if nothing had been said."""
    apart: int | None
    """Under which number they came whom only a word set apart."""


def load_said_numbers(db: Connection, persons: Iterable[int]) -> dict[int, SaidRow]:
    """Those of these source persons' credits, by credit."""
    query = select(said_numbers).where(among(said_numbers.c.source_person_id, persons))
    return {row.credit_id: SaidRow(*row) for row in db.execute(query)}
