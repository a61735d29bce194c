"""Which credits are one person's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, groupby
from typing import NamedTuple

from fullcredits.identity.evidence import Clue, Credit, Link, Person, same_ids
from fullcredits.identity.groups import Groups
from fullcredits.identity.joining import Joining, Pair
from fullcredits.identity.names import Names, count_names
from fullcredits.identity.namesakes import Namesakes
from fullcredits.identity.order import Order
from fullcredits.identity.parting import kinds_of_work, main_work
from fullcredits.identity.resolve import Named, resolve, tell
from fullcredits.identity.rulings import Ruling, Units, Verb, apply
from fullcredits.identity.spellings import Otherwise
from fullcredits.identity.spelt import Spelt, comparable
from fullcredits.identity.weights import JOIN, PART, PROPOSE, Profile, births, score, weigh


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
    told: list[Link]
    """Each name-keyed record of which single credits are somebody's, and a record that says so."""
    proposed: list[Link]
    """Pairs the owner should look at, the likeliest first."""


class Open(NamedTuple):
    """What shared titles do not tell: for these, evidence has to be weighed."""

    persons: frozenset[int]
    names: frozenset[str]


def decide_people(
    persons: Iterable[Person],
    credits: Iterable[Credit],
    names: Names | None = None,
    beside: Mapping[int, Collection[str]] | None = None,
    rulings: Iterable[Ruling] = (),
    otherwise: Iterable[Otherwise] = (),
) -> Decided:
    """The humans behind these source persons.

    Strong ids join, clashing ones forbid. A name-keyed record (Jellyfin: all namesakes in one) is
    resolved credit by credit: the same title on another source says who is meant. When all that
    can be resolved means one human, and no other of that name is known, the rest of the record is
    taken for the same, but for a kind of work that nothing connects with theirs. Where no title
    says anything, evidence is weighed. What the owner ruled comes first and stands against
    everything.

    `names` and `beside` (who is credited on each title) are those of the whole library; they are
    counted over what is given if that is the whole library. `otherwise` are those who may be
    called otherwise by another server.
    """
    deciding = Deciding(persons, credits, rulings, otherwise)
    if names is None:
        names = count_names({person.name for person in deciding.persons.values()})
    if beside is None:
        beside = _beside(deciding.persons, deciding.credits)
    return deciding.decide(names, beside)


