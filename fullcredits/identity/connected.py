"""Whom a decision about some source persons can depend on, and nobody else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from fullcredits.identity.evidence import Person
from fullcredits.identity.spellings import Otherwise


def connected(
    persons: Iterable[Person], otherwise: Iterable[Otherwise], some: Collection[int]
) -> set[int]:
    """Some source persons, with all who share a name or an id with them or with one of those, or
    may be called otherwise. Who is who among them is decided alike with the others and without.
    """
    known = {person.id: person for person in persons}
    sharing: dict[object, list[int]] = defaultdict(list)
    for person in known.values():
        for shared in (person.name, *person.ids):
            sharing[shared].append(person.id)
    paired: dict[int, list[int]] = defaultdict(list)
    for pair in otherwise:
        paired[pair.one].append(pair.other)
        paired[pair.other].append(pair.one)
    found = set(some)
    left = list(found)
    while left:
        person = known[left.pop()]
        near = set(paired[person.id])
        for shared in (person.name, *person.ids):
            near.update(sharing.pop(shared, ()))
        left += near - found
        found |= near
    return found
