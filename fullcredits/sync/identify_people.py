"""Which credits are one person's: facts from the store, the decision, and keeping it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from fullcredits.identity.addresses import settle
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
    deciding = Deciding(persons, credits, ruled, otherwise)
    still = deciding.open()
    names = Names(name_counts.load_counts(db, still.names))
    company = person_facts.names_beside(db, deciding.company(names))
    decided = deciding.decide(names, company)
    owners = {credit.id: credit.person for credit in credits}
    touched = _Portion(db, rows, decided.groups, owners, said).keep()
    evidence.keep_evidence(db, rows.keys(), _evidence(decided))
    elsewhere = {credit for group in decided.groups for credit in group.credits}
    cleared = {side.person or 0 for r in ruled if r.verb is Verb.MERGE for side in r.sides}
    suspects = find_suspects(persons, credits, elsewhere, cleared)
    evidence.keep_suspects(db, rows.keys(), [SuspectRow(*found) for found in suspects])
    people.note_weighed(db, rows, still.persons)
    return touched


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
        groups: Sequence[PersonGroup],
        owners: Mapping[int, int],
        said: Standing,
    ) -> None:
        self.db = db
        self.rows = rows
        self.groups = groups
        self.owners = owners
        """Of each credit that was looked at, its source person."""
        self.said = said
        self.held = person_facts.held(db, rows)
        self.split = {c: index for index, group in enumerate(groups) for c in group.credits}
        self.parts = {
            person: person_facts.credits_of(db, person)
            for person in sorted({owners[credit] for credit in self.split})
        }
        """Of source persons that several humans share: each credit, and its holder until now."""

    def keep(self) -> set[int]:
        """Write everything that is not as it was; returns the people in the portion."""
        weights = [self._weights(group) for group in self.groups]
        for credit, index in self.split.items():
            weights[index][self.parts[self.owners[credit]][credit]] += 1
        numbers, moved, born = self._number(weights)
        self._describe(numbers)
        self._hold(numbers)
        people.stand_for(self.db, self._stand(numbers), born)
        people.redirect_people(self.db, {old: numbers[index] for old, index in moved.items()})
        return {*numbers.values(), *moved, *(h for own in self.held.values() for h in own if h)}

    def _weights(self, group: PersonGroup) -> Counter[int | None]:
        """How many credits of the group's persons are held for whom, without the split ones."""
        weights: Counter[int | None] = Counter()
        for person in group.persons:
            if person in self.parts:
                own = self.parts[person].items()
                weights.update(holder for credit, holder in own if credit not in self.split)
            else:
                weights.update(self.held.get(person, ()))
        return weights

    def _number(
        self, weights: Sequence[Counter[int | None]]
    ) -> tuple[dict[int, int], dict[int, int], list[int]]:
        """Numbers by group; which numbers move to which group; persons of new numbers.

        Whoever is known by an id is numbered first: that address stays when names join them. A
        group without credits and without a number gets none: nobody is credited there.
        """
        order = sorted(range(len(weights)), key=lambda index: self._only_named(self.groups[index]))
        held = [_known(weights[index]) for index in order]
        own = [_known(self._own(self.groups[index])) for index in order]
        settled = settle(held, own)
        numbers = {
            index: number
            for index, number in zip(order, settled.numbers, strict=True)
            if number is not None
        }
        fresh = [index for index in order if index not in numbers and weights[index]]
        given = people.numbers_for_people(self.db, len(fresh))
        numbers |= dict(zip(fresh, given, strict=True))
        born = [person for index in fresh for person in self.groups[index].persons]
        born += [
            person
            for index in numbers
            for person in self.groups[index].persons
            if self.rows[person].own_person is None
        ]
        return numbers, {old: order[at] for old, at in settled.moved.items()}, born

    def _own(self, group: PersonGroup) -> Counter[int | None]:
        return Counter({self.rows[person].own_person: 1 for person in group.persons})

    def _only_named(self, group: PersonGroup) -> bool:
        return all(self.rows[person].by_name for person in group.persons)

    def _describe(self, numbers: Mapping[int, int]) -> None:
        stood = Counter(row.person for row in self.rows.values())
        humans = [
            self._human(self.groups[index], number)
            for index, number in numbers.items()
            if self._is_new(self.groups[index], number, stood)
        ]
        people.keep_people(self.db, humans)

    def _human(self, group: PersonGroup, number: int) -> people.Human:
        called = [name for side, name in self.said.names.items() if _is_side(group, side)]
        chosen = [p for side, p in self.said.portraits.items() if _is_side(group, side)]
        return people.Human(
            number,
            self._described_by(group),
            only_named=not group.persons,
            called=called[-1] if called else None,
            portrait_of=chosen[-1] if chosen else None,
        )

    def _is_new(self, group: PersonGroup, number: int, stood: Mapping[int | None, int]) -> bool:
        """Whether a person's records or a fact in them are not as they were kept."""
        if not group.persons or stood[number] != len(group.persons):
            return True
        return any(
            self.rows[person].undecided or self.rows[person].person != number
            for person in group.persons
        )

    def _described_by(self, group: PersonGroup) -> tuple[PersonRow, ...]:
        """Id-bearing records first; one that several humans share says nothing where others do."""
        if not group.persons:
            return tuple(self.rows[p] for p in sorted({self.owners[c] for c in group.credits}))
        ordered = sorted(
            (self.rows[person] for person in group.persons),
            key=lambda row: (row.by_name, row.source, row.id),
        )
        return tuple(row for row in ordered if row.id not in self.parts) or tuple(ordered)

    def _hold(self, numbers: Mapping[int, int]) -> None:
        """Write who holds which credit, where that is not as it was."""
        by_person: dict[int, int] = {}
        by_credit: dict[int, int] = {}
        others: dict[int, set[int]] = {}
        stands = {p: n for index, n in numbers.items() for p in self.groups[index].persons}
        for person, holders in self.held.items():
            if person not in self.parts and holders.keys() != {stands[person]}:
                by_person[person] = stands[person]
        for person, credits in self.parts.items():
            for credit, holder in credits.items():
                at = self.split.get(credit)
                number = stands[person] if at is None else numbers[at]
                if holder != number:
                    by_credit[credit] = number
                if at is not None and number != stands.get(person):
                    others.setdefault(person, set()).add(number)
        people.hold_persons(self.db, by_person)
        people.hold_credits(self.db, by_credit)
        people.note_parts(self.db, others, self._shared_before())

    def _shared_before(self) -> list[int]:
        return [
            person
            for person, holders in self.held.items()
            if holders.keys() - {None, self.rows[person].person}
        ]

    def _stand(self, numbers: Mapping[int, int]) -> dict[int, int | None]:
        """Who each source person is, where that is not as it was."""
        stands: dict[int, int | None] = dict.fromkeys(self.rows)
        for index, number in numbers.items():
            stands.update(dict.fromkeys(self.groups[index].persons, number))
        return {p: number for p, number in stands.items() if number != self.rows[p].person}


def _is_side(group: PersonGroup, side: Side) -> bool:
    return side.person in group.persons or not side.credits.isdisjoint(group.credits)


def _known(weights: Mapping[int | None, int]) -> dict[int, int]:
    return {number: weight for number, weight in weights.items() if number is not None}
