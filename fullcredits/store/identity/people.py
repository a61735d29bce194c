"""Keeping what identity decided about people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from fullcredits import text
from fullcredits.model import ExternalId
from fullcredits.store import bulk, figures
from fullcredits.store.among import among
from fullcredits.store.identity.person_facts import PersonRow, SaidRow
from fullcredits.store.schema import (
    media_people,
    part_holders,
    people,
    person_ids,
    said_numbers,
    source_people,
)
from fullcredits.store.words import learn


class Human(NamedTuple):
    """One person, decided."""

    number: int
    described_by: tuple[PersonRow, ...]
    """The source persons whose names, portraits and facts are theirs, best first."""
    only_named: bool = False
    """Only the names are theirs: those source persons are mostly others."""
    called: str | None = None
    """How the owner calls them."""
    portrait_of: int | None = None
    """The source person whose portrait the owner chose."""


def numbers_for_people(db: Connection, many: int) -> Sequence[int]:
    """So many ids for people to come."""
    return bulk.fresh_numbers(db, people, many)


class Newborn(NamedTuple):
    """Somebody whom one source person, who is to be stored, describes alone."""

    number: int
    name: str
    """As served."""
    folded: str
    portrait_id: int | None
    external_id: ExternalId | None


def add_people(db: Connection, born: Sequence[Newborn]) -> None:
    """Write people nobody knew before; see `numbers_for_people`."""
    rows: list[tuple[Any, ...]] = [
        (one.number, *_NO_FACTS, one.portrait_id, one.name.strip(), one.folded,
         text.name_sort_key(one.folded), [], "", None)
        for one in born
    ]  # fmt: skip
    bulk.insert_rows(db, people, ("id", *_FACTS), rows)
    learn(db, (one.folded for one in born))
    ids = [(one.number, *one.external_id, False) for one in born if one.external_id]
    bulk.insert_rows(db, person_ids, _ID_COLUMNS, ids)


def keep_people(db: Connection, humans: Sequence[Human]) -> None:
    """Write people as their source persons describe them."""
    describing = {p.id for human in humans for p in human.described_by}
    describing |= {human.portrait_of for human in humans if human.portrait_of is not None}
    rows = _by_id(db, _DESCRIBING, describing)
    known = _by_id(db, _DESCRIBED, {human.number for human in humans})
    added: list[tuple[Any, ...]] = []
    changed: list[tuple[Any, ...]] = []
    for human in humans:
        described = (human.number, *_describe(human, rows))
        before = known.get(human.number)
        if before is None:
            added.append(described)
        elif tuple(before) != described:
            changed.append(described)
    bulk.insert_rows(db, people, ("id", *_FACTS), added)
    if changed:
        where = people.c.id == bindparam("row_id")
        values = [dict(zip(("row_id", *_FACTS), described, strict=True)) for described in changed]
        db.execute(update(people).where(where), values)
    folded = [_DESCRIBED.index(people.c[name]) for name in ("name_folded", "also_folded")]
    learn(db, (described[at] for described in (*added, *changed) for at in folded))
    _keep_ids(db, {human.number: _ids(human) for human in humans})


def hold_persons(db: Connection, holders: Mapping[int, int]) -> None:
    """Point all credits of source persons at people: source person -> person."""
    rows = [{"sp": source_person, "holder": person} for source_person, person in holders.items()]
    if rows:
        where = media_people.c.source_person_id == bindparam("sp")
        db.execute(update(media_people).where(where).values(person_id=bindparam("holder")), rows)


def hold_credits(db: Connection, holders: Mapping[int, int]) -> None:
    """Point single credits at people: credit -> person."""
    rows = [{"row_id": credit, "holder": person} for credit, person in holders.items()]
    if rows:
        where = media_people.c.id == bindparam("row_id")
        db.execute(update(media_people).where(where).values(person_id=bindparam("holder")), rows)


def stand_for(db: Connection, persons: Mapping[int, int | None], own: Mapping[int, int]) -> None:
    """Note who source persons are; `own` are their own numbers, where these are others now."""
    for column, numbers in (("person_id", persons), ("own_person_id", own)):
        rows = [{"row_id": row, "number": number} for row, number in numbers.items()]
        if rows:
            where = source_people.c.id == bindparam("row_id")
            db.execute(
                update(source_people).where(where).values({column: bindparam("number")}), rows
            )


def note_parts(db: Connection, holders: Mapping[int, set[int]], before: Iterable[int]) -> None:
    """Note who else holds credits of source persons; `before` are those who had such until now."""
    if touched := {*holders, *before}:
        db.execute(delete(part_holders).where(among(part_holders.c.source_person_id, touched)))
    rows = [
        {"source_person_id": source_person, "person_id": person}
        for source_person, others in holders.items()
        for person in sorted(others)
    ]
    if rows:
        db.execute(insert(part_holders), rows)


def note_said(db: Connection, known: Mapping[int, SaidRow], wanted: Mapping[int, SaidRow]) -> None:
    """Note the numbers of credits that the owner's word has a part in, instead of those known."""
    stale = [credit for credit, row in known.items() if wanted.get(credit) != row]
    if stale:
        db.execute(delete(said_numbers).where(among(said_numbers.c.credit_id, stale)))
    columns = [column.name for column in said_numbers.c]
    rows = [row for credit, row in sorted(wanted.items()) if known.get(credit) != row]
    bulk.insert_rows(db, said_numbers, columns, rows)