class Deciding:
    """A decision in steps, each telling what the next needs: `open`, `company`, `decide`."""

    def __init__(
        self,
        persons: Iterable[Person],
        credits: Iterable[Credit],
        rulings: Iterable[Ruling] = (),
        otherwise: Iterable[Otherwise] = (),
    ) -> None:
        ordered = sorted(persons, key=lambda p: (p.name, p.by_name, p.ids, p.id))
        self.persons = {person.id: person for person in ordered}
        self.credits: dict[int, list[Credit]] = defaultdict(list)
        for credit in credits:
            self.credits[credit.person].append(credit)
        self._order = Order(self.credits)
        self.split: dict[int, int] = {}
        """Credits that stand apart from their person's others, and the record that has them."""
        ruled = [r for r in rulings if {s.person for s in r.sides} - {None} <= self.persons.keys()]
        units = Units(ruled, max(self.persons, default=0) + 1)
        self._next_unit = units.next
        self._merged = {units.number(s) for r in ruled if r.verb is Verb.MERGE for s in r.sides}
        self.groups = Groups({**{p.id: p.ids for p in ordered}, **dict.fromkeys(units.numbers, ())})
        self._joining = Joining(self.groups, self._order)
        apply(ruled, units, self._take_away(units), self.groups)
        self._join_by_id()
        self._blocks = list(self._by_name())
        self._untold = [block for block in self._blocks if not self._told_by_titles(block)]
        self._spelt = Spelt(self.persons, self.credits, otherwise)

    def open(self) -> Open:
        """Whose names evidence is weighed for."""
        persons = {person.id for block in self._untold for person in block} | self._spelt.persons
        return Open(frozenset(persons), frozenset(self.persons[p].name for p in persons))

    def company(self, names: Names) -> set[int]:
        """The titles whose whole cast and crew makes a difference, given how common names are."""
        return {
            credit.title
            for block in self._untold
            if self._in_doubt(block, names)
            for person in block
            for credit in self.credits[person.id]
        }

    def decide(self, names: Names, beside: Mapping[int, Collection[str]]) -> Decided:
        """Who is who, given how common names are and who is credited on the titles asked for."""
        doubtful = {block[0].name for block in self._untold if self._in_doubt(block, names)}
        for block in self._blocks:
            name = block[0].name
            company = beside if name in doubtful else {}
            self._decide_block(block, Named(name, names.commonness(name), company))
        for pair in self._spelt.pairs(names):
            self._decide_spelt(pair.one, pair.other, pair.clues)
        return self._decided()

    def _take_away(self, units: Units) -> dict[int, int]:
        """Credits that the owner speaks of by themselves say nothing of whom they stood with.

        Returns whose they are.
        """
        taken = units.taken()
        owners: dict[int, int] = {}
        for person, own in self.credits.items():
            gone = {credit.id: taken[credit.id] for credit in own if credit.id in taken}
            if gone:
                self.split.update(gone)
                owners.update(dict.fromkeys(gone, person))
                self.credits[person] = [credit for credit in own if credit.id not in gone]
        return owners

    def _join_by_id(self) -> None:
        for link in same_ids(self.persons.values(), self._order.key):
            if self.groups.join(link.one, link.other):
                clue = Clue("id", 10.0, word=link.external_id.scheme)
                self._joining.joined.append(Link(link.one, link.other, (clue,)))

    def _by_name(self) -> Iterator[list[Person]]:
        """Everybody of one name, where there is something to decide."""
        for _, bearers in groupby(self.persons.values(), key=lambda person: person.name):
            block = list(bearers)
            if len(block) > 1 or (block[0].by_name and self._mixed(block[0])):
                yield block

    def _mixed(self, person: Person) -> bool:
        return len(kinds_of_work(self.credits[person.id])) > 1

    def _known(self, block: Sequence[Person]) -> dict[int, list[Credit]]:
        """The humans of this name that are known by id, each with their credits."""
        known: dict[int, list[Credit]] = defaultdict(list)
        for person in block:
            if not person.by_name and self.credits[person.id]:
                known[self.groups.leader(person.id)] += self.credits[person.id]
        return known

    def _told_by_titles(self, block: Sequence[Person]) -> bool:
        """Whether shared titles decide all about this name."""
        known = self._known(block)
        bags = [person for person in block if person.by_name]
        if not bags:
            return all(self.groups.clash(one, other) for one, other in combinations(known, 2))
        if len(known) != 1 or not all(resolve(self.credits[bag.id], known) for bag in bags):
            return False
        records = [*known, *(bag.id for bag in bags)]
        if any(self.groups.must_be_two(*pair) for pair in combinations(records, 2)):
            return False
        keyed = {credit.id for own in known.values() for credit in own}
        return not main_work([c for person in block for c in self.credits[person.id]], keyed)[1]

    def _in_doubt(self, block: Sequence[Person], names: Names) -> bool:
        """Whether it can matter whom they work with: without that, evidence is not clear."""
        named = Named(block[0].name, names.commonness(block[0].name), {})
        known = self._known(block)
        bags = [person for person in block if person.by_name]
        if bags and len(known) > 1:
            return True
        lists = [*known.values(), *(self.credits[bag.id] for bag in bags)]
        births_of = [None] * len(known) + [bag.born for bag in bags]
        for (one, born), (other, other_born) in combinations(zip(lists, births_of, strict=True), 2):
            if named.unclear(one, other, PROPOSE, JOIN, score(births(born, other_born))):
                return True
        keyed = {credit.id for own in known.values() for credit in own}
        main, others = main_work([credit for own in lists for credit in own], keyed)
        return any(named.unclear(main, kind, PART, PART) for kind in others)

    def _decide_block(self, block: Sequence[Person], named: Named) -> None:
        keyed = [person for person in block if not person.by_name]
        bags = [person for person in block if person.by_name]
        self._joining.by_strength(self._pairs(keyed, named, sure=True))
        known = self._known(block)
        if known:
            namesakes = Namesakes(named, known, keyed, self.credits, self._joining, self.split)
            namesakes.decide(bags)
        self._joining.by_strength(self._pairs(bags, named, sure=len(known) < 2))
        self._part(block, named)

    def _pairs(self, persons: Sequence[Person], named: Named, *, sure: bool) -> Iterator[Pair]:
        """All of one name who may be one; unless `sure`, only shared titles join them."""
        work: dict[int, Profile] = {}
        for one, other in combinations(persons, 2):
            together = self.groups.leader(one.id) == self.groups.leader(other.id)
            if together or self.groups.must_be_two(one.id, other.id):
                continue
            for person in (one, other):
                if person.id not in work:
                    work[person.id] = named.profile(self._left(person))
            ones, others = work[one.id], work[other.id]
            if ones.credits and others.credits:
                clues = weigh(ones, others, named.commonness) + births(one.born, other.born)
                shared = not ones.titles.keys().isdisjoint(others.titles)
                yield Pair(one, other, clues, sure=sure or shared)

    def _left(self, person: Person) -> list[Credit]:
        return [credit for credit in self.credits[person.id] if credit.id not in self.split]

    def _decide_spelt(self, one: int, other: int, clues: tuple[Clue, ...]) -> None:
        """Two names that may be one human's; the owner is asked where a name means several, and
        where nothing in the names speaks for it: a role is dubbed by another in each language.
        """
        groups = self.groups
        if groups.leader(one) != groups.leader(other) and not self._spelt.beside(
            one, other, groups, self.split
        ):
            sure = comparable(clues) and not any(
                self._means_several(self.persons[person]) for person in (one, other)
            )
            self._joining.by_strength(
                [Pair(self.persons[one], self.persons[other], clues, sure=sure)]
            )

    def _means_several(self, person: Person) -> bool:
        """Whether others than their human are known under the name of a name-keyed record."""
        leader = self.groups.leader
        return person.by_name and (
            any(credit.id in self.split for credit in self.credits[person.id])
            or any(
                leader(namesake) != leader(person.id)
                for namesake in self._spelt.namesakes(person)
                if not self.persons[namesake].by_name
            )
        )

    def _part(self, block: Sequence[Person], named: Named) -> None:
        """Take kinds of work that nothing connects with a human's others for somebody else's.

        Only of records that are names: what is known by id is theirs, of whatever kind. And not
        of those whom the owner made one.
        """
        by_human: dict[int, list[Credit]] = defaultdict(list)
        keyed: set[int] = set()
        for person in block:
            own = self._left(person)
            by_human[self.groups.leader(person.id)] += own
            if not person.by_name:
                keyed.update(credit.id for credit in own)
        by_word = set(map(self.groups.leader, self._merged))
        for human, credits in by_human.items():
            if human in by_word:
                continue
            main, others = main_work(credits, keyed)
            for kind in others:
                if score(named.weigh(main, kind)) < PART:
                    self.groups.add(self._next_unit)
                    self.split.update((credit.id, self._next_unit) for credit in kind)
                    self._next_unit += 1

    def _decided(self) -> Decided:
        by_leader: dict[int, PersonGroup] = defaultdict(PersonGroup)
        for leader, members in self.groups.members().items():
            by_leader[leader].persons = [record for record in members if record in self.persons]
        for credit, record in sorted(self.split.items()):
            by_leader[self.groups.leader(record)].credits.append(credit)
        humans = [group for group in by_leader.values() if group.persons or group.credits]
        joining = self._joining
        told = self._told(by_leader)
        return Decided(humans, joining.joined, told, joining.open_questions())

    def _told(self, humans: Mapping[int, PersonGroup]) -> list[Link]:
        """Why single credits are whose they are; of those that the owner gave, the owner knows."""
        told: list[Link] = []
        for bag in self.persons.values() if self.split else ():
            meant: dict[int, list[Credit]] = defaultdict(list)
            for credit in self.credits.get(bag.id, ()) if bag.by_name else ():
                if credit.id in self.split:
                    meant[self.groups.leader(self.split[credit.id])].append(credit)
            for human, credits in meant.items():
                records = map(self.persons.__getitem__, humans[human].persons)
                keyed = sorted((p for p in records if not p.by_name), key=self._order.key)
                theirs = {person.id: self.credits[person.id] for person in keyed}
                told += (Link(r, bag.id, clues) for r, clues in tell(credits, theirs).items())
        return told


def _beside(
    persons: Mapping[int, Person], credits: Mapping[int, Sequence[Credit]]
) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for person, own in credits.items():
        name = persons[person].name
        for credit in own:
            found[credit.title].add(name)
    return {title: frozenset(there) for title, there in found.items()}
