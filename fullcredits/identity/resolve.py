"""Whom the credits of a name-keyed record mean, credit by credit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from fullcredits.identity.evidence import Clue, Credit
from fullcredits.identity.weights import (
    JOIN,
    MARGIN,
    MOST_BY_COMPANIONS,
    Profile,
    same_record,
    same_titles,
    score,
    weigh,
)

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
    nobody: set[int] = set()
    for credit in credits:
        there = on_title.get(credit.title)
        humans = _closest(credit, there) if there else in_work.get(credit.work, nobody)
        if len(humans) == 1:
            (meant[credit.id],) = humans
    return meant


def _closest(credit: Credit, there: Sequence[tuple[int, Credit]]) -> set[int]:
    """Whose credits on one title agree with this one most."""
    humans = {human for human, _ in there}
    if len(humans) == 1:
        return humans
    agreeing = [(_agreement(credit, other), human) for human, other in there]
    best = max(agreement for agreement, _ in agreeing)
    return {human for agreement, human in agreeing if agreement == best}


def told_by(credits: Sequence[Credit], theirs: Sequence[Credit]) -> Clue:
    """How many titles tell that these are one human's, and on how many the part is the same."""
    parts: dict[int, set[str]] = defaultdict(set)
    for credit in theirs:
        parts[credit.title] |= credit.parts
    shared = {credit.title for credit in credits if credit.title in parts}
    alike = {
        c.title for c in credits if c.title in parts and not c.parts.isdisjoint(parts[c.title])
    }
    return same_titles(len(shared), len(alike))


def tell(
    credits: Sequence[Credit], theirs: Mapping[int, Sequence[Credit]]
) -> dict[int, tuple[Clue, ...]]:
    """Why single credits of a name-keyed record are a human's, by the records that say so, of those
    that know the human by an id: shared titles, other episodes of a show. Works of which none tells
    were weighed; that stands with whichever tells most, or with the first.
    """
    clues: dict[int, list[Clue]] = {record: [] for record in theirs}
    weighed = {credit.work for credit in credits}
    for record, own in theirs.items():
        clue = told_by(credits, own)
        titles, works = {c.title for c in own}, {c.work for c in own}
        of_shows = {c.work for c in credits if c.title not in titles and c.work in works}
        if clue.number:
            clues[record].append(clue)
        if of_shows:
            clues[record].append(
                Clue("episodes", same_titles(len(of_shows), 0).weight, len(of_shows))
            )
        weighed -= works
    if weighed and clues:
        first = max(clues, key=lambda record: score(clues[record]))
        clues[first].append(Clue("fits", JOIN, len(weighed)))
    return {record: tuple(found) for record, found in clues.items() if found}


def _agreement(one: Credit, other: Credit) -> int:
    """2: the same department and part, 1: the same department, 0: only name and title."""
    if one.department != other.department:
        return 0
    return 1 if one.parts.isdisjoint(other.parts) and (one.parts or other.parts) else 2


class Named(NamedTuple):
    """A name, and what evidence is weighed with."""

    name: str
    commonness: int
    beside: Mapping[int, Collection[str]]

    def profile(self, credits: Sequence[Credit]) -> Profile:
        """These credits, taken for one human's."""
        return Profile(self.name, credits, self.beside)

    def weigh(self, ones: Sequence[Credit], others: Sequence[Credit]) -> tuple[Clue, ...]:
        """What speaks for and against these being one human's."""
        return weigh(self.profile(ones), self.profile(others), self.commonness)

    def unclear(
        self,
        ones: Sequence[Credit],
        others: Sequence[Credit],
        low: float,
        high: float,
        known: float = 0.0,
    ) -> bool:
        """Whether it depends on company on which side of two scores these are; `known` is the
        weight of what else is known.
        """
        if not ones or not others:
            return False
        clues = self.weigh(ones, others)
        if any(clue.kind == "titles" for clue in clues):
            return False
        return low - MOST_BY_COMPANIONS <= score(clues) + known < high


def choose(credits: Sequence[Credit], known: Known, meant: dict[int, int], named: Named) -> None:
    """Settle by evidence what titles leave open, film by film and show by show.

    The surest are settled first, and what is settled is evidence for the next: whoever the
    record means on other works is likelier meant here.
    """
    open_works: dict[int, list[Credit]] = defaultdict(list)
    theirs = {human: list(of_human) for human, of_human in known.items()}
    settled: dict[int, set[int]] = defaultdict(set)
    for credit in credits:
        if credit.id in meant:
            theirs[meant[credit.id]].append(credit)
            settled[meant[credit.id]].add(credit.work)
        else:
            open_works[credit.work].append(credit)
    while open_works:
        profiles = {human: named.profile(own) for human, own in theirs.items()}
        sure: list[tuple[int, int]] = []
        for work, there in sorted(open_works.items()):
            some = named.profile(there)
            ranked = sorted(
                (
                    score(weigh(some, profile, named.commonness))
                    + same_record(len(settled[human])).weight,
                    -human,
                )
                for human, profile in profiles.items()
            )
            if ranked[-1][0] >= JOIN and ranked[-1][0] - ranked[-2][0] >= MARGIN:
                sure.append((work, -ranked[-1][1]))
        if not sure:
            return
        for work, human in sure:
            there = open_works.pop(work)
            theirs[human] += there
            settled[human].add(work)
            meant.update((credit.id, human) for credit in there)