def redirect_people(db: Connection, moved: Mapping[int, int]) -> None:
    """Let old addresses lead to the people they turned out to be."""
    rows = [{"row_id": old, "target": new} for old, new in moved.items()]
    if rows:
        where = people.c.id == bindparam("row_id")
        db.execute(update(people).where(where).values(merged_into=bindparam("target")), rows)


def note_weighed(db: Connection, looked_at: Iterable[int], weighed: Iterable[int]) -> None:
    """Note for whom evidence was weighed, among those who were looked at."""
    chosen = set(weighed)
    for flag, persons in ((True, chosen), (False, set(looked_at) - chosen)):
        where = (among(source_people.c.id, persons), source_people.c.weighed.is_(not flag))
        db.execute(update(source_people).where(*where).values(weighed=flag))


def settle_persons(db: Connection, source_persons: Iterable[int]) -> None:
    """Identity has looked at these source persons."""
    where = (among(source_people.c.id, source_persons), source_people.c.undecided)
    db.execute(update(source_people).where(*where).values(undecided=False))


def _ids(human: Human) -> set[ExternalId]:
    if human.only_named:
        return set()
    return {external_id for person in human.described_by for external_id in person.ids}


_FIRST_GIVEN = ("born", "died", "birthplace", "biography", "portrait_id")
_NO_FACTS = (None,) * (len(_FIRST_GIVEN) - 1)
_DESCRIBING = tuple(source_people.c[name] for name in ("id", "name", *_FIRST_GIVEN))
_FACTS = (
    *_FIRST_GIVEN, "name", "name_folded", "sort_folded", "also_known_as", "also_folded",
    "merged_into",
)  # fmt: skip
_ID_COLUMNS = ("person_id", "scheme", "value", "clashes")
_DESCRIBED = (people.c.id, *(people.c[name] for name in _FACTS))


def _describe(human: Human, rows: Mapping[int, Row[Any]]) -> tuple[Any, ...]:
    by = [rows[person.id] for person in human.described_by]
    given: Sequence[Any] = by[0][2:]
    for row in by[1:]:
        more: Sequence[Any] = row[2:]
        given = [b if a is None else a for a, b in zip(given, more, strict=True)]
    if human.only_named:
        given = [None] * len(_FIRST_GIVEN)
    if human.portrait_of is not None:
        given = [*given[:-1], rows[human.portrait_of].portrait_id or given[-1]]
    names = {person.name: rows[person.id].name.strip() for person in reversed(human.described_by)}
    folded = text.fold(human.called) if human.called else human.described_by[0].name
    called = human.called or names[folded]
    names.pop(folded, None)
    others = (sorted(names.values()), " ".join(sorted(names)))
    return *given, called, folded, text.name_sort_key(folded), *others, None


def _keep_ids(db: Connection, wanted: Mapping[int, set[ExternalId]]) -> None:
    known: dict[int, set[ExternalId]] = defaultdict(set)
    theirs = select(person_ids).where(among(person_ids.c.person_id, wanted))
    for row in db.execute(theirs).all():
        known[row.person_id].add(ExternalId(row.scheme, row.value))
    if stale := [number for number, ids in wanted.items() if known[number] - ids]:
        db.execute(delete(person_ids).where(among(person_ids.c.person_id, stale)))
        for number in stale:
            known[number].clear()
    rows = [
        (number, scheme, value, False)
        for number, ids in wanted.items()
        for scheme, value in sorted(ids - known[number])
    ]
    bulk.insert_rows(db, person_ids, _ID_COLUMNS, rows)
    if rows:
        figures.mark_clashes(db, [row[:3] for row in rows])


def _by_id(db: Connection, columns: Sequence[Any], ids: Iterable[int]) -> dict[int, Row[Any]]:
    query = select(*columns).where(among(columns[0], ids))
    return {row.id: row for row in db.execute(query).all()}
