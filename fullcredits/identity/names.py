"""How common a name is in a library."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from fullcredits.text import NameWord, name_ends

_SINGLE_WORD = 14


@dataclass
class Names:
    """How many of the library's names have a word first, and last."""

    counts: Mapping[NameWord, int] = field(default_factory=dict)

    def commonness(self, name: str) -> int:
        """How many people such a name might mean, as a power of two; never negative.

        In whole steps for each word, so that it seldom changes when a library grows.
        """
        ends = name_ends(name)
        return sum(step(self.counts.get(word, 1)) for word in ends) if ends else _SINGLE_WORD


def step(count: int) -> int:
    """The whole part of the binary logarithm."""
    return max(1, count).bit_length() - 1


def count_names(names: Iterable[str]) -> Names:
    """Count over distinct folded names."""
    return Names(Counter(word for name in names for word in name_ends(name)))
