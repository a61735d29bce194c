"""Keeping what identity decided about people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from fullcredits import text
from fullcredits.model import ExternalId
from fullcredits.store.chunks import chunked
from fullcredits.store.identity.person_facts import PersonRow
from fullcredits.store.schema import media_people, people, person_ids, source_people
from fullcredits.store.words import learn


class Human(NamedTuple):
    """One person, decided."""

    number: int | None
    """Their id; None: they are new."""
    described_by: tuple[PersonRow, ...]
    """The source persons whose names, portraits and facts are theirs, best first."""


def keep_people(db: Connection, humans: Sequence[Human]) -> list[int]:
    """Write people as their source persons describe them; returns their ids, in order."""
    return [number for part in chunked(humans) for number in _keep_part(db, part)]


def _keep_part(db: Connection, humans: Sequence[Human]) -> list[int]:
    """Write some people: whole rows of everybody at once would fill the memory."""
    described = _describe(db, humans)
    known = _people(db, [human.number for human in humans if human.number is not None])
    numbers = [human.number for human in humans]
    fresh = [index for index, number in enumerate(numbers) if number is None]
    if fresh:
        inserted = insert(people).returning(people.c.id, sort_by_parameter_order=True)
        given = db.scalars(inserted, [described[index] for index in fresh])
        for index, number in zip(fresh, given, strict=True):
            numbers[index] = number
    changed = [
        {"row_id": number, **facts}
        for number, facts in zip(numbers, described, strict=True)
        if number in known
        and any(getattr(known[number], name) != value for name, value in facts.items())
    ]
    if changed:
        db.execute(update(people).where(people.c.id == bindparam("row_id")), changed)
    written = (*(described[index] for index in fresh), *changed)
    learn(db, (facts[name] for facts in written for name in ("name_folded", "also_folded")))
    final = [number for number in numbers if number is not None]
    _keep_ids(db, {n: _ids(h) for n, h in zip(final, humans, strict=True)})
    return final


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


def redirect_people(db: Connection, moved: Mapping[int, int]) -> None:
    """Let old addresses lead to the people they turned out to be."""
    rows = [{"row_id": old, "merged_into": new} for old, new in moved.items()]
    if rows:
        db.execute(update(people).where(people.c.id == bindparam("row_id")), rows)


def settle_persons(db: Connection, source_persons: Iterable[int]) -> None:
    """Identity has looked at these source persons."""
    for chunk in chunked(sorted(source_persons)):
        where = (source_people.c.id.in_(chunk), source_people.c.undecided)
        db.execute(update(source_people).where(*where).values(undecided=False))


def _ids(human: Human) -> set[ExternalId]:
    return {external_id for person in human.described_by for external_id in person.ids}


_FIRST_GIVEN = ("born", "died", "birthplace", "biography", "portrait_id")


def _describe(db: Connection, humans: Sequence[Human]) -> list[dict[str, Any]]:
    rows = _source_people(db, [p.id for human in humans for p in human.described_by])
    described = []
    for human in humans:
        by = [rows[person.id] for person in human.described_by]
        facts: dict[str, Any] = {
            field: next((v for row in by if (v := getattr(row, field)) is not None), None)
            for field in _FIRST_GIVEN
        }
        names = {text.fold(row.name): row.name.strip() for row in reversed(by)}
        folded = text.fold(by[0].name)
        facts["name"] = names.pop(folded)
        facts["name_folded"] = folded
        facts["sort_folded"] = text.name_sort_key(facts["name"])
        facts["also_known_as"] = sorted(names.values())
        facts["also_folded"] = " ".join(sorted(names))
        facts["merged_into"] = None
        described.append(facts)
    return described


def _keep_ids(db: Connection, wanted: Mapping[int, set[ExternalId]]) -> None:
    known: dict[int, set[ExternalId]] = defaultdict(set)
    for chunk in chunked(sorted(wanted)):
        for row in db.execute(select(person_ids).where(person_ids.c.person_id.in_(chunk))):
            known[row.person_id].add(ExternalId(row.scheme, row.value))
    stale = [number for number, ids in wanted.items() if known[number] - ids]
    for chunk in chunked(stale):
        db.execute(delete(person_ids).where(person_ids.c.person_id.in_(chunk)))
        for number in chunk:
            known[number].clear()
    rows = [
        {"person_id": number, "scheme": scheme, "value": value}
        for number, ids in wanted.items()
        for scheme, value in sorted(ids - known[number])
    ]
    if rows:
        db.execute(insert(person_ids), rows)


def _source_people(db: Connection, ids: Sequence[int]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for chunk in chunked(ids):
        query = select(source_people).where(source_people.c.id.in_(chunk))
        found.update({row.id: row for row in db.execute(query)})
    return found


def _people(db: Connection, ids: Sequence[int]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for chunk in chunked(ids):
        query = select(people).where(people.c.id.in_(chunk))
        found.update({row.id: row for row in db.execute(query)})
    return found
