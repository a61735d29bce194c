"""Namesakes whom a server knows as one: kinds of work that one human seldom does both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from fullcredits.identity.evidence import Credit


def kinds_of_work(credits: Sequence[Credit]) -> list[list[Credit]]:
    """The credits by kinds of work that no film or show connects, the largest first.

    Departments are one kind where one work has somebody in both: who directs and writes one film
    is one human, and so is whoever only directs and whoever only writes.
    """
    if len({credit.department for credit in credits}) < 2:
        return [list(credits)] if credits else []
    leader: dict[str, str] = {}

    def led(department: str) -> str:
        while leader.setdefault(department, department) != department:
            department = leader[department]
        return department

    first: dict[int, str] = {}
    for credit in credits:
        ours, there = (
            led(credit.department.value),
            led(first.setdefault(credit.work, credit.department.value)),
        )
        low, high = sorted((ours, there))
        leader[high] = low
    kinds: dict[str, list[Credit]] = defaultdict(list)
    for credit in credits:
        kinds[led(credit.department.value)].append(credit)
    return [kinds[kind] for kind in sorted(kinds, key=lambda kind: (-len(kinds[kind]), kind))]


def main_work(
    credits: Sequence[Credit], keyed: Collection[int]
) -> tuple[list[Credit], list[list[Credit]]]:
    """One human's work, and the kinds that may be somebody else's.

    All kinds with a credit of `keyed` are the human's, whom an id tells there; without any the
    largest kind is.
    """
    kinds = kinds_of_work(credits)
    own = [kind for kind in kinds if any(c.id in keyed for c in kind)] or kinds[:1]
    return [credit for kind in own for credit in kind], [k for k in kinds if k not in own]
