"""Which credits are one person's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from fullcredits.identity.evidence import Person, SharedCredit, Sighting, same_ids, sightings
from fullcredits.identity.groups import Groups


@dataclass(slots=True)
class PersonGroup:
    """One human, as a set of records."""

    persons: list[int] = field(default_factory=list)
    """Source persons: all their credits, except those that another group names."""
    credits: list[int] = field(default_factory=list)
    """Single credits of name-keyed source persons that several humans share."""


def group_people(persons: Sequence[Person], credits: Iterable[SharedCredit]) -> list[PersonGroup]:
    """The humans behind these source persons.

    Strong ids join, clashing ones forbid. A name-keyed person (Jellyfin: all namesakes in one
    record) is resolved credit by credit: the same title on another source says who is meant.
    When all that can be resolved means one human, and no other of that name is known, the rest of
    the record is taken for the same; else what cannot be resolved stays a person of its own.
    """
    by_id = {person.id: person for person in persons}
    groups = Groups({person.id: person.ids for person in persons})
    for link in same_ids(persons):
        groups.join(link.one, link.other)
    seen = sightings(by_id, credits)
    resolved = _resolve(by_id, groups, seen)
    split = _split(by_id, groups, resolved)
    _join_names(by_id, groups, seen, split)
    return _as_groups(groups, split)


def _resolve(
    persons: Mapping[int, Person], groups: Groups, seen: Mapping[int, list[Sighting]]
) -> dict[int, dict[int, int]]:
    """For each name-keyed person, the id-bearing person each credit means, where one is clear.

    Of namesakes on one title, the one with the same department and part is meant; if that does
    not tell them apart, the credit stays unresolved.
    """
    resolved: dict[int, dict[int, int]] = defaultdict(dict)
    for credit, found in sorted(seen.items()):
        strong = [s for s in found if not persons[s.seen].by_name]
        best = max((s.agreement for s in strong), default=0)
        meant = {groups.leader(s.seen) for s in strong if s.agreement == best}
        if len(meant) == 1:
            resolved[found[0].person][credit] = meant.pop()
    return resolved


def _split(
    persons: Mapping[int, Person], groups: Groups, resolved: Mapping[int, Mapping[int, int]]
) -> dict[int, int]:
    """Join each name-keyed person with the one human all its resolved credits mean.

    Returns credit -> person for the records that mean several, or may, credit by credit.
    """
    bearers: dict[str, list[int]] = defaultdict(list)
    for known in persons.values():
        if not known.by_name:
            bearers[known.name].append(known.id)
    split: dict[int, int] = {}
    for person, meant in sorted(resolved.items()):
        humans = {groups.leader(strong) for strong in meant.values()}
        humans |= {groups.leader(strong) for strong in bearers[persons[person].name]}
        if len(humans) == 1 and groups.join(person, humans.pop()):
            continue
        split.update(meant)
    return split


def _join_names(
    persons: Mapping[int, Person],
    groups: Groups,
    seen: Mapping[int, list[Sighting]],
    split: Mapping[int, int],
) -> None:
    """Join name-keyed persons of different sources that are credited on one title."""
    for credit, found in sorted(seen.items()):
        if credit in split:
            continue
        for sighting in found:
            if persons[sighting.seen].by_name:
                groups.join(sighting.person, sighting.seen)


def _as_groups(groups: Groups, split: Mapping[int, int]) -> list[PersonGroup]:
    by_leader = {
        leader: PersonGroup(persons=members) for leader, members in groups.members().items()
    }
    for credit, person in sorted(split.items()):
        by_leader[groups.leader(person)].credits.append(credit)
    return list(by_leader.values())
