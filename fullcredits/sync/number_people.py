"""Under which numbers people go on: what was decided, held against what was kept until now."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from fullcredits.identity.addresses import Settled, settle, settle_said
from fullcredits.identity.people import PersonGroup
from fullcredits.store import Connection
from fullcredits.store.identity import people, person_facts
from fullcredits.store.identity.person_facts import PersonRow, SaidRow


class Grouping:
    """Who is who: groups by their index.

    Whoever is known by an id comes first: that address stays where nothing else decides.
    """

    def __init__(self, groups: Sequence[PersonGroup], rows: Mapping[int, PersonRow]) -> None:
        self.groups = sorted(groups, key=lambda group: all(rows[p].by_name for p in group.persons))
        self.split = {c: index for index, group in enumerate(self.groups) for c in group.credits}
        """Credits that stand apart from their source person's others."""
        self.stands = {p: index for index, group in enumerate(self.groups) for p in group.persons}

    def of(self, credit: int, person: int) -> int:
        """The group that has a credit of a source person."""
        at = self.split.get(credit)
        return self.stands[person] if at is None else at


class Numbered(NamedTuple):
    """A grouping's numbers."""

    numbers: dict[int, int]
    """By group; a group without credits has none: nobody is credited there."""
    moved: dict[int, int]
    """By number that lost its group, the group that it leads to."""
    fresh: frozenset[int]
    """Groups whose numbers nobody had."""


