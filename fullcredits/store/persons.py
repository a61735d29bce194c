"""Writing persons as a source has them: names and portraits with every credit, and what Person
records add (birth, biography, external ids).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from fullcredits import text
from fullcredits.model import PersonFacts, SourcePerson
from fullcredits.store.chunks import chunked
from fullcredits.store.identity.name_counts import forget_names
from fullcredits.store.images import image_ids
from fullcredits.store.schema import source_people, source_person_ids


def put_source_people(
    db: Connection, source_id: int, persons: Iterable[SourcePerson]
) -> dict[str, int]:
    """Store persons that credits name; returns id by key.

    Of one person named several times the first name counts, and the first portrait there is:
    Plex has a portrait for the actor and none for the same human as a producer. A portrait once
    known is replaced by another, never by none.
    """
    wanted: dict[str, SourcePerson] = {}
    for person in persons:
        known = wanted.get(person.key)
        if known is None:
            wanted[person.key] = person
        elif known.portrait is None and person.portrait is not None:
            wanted[person.key] = known._replace(
                portrait=person.portrait, portrait_blurhash=person.portrait_blurhash
            )
    portraits = {p.portrait: p.portrait_blurhash for p in wanted.values() if p.portrait}
    pictures = image_ids(db, source_id, portraits)
    rows = _known(db, source_id, list(wanted))
    fresh: list[dict[str, Any]] = [
        {
            "source_id": source_id,
            "key": person.key,
            "name": person.name,
            "name_folded": text.fold(person.name),
            "by_name": person.by_name,
            "portrait_id": pictures[person.portrait] if person.portrait else None,
        }
        for person in wanted.values()
        if person.key not in rows
    ]
    if fresh:
        db.execute(insert(source_people), fresh)
        rows |= _known(db, source_id, [str(row["key"]) for row in fresh])
    changed = []
    former = set()
    for person in wanted.values():
        row = rows[person.key]
        portrait_id = pictures[person.portrait] if person.portrait else row.portrait_id
        if (row.name, row.portrait_id) != (person.name, portrait_id):
            former.add(text.fold(row.name))
            changed.append(
                {
                    "row_id": row.id,
                    "name": person.name,
                    "name_folded": text.fold(person.name),
                    "portrait_id": portrait_id,
                    "undecided": True,
                }
            )
    if left := former - {row["name_folded"] for row in changed}:
        forget_names(db, left)
    _update(db, changed)
    return {key: row.id for key, row in rows.items()}


def put_person_facts(db: Connection, source_id: int, facts: Sequence[PersonFacts]) -> int:
    """Store what a source knows about persons; returns how many were new or changed.

    Persons without any credit are stored too: a credit may name them later.
    """
    ids = put_source_people(db, source_id, (f.person for f in facts))
    rows = _known(db, source_id, list(ids), ("key", *_FACTS))
    known_ids = _external_ids(db, list(ids.values()))
    changed: list[dict[str, Any]] = []
    renumbered: list[tuple[int, PersonFacts]] = []
    for fact in facts:
        row_id = ids[fact.person.key]
        values = {name: getattr(fact, name) for name in _FACTS}
        same = all(getattr(rows[fact.person.key], n) == value for n, value in values.items())
        same_ids = known_ids.get(row_id, set()) == set(fact.external_ids)
        if not (same and same_ids):
            changed.append({"row_id": row_id, "undecided": True, **values})
        if not same_ids:
            renumbered.append((row_id, fact))
    _replace_ids(db, renumbered)
    _update(db, changed)
    return len(changed)


def person_rows(db: Connection, source_id: int, facts: Sequence[PersonFacts]) -> list[int]:
    """The row ids of these persons, in no order."""
    return [row.id for row in _known(db, source_id, [f.person.key for f in facts]).values()]


_NAMED = ("id", "key", "name", "portrait_id")
_FACTS = ("born", "died", "birthplace", "biography")


def _known(
    db: Connection, source_id: int, keys: Sequence[str], columns: Sequence[str] = _NAMED
) -> dict[str, Any]:
    rows: dict[str, Any] = {}
    for chunk in chunked(keys):
        query = select(*(source_people.c[name] for name in columns)).where(
            source_people.c.source_id == source_id, source_people.c.key.in_(chunk)
        )
        rows.update({row.key: row for row in db.execute(query)})
    return rows


def _external_ids(db: Connection, ids: Sequence[int]) -> dict[int, set[tuple[str, str]]]:
    found: dict[int, set[tuple[str, str]]] = {}
    for chunk in chunked(ids):
        query = select(source_person_ids).where(source_person_ids.c.source_person_id.in_(chunk))
        for row in db.execute(query):
            found.setdefault(row.source_person_id, set()).add((row.scheme, row.value))
    return found


def _replace_ids(db: Connection, facts: Sequence[tuple[int, PersonFacts]]) -> None:
    table = source_person_ids
    for chunk in chunked([row_id for row_id, _ in facts]):
        db.execute(delete(table).where(table.c.source_person_id.in_(chunk)))
    rows = [
        {"source_person_id": row_id, "scheme": scheme, "value": value}
        for row_id, fact in facts
        for scheme, value in dict.fromkeys(fact.external_ids)
    ]
    if rows:
        db.execute(insert(table), rows)


def _update(db: Connection, changed: list[dict[str, Any]]) -> None:
    if changed:
        where = source_people.c.id == bindparam("row_id")
        db.execute(update(source_people).where(where), changed)
