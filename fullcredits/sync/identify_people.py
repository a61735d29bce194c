"""Which credits are one person's: facts from the store, the decision, and keeping it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property

from fullcredits.identity.connected import connected
from fullcredits.identity.evidence import Credit, Person, parts_of
from fullcredits.identity.names import Names, step
from fullcredits.identity.people import Decided, Deciding, PersonGroup
from fullcredits.identity.rulings import Ruling, Side, Verb
from fullcredits.identity.spellings import Otherwise
from fullcredits.identity.suspects import find_suspects, is_one_human
from fullcredits.model import Department
from fullcredits.store import Connection, figures
from fullcredits.store.identity import evidence, lone, name_counts, people, person_facts, spellings
from fullcredits.store.identity.evidence import EvidenceRow, SuspectRow
from fullcredits.store.identity.person_facts import PersonRow
from fullcredits.sync.number_people import Grouping, Numbered, Numbering
from fullcredits.sync.owner import Standing, standing


def decide_people(db: Connection, first: Collection[int] = ()) -> bool:
    """Point the credits of a portion of the waiting at their people; False when nobody waits.

    `first` are decided before anybody else, by how common names were when last counted.
    """
    if not first and count_names(db) and name_counts.names_wait(db):
        return True  # there are many, and more to be counted before they are weighed
    said = standing(db)
    waiting = person_facts.waiting_persons(db, said.together(), first)
    if not waiting:
        return False
    alone = lone.standing_alone(db, waiting, said.spoken_of())
    alone -= _maybe_several(db, [row for row in waiting if row.by_name and row.id in alone])
    together = [row for row in waiting if row.id not in alone]
    touched = _keep_alone(db, [row for row in waiting if row.id in alone])
    if together:
        touched |= _decide(db, together, said)
    people.settle_persons(db, [row.id for row in waiting if row.undecided])
    figures.count_people(db, touched)
    return True


def _maybe_several(db: Connection, bags: Sequence[PersonRow]) -> set[int]:
    """Those known by name only who may be several humans."""
    born = {row.id: row.born for row in bags}
    return {
        career.person
        for career in person_facts.load_careers(db, born)
        if not is_one_human(
            born[career.person], career.first, career.last, one_department=career.one_department
        )
    }


def _decide(db: Connection, waiting: Sequence[PersonRow], said: Standing) -> set[int]:
    """Decide who is who among those who are connected; returns the people it may concern."""
    rows = {row.id: row for row in waiting}
    ruled = [ruling for ruling in said.rulings if said.persons(ruling) <= rows.keys()]
    otherwise = [Otherwise(*row) for row in spellings.load_otherwise(db, rows)]
    paired = {person for pair in otherwise for person in (pair.one, pair.other)}
    credits = _credits(db, _to_decide(rows, said, ruled) | paired)
    persons = [_person(row) for row in waiting]
    ways = [Deciding(persons, credits, ruled, otherwise)]
    # Whom the owner spoke of are decided without that, too: numbers are kept as if it were unsaid.
    spoken_of = set().union(*map(said.persons, ruled))
    theirs = connected(persons, otherwise, spoken_of) if spoken_of else set()
    if theirs:
        ways.append(_deciding_unsaid(persons, credits, otherwise, theirs))
    still = [way.open() for way in ways]
    names = Names(name_counts.load_counts(db, frozenset().union(*(way.names for way in still))))
    company = person_facts.names_beside(db, set().union(*(way.company(names) for way in ways)))
    decided, *unsaid = (way.decide(names, company) for way in ways)
    owners = {credit.id: credit.person for credit in credits}
    without: list[PersonGroup] | None = None
    if theirs:
        others = [g for g in decided.groups if theirs.isdisjoint(_records(g, owners))]
        without = [*unsaid[0].groups, *others]
    touched = _Portion(db, rows, owners, said, decided.groups, without).keep()
    evidence.keep_evidence(db, rows.keys(), _evidence(decided))
    elsewhere = {credit for group in decided.groups for credit in group.credits}
    cleared = {side.person or 0 for r in ruled if r.verb is Verb.MERGE for side in r.sides}
    suspects = find_suspects(persons, credits, elsewhere, cleared)
    evidence.keep_suspects(db, rows.keys(), [SuspectRow(*found) for found in suspects])
    people.note_weighed(db, rows, frozenset().union(*(way.persons for way in still)))
    return touched


def _deciding_unsaid(
    persons: Sequence[Person],
    credits: Sequence[Credit],
    otherwise: Sequence[Otherwise],
    some: Collection[int],
) -> Deciding:
    """Of some source persons, what would be decided if the owner had said nothing."""
    return Deciding(
        [person for person in persons if person.id in some],
        [credit for credit in credits if credit.person in some],
        otherwise=[pair for pair in otherwise if pair.one in some],
    )


def _records(group: PersonGroup, owners: Mapping[int, int]) -> set[int]:
    """The source persons of whom a group has anything."""
    return {*group.persons, *map(owners.__getitem__, group.credits)}


def _keep_alone(db: Connection, rows: Sequence[PersonRow]) -> set[int]:
    """Keep that these are nobody but themselves: most of a library, so nothing is weighed for
    them. Returns the people they are.
    """
    held = person_facts.held(db, [row.id for row in rows])
    credited = [row for row in rows if held[row.id] or row.own_person]
    fresh = [row.id for row in credited if row.own_person is None]
    numbers = dict(zip(fresh, people.numbers_for_people(db, len(fresh)), strict=True))
    stands = {row.id: row.own_person or numbers[row.id] for row in credited}
    people.keep_people(db, [people.Human(stands[row.id], (row,)) for row in credited])
    people.hold_persons(db, {p: n for p, n in stands.items() if None in held[p]})
    people.stand_for(db, numbers, numbers)
    left = [row.id for row in rows if row.own_person is not None]
    evidence.keep_evidence(db, left, ())
    evidence.keep_suspects(db, left, ())
    people.note_weighed(db, left, ())
    return set(stands.values())


def _evidence(decided: Decided) -> Iterator[EvidenceRow]:
    known = ((True, decided.told), (True, decided.joined), (False, decided.proposed))
    for joined, links in known:
        for link in links:
            clues = [[c.kind, round(c.weight, 2), c.number, c.out_of, c.word] for c in link.clues]
            yield EvidenceRow(link.one, link.other, joined, round(link.score, 2), clues)


def count_names(db: Connection) -> bool:
    """Count some names; False where none are new. Whoever weighs otherwise now waits again."""
    counted = name_counts.count_names(db)
    if counted is None:
        return False
    before, after = counted
    words = before.keys() | after.keys()
    otherwise = [w for w in words if step(before.get(w, 0)) != step(after.get(w, 0))]
    name_counts.look_again(db, otherwise)
    return True


def _to_decide(rows: Mapping[int, PersonRow], said: Standing, ruled: Sequence[Ruling]) -> set[int]:
    """Those of whom anything is open: namesakes, names alone, and whom the owner spoke of."""
    bearers = Counter(row.name for row in rows.values())
    shared = {row.id for row in rows.values() if row.by_name or bearers[row.name] > 1}
    return shared.union(*map(said.persons, ruled))


def _person(row: PersonRow) -> Person:
    return Person(row.id, row.source, row.name, row.by_name, row.ids, row.born)


def _credits(db: Connection, persons: set[int]) -> list[Credit]:
    return [
        Credit(
            row.id,
            row.person,
            row.title,
            row.work,
            row.department,
            parts_of(row.part, row.department is Department.ACTING),
            row.year,
        )
        for row in person_facts.load_credits(db, persons)
    ]


class _Portion:
    """What was decided about some source persons, on its way into the database."""

    def __init__(
        self,
        db: Connection,
        rows: Mapping[int, PersonRow],
        owners: Mapping[int, int],
        said: Standing,
        groups: Sequence[PersonGroup],
        unsaid: Sequence[PersonGroup] | None,
    ) -> None:
        """`owners`: of each credit that was looked at, its source person. `unsaid` are the groups
        if the owner had said nothing; None: nothing was said of these.
        """
        self.db = db
        self.rows = rows
        self.owners = owners
        self.said = said
        self.now = Grouping(groups, rows)
        self.unsaid = self.now if unsaid is None else Grouping(unsaid, rows)
        self.numbering = Numbering(db, rows, owners, self.now, self.unsaid)
        self.shared = {owners[credit] for credit in self.now.split}
        """Source persons that several humans share."""

    def keep(self) -> set[int]:
        """Write everything that is not as it was; returns the people in the portion."""
        numbering = self.numbering
        unsaid = numbering.number_unsaid()
        if self.unsaid is self.now:
            numbers, moved = unsaid.numbers, unsaid.moved | numbering.lead_back(unsaid)
            noted = {}
        else:
            self._keep_unsaid(unsaid)
            said = numbering.number_said(unsaid)
            numbers, moved, noted = said.numbers, said.moved, numbering.to_note(unsaid, said)
        self._describe(numbers)
        self._hold(numbers)
        people.stand_for(self.db, self._stand(numbers), numbering.own(unsaid))
        people.note_said(self.db, numbering.noted, noted)
        people.redirect_people(self.db, {old: numbers[index] for old, index in moved.items()})
        held = {holder for own in numbering.held.values() for holder in own if holder}
        return {*numbers.values(), *moved, *held}

    def _keep_unsaid(self, unsaid: Numbered) -> None:
        """Those whom only the owner's word kept from ever coming have a number all the same."""
        born = [self._human(self.unsaid, index, unsaid.numbers[index]) for index in unsaid.fresh]
        people.keep_people(self.db, born)

    def _describe(self, numbers: Mapping[int, int]) -> None:
        stood = Counter(row.person for row in self.rows.values())
        humans = [
            self._human(self.now, index, number)
            for index, number in numbers.items()
            if self._is_new(self.now.groups[index], number, stood)
        ]
        people.keep_people(self.db, humans)

    def _human(self, grouping: Grouping, index: int, number: int) -> people.Human:
        group = grouping.groups[index]
        names, portraits = self.said.names.items(), self.said.portraits.items()
        called = [name for side, name in names if self._is_of(side, group)]
        chosen = [person for side, person in portraits if self._is_of(side, group)]
        return people.Human(
            number,
            self._described_by(group),
            only_named=not group.persons,
            called=called[-1] if called else None,
            portrait_of=chosen[-1] if chosen else None,
        )

    def _is_of(self, side: Side, group: PersonGroup) -> bool:
        """Whether a word on somebody is of this group. What was said of a source person is of what
        is left of them; where nothing is, of whoever has most of their credits.
        """
        if side.person is None:
            return not side.credits.isdisjoint(group.credits)
        return group is self._heirs.get(side.person) or (
            side.person in group.persons and side.person not in self._heirs
        )

    @cached_property
    def _heirs(self) -> dict[int, PersonGroup]:
        """Of source persons of whom nothing is left, the group that has most of their credits."""
        found: dict[int, PersonGroup] = {}
        for person in self.shared:
            shares = Counter(self.now.of(c, person) for c in self.numbering.parts[person])
            if not shares[self.now.stands[person]]:
                groups = [(shares[at], self.now.groups[at]) for at in shares if shares[at]]
                found[person] = min(groups, key=lambda of: (-of[0], self._facts(of[1])))[1]
        return found

    def _is_new(self, group: PersonGroup, number: int, stood: Mapping[int | None, int]) -> bool:
        """Whether a person's records or a fact in them are not as they were kept."""
        persons = _records(group, self.owners)
        if not group.persons or stood[number] != len(group.persons):
            return True
        return any(self.rows[person].undecided for person in persons) or any(
            self.rows[person].person != number for person in group.persons
        )

    def _described_by(self, group: PersonGroup) -> tuple[PersonRow, ...]:
        """Id-bearing records first, then who has most to do; one that several humans share says
        nothing where others do. Where nothing else decides, facts do, and never who came first.
        """
        persons = group.persons or {self.owners[credit] for credit in group.credits}
        rows = sorted(map(self.rows.__getitem__, persons), key=self._rank)
        if not group.persons:
            return tuple(rows)
        return tuple(row for row in rows if row.id not in self.shared) or tuple(rows)

    def _rank(self, row: PersonRow) -> tuple[object, ...]:
        many = sum(self.numbering.held.get(row.id, Counter()).values())
        born = row.born or dt.date.min
        return row.by_name, -many, row.name, row.ids, born, row.source_name, row.key

    def _facts(self, group: PersonGroup) -> tuple[object, ...]:
        return self._rank(self._described_by(group)[0])

    def _hold(self, numbers: Mapping[int, int]) -> None:
        """Write who holds which credit, where that is not as it was."""
        by_person: dict[int, int] = {}
        by_credit: dict[int, int] = {}
        others: dict[int, set[int]] = {}
        parts, stands = self.numbering.parts, self.now.stands
        for person, holders in self.numbering.held.items():
            if person not in parts and holders.keys() != {numbers[stands[person]]}:
                by_person[person] = numbers[stands[person]]
        for person, credits in parts.items():
            for credit, holder in credits.items():
                index = self.now.of(credit, person)
                if holder != numbers[index]:
                    by_credit[credit] = numbers[index]
                if index != stands[person]:
                    others.setdefault(person, set()).add(numbers[index])
        people.hold_persons(self.db, by_person)
        people.hold_credits(self.db, by_credit)
        people.note_parts(self.db, others, self._shared_before())

    def _shared_before(self) -> list[int]:
        return [
            person
            for person, holders in self.numbering.held.items()
            if holders.keys() - {None, self.rows[person].person}
        ]

    def _stand(self, numbers: Mapping[int, int]) -> dict[int, int | None]:
        """Who each source person is, where that is not as it was."""
        stands = {person: numbers.get(index) for person, index in self.now.stands.items()}
        return {p: number for p, number in stands.items() if number != self.rows[p].person}
