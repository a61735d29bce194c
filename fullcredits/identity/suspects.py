"""Records known by name that look like several people fused in one."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Literal, NamedTuple

from fullcredits.identity.evidence import Credit, Person
from fullcredits.model import Department

LONG_CAREER = 70
"""Years from the first work to the last, written works aside: books are filmed long after."""


class Suspect(NamedTuple):
    """Why somebody looks like several people."""

    person: int
    kind: Literal["career", "born", "ids"]
    first: int = 0
    """The year of the first work."""
    last: int = 0
    """Of a career the year of the last work, of "born" the year of birth."""


def is_one_human(
    born: dt.date | None, first: int | None, last: int | None, *, one_department: bool
) -> bool:
    """Whether nothing in a record known by name, the only one of that name, looks like several
    people. `first` and `last` are the years of all their work, None where no year is known.
    """
    if not one_department:
        return False
    if first is None or last is None:
        return True
    return last - first <= LONG_CAREER and (born is None or born.year <= first)


def find_suspects(
    persons: Iterable[Person],
    credits: Iterable[Credit],
    elsewhere: Collection[int],
    cleared: Collection[int] = (),
) -> list[Suspect]:
    """Records of people known by name that look like several.

    `elsewhere` are credits that were found to be another's than their record's, `cleared` the
    records that the owner spoke of.
    """
    bags = [person for person in persons if person.by_name and person.id not in cleared]
    own: dict[int, list[Credit]] = {person.id: [] for person in bags}
    for credit in credits:
        if credit.person in own and credit.id not in elsewhere:
            own[credit.person].append(credit)
    found = [suspect for bag in bags for suspect in _by_years(bag, own[bag.id])]
    return sorted(found + _by_ids(bags))


def _by_years(person: Person, credits: Sequence[Credit]) -> Iterator[Suspect]:
    every = [credit.year for credit in credits if credit.year]
    if person.born and every and min(every) < person.born.year:
        yield Suspect(person.id, "born", min(every), person.born.year)
    years = [c.year for c in credits if c.year and c.department is not Department.WRITING]
    if years and max(years) - min(years) > LONG_CAREER:
        yield Suspect(person.id, "career", min(years), max(years))


def _by_ids(bags: Iterable[Person]) -> list[Suspect]:
    """Records of one name on different servers that bear different ids of one catalogue."""
    named: dict[str, list[Person]] = defaultdict(list)
    for bag in bags:
        if bag.ids:
            named[bag.name].append(bag)
    found = {
        person.id
        for bearers in named.values()
        for one, other in combinations(bearers, 2)
        if _clash(dict(one.ids), dict(other.ids))
        for person in (one, other)
    }
    return [Suspect(number, "ids") for number in found]


def _clash(ones: Mapping[str, str], others: Mapping[str, str]) -> bool:
    return any(ones[scheme] != others[scheme] for scheme in ones.keys() & others.keys())
