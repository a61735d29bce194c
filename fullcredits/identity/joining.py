"""Joining records from the strongest evidence on, and asking where it is not strong enough."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import groupby

from fullcredits.identity.evidence import Clue, Link, Person
from fullcredits.identity.groups import Groups
from fullcredits.identity.order import Order
from fullcredits.identity.weights import JOIN, PROPOSE, score


class Pair:
    """Two source persons who may be one, with what speaks for it."""

    def __init__(
        self,
        one: Person,
        other: Person,
        clues: tuple[Clue, ...],
        *,
        sure: bool = True,
        told: bool = False,
    ) -> None:
        """`sure`: from a score on they are one, else the owner is asked. `told`: shared titles
        tell that they are, whatever the score.
        """
        self.one = one
        self.other = other
        self.clues = clues
        self.sure = sure
        self.told = told

    @cached_property
    def score(self) -> float:
        """The odds of being one human, as a natural logarithm."""
        return score(self.clues)

    @property
    def joins(self) -> bool:
        """Whether they are one, if nothing forbids it."""
        return self.told or (self.sure and self.score >= JOIN)

    @property
    def link(self) -> Link:
        """The pair as it is kept."""
        return Link(self.one.id, self.other.id, self.clues)


class Joining:
    """Groups that evidence joins, with the links that did, and the proposals."""

    def __init__(self, groups: Groups, order: Order) -> None:
        self.groups = groups
        self.order = order
        self.joined: list[Link] = []
        self._proposed: list[Link] = []

    def by_strength(
        self, pairs: Iterable[Pair], still: Callable[[Pair], bool] = lambda pair: True
    ) -> None:
        """Decide pairs, the strongest first; of equally strong ones facts say which.

        `still` tells whether a pair may be decided when its turn comes.
        """

        def strength(pair: Pair) -> tuple[bool, float]:
            return pair.told, pair.score

        for _, there in groupby(sorted(pairs, key=strength, reverse=True), strength):
            self._decide([pair for pair in there if self._apart(pair)], still)

    def _decide(self, pairs: list[Pair], still: Callable[[Pair], bool]) -> None:
        """Decide pairs of one strength: each that joining made one is a reason for it."""
        if len(pairs) > 1:
            pairs.sort(key=self._key)
        open_ = [pair for pair in pairs if still(pair)]
        for pair in open_:
            if pair.joins and still(pair):
                self.groups.join(pair.one.id, pair.other.id)
        for pair in open_:
            if pair.joins and not self._apart(pair):
                self.joined.append(pair.link)
            elif not pair.told:
                self.ask((pair,))

    def ask(self, pairs: Iterable[Pair]) -> None:
        """Propose the likeliest of some pairs, if enough speaks for it."""
        likeliest = min(pairs, key=lambda pair: (-pair.score, self._key(pair)), default=None)
        if likeliest is not None and likeliest.score >= PROPOSE:
            self._proposed.append(likeliest.link)

    def open_questions(self) -> list[Link]:
        """The proposals on which nothing else has decided, the likeliest first."""
        groups = self.groups
        found = [
            link
            for link in self._proposed
            if groups.leader(link.one) != groups.leader(link.other)
            and not groups.must_be_two(link.one, link.other)
        ]
        return sorted(found, key=lambda link: (-link.score, link.one, link.other))

    def _key(self, pair: Pair) -> list[tuple[object, ...]]:
        return sorted((self.order.key(pair.one), self.order.key(pair.other)))

    def _apart(self, pair: Pair) -> bool:
        return self.groups.leader(pair.one.id) != self.groups.leader(pair.other.id)
