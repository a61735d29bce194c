"""The owner's word on who is who: it outranks all evidence."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import chain, pairwise, product
from typing import NamedTuple

from fullcredits.errors import IdentityError
from fullcredits.identity.groups import Groups


class Verb(StrEnum):
    """What the owner can say of who is who."""

    MERGE = "merge"
    """All these are one human."""
    APART = "apart"
    """Those on one side are other humans than those on the other."""
    SPLIT = "split"
    """Some credits are another human's than their source persons."""
    WHOLE = "whole"
    """Who looks like several is one human: a merge of one side."""
    RENAME = "rename"
    """They are called so; says nothing of who is who."""
    PORTRAIT = "portrait"
    """That picture is theirs; says nothing of who is who."""


class Side(NamedTuple):
    """One that is spoken of: a source person, or else some credits."""

    person: int | None = None
    credits: frozenset[int] = frozenset()


class Ruling(NamedTuple):
    """A decision of the owner that stands, on who is who."""

    number: int
    verb: Verb
    """MERGE, APART or SPLIT."""
    one: tuple[Side, ...]
    other: tuple[Side, ...] = ()
    """Of a split whose the credits are; empty where that is nobody else known."""
    whence: tuple[Side, ...] = ()
    """Of a split whose they are not, beside their source persons."""

    @property
    def sides(self) -> tuple[Side, ...]:
        """All that are spoken of."""
        return self.one + self.other + self.whence


class Units:
    """Numbers for sides, as records to join: a source person's own, or one from `first` on."""

    def __init__(self, rulings: Iterable[Ruling], first: int) -> None:
        self._numbers: dict[frozenset[int], int] = {}
        for ruling in rulings:
            for side in ruling.sides:
                if side.person is None:
                    self._numbers.setdefault(side.credits, first + len(self._numbers))
        self.next = first + len(self._numbers)
        """From this number on no record has one."""

    def number(self, side: Side) -> int:
        """The record that stands for a side."""
        return self._numbers[side.credits] if side.person is None else side.person

    def taken(self) -> dict[int, int]:
        """Credits that are spoken of by themselves: credit -> record."""
        return {credit: unit for credits, unit in self._numbers.items() for credit in credits}

    @property
    def numbers(self) -> tuple[int, ...]:
        """Of all records that are no source persons."""
        return tuple(self._numbers.values())


def apply(
    rulings: Iterable[Ruling], units: Units, owners: Mapping[int, int], groups: Groups
) -> None:
    """Join and keep apart as the owner said; `owners` gives the source person of each credit."""
    ordered = sorted(rulings, key=lambda ruling: ruling.number)
    for ruling in ordered:
        for one, other in _joined(ruling, units):
            groups.join(one, other, whatever_ids=True)
    for ruling in ordered:
        for one, other in _parted(ruling, units, owners):
            groups.forbid(one, other)


def _joined(ruling: Ruling, units: Units) -> Iterator[tuple[int, int]]:
    if ruling.verb is Verb.MERGE or (ruling.verb is Verb.SPLIT and ruling.other):
        yield from pairwise(map(units.number, ruling.one + ruling.other))


def _parted(ruling: Ruling, units: Units, owners: Mapping[int, int]) -> Iterator[tuple[int, int]]:
    if ruling.verb is Verb.APART:
        yield from product(map(units.number, ruling.one), map(units.number, ruling.other))
    elif ruling.verb is Verb.SPLIT:
        for side in ruling.one:
            whose = {owners[credit] for credit in side.credits if credit in owners}
            for person in sorted(whose.union(map(units.number, ruling.whence))):
                yield units.number(side), person


class _Said:
    """Decisions taken one by one, each compared with all that were taken before it."""

    def __init__(self, rulings: Sequence[Ruling], owners: Mapping[int, int]) -> None:
        """`rulings` are all that will be taken."""
        persons = {side.person or 0 for ruling in rulings for side in ruling.sides}
        persons.update(owners.values())
        self._owners = owners
        self._units = Units(rulings, max(persons, default=0) + 1)
        self._groups = Groups(dict.fromkeys({*persons, *self._units.numbers}, ()))
        self._spoken_of: dict[int, set[frozenset[int]]] = defaultdict(set)
        """By credit in which sides it is."""
        self._split: set[tuple[Side, ...]] = set()

    def speaks_against(self, new: Ruling) -> bool:
        """Whether a decision names one record twice, or some of the credits of an earlier one."""
        if set(new.one) & set(new.other) or (new.verb is Verb.SPLIT and new.one in self._split):
            return True
        return any(
            self._spoken_of.get(credit, set()) - {side.credits}
            for side in new.sides
            for credit in side.credits
        )

    def take(self, ruling: Ruling) -> bool:
        """Take one more; False if with it two are one whom any of them says to be two."""
        for side in ruling.sides:
            for credit in side.credits:
                self._spoken_of[credit].add(side.credits)
        if ruling.verb is Verb.SPLIT:
            self._split.add(ruling.one)
        can_be = True
        for one, other in _joined(ruling, self._units):
            can_be &= self._groups.join(one, other)
        for one, other in _parted(ruling, self._units, self._owners):
            can_be &= self._groups.leader(one) != self._groups.leader(other)
            self._groups.forbid(one, other)
        return can_be


