"""Keeping addresses: which group goes on under which number that was given out before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Settled(NamedTuple):
    """Numbers for groups."""

    numbers: list[int | None]
    """For each group its number; None: it needs a new one."""
    moved: dict[int, int]
    """For each number that lost its group: the index of the group it redirects to."""


def settle(groups: Sequence[Mapping[int, int]]) -> Settled:
    """Give each group a number it had before, where it had one.

    Each group is (number -> how many of its records carried that number until now). A number
    stays with the group that has most of its records; when several numbers come to one group,
    the oldest (lowest) stays and the others redirect to it.
    """
    shares: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for index, weights in enumerate(groups):
        for number, weight in weights.items():
            shares[number].append((-weight, index))
    claims: dict[int, list[int]] = defaultdict(list)
    for number, where in shares.items():
        claims[min(where)[1]].append(number)
    numbers: list[int | None] = [None] * len(groups)
    moved: dict[int, int] = {}
    for index, candidates in claims.items():
        stays, *others = sorted(candidates)
        numbers[index] = stays
        moved.update(dict.fromkeys(others, index))
    return Settled(numbers, moved)
