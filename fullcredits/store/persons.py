"""Writing persons as a source has them: names and portraits with every credit, and what Person
records add (birth, biography, external ids).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import starmap
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, func, select, update

from fullcredits import text
from fullcredits.model import ExternalId, PersonFacts, SourcePerson
from fullcredits.store import bulk
from fullcredits.store.among import among
from fullcredits.store.identity.lone import Newcomer, bear_alone
from fullcredits.store.identity.name_counts import forget_names
from fullcredits.store.identity.waiting import let_titles_look
from fullcredits.store.images import image_ids
from fullcredits.store.schema import (
    media_people,
    source_people,
    source_person_ids,
    sync_problems,
)


class Named(NamedTuple):
    """A source person whom credits name."""

    id: int
    person: int | None = None
    """Who that is, of newcomers who stand alone; of all others identity says it."""


def put_source_people(
    db: Connection, source_id: int, persons: Sequence[SourcePerson], *, believed: bool = True
) -> dict[str, Named]:
    """Store persons as credits name them, each time one does; returns them by key.

    Of one person named several times the first name counts, and the first portrait there is:
    Plex has a portrait for the actor and none for the same human as a producer. A portrait once
    known is replaced by another, never by none. What is not `believed` brings no portraits, and
    no other names of those who are known.
    """
    wanted = _each_once(persons)
    if not believed:
        wanted = {
            key: person._replace(portrait=None, portrait_blurhash=None)
            for key, person in wanted.items()
        }
    rows = _known(db, source_id, list(wanted), _NAMED)
    pictures = _pictures(db, source_id, wanted.values())
    fresh = [person for key, person in wanted.items() if key not in rows]
    credits = Counter(person.key for person in persons)
    if believed:
        _rename(db, wanted, rows, pictures)
    added = _insert(db, source_id, fresh, pictures, credits)
    return {key: Named(row.id) for key, row in rows.items()} | added


def put_person_facts(db: Connection, source_id: int, facts: Sequence[PersonFacts]) -> set[int]:
    """Store what a source knows about persons; returns the row ids of those new or changed.

    Persons without any credit are stored too: a credit may name them later. What could not be read
    stays as it was. Those who are `misnamed` are to be left out.
    """
    wanted = _each_once(f.person for f in facts)
    rows = _known(db, source_id, list(wanted), (*_NAMED, *_FACTS, "undecided"))
    pictures = _pictures(db, source_id, wanted.values())
    fresh = [person for key, person in wanted.items() if key not in rows]
    _rename(db, wanted, rows, pictures)
    added = _insert(db, source_id, fresh, pictures)
    ids = {key: row.id for key, row in (*rows.items(), *added.items())}
    known_ids = _external_ids(db, [row.id for row in rows.values()])
    renumbered: list[tuple[int, PersonFacts]] = []
    rewritten: list[dict[str, Any]] = []
    changed: set[int] = set()
    for served in facts:
        row, number = rows.get(served.person.key), ids[served.person.key]
        fact = _as_it_was(served, row, known_ids.get(number, _NONE)) if served.unread else served
        told = (fact.born, fact.died, fact.birthplace, fact.biography)
        before = (row.born, row.died, row.birthplace, row.biography) if row else _UNKNOWN
        same_ids = known_ids.get(number, _NONE) == set(fact.external_ids)
        if not same_ids:
            renumbered.append((number, fact))
        if told != before or (not same_ids and row and not row.undecided):
            values = dict(zip(_FACTS, told, strict=True))
            rewritten.append({"row_id": number, **values, "undecided": True})
        if told != before or not same_ids:
            changed.add(number)
    _replace_ids(db, renumbered, known_ids)
    _update(db, rewritten)
    return changed


def misnamed(db: Connection, source_id: int, facts: Sequence[PersonFacts]) -> set[str]:
    """Keys of those who are known, and said to have an odd name that is not theirs: the rest of
    what is said of them was mostly wrecked with it.
    """
    names = {fact.person.key: fact.person.name for fact in facts if fact.odd}
    known = person_names(db, source_id, list(names)) if names else {}
    return {key for key, name in known.items() if name != names[key]}


class Losing(NamedTuple):
    """Who would lose something that is known, by what a source says now."""

    keys: frozenset[str]
    known: int
    """Of how many persons anything is known that a record tells."""


def who_loses(db: Connection, source_id: int, facts: Sequence[PersonFacts]) -> Losing:
    """Of whom a date, birthplace, biography or the id of a catalogue is known, and would be no
    more.
    """
    rows = _known(db, source_id, [fact.person.key for fact in facts], ("id", "key", *_FACTS))
    ids = _external_ids(db, [row.id for row in rows.values()])
    losing: set[str] = set()
    known = 0
    for served in facts:
        row = rows.get(served.person.key)
        if row is None:
            continue
        held = ids.get(row.id, _NONE)
        fact = _as_it_was(served, row, held) if served.unread else served
        before = {name for name in _FACTS if getattr(row, name)} | {pair[0] for pair in held}
        now = {name for name in _FACTS if getattr(fact, name)}
        now |= {pair.scheme for pair in fact.external_ids}
        known += bool(before)
        if before - now:
            losing.add(row.key)
    return Losing(frozenset(losing), known)


def _as_it_was(fact: PersonFacts, row: Any, ids: Collection[tuple[str, str]]) -> PersonFacts:
    """With what was known in the place of what could not be read. A text that was decoded wrongly
    is better than none: some are so on the server itself.
    """
    kept = {pair for pair in ids if pair[0] in fact.unread} - set(fact.external_ids)
    return replace(
        fact,
        born=row.born if row and "born" in fact.unread else fact.born,
        died=row.died if row and "died" in fact.unread else fact.died,
        birthplace=(row and "birthplace" in fact.unread and row.birthplace) or fact.birthplace,
        biography=(row and "biography" in fact.unread and row.biography) or fact.biography,
        external_ids=(*fact.external_ids, *starmap(ExternalId, sorted(kept))),
    )


def newest_person(db: Connection) -> int:
    """The highest row id of a person that was ever stored; 0 for none."""
    return db.scalar(select(func.max(source_people.c.id))) or 0


def unread_persons(db: Connection, source_id: int, above: int) -> list[tuple[int, str]]:
    """(row id, key) of the persons of a source who are credited and were named after that row id,
    and of those whose record could not be read; in the order in which they were named. Who has no
    key but a name cannot be asked for.
    """
    these = (
        source_people.c.source_id == source_id,
        source_people.c.key.not_like("name:%"),
        select(media_people.c.id)
        .where(media_people.c.source_person_id == source_people.c.id)
        .exists(),
    )
    failed = select(sync_problems.c.item_key).where(
        sync_problems.c.source_id == source_id,
        sync_problems.c.phase == "people",
        sync_problems.c.solved_at.is_(None),
    )
    who = select(source_people.c.id, source_people.c.key)
    found = {
        (row.id, row.key)
        for which in (source_people.c.id > above, source_people.c.key.in_(failed))
        for row in db.execute(who.where(*these, which))
    }
    return sorted(found)


def person_names(db: Connection, source_id: int, keys: Sequence[str]) -> dict[str, str]:
    """What these persons are called, by their keys; of those who are known."""
    return {key: row.name for key, row in _known(db, source_id, keys, ("key", "name")).items()}


def person_rows(db: Connection, source_id: int, keys: Sequence[str]) -> list[int]:
    """The row ids of the persons with these keys, in no order; of those who are known."""
    return [row.id for row in _known(db, source_id, keys, ("id", "key")).values()]


_NAMED = ("id", "key", "name", "portrait_id")
_COLUMNS = (
    "id", "source_id", "key", "name", "name_folded", "by_name", "portrait_id", "person_id",
    "own_person_id", "weighed", "undecided",
)  # fmt: skip
_FACTS = ("born", "died", "birthplace", "biography")
_UNKNOWN = (None, None, None, None)
_NONE: frozenset[tuple[str, str]] = frozenset()


def _each_once(persons: Iterable[SourcePerson]) -> dict[str, SourcePerson]:
    """By key the first of each, with the first portrait there is."""
    wanted: dict[str, SourcePerson] = {}
    for person in persons:
        known = wanted.get(person.key)
        if known is None:
            wanted[person.key] = person
        elif known.portrait is None and person.portrait is not None:
            wanted[person.key] = known._replace(
                portrait=person.portrait, portrait_blurhash=person.portrait_blurhash
            )
    return wanted


def _pictures(
    db: Connection, source_id: int, persons: Iterable[SourcePerson]
) -> dict[str | None, int | None]:
    """The row ids of their portraits, and of none."""
    blurs = {p.portrait: p.portrait_blurhash for p in persons if p.portrait}
    found: dict[str | None, int | None] = {None: None, "": None}
    found.update(image_ids(db, source_id, blurs))
    return found


def _insert(
    db: Connection,
    source_id: int,
    fresh: Sequence[SourcePerson],
    pictures: Mapping[str | None, int | None],
    credits: Mapping[str, int] | None = None,
) -> dict[str, Named]:
    """Store newcomers; `credits`: how many name them, by key, where any do."""
    numbers = bulk.fresh_numbers(db, source_people, len(fresh))
    newcomers = [
        Newcomer(number, p.key, p.name, text.fold(p.name), p.by_name, pictures[p.portrait])
        for number, p in zip(numbers, fresh, strict=True)
    ]
    people = bear_alone(db, source_id, newcomers, credits) if credits else {}
    added = []
    for one in newcomers:
        person = people.get(one.id)
        added.append(
            (one.id, source_id, one.key, one.name, one.folded, one.by_name, one.portrait_id,
             person, person, False, person is None)
        )  # fmt: skip
    bulk.insert_rows(db, source_people, _COLUMNS, added)
    return {one.key: Named(one.id, people.get(one.id)) for one in newcomers}


def _rename(
    db: Connection,
    wanted: Mapping[str, SourcePerson],
    rows: Mapping[str, Any],
    pictures: Mapping[str | None, int | None],
) -> None:
    """Write the names and portraits that are not as they were; `rows` are those known, by key."""
    renamed: list[dict[str, Any]] = []
    former: dict[int, str] = {}
    for key, row in rows.items():
        person = wanted[key]
        portrait_id = pictures[person.portrait] or row.portrait_id
        if (row.name, row.portrait_id) != (person.name, portrait_id):
            former[row.id] = text.fold(row.name)
            renamed.append(
                {
                    "row_id": row.id,
                    "name": person.name,
                    "name_folded": text.fold(person.name),
                    "portrait_id": portrait_id,
                    "undecided": True,
                }
            )
    if left := set(former.values()) - {row["name_folded"] for row in renamed}:
        forget_names(db, left)
    let_titles_look(db, [r["row_id"] for r in renamed if r["name_folded"] != former[r["row_id"]]])
    _update(db, renamed)


def _known(
    db: Connection, source_id: int, keys: Sequence[str], columns: Sequence[str]
) -> dict[str, Any]:
    query = select(*(source_people.c[name] for name in columns)).where(
        source_people.c.source_id == source_id, among(source_people.c.key, keys)
    )
    return {row.key: row for row in db.execute(query).all()}


def _external_ids(db: Connection, ids: Sequence[int]) -> dict[int, set[tuple[str, str]]]:
    found: dict[int, set[tuple[str, str]]] = {}
    query = select(source_person_ids).where(among(source_person_ids.c.source_person_id, ids))
    for number, scheme, value in db.execute(query).all():
        found.setdefault(number, set()).add((scheme, value))
    return found


def _replace_ids(
    db: Connection, facts: Sequence[tuple[int, PersonFacts]], known: Collection[int]
) -> None:
    table = source_person_ids
    if stale := [number for number, _ in facts if number in known]:
        db.execute(delete(table).where(among(table.c.source_person_id, stale)))
    rows = [
        (number, scheme, value)
        for number, fact in facts
        for scheme, value in dict.fromkeys(fact.external_ids)
    ]
    bulk.insert_rows(db, table, ("source_person_id", "scheme", "value"), rows)


def _update(db: Connection, changed: list[dict[str, Any]]) -> None:
    if changed:
        where = source_people.c.id == bindparam("row_id")
        db.execute(update(source_people).where(where), changed)