class Numbering:
    """The numbers of a portion, until now and from now on."""

    def __init__(
        self,
        db: Connection,
        rows: Mapping[int, PersonRow],
        owners: Mapping[int, int],
        now: Grouping,
        unsaid: Grouping,
    ) -> None:
        """`owners`: the source persons of credits. `unsaid` is who would be who if the owner had
        said nothing, or `now` itself where nothing was said.
        """
        self.db = db
        self.rows = rows
        self.now = now
        self.unsaid = unsaid
        self.held = person_facts.held(db, rows)
        self.noted = person_facts.load_said_numbers(db, rows)
        shared = {owners[credit] for credit in (*now.split, *unsaid.split)}
        shared.update(row.person for row in self.noted.values())
        self.parts = person_facts.credits_of(db, sorted(shared))
        """Of source persons that have to be looked at credit by credit: each, and its holder until
        now.
        """

    def number_unsaid(self) -> Numbered:
        """The numbers that everybody would have if the owner had said nothing."""
        claims = self._claims(self.unsaid, self._evident)
        settled = settle(list(map(_known, claims)), self._own(self.unsaid, {}))
        return self._numbered(settled, [bool(claim) for claim in claims])

    def lead_back(self, numbered: Numbered) -> dict[int, int]:
        """Numbers of those whom only a word set apart that is taken back: by each, the group that
        has most of their credits.
        """
        known = numbered.moved.keys() | set(numbered.numbers.values())
        until_now = {number for own in self.held.values() for number in own if number}
        until_now.update(row.apart for row in self.noted.values() if row.apart)
        left = until_now - known
        if not left:
            return {}
        shares: dict[int, Counter[int]] = defaultdict(Counter)
        claims = zip(self._claims_apart(), self._claims(self.now, self._holder), strict=True)
        for index, (apart, held) in enumerate(claims):
            for number, weight in (_known(held) | apart).items():
                if number in left:
                    shares[number][index] = weight
        return {n: max(shares[n], key=lambda at: (shares[n][at], -at)) for n in shares}

    def number_said(self, unsaid: Numbered) -> Numbered:
        """The numbers that they have, as the owner said something of them."""
        held = self._claims(self.now, self._holder)
        settled = settle_said(
            list(map(_known, held)),
            self._by_unsaid(unsaid),
            self._own(self.now, self.own(unsaid)),
            self._claims_apart(),
        )
        return self._numbered(settled, [bool(claim) for claim in held])

    def own(self, unsaid: Numbered) -> dict[int, int]:
        """The own numbers of source persons, where they are others from now on: no number is
        somebody's own whom it does not lead to, and everybody's is somebody's own there.
        """
        given = set(unsaid.numbers.values())
        changed: dict[int, int] = {}
        for index, number in unsaid.numbers.items():
            persons = self.unsaid.groups[index].persons
            for person in persons:
                own = self.rows[person].own_person
                if own is None or index in unsaid.fresh or (own != number and own in given):
                    changed[person] = number
            if persons and all(
                changed.get(person, self.rows[person].own_person) != number for person in persons
            ):
                most = max(persons, key=lambda person: (self._left(self.unsaid, person), -person))
                changed[most] = number
        return {p: number for p, number in changed.items() if number != self.rows[p].own_person}

    def to_note(self, unsaid: Numbered, said: Numbered) -> dict[int, SaidRow]:
        """What has to be remembered of credits that the owner's word has a part in."""
        apart = self._apart(unsaid, said)
        found: dict[int, SaidRow] = {}
        for person, credits in self._concerned(unsaid, said).items():
            for credit in credits:
                evident = unsaid.numbers[self.unsaid.of(credit, person)]
                index = self.now.of(credit, person)
                known = self.noted.get(credit)
                number = known.apart if known else None
                if index in apart and (index in said.fresh or credits[credit] == apart[index]):
                    number = apart[index]
                if number is not None or evident != said.numbers[index]:
                    found[credit] = SaidRow(credit, person, evident, number)
        return found

    def _apart(self, unsaid: Numbered, said: Numbered) -> dict[int, int]:
        """The numbers of groups that only a word set apart, which nothing remembers yet."""
        evident = set(unsaid.numbers.values())
        return {
            index: said.numbers[index]
            for index, claims in enumerate(self._claims_apart())
            if index in said.numbers and said.numbers[index] not in claims.keys() | evident
        }

    def _concerned(self, unsaid: Numbered, said: Numbered) -> dict[int, dict[int, int | None]]:
        """The credits of source persons that are somebody else by the owner's word."""
        others = [
            person
            for person in self.rows.keys() - self.parts.keys()
            if unsaid.numbers.get(self.unsaid.stands[person])
            != said.numbers.get(self.now.stands[person])
        ]
        return self.parts | person_facts.credits_of(self.db, sorted(others))

    def _numbered(self, settled: Settled, credited: Sequence[bool]) -> Numbered:
        fresh = [
            index
            for index, number in enumerate(settled.numbers)
            if number is None and credited[index]
        ]
        given = people.numbers_for_people(self.db, len(fresh))
        numbers = {i: number for i, number in enumerate(settled.numbers) if number is not None}
        numbers |= dict(zip(fresh, given, strict=True))
        return Numbered(numbers, dict(settled.moved), frozenset(fresh))

    def _claims(
        self, grouping: Grouping, of: Callable[[int, int | None], int | None]
    ) -> list[Counter[int | None]]:
        """By group, how many of its credits have which number."""
        claims: list[Counter[int | None]] = [Counter() for _ in grouping.groups]
        for person, index in grouping.stands.items():
            if person not in self.parts:
                claims[index].update(self.held.get(person, ()))
        for person, credits in self.parts.items():
            for credit, holder in credits.items():
                claims[grouping.of(credit, person)][of(credit, holder)] += 1
        return claims

    def _holder(self, _: int, holder: int | None) -> int | None:
        return holder

    def _evident(self, credit: int, holder: int | None) -> int | None:
        """Whom a credit would be held for until now."""
        known = self.noted.get(credit)
        return known.evident if known else holder

    def _by_unsaid(self, unsaid: Numbered) -> list[Counter[int]]:
        """By group, how many of its credits would have which number."""
        claims: list[Counter[int]] = [Counter() for _ in self.now.groups]
        for person, index in self.now.stands.items():
            if person not in self.parts and self._left(self.now, person):
                number = unsaid.numbers[self.unsaid.stands[person]]
                claims[index][number] += self._left(self.now, person)
        for person, credits in self.parts.items():
            for credit in credits:
                number = unsaid.numbers[self.unsaid.of(credit, person)]
                claims[self.now.of(credit, person)][number] += 1
        return claims

    def _claims_apart(self) -> list[Counter[int]]:
        """By group, how many of its credits were under which number when a word set them apart."""
        claims: list[Counter[int]] = [Counter() for _ in self.now.groups]
        for row in self.noted.values():
            if row.apart is not None:
                claims[self.now.of(row.credit, row.person)][row.apart] += 1
        return claims

    def _own(self, grouping: Grouping, changed: Mapping[int, int]) -> list[Counter[int]]:
        """By group, the own numbers of its source persons, by the credits that they still have."""
        own: list[Counter[int]] = [Counter() for _ in grouping.groups]
        for person, index in grouping.stands.items():
            number = changed.get(person, self.rows[person].own_person)
            left = self._left(grouping, person)
            if number is not None and left:
                own[index][number] += left
        return own

    def _left(self, grouping: Grouping, person: int) -> int:
        """How many credits of a source person do not stand apart."""
        if person in self.parts:
            return sum(credit not in grouping.split for credit in self.parts[person])
        return sum(self.held.get(person, Counter()).values())


def _known(claims: Mapping[int | None, int]) -> dict[int, int]:
    return {number: weight for number, weight in claims.items() if number is not None}
