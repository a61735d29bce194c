"""What cannot be said of the people there are, where decisions are read in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

from fullcredits.identity.groups import Groups
from fullcredits.identity.rulings import Verb
from fullcredits.store import Connection
from fullcredits.store.identity import held_by
from fullcredits.store.identity.decisions import Said, Subject
from fullcredits.store.identity.naming import Meant, Words
from fullcredits.sync import owner


def first_impossible(db: Connection, said: Sequence[Said]) -> tuple[int, str] | None:
    """The first of some decisions just made that takes all credits of somebody away, or gives them
    the picture of somebody else: where it stands, and why it cannot be.

    Whom the owner's word makes one is one already. Of whom anything that is named is not here, or
    not decided yet, nothing is impossible.
    """
    asked = {
        place: one for place, one in enumerate(said) if one.verb in (Verb.SPLIT, Verb.PORTRAIT)
    }
    if not asked:
        return None
    there = _There(db, [one.subject for one in asked.values()], owner.standing(db))
    for place, one in asked.items():
        if one.verb == Verb.SPLIT and there.nothing_is_left(one.subject):
            return place, owner.ALL_OF_THEM
        if one.verb == Verb.PORTRAIT and there.is_of_another(one.subject):
            return place, owner.NO_PORTRAIT
    return None


class _There:
    """The source persons that some decisions speak of, with whom they are one, and credits."""

    def __init__(
        self, db: Connection, subjects: Sequence[Subject], standing: owner.Standing
    ) -> None:
        self._meant = Meant(db, [words for it in subjects for words in _words(it)])
        records = {self._meant.person(words) for it in subjects for words in _words(it)} - {None}
        spoken_of = {record for record in records if record is not None}
        joining = [ruling for ruling in standing.rulings if ruling.verb is not Verb.APART]
        every = spoken_of.union(*map(standing.persons, joining))
        self._merged = Groups(dict.fromkeys(every, ()))
        """Whom the owner made one."""
        self._given = Groups(dict.fromkeys(every, ()))
        """These, and whose credits the owner gave to whom."""
        for ruling in joining:
            whole = [side.person for side in ruling.one + ruling.other if side.person is not None]
            for one, other in pairwise(whole if ruling.verb is Verb.MERGE else ()):
                self._merged.join(one, other)
            for one, other in pairwise(standing.persons(ruling._replace(whence=()))):
                self._given.join(one, other)
        self._today = held_by.today_of(db, every)
        people = {person for person in self._today.values() if person is not None}
        self._of_record: dict[int, set[int]] = defaultdict(set)
        self._of_person: dict[int | None, set[int]] = defaultdict(set)
        self._holders: dict[int, set[int]] = defaultdict(set)
        for credit in held_by.credits_about(db, every, people):
            self._of_record[credit.record].add(credit.id)
            if credit.person is not None:
                self._of_person[credit.person].add(credit.id)
                self._holders[credit.record].add(credit.person)

    def nothing_is_left(self, split: Subject) -> bool:
        """Whether these are all the credits of whom they are taken from."""
        records = self._here([*split["one"], *split.get("from", ())])
        taken = [self._meant.credits(words) for words in split["one"]]
        if not records or not all(taken):
            return False
        behind = [one for record in records for one in self._merged.together(record)]
        theirs = (self._of_record[one] | self._of_person[self._today[one]] for one in behind)
        return set().union(*theirs) <= set().union(*taken)

    def is_of_another(self, portrait: Subject) -> bool:
        """Whether a picture is of somebody else than the one it is given to."""
        ones, others = self._behind(portrait["one"]), self._behind([portrait["portrait"]])
        people, of_picture = self._people(ones), self._people(others)
        alike = not ones.isdisjoint(others) or not people.isdisjoint(of_picture)
        return bool(people and of_picture) and not alike

    def _behind(self, words: Collection[Words]) -> set[int]:
        return {one for record in self._here(words) for one in self._given.together(record)}

    def _people(self, records: Iterable[int]) -> set[int]:
        """Who these source persons are, also by a single credit."""
        return {person for record in records for person in self._holders[record]}

    def _here(self, words: Collection[Words]) -> list[int]:
        """The source persons that are meant; nobody where one of them is not here."""
        meant = [self._meant.person(one) for one in words]
        here = [record for record in meant if record is not None]
        return here if len(here) == len(meant) else []


def _words(subject: Subject) -> list[Words]:
    portrait = subject.get("portrait")
    return [*subject["one"], *subject.get("from", ()), *([portrait] if portrait else ())]
