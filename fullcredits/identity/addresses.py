"""Keeping addresses: which group goes on under which number that was given out before."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

Claims = Mapping[int, int]
"""By number, how many credits of a group claim it."""


class Settled(NamedTuple):
    """Numbers for groups."""

    numbers: list[int | None]
    """For each group its number; None: it needs a new one."""
    moved: dict[int, int]
    """For each number that lost its group: the index of the group it redirects to."""


def settle(groups: Sequence[Claims], own: Sequence[Claims] = ()) -> Settled:
    """Give each group a number it had before, where it had one.

    `groups` tell how many of a group's credits are held under which number until now. A number
    stays with the group that has most of its credits; when several come to one group, the oldest
    (lowest) stays and the others redirect to it.

    `own` tells under which numbers the records of a group came into the world, or last stood apart,
    by their credits that are left. Where the larger part has another such number, this one is
    theirs whose own it is: what is joined and parted again is as it was before.
    """
    return _stay(len(groups), _winners(groups, own), {})


def settle_said(
    groups: Sequence[Claims],
    evident: Sequence[Claims],
    own: Sequence[Claims],
    apart: Sequence[Claims],
) -> Settled:
    """As `settle`, for groups that the owner's word has a part in.

    `evident` tells under which numbers their credits would be held if nothing had been said: these
    are theirs, as in `settle`, so that a word taken back leaves nothing behind. Whom this leaves
    without a number has that under which they stood `apart` before, or else one they are held
    under. But while a word stands, whoever alone is held under a number goes on under it.
    """
    holders = Counter(number for claims in groups for number in claims)
    alone = {
        number: index
        for index, claims in enumerate(groups)
        for number in claims
        if holders[number] == 1
    }
    kept = {
        index: number
        for index, claims in enumerate(groups)
        for number in claims
        if len(claims) == 1 and number in alone
    }

    def others(claims: Sequence[Claims]) -> list[Claims]:
        return [{} if index in kept else theirs for index, theirs in enumerate(claims)]

    winners = (
        _winners(evident, own)
        | _winners(others(groups))
        | _winners(others(apart))
        | _winners(others(evident), others(own))
        | alone
    )
    return _stay(len(groups), winners, kept)


def _stay(groups: int, winners: Mapping[int, int], kept: Mapping[int, int]) -> Settled:
    """The oldest number that came to a group stays, or that which it keeps."""
    won: dict[int, list[int]] = defaultdict(list)
    for number, index in winners.items():
        won[index].append(number)
    numbers: list[int | None] = [None] * groups
    moved: dict[int, int] = {}
    for index, theirs in won.items():
        stays = numbers[index] = kept.get(index, min(theirs))
        moved.update((number, index) for number in theirs if number != stays)
    return Settled(numbers, moved)


def _winners(groups: Sequence[Claims], own: Sequence[Claims] = ()) -> dict[int, int]:
    """By number, the index of the group that it goes to."""
    held, owned = _shares(groups), _shares(own)
    winners: dict[int, int] = {}
    for number in held.keys() | owned.keys():
        shares = held.get(number, {})
        largest = _largest(shares or owned[number])
        if number in owned and number not in own[largest]:
            owner = _largest(owned[number])
            if own[largest] or shares.get(owner) == shares[largest]:
                largest = owner
        winners[number] = largest
    return winners


def _shares(groups: Sequence[Claims]) -> dict[int, dict[int, int]]:
    """By number, how much each group that claims it does so, by index."""
    shares: dict[int, dict[int, int]] = defaultdict(dict)
    for index, claims in enumerate(groups):
        for number, weight in claims.items():
            shares[number][index] = weight
    return shares


def _largest(shares: Mapping[int, int]) -> int:
    return min(shares, key=lambda index: (-shares[index], index))
