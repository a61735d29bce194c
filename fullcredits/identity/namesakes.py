"""Whom the name-keyed records of one name mean: as a whole, or credit by credit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from fullcredits.identity.evidence import Credit, Person
from fullcredits.identity.joining import Joining, Pair
from fullcredits.identity.resolve import Named, choose, resolve, told_by


class _Reading(NamedTuple):
    """A record that is only a name, and which known human each of its credits means."""

    bag: Person
    credits: Sequence[Credit]
    told: Mapping[int, int]
    """By shared titles."""
    meant: Mapping[int, int]
    """And by evidence."""

    @property
    def whole(self) -> bool:
        """Whether every credit means one and the same human."""
        return len(self.meant) == len(self.credits) and len(set(self.meant.values())) == 1


@dataclass(slots=True)
class Namesakes:
    """Those of one name who are known by id, for records that are only that name.

    Whoever the owner keeps a record apart from is still among those it may mean: of a record that
    is several humans', titles tell which credits are theirs; and that the rest is not theirs makes
    it no likelier the next one's.
    """

    named: Named
    known: Mapping[int, Sequence[Credit]]
    """The humans, each with their credits."""
    keyed: Sequence[Person]
    """Their records."""
    credits: Mapping[int, Sequence[Credit]]
    """By record."""
    joining: Joining
    split: dict[int, int]
    """Credits that are another's than their record's, and whose; here found ones are added."""

    def decide(self, bags: Sequence[Person]) -> None:
        """Decide name-keyed records: which are somebody's as a whole, then credit by credit."""
        readings = [self._read(bag) for bag in bags if self.credits[bag.id]]
        whole = [pair for reading in readings for pair in self._as_a_whole(reading)]
        self.joining.by_strength(whole, lambda pair: not self._humans_of(pair.other))
        for reading in readings:
            self._take_apart(reading)

    def _read(self, bag: Person) -> _Reading:
        own = self.credits[bag.id]
        told = resolve(own, self.known)
        meant = dict(told)
        if len(self.known) > 1 and not self._humans_of(bag):
            choose(own, self.known, meant, self.named)
        return _Reading(bag, own, told, meant)

    def _as_a_whole(self, reading: _Reading) -> Iterator[Pair]:
        """Whom a record may be as a whole.

        Where one is known, titles that tell of some credits speak for the rest too.
        """
        bag, own, told, meant = reading
        if self._humans_of(bag):
            return
        if len(self.known) == 1 and not told:
            (human,) = self.known
            clues = self.named.weigh(own, self.known[human])
            yield Pair(self._nearest(human, own), bag, clues)
        elif len(self.known) == 1 or reading.whole:
            human = next(iter(meant.values()))
            clue = told_by(own, self.known[human])
            yield Pair(self._nearest(human, own), bag, (clue,), told=True)

    def _take_apart(self, reading: _Reading) -> None:
        """Give credits to whom they mean, and ask whose the rest is."""
        bag, own, told, meant = reading
        theirs = self._humans_of(bag)
        if theirs:
            self.split.update((c, human) for c, human in told.items() if human not in theirs)
        elif len(self.known) == 1:
            # One whole record apart from one human: where their ids say so, some of it is theirs;
            # where the owner does, nothing is.
            (human,) = self.known
            if self.joining.groups.clash(human, bag.id):
                self.split.update(told)
        elif reading.whole and not self.joining.groups.clash(next(iter(meant.values())), bag.id):
            # The owner keeps it apart from them: then evidence does not take all of it away.
            self.split.update(told)
        else:
            self.split.update(meant)
            self._ask(bag, [credit for credit in own if credit.id not in meant])

    def _ask(self, bag: Person, rest: Sequence[Credit]) -> None:
        """Ask whether what is left of a record is the likeliest one's."""
        if rest:
            groups = self.joining.groups
            self.joining.ask(
                Pair(self._nearest(human, rest), bag, self.named.weigh(rest, theirs))
                for human, theirs in self.known.items()
                if not groups.must_be_two(human, bag.id)
            )

    def _humans_of(self, bag: Person) -> set[int]:
        """The known humans whose record this is."""
        leader = self.joining.groups.leader
        return {human for human in self.known if leader(human) == leader(bag.id)}

    def _nearest(self, human: int, credits: Sequence[Credit]) -> Person:
        """The one of a human's records that these credits are nearest to."""
        leader = self.joining.groups.leader
        records = [person for person in self.keyed if leader(person.id) == leader(human)]
        if len(records) == 1:
            return records[0]
        near = {p.id: told_by(credits, self.credits[p.id]).weight for p in records}
        return min(records, key=lambda p: (-near[p.id], self.joining.order.key(p)))
