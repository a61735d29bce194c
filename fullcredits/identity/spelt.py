"""Pairs of source persons who may be one human under two names, with what speaks for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import NamedTuple

from fullcredits.identity.evidence import Clue, Credit, Person
from fullcredits.identity.groups import Groups
from fullcredits.identity.names import Names
from fullcredits.identity.order import Order
from fullcredits.identity.spellings import (
    Likeness,
    Otherwise,
    weigh_commonness,
    weigh_names,
    weigh_works,
)
from fullcredits.identity.weights import births, score


class Pair(NamedTuple):
    """Two source persons under two names, and what speaks for and against their being one."""

    one: int
    other: int
    clues: tuple[Clue, ...]


def comparable(clues: Iterable[Clue]) -> bool:
    """Whether two names can be one at all; different ones may be a cast in another language."""
    return all(clue.word != Likeness.NONE for clue in clues)


class Spelt:
    """Those of some source persons who may be called otherwise by another server."""

    def __init__(
        self,
        persons: Mapping[int, Person],
        credits: Mapping[int, Sequence[Credit]],
        otherwise: Iterable[Otherwise],
    ) -> None:
        self._persons = persons
        self._credits = credits
        self._order = Order(credits)
        self._works: dict[tuple[int, int], dict[int, bool]] = defaultdict(dict)
        """By pair the films and shows that tell of it, and whether by the part."""
        for work, one, other, same_part in otherwise:
            if one in persons and other in persons:
                there = self._works[one, other]
                there[work] = there.get(work, False) or same_part
        self.persons = frozenset(person for pair in self._works for person in pair)
        self._named: dict[str, list[int]] = {persons[p].name: [] for p in self.persons}
        for person in persons.values() if self._named else ():
            if person.name in self._named:
                self._named[person.name].append(person.id)
        self._circles = self._connected()

    def _connected(self) -> dict[str, frozenset[str]]:
        """Names with all that pairs connect them with."""
        next_to: dict[str, set[str]] = defaultdict(set)
        for pair in self._works:
            one, other = (self._persons[person].name for person in pair)
            next_to[one].add(other)
            next_to[other].add(one)
        circles: dict[str, frozenset[str]] = {}
        for name in next_to:
            if name not in circles:
                circle, fresh = {name}, {name}
                while fresh:
                    fresh = {other for known in fresh for other in next_to[known]} - circle
                    circle |= fresh
                circles.update(dict.fromkeys(circle, frozenset(circle)))
        return circles

    def pairs(self, names: Names) -> list[Pair]:
        """All pairs, the likeliest first."""
        if not self._works:
            return []
        keys = {person: self._order.key(self._persons[person]) for person in self.persons}
        found: list[Pair] = []
        for pair, works in self._works.items():
            one, other = sorted(pair, key=keys.__getitem__)
            found.append(Pair(one, other, self._clues(one, other, works, names)))
        return sorted(found, key=lambda p: (-score(p.clues), keys[p.one], keys[p.other]))

    def _clues(
        self, one: int, other: int, works: Mapping[int, bool], names: Names
    ) -> tuple[Clue, ...]:
        clues = [
            weigh_works(len(works), sum(works.values())),
            weigh_names(self._persons[one].name, self._persons[other].name),
        ]
        common = [
            names.commonness(self._persons[person].name)
            for person in (one, other)
            if self._persons[person].by_name
            and any(credit.work not in works for credit in self._credits[person])
        ]
        if any(common):
            clues.append(weigh_commonness(max(common)))
        born = (self._persons[person].born for person in (one, other))
        return (*clues, *births(*born))

    def namesakes(self, person: Person) -> list[int]:
        """Everybody of the name of one of these, themselves too."""
        return self._named[person.name]

    def beside(self, one: int, other: int, groups: Groups, split: Container[int]) -> bool:
        """Whether some server credits both side by side: then they are two.

        What counts is where any of their group is, under any name connected with theirs.
        """
        return not self._there(one, groups, split).isdisjoint(self._there(other, groups, split))

    def _there(self, person: int, groups: Groups, split: Container[int]) -> set[tuple[int, int]]:
        circle = self._circles[self._persons[person].name]
        return {
            (self._persons[member].source, credit.title)
            for member in groups.together(person)
            if member in self._persons and self._persons[member].name in circle
            for credit in self._credits[member]
            if credit.id not in split
        }
