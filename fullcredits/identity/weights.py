"""How much each clue weighs. Pure arithmetic; the figures are fitted to half of the data that
`benchmarks.identity` reports on with the other half.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property

from fullcredits.identity.evidence import Clue, Credit

JOIN = 4.2
"""From this score on two records are taken for one human."""
PROPOSE = 1.5
"""From this score on the owner is asked."""
MARGIN = 4.0
"""By so much the best of several namesakes must lead."""
PART = 0.5
"""Below this score, two kinds of work under one name are taken for two humans' work."""

_ONE_NAME = 6.3
_COMMON = -0.29
_ALIKE, _SAME_WORK, _NONE_SHARED = 0.3, 0.9, -2.9
_COMPANION, _ANY_COMPANION, _MOST_COMPANIONS = 0.71, 0.5, 63
_YEAR_BETWEEN, _LONGEST_GAP = -0.05, 50
_LONG_CAREER, _YEAR_BEYOND = 60, -0.3
_SAME_TITLE, _SAME_PART = 3.0, 2.0
_SAME_RECORD = 0.8
_SAME_BIRTH, _OTHER_BIRTH = 4.0, -4.0

MOST_BY_COMPANIONS = _ANY_COMPANION + _COMPANION * math.log2(1 + _MOST_COMPANIONS)
"""No company says more."""


class Profile:
    """Some credits, taken for one human's."""

    def __init__(
        self, name: str, credits: Sequence[Credit], beside: Mapping[int, Collection[str]]
    ) -> None:
        self.name = name
        self.credits = credits
        self._beside = beside

    @cached_property
    def departments(self) -> dict[str, float]:
        """The share of the credits in each department."""
        counts = Counter(credit.department.value for credit in self.credits)
        return {department: many / len(self.credits) for department, many in counts.items()}

    @cached_property
    def years(self) -> tuple[int, int] | None:
        """First and last year."""
        years = [credit.year for credit in self.credits if credit.year]
        return (min(years), max(years)) if years else None

    @cached_property
    def companions(self) -> frozenset[str]:
        """Names credited on the same films and episodes."""
        titles = {credit.title for credit in self.credits}
        sets = [self._beside[title] for title in titles if title in self._beside]
        return frozenset().union(*sets) - {self.name}

    @cached_property
    def titles(self) -> dict[int, frozenset[str]]:
        """Parts by title."""
        found: dict[int, frozenset[str]] = {}
        for credit in self.credits:
            found[credit.title] = found.get(credit.title, frozenset()) | credit.parts
        return found


def weigh(one: Profile, other: Profile, commonness: int) -> tuple[Clue, ...]:
    """What speaks for and against two records of one name being one human."""
    return (
        Clue("rarity", _ONE_NAME + _COMMON * commonness, 2**commonness),
        *_together(one, other),
        *_departments(one, other),
        *_times(one, other),
    )


def score(clues: Iterable[Clue]) -> float:
    """The odds that these speak for, as a natural logarithm."""
    return sum(clue.weight for clue in clues)


def same_record(works: int) -> Clue:
    """So many other works of the same name-keyed record are this human's."""
    return Clue("record", _SAME_RECORD * math.log2(1 + works), works)


def births(one: dt.date | None, other: dt.date | None) -> tuple[Clue, ...]:
    """What two birth dates say; nothing where one is unknown, or may be a mere year.

    Servers keep the moment, so a day more or less is the same day in another zone.
    """
    if one is None or other is None:
        return ()
    if abs((one - other).days) <= 1:
        return (Clue("born", _SAME_BIRTH),)
    if one.year == other.year and (1, 1) in ((one.month, one.day), (other.month, other.day)):
        return ()
    return (Clue("born", _OTHER_BIRTH),)


def same_titles(shared: int, alike: int) -> Clue:
    """So many titles on both, so many with the same part."""
    weight = _SAME_TITLE * math.log2(1 + shared) + _SAME_PART * math.log2(1 + alike)
    return Clue("titles", weight, shared, alike)


def _together(one: Profile, other: Profile) -> list[Clue]:
    shared = one.titles.keys() & other.titles.keys()
    if shared:
        alike = sum(not one.titles[t].isdisjoint(other.titles[t]) for t in shared)
        return [same_titles(len(shared), alike)]
    beside = len(one.companions & other.companions)
    if not beside:
        return []
    weight = _ANY_COMPANION + _COMPANION * math.log2(1 + min(beside, _MOST_COMPANIONS))
    return [Clue("companions", weight, beside)]


def _departments(one: Profile, other: Profile) -> list[Clue]:
    # Exactly rounded, so that it is the same in whatever order departments come.
    alike = math.fsum(
        min(share, other.departments[department])
        for department, share in one.departments.items()
        if department in other.departments
    )
    if not alike:
        return [Clue("department", _NONE_SHARED)]
    return [Clue("department", _SAME_WORK)] if alike >= _ALIKE else []


def _times(one: Profile, other: Profile) -> list[Clue]:
    if one.years is None or other.years is None:
        return []
    clues = []
    gap = max(one.years[0], other.years[0]) - min(one.years[1], other.years[1])
    if gap > 0:
        clues.append(Clue("years", _YEAR_BETWEEN * min(gap, _LONGEST_GAP), gap))
    career = max(one.years[1], other.years[1]) - min(one.years[0], other.years[0])
    if career > _LONG_CAREER:
        clues.append(Clue("career", _YEAR_BEYOND * (career - _LONG_CAREER), career))
    return clues
