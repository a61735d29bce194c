"""How much each clue weighs. Pure arithmetic; the figures come from `benchmarks.weights`."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property

from fullcredits.identity.evidence import Clue, Credit

JOIN = 5.0
"""From this score on two records are taken for one human."""
PROPOSE = 1.5
"""From this score on the owner is asked."""
MARGIN = 4.0
"""By so much the best of several namesakes must lead."""

_ONE_NAME = 5.5
_COMMON = -0.29
_SAME_MAIN, _NONE_SHARED = 0.85, -2.6
_COMPANION, _MOST_COMPANIONS = 0.76, 63
_YEAR_BETWEEN, _LONGEST_GAP = -0.035, 50
_LONG_CAREER, _YEAR_BEYOND = 60, -0.3
_SAME_TITLE, _SAME_PART = 3.0, 2.0


class Profile:
    """Some credits, taken for one human's."""

    def __init__(
        self, name: str, credits: Sequence[Credit], beside: Mapping[int, frozenset[str]]
    ) -> None:
        self.name = name
        self.credits = credits
        self._beside = beside

    @cached_property
    def departments(self) -> Counter[str]:
        """How many credits in each department."""
        return Counter(credit.department.value for credit in self.credits)

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
    clues = [Clue("rarity", _ONE_NAME + _COMMON * commonness, 2**commonness)]
    shared = one.titles.keys() & other.titles.keys()
    if shared:
        alike = sum(not one.titles[t].isdisjoint(other.titles[t]) for t in shared)
        weight = _SAME_TITLE * math.log2(1 + len(shared)) + _SAME_PART * math.log2(1 + alike)
        clues.append(Clue("titles", weight, len(shared), alike))
    elif beside := len(one.companions & other.companions):
        weight = _COMPANION * math.log2(1 + min(beside, _MOST_COMPANIONS))
        clues.append(Clue("companions", weight, beside))
    clues += _departments(one, other)
    clues += _times(one, other)
    return tuple(clues)


def _departments(one: Profile, other: Profile) -> list[Clue]:
    if one.departments.keys().isdisjoint(other.departments):
        return [Clue("department", _NONE_SHARED)]
    if _main(one) == _main(other):
        return [Clue("department", _SAME_MAIN)]
    return []


def _main(profile: Profile) -> str:
    return min(profile.departments, key=lambda d: (-profile.departments[d], d))


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
