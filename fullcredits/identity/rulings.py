"""The owner's word on who is who: it outranks all evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from fullcredits.errors import IdentityError
from fullcredits.identity.groups import Groups


class Verb(StrEnum):
    """What the owner can say of two source persons, or of one."""

    MERGE = "merge"
    """They are one human."""
    APART = "apart"
    """They are two humans."""
    SPLIT = "split"
    """Some credits of the one are another human's."""


class Ruling(NamedTuple):
    """A decision of the owner that stands."""

    number: int
    """Of the decision; the other human of a split is known by it."""
    verb: Verb
    one: int
    other: int | None = None
    credits: frozenset[int] = frozenset()

    @property
    def unit(self) -> int:
        """The record that takes the credits of a split; no source person has such a number."""
        return -self.number


def apply(rulings: Iterable[Ruling], groups: Groups) -> None:
    """Join and keep apart as the owner said; records that are not in the groups are skipped."""
    ordered = sorted(rulings)
    for ruling in ordered:
        if ruling.verb is Verb.MERGE and ruling.other is not None:
            groups.join(ruling.one, ruling.other, whatever_ids=True)
    for ruling in ordered:
        if ruling.verb is Verb.APART and ruling.other is not None:
            groups.forbid(ruling.one, ruling.other)
        elif ruling.verb is Verb.SPLIT:
            groups.forbid(ruling.one, ruling.unit)


def refuse_contradiction(standing: Sequence[Ruling], new: Ruling) -> None:
    """Let a new decision pass if it can stand beside the earlier ones.

    Raises:
        IdentityError: one follows from the others that says the contrary; names that decision.

    """
    if new.one == new.other:
        raise IdentityError("These two are one and the same record.")
    rulings = [*standing, new]
    records = {r for ruling in rulings for r in (ruling.one, ruling.other) if r is not None}
    groups = Groups(dict.fromkeys(records, ()))
    for ruling in rulings:
        if ruling.verb is Verb.MERGE and ruling.other is not None:
            groups.join(ruling.one, ruling.other)
    for ruling in rulings:
        apart = ruling.verb is Verb.APART and ruling.other is not None
        if apart and groups.leader(ruling.one) == groups.leader(ruling.other or 0):
            raise IdentityError(_against(ruling, new))
    for ruling in standing:
        if new.verb is ruling.verb is Verb.SPLIT and ruling.one == new.one:
            _refuse_double(ruling, new)


def _refuse_double(ruling: Ruling, new: Ruling) -> None:
    if ruling.credits & new.credits:
        raise IdentityError(
            f"Decision {ruling.number} gave some of these credits to somebody else; undo it first."
        )


def _against(apart: Ruling, new: Ruling) -> str:
    if apart is new:
        return "Earlier decisions made these two one person; undo a merge first."
    return f"Decision {apart.number} says that these are two people; undo it first."
