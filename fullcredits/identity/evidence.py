"""What speaks for two records being one human: named, so that a decision can be explained."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from fullcredits.model import Department, ExternalId


class Person(NamedTuple):
    """What identity looks at in a source person."""

    id: int
    source: int
    name: str
    """Folded."""
    by_name: bool
    """Known by name only: namesakes on that source are fused in this one record."""
    ids: tuple[ExternalId, ...]
    """Including ("plex", tagKey) for a person of a Plex server."""


class SharedCredit(NamedTuple):
    """A credit on a title that more than one source has."""

    id: int
    person: int
    """The source person's id."""
    title: int
    department: Department
    part: str
    """The character played or the job done, folded."""


class SameId(NamedTuple):
    """Two source persons have an external id in common."""

    one: int
    other: int
    external_id: ExternalId


class Sighting(NamedTuple):
    """A credit of a name-keyed person stands on a title where another source credits that name."""

    credit: int
    person: int
    """Whose credit it is."""
    seen: int
    """The source person whom the other source credits."""
    title: int
    agreement: int
    """2: the same department and part, 1: the same department, 0: only name and title."""


def same_ids(persons: Iterable[Person]) -> list[SameId]:
    """Every shared external id, as links from the first bearer to each other one."""
    bearers: dict[ExternalId, list[int]] = defaultdict(list)
    for person in persons:
        for external_id in person.ids:
            bearers[external_id].append(person.id)
    return [
        SameId(min(ids), other, external_id)
        for external_id, ids in sorted(bearers.items())
        for other in sorted(ids)
        if other != min(ids)
    ]


def sightings(
    persons: Mapping[int, Person], credits: Iterable[SharedCredit]
) -> dict[int, list[Sighting]]:
    """For each credit of a name-keyed person, the same name on that title elsewhere."""
    named: dict[tuple[int, str], list[SharedCredit]] = defaultdict(list)
    for credit in credits:
        named[credit.title, persons[credit.person].name].append(credit)
    found: dict[int, list[Sighting]] = defaultdict(list)
    for (title, _), there in named.items():
        for credit in there:
            person = persons[credit.person]
            if not person.by_name:
                continue
            for other in there:
                if persons[other.person].source != person.source:
                    found[credit.id].append(
                        Sighting(
                            credit.id, person.id, other.person, title, _agreement(credit, other)
                        )
                    )
    return found


def _agreement(one: SharedCredit, other: SharedCredit) -> int:
    if one.department != other.department:
        return 0
    return 2 if one.part == other.part else 1
