"""Whom the credits of a name-keyed record mean, credit by credit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from fullcredits.identity.evidence import Credit
from fullcredits.identity.weights import JOIN, MARGIN, Profile, weigh

Known = Mapping[int, Sequence[Credit]]
"""People of one name known by id: each with their credits."""


def resolve(credits: Sequence[Credit], known: Known) -> dict[int, int]:
    """For each credit the known human it means, where the same title or show says so.

    Of namesakes on one title, the one with the same department and part is meant; if that does
    not tell them apart, the credit stays unresolved. Other episodes of a show mean whom the show
    is known to mean, if that is one.
    """
    on_title: dict[int, list[tuple[int, Credit]]] = defaultdict(list)
    in_work: dict[int, set[int]] = defaultdict(set)
    for human, theirs in known.items():
        for credit in theirs:
            on_title[credit.title].append((human, credit))
            in_work[credit.work].add(human)
    meant: dict[int, int] = {}
    for credit in credits:
        there = [(_agreement(credit, other), human) for human, other in on_title[credit.title]]
        best = max((agreement for agreement, _ in there), default=0)
        humans = {human for agreement, human in there if agreement == best}
        if not humans:
            humans = in_work[credit.work]
        if len(humans) == 1:
            (meant[credit.id],) = humans
    return meant


def _agreement(one: Credit, other: Credit) -> int:
    """2: the same department and part, 1: the same department, 0: only name and title."""
    if one.department != other.department:
        return 0
    return 1 if one.parts.isdisjoint(other.parts) and (one.parts or other.parts) else 2


def choose(
    credits: Sequence[Credit],
    known: Known,
    meant: dict[int, int],
    name: str,
    commonness: int,
    beside: Mapping[int, frozenset[str]],
) -> None:
    """Settle by evidence what titles leave open, film by film and show by show.

    The surest are settled first, and what is settled is evidence for the next.
    """
    open_works: dict[int, list[Credit]] = defaultdict(list)
    theirs = {human: list(of_human) for human, of_human in known.items()}
    for credit in credits:
        if credit.id in meant:
            theirs[meant[credit.id]].append(credit)
        else:
            open_works[credit.work].append(credit)
    while open_works:
        profiles = {human: Profile(name, own, beside) for human, own in theirs.items()}
        sure: list[tuple[int, int]] = []
        for work, there in sorted(open_works.items()):
            ranked = _rank(Profile(name, there, beside), profiles, commonness)
            if ranked[0][0] >= JOIN and ranked[0][0] - ranked[1][0] >= MARGIN:
                sure.append((work, ranked[0][1]))
        if not sure:
            return
        for work, human in sure:
            there = open_works.pop(work)
            theirs[human] += there
            meant.update((credit.id, human) for credit in there)


def _rank(
    some: Profile, profiles: Mapping[int, Profile], commonness: int
) -> list[tuple[float, int]]:
    """Score and human, best first."""
    scores = []
    for human, profile in profiles.items():
        clues = weigh(some, profile, commonness)
        scores.append((sum(clue.weight for clue in clues), human))
    return sorted(scores, key=lambda scored: (-scored[0], scored[1]))
