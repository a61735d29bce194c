"""Keeping addresses: which group goes on under which number that was given out before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

Claims = Mapping[int, int]
"""By number, how much of a group claims it."""


class Settled(NamedTuple):
    """Numbers for groups."""

    numbers: list[int | None]
    """For each group its number; None: it needs a new one."""
    moved: dict[int, int]
    """For each number that lost its group: the index of the group it redirects to."""


def settle(groups: Sequence[Claims], own: Sequence[Claims] = ()) -> Settled:
    """Give each group a number it had before, where it had one.

    `groups` tell how many of a group's records are held under which number until now. A number
    stays with the group that has most of its records; when several come to one group, the oldest
    (lowest) stays and the others redirect to it.

    `own` tells under which numbers records came into the world, or last stood apart. Such a number
    is theirs before it is anybody else's: what is joined and parted again is as it was before.
    """
    shares: dict[int, list[tuple[bool, int, int]]] = defaultdict(list)
    for index, claims in enumerate(groups):
        for number, weight in claims.items():
            shares[number].append((True, -weight, index))
    for index, claims in enumerate(own):
        for number, weight in claims.items():
            shares[number].append((False, -weight, index))
    candidates: dict[int, list[int]] = defaultdict(list)
    for number, where in shares.items():
        candidates[min(where)[2]].append(number)
    numbers: list[int | None] = [None] * len(groups)
    moved: dict[int, int] = {}
    for index, claimed in candidates.items():
        stays, *others = sorted(claimed)
        numbers[index] = stays
        moved.update(dict.fromkeys(others, index))
    return Settled(numbers, moved)
