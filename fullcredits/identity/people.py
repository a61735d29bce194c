"""Which credits are one person's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from fullcredits.identity.evidence import Clue, Credit, Link, Person, same_ids
from fullcredits.identity.groups import Groups
from fullcredits.identity.names import Names, count_names
from fullcredits.identity.resolve import choose, resolve
from fullcredits.identity.rulings import Ruling, Verb, apply
from fullcredits.identity.weights import JOIN, PROPOSE, Profile, weigh


@dataclass(slots=True)
class PersonGroup:
    """One human, as a set of records."""

    persons: list[int] = field(default_factory=list)
    """Source persons: all their credits, except those that another group names."""
    credits: list[int] = field(default_factory=list)
    """Single credits of name-keyed source persons that several humans share."""


@dataclass(slots=True)
class Decided:
    """Who is who, and why."""

    groups: list[PersonGroup]
    joined: list[Link]
    """Each pair of records that evidence made one."""
    proposed: list[Link]
    """Pairs the owner should look at, the likeliest first."""


def decide_people(
    persons: Iterable[Person],
    credits: Iterable[Credit],
    names: Names | None = None,
    beside: Mapping[int, frozenset[str]] | None = None,
    rulings: Iterable[Ruling] = (),
) -> Decided:
    """The humans behind these source persons.

    Strong ids join, clashing ones forbid. A name-keyed record (Jellyfin: all namesakes in one) is
    resolved credit by credit: the same title on another source says who is meant. When all that
    can be resolved means one human, and no other of that name is known, the rest of the record is
    taken for the same. Where no title says anything, evidence is weighed. What the owner ruled
    comes first and stands against everything.

    `names` and `beside` (who is credited on each title) are those of the whole library; they are
    counted over what is given if that is the whole library.
    """
    deciding = Deciding(persons, credits, rulings)
    if names is None:
        names = count_names({person.name for person in deciding.persons.values()})
    if beside is None:
        beside = _beside(deciding.persons, deciding.credits)
    return deciding.decide(names, beside)


class Open(NamedTuple):
    """What shared titles do not tell: for these, evidence has to be weighed."""

    persons: frozenset[int]
    names: frozenset[str]
    titles: frozenset[int]
    """Whose whole cast and crew says something."""


class Deciding:
    """A decision in two steps, so that only what it needs must be known: `open`, then `decide`."""

    def __init__(
        self, persons: Iterable[Person], credits: Iterable[Credit], rulings: Iterable[Ruling] = ()
    ) -> None:
        # In an order that comes from the facts, not from the numbers that a database gave them.
        ordered = sorted(persons, key=lambda p: (p.name, p.source, p.by_name, p.ids, p.id))
        self.persons = {person.id: person for person in ordered}
        self.credits: dict[int, list[Credit]] = defaultdict(list)
        for credit in credits:
            self.credits[credit.person].append(credit)
        self.names = Names()
        self.beside: Mapping[int, frozenset[str]] = {}
        self.split: dict[int, int] = {}
        ruled = [r for r in rulings if {r.one, r.other} - {None} <= self.persons.keys()]
        units = {r.unit: () for r in ruled if r.verb is Verb.SPLIT}
        self.groups = Groups({**{person.id: person.ids for person in ordered}, **units})
        self._take_away(ruled)
        apply(ruled, self.groups)
        self.joined: list[Link] = []
        self.proposed: list[Link] = []
        self._join_by_id()

    def open(self) -> Open:
        """What has to be known of the library to decide."""
        blocks = [block for block in self._blocks() if not self._told_by_titles(block)]
        persons = frozenset(person.id for block in blocks for person in block)
        titles = frozenset(c.title for person in persons for c in self.credits[person])
        return Open(persons, frozenset(block[0].name for block in blocks), titles)

    def decide(self, names: Names, beside: Mapping[int, frozenset[str]]) -> Decided:
        """Who is who, given how common names are and who is credited on the titles asked for."""
        self.names, self.beside = names, beside
        for block in self._blocks():
            self._decide_block(block)
        return self._decided()

    def _take_away(self, rulings: Iterable[Ruling]) -> None:
        """Credits that the owner gave to somebody else say nothing of whom they stood with."""
        for ruling in sorted(rulings):
            if ruling.verb is Verb.SPLIT:
                own = self.credits[ruling.one]
                gone = {c.id: ruling.unit for c in own if c.id in ruling.credits}
                self.split.update(gone)
                self.credits[ruling.one] = [c for c in own if c.id not in gone]

    def _join_by_id(self) -> None:
        for link in same_ids(self.persons.values()):
            if self.groups.join(link.one, link.other):
                self.joined.append(Link(link.one, link.other, (Clue("id", 10.0),)))

    def _blocks(self) -> Iterator[list[Person]]:
        """Everybody of one name, where that is more than one record."""
        block: list[Person] = []
        for person in self.persons.values():
            if block and block[0].name != person.name:
                if len(block) > 1:
                    yield block
                block = []
            block.append(person)
        if len(block) > 1:
            yield block

    def _decide_block(self, block: Sequence[Person]) -> None:
        name = block[0].name
        common = self.names.commonness(name)
        self._join_keyed([p for p in block if not p.by_name], common)
        known = self.known(block)
        bags = [p for p in block if p.by_name]
        for bag in bags:
            if known:
                self._decide_bag(bag, known, common)
        for index, one in enumerate(bags):
            for other in bags[index + 1 :]:
                self._decide_pair(one, other, common, sure=len(known) < 2)

    def known(self, block: Sequence[Person]) -> dict[int, list[Credit]]:
        """The humans of this name that are known by id, each with their credits."""
        known: dict[int, list[Credit]] = defaultdict(list)
        for person in block:
            if not person.by_name:
                known[self.groups.leader(person.id)] += self.credits[person.id]
        return known

    def _told_by_titles(self, block: Sequence[Person]) -> bool:
        """Whether shared titles decide all about this name."""
        known = self.known(block)
        bags = [person for person in block if person.by_name]
        if not bags:
            return all(
                self.groups.clash(one, other) for one in known for other in known if one != other
            )
        return len(known) == 1 and all(resolve(self.credits[bag.id], known) for bag in bags)

    def _join_keyed(self, keyed: Sequence[Person], common: int) -> None:
        """Join people known by ids of different catalogues."""
        for index, one in enumerate(keyed):
            for other in keyed[index + 1 :]:
                if not self.groups.clash(one.id, other.id):
                    self._decide_pair(one, other, common, sure=True)

    def _decide_bag(self, bag: Person, known: Mapping[int, list[Credit]], common: int) -> None:
        known = {h: own for h, own in known.items() if not self.groups.forbidden(h, bag.id)}
        if not known or self.groups.leader(bag.id) in known:
            return
        own = self.credits[bag.id]
        meant = resolve(own, known)
        if len(known) == 1:
            (human,) = known
            if meant:
                self._join_whole(bag, human, meant, known, common)
            else:
                self._weigh(bag.id, human, own, known[human], common, join=True)
            return
        choose(own, known, meant, bag.name, common, self.beside)
        humans = set(meant.values())
        if len(meant) == len(own) and len(humans) == 1:
            self._join_whole(bag, humans.pop(), meant, known, common)
            return
        self.split.update(meant)
        rest = [credit for credit in own if credit.id not in meant]
        if rest:
            likeliest = max(known, key=lambda h: (sum(m == h for m in meant.values()), -h))
            self._weigh(bag.id, likeliest, rest, known[likeliest], common, join=False)

    def _join_whole(
        self,
        bag: Person,
        human: int,
        meant: Mapping[int, int],
        known: Mapping[int, list[Credit]],
        common: int,
    ) -> None:
        if self.groups.join(human, bag.id):
            clues = self._clues(bag.name, self.credits[bag.id], known[human], common)
            self.joined.append(Link(human, bag.id, clues))
        else:
            self.split.update(meant)

    def _decide_pair(self, one: Person, other: Person, common: int, *, sure: bool) -> None:
        if self.groups.leader(one.id) == self.groups.leader(other.id):
            return
        ones, others = (
            [c for c in self.credits[p.id] if c.id not in self.split] for p in (one, other)
        )
        if ones and others:
            together = {c.title for c in ones} & {c.title for c in others}
            self._weigh(one.id, other.id, ones, others, common, join=sure or bool(together))

    def _weigh(
        self,
        one: int,
        other: int,
        ones: Sequence[Credit],
        others: Sequence[Credit],
        common: int,
        *,
        join: bool,
    ) -> None:
        link = Link(one, other, self._clues(self.persons[one].name, ones, others, common))
        if join and link.score >= JOIN and self.groups.join(one, other):
            self.joined.append(link)
        elif link.score >= PROPOSE:
            self.proposed.append(link)

    def _clues(
        self, name: str, ones: Sequence[Credit], others: Sequence[Credit], common: int
    ) -> tuple[Clue, ...]:
        if not ones or not others:
            return ()
        return weigh(Profile(name, ones, self.beside), Profile(name, others, self.beside), common)

    def _decided(self) -> Decided:
        by_leader = {
            leader: PersonGroup(persons=[record for record in members if record in self.persons])
            for leader, members in self.groups.members().items()
        }
        for credit, person in sorted(self.split.items()):
            by_leader[self.groups.leader(person)].credits.append(credit)
        self.proposed.sort(key=lambda link: (-link.score, link.one, link.other))
        humans = [group for group in by_leader.values() if group.persons or group.credits]
        return Decided(humans, self.joined, self.proposed)


def _beside(
    persons: Mapping[int, Person], credits: Mapping[int, Sequence[Credit]]
) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for person, own in credits.items():
        name = persons[person].name
        for credit in own:
            found[credit.title].add(name)
    return {title: frozenset(there) for title, there in found.items()}