def first_contradiction(
    standing: Sequence[Ruling], new: Sequence[Ruling], owners: Mapping[int, int]
) -> Ruling | None:
    """The first of some new decisions that `refuse_contradiction` would refuse were each asked
    about with all before it; None if all of them can stand. All are looked at in one go.
    """
    said = _Said([*standing, *new], owners)
    # Not `all`: each has to be taken, also after one that cannot be.
    sound = False not in [said.take(ruling) for ruling in standing]
    for ruling in new:
        if said.speaks_against(ruling) or not said.take(ruling) or not sound:
            return ruling
    return None


def refuse_contradiction(
    standing: Sequence[Ruling], new: Ruling, owners: Mapping[int, int]
) -> None:
    """Let a new decision pass if it can stand beside the earlier ones, and say why if it cannot.

    Raises:
        IdentityError: one follows from the others that says the contrary; names that decision.

    """
    if set(new.one) & set(new.other):
        raise IdentityError("These two are one and the same record.")
    _refuse_overlap(standing, new)
    rulings = [*standing, new]
    persons = {side.person or 0 for ruling in rulings for side in ruling.sides}
    units = Units(rulings, max((*persons, *owners.values()), default=0) + 1)
    groups = Groups(dict.fromkeys({*persons, *owners.values(), *units.numbers}, ()))
    for ruling in rulings:
        for one, other in _joined(ruling, units):
            groups.join(one, other)
    for ruling in rulings:
        for one, other in _parted(ruling, units, owners):
            if groups.leader(one) == groups.leader(other):
                raise _against(ruling, new, _chain(rulings, units, {one}, {other}))


def made_one(rulings: Sequence[Ruling], ones: Iterable[int], others: Iterable[int]) -> list[int]:
    """The numbers of the decisions that join one of these source persons with one of the others,
    as few as do; empty if none do.
    """
    persons = {side.person or 0 for ruling in rulings for side in ruling.sides}
    ones, others = set(ones), set(others)
    units = Units(rulings, max((*persons, *ones, *others), default=0) + 1)
    return _chain(rulings, units, ones, others)


def one_made_by(numbers: Sequence[int]) -> str:
    """That decisions make two people one, as a sentence for whoever says otherwise."""
    if len(numbers) == 1:
        return f"Decision {numbers[0]} makes these two one person; undo it first."
    named = f"{', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"
    return f"Decisions {named} together make these two one person; undo one of them first."


def _chain(rulings: Iterable[Ruling], units: Units, ones: set[int], others: set[int]) -> list[int]:
    """The numbers of the decisions that lead from one of these records to one of the others."""
    joining = {r.number: set(chain.from_iterable(_joined(r, units))) for r in rulings}
    led: dict[int, tuple[int, ...]] = dict.fromkeys(sorted(ones), ())
    reached = deque(led)
    while reached:
        record = reached.popleft()
        if record in others:
            return sorted(led[record])
        for number, records in joining.items():
            if record in records:
                fresh = sorted(records - led.keys())
                led |= dict.fromkeys(fresh, (*led[record], number))
                reached.extend(fresh)
    return []


def _refuse_overlap(standing: Iterable[Ruling], new: Ruling) -> None:
    for ruling in standing:
        for side in ruling.sides:
            for ours in new.sides:
                if side.credits & ours.credits and side.credits != ours.credits:
                    raise IdentityError(
                        f"Decision {ruling.number} speaks of some of these credits, and of others "
                        "with them; undo it first.",
                        [ruling.number],
                    )
        if new.verb is ruling.verb is Verb.SPLIT and new.one == ruling.one:
            raise IdentityError(
                f"Decision {ruling.number} takes these credits away already; undo it first.",
                [ruling.number],
            )


def _against(apart: Ruling, new: Ruling, joining: Sequence[int]) -> IdentityError:
    """`joining` are the decisions that make one whom `apart` says to be two."""
    earlier = [number for number in joining if number != new.number]
    if apart is new:
        if not earlier:
            return IdentityError("These credits are that person's already.")
        return IdentityError(one_made_by(earlier), earlier)
    return IdentityError(
        f"Decision {apart.number} says that these are two people; undo it first.",
        [apart.number, *earlier],
    )
