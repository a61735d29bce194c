"""People who stand alone: nothing connects them with anybody. Most of a library does.

Nothing has to be weighed for them, and who they are is known as soon as they are named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, or_, select

from fullcredits.model import ExternalId, SourceKind
from fullcredits.store.among import among
from fullcredits.store.identity import people
from fullcredits.store.identity.decisions import keys_spoken_of
from fullcredits.store.identity.person_facts import PersonRow, load_said_numbers, same_keys
from fullcredits.store.schema import part_holders, source_people, sources, spellings


class Newcomer(NamedTuple):
    """A source person who is to be stored."""

    id: int
    """Of the row to be."""
    key: str
    name: str
    folded: str
    by_name: bool
    portrait_id: int | None


def bear_alone(
    db: Connection, source_id: int, newcomers: Sequence[Newcomer], credits: Mapping[str, int]
) -> dict[int, int]:
    """Make people of those who stand alone, of all who come to a source at once; returns who they
    are, by row id. `credits`: how many name them, by key.
    """
    query = select(sources.c.name, sources.c.kind).where(sources.c.id == source_id)
    source, kind = db.execute(query).one()
    keyed = {n.key for n in newcomers if not n.by_name} if kind == SourceKind.PLEX else set()
    known = _known_names(db, newcomers) | _named_twice(newcomers)
    met = keys_spoken_of(db, source) | _keys_elsewhere(db, keyed)
    alone = [
        newcomer
        for newcomer in newcomers
        if (not newcomer.by_name or credits[newcomer.key] == 1)
        and newcomer.folded not in known
        and newcomer.key not in met
    ]
    numbers = people.numbers_for_people(db, len(alone))
    born = [
        people.Newborn(
            number,
            newcomer.name,
            newcomer.folded,
            newcomer.portrait_id,
            ExternalId("plex", newcomer.key) if newcomer.key in keyed else None,
        )
        for number, newcomer in zip(numbers, alone, strict=True)
    ]
    people.add_people(db, born)
    return {newcomer.id: number for number, newcomer in zip(numbers, alone, strict=True)}


def _known_names(db: Connection, newcomers: Sequence[Newcomer]) -> set[str]:
    known = among(source_people.c.name_folded, {newcomer.folded for newcomer in newcomers})
    return set(db.scalars(select(source_people.c.name_folded).where(known)))


def _named_twice(newcomers: Sequence[Newcomer]) -> set[str]:
    bearers = Counter(newcomer.folded for newcomer in newcomers)
    return {name for name, many in bearers.items() if many > 1}


def _keys_elsewhere(db: Connection, keys: Collection[str]) -> set[str]:
    """Those of Plex persons' keys that are known."""
    known = select(source_people.c.key)
    return {key for there in same_keys(db, keys) for key in db.scalars(known.where(there))}


def standing_alone(
    db: Connection, portion: Sequence[PersonRow], spoken_of: Collection[int]
) -> set[int]:
    """Of a portion, those whom nothing connects with anybody, nor did until now.

    `spoken_of` are those whom the owner's decisions concern. Whoever is known by name only may
    still be several humans: see `person_facts.load_careers`.
    """
    parted, lent = _lending(db, portion)
    persons = [row.id for row in portion]
    entangled = parted | _called_otherwise(db, persons) | set(spoken_of)
    entangled |= {row.person for row in load_said_numbers(db, persons).values()}
    bearers = Counter(common for row in portion for common in _common(row))
    return {
        row.id
        for row in portion
        if row.person == row.own_person
        and row.person not in lent
        and row.id not in entangled
        and all(bearers[common] == 1 for common in _common(row))
    }


def _lending(db: Connection, portion: Sequence[PersonRow]) -> tuple[set[int], set[int]]:
    """Source persons of whom others hold credits, and those others, as far as either is here."""
    owners, holders = part_holders.c.source_person_id, part_holders.c.person_id
    numbers = [row.own_person for row in portion if row.own_person is not None]
    either = or_(among(owners, [row.id for row in portion]), among(holders, numbers))
    rows = db.execute(select(owners, holders).where(either)).all()
    return {owner for owner, _ in rows}, {holder for _, holder in rows}


def _called_otherwise(db: Connection, persons: Sequence[int]) -> set[int]:
    """Source persons who may have another name elsewhere: these, and who that may be."""
    either = (spellings.c.one_id, spellings.c.other_id)
    pairs = select(*either).where(or_(*(among(column, persons) for column in either)))
    return {person for pair in db.execute(pairs).all() for person in pair}


def _common(row: PersonRow) -> set[Any]:
    """What others may have in common with somebody."""
    return {row.name, *row.ids, row.person} - {None}
