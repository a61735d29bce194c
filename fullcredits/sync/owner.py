"""The owner's word on who is who: said, and taken back.

People are named by the number of their page, also an old one that leads to another now; kept are
the source persons and credits behind it. What was said already is not said twice: the number given
back is then that of the decision that stands. Each function runs inside one transaction; `identify`
then decides anew for whom it concerns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from fullcredits.errors import IdentityError, NotFound
from fullcredits.identity.rulings import (
    Ruling,
    Side,
    Verb,
    first_contradiction,
    made_one,
    one_made_by,
    refuse_contradiction,
)
from fullcredits.store import Connection
from fullcredits.store.identity import decisions, held_by
from fullcredits.store.identity.decisions import DecisionRow, Said, Subject
from fullcredits.store.identity.naming import (
    Meant,
    Supposed,
    Words,
    name_credits,
    name_persons,
)
from fullcredits.sync.already import said_already
from fullcredits.sync.wording import fit_name, fit_reason


class Standing(NamedTuple):
    """The decisions that stand, about the rows they mean today; others are left out."""

    rulings: Sequence[Ruling]
    owners: Mapping[int, int]
    """The source person of each credit that is spoken of."""
    names: Mapping[Side, str]
    """How the owner calls somebody."""
    portraits: Mapping[Side, int]
    """The source person whose portrait somebody has."""

    def together(self) -> dict[int, set[int]]:
        """With whom each source person has to be decided."""
        bound: dict[int, set[int]] = defaultdict(set)
        for ruling in self.rulings:
            persons = self.persons(ruling)
            for person in persons:
                bound[person] |= persons
        return bound

    def spoken_of(self) -> set[int]:
        """The source persons whom any decision concerns."""
        ruled = {p for ruling in self.rulings for p in self.persons(ruling)}
        sides = (*self.names, *self.portraits)
        return ruled.union(self.portraits.values(), *map(self._behind, sides))

    def persons(self, ruling: Ruling) -> set[int]:
        """The source persons that it concerns."""
        return {p for side in ruling.sides for p in self._behind(side)}

    def _behind(self, side: Side) -> Iterable[int]:
        if side.person is not None:
            return (side.person,)
        return (self.owners[credit] for credit in side.credits)


def merge(db: Connection, people: Sequence[int], reason: str | None = None) -> int:
    """Say that these people are one human; returns the decision's number.

    Raises:
        IdentityError: earlier decisions say the contrary.
        NotFound: one of these people is not there.

    """
    one, *others = dict.fromkeys(held_by.today(db, person) for person in people)
    if not others:
        return _merged_already(db, people, one)
    rest = [words for other in others for words in _words_of(db, other, all_records=True)]
    return _keep(
        db, Verb.MERGE, {"one": _words_of(db, one, all_records=True), "other": rest}, reason
    )


def keep_apart(db: Connection, one: int, other: int, reason: str | None = None) -> int:
    """Say that these two people are two humans; returns the decision's number.

    Raises as `merge` does.
    """
    now = held_by.today(db, one)
    if now == held_by.today(db, other):
        made = _made_one(db, one, other, now)
        raise IdentityError(one_made_by(made) if made else _one_by_evidence(one, other), made)
    subject = {"one": _words_of(db, now), "other": _words_of(db, held_by.today(db, other))}
    return _keep(db, Verb.APART, subject, reason)


def split(
    db: Connection,
    person: int,
    credits: Collection[int],
    whose: int | None = None,
    reason: str | None = None,
) -> int:
    """Say that these credits of a person are another human's; returns the decision's number.

    `whose` is the person they belong to; None: somebody not known otherwise.

    Raises:
        IdentityError: earlier decisions say the contrary, or nothing would be left.
        NotFound: one of these people is not there, or a credit is not theirs.

    """
    person = held_by.today(db, person)
    own = held_by.credits_of(db, person)
    if not credits or not own.keys() >= set(credits):
        raise NotFound("Some of these credits are not this person's; look at the page again.")
    if own.keys() == set(credits):
        raise IdentityError(
            "That would be all the credits of this person, and nothing would be left; say instead "
            "that they are the same person as somebody, or change their name."
        )
    subject: dict[str, object] = {"one": name_credits(db, credits)}
    if held_by.records_of(db, person):
        subject["from"] = _words_of(db, person)
    if whose is not None:
        subject["other"] = _words_of(db, held_by.today(db, whose))
    return _keep(db, Verb.SPLIT, subject, reason)


def whole(db: Connection, person: int, reason: str | None = None) -> int:
    """Say that a person who looks like several is one; returns the decision's number.

    Raises NotFound: the person is not there.
    """
    person = held_by.today(db, person)
    records = [record.id for record in held_by.records_of(db, person)]
    words = name_persons(db, records) if records else _words_of(db, person)
    return _keep(db, Verb.WHOLE, {"one": words}, reason)


def rename(db: Connection, person: int, name: str, reason: str | None = None) -> int:
    """Call a person by another name; returns the decision's number.

    Raises:
        IdentityError: this is no name.
        NotFound: the person is not there.

    """
    words = _words_of(db, held_by.today(db, person))
    return _keep(db, Verb.RENAME, {"one": words, "name": fit_name(name)}, reason)


def choose_portrait(
    db: Connection, person: int, source_person: int, reason: str | None = None
) -> int:
    """Take the portrait that one server has of a person; returns the decision's number.

    Raises NotFound: the person is not there, or that server has no portrait of them.
    """
    person = held_by.today(db, person)
    if source_person not in held_by.portraits_of(db, person):
        raise NotFound("There is no such portrait of this person.")
    (whose,) = name_persons(db, [source_person])
    return _keep(db, Verb.PORTRAIT, {"one": _words_of(db, person), "portrait": whose}, reason)


def concerned(db: Connection, decision: int) -> set[int]:
    """The source persons whom a decision speaks of, whether it stands or not."""
    row = next(row for row in decisions.load_decisions(db) if row.id == decision)
    meant = Meant(db, row.words)
    return {person for words in row.words if (person := meant.person(words)) is not None}


def take_back(db: Connection, decision: int) -> int:
    """Undo a decision: everything is again as if it had never been made. Returns its number.

    Raises:
        NotFound: no such decision stands.

    """
    return decisions.undo_decision(db, decision).id


class Refused(NamedTuple):
    """A decision that cannot stand beside earlier ones."""

    number: int
    why: IdentityError


def first_refused(db: Connection, made: Collection[int]) -> Refused | None:
    """The first of some decisions just made that cannot stand beside those before it.

    The transaction they were made in has to end then, and they with it. Decisions are compared also
    as far as nobody is here whom they speak of: else both would stand when these come.
    """
    rows = decisions.load_decisions(db, standing=True)
    now = _standing(db, Supposed, rows)
    new = [ruling for ruling in now.rulings if ruling.number in made]
    earlier = [ruling for ruling in now.rulings if ruling.number not in made]
    refused = first_contradiction(earlier, new, now.owners)
    if refused is None:
        return None
    # Told as if it were the last that was said.
    then = _standing(db, Supposed, [row for row in rows if row.id <= refused.number])
    *before, last = then.rulings
    try:
        refuse_contradiction(before, last, then.owners)
    except IdentityError as error:
        return Refused(refused.number, error)
    raise AssertionError(refused)


def standing(db: Connection) -> Standing:
    """What the owner said that holds today."""
    return _standing(db, Meant, decisions.load_decisions(db, standing=True))


def _standing(db: Connection, meaning: type[Meant], rows: Sequence[DecisionRow]) -> Standing:
    portraits = [row.subject["portrait"] for row in rows if row.verb == Verb.PORTRAIT]
    meant = meaning(db, [*(words for row in rows for words in row.words), *portraits])
    rulings: list[Ruling] = []
    owners: dict[int, int] = {}
    names: dict[Side, str] = {}
    chosen: dict[Side, int] = {}
    for row in rows:
        one, other, whence = (
            _sides(row.subject.get(side, ()), meant, owners) for side in decisions.SIDES
        )
        if row.verb == Verb.RENAME:
            names.update((side, row.subject["name"]) for side in one)
        elif row.verb == Verb.PORTRAIT:
            if (person := meant.person(row.subject["portrait"])) is not None:
                chosen.update((side, person) for side in one)
        elif one and (other or "other" not in row.subject):
            verb = Verb.MERGE if row.verb == Verb.WHOLE else Verb(row.verb)
            rulings.append(Ruling(row.id, verb, one, other, whence))
    return Standing(rulings, owners, names, chosen)


def _sides(words: Collection[Words], meant: Meant, owners: dict[int, int]) -> tuple[Side, ...]:
    """Whom these words mean today; notes in `owners` whose the credits are."""
    persons: list[int] = []
    credits: set[int] = set()
    for one in words:
        person = meant.person(one)
        if person is None:
            continue
        if "credits" in one:
            own = meant.credits(one)
            credits |= own
            owners.update(dict.fromkeys(own, person))
        else:
            persons.append(person)
    sides = [Side(person) for person in sorted(set(persons))]
    return (*sides, Side(credits=frozenset(credits))) if credits else tuple(sides)


def _words_of(db: Connection, person: int, *, all_records: bool = False) -> list[dict[str, object]]:
    """How to name a person for good: whom ids tell, else all their records, else their credits.

    `all_records`: also those known by name that are nobody else's, whatever ids they have.
    """
    behind = held_by.records_of(db, person)
    if behind:
        named = [record.id for record in behind if not record.by_name]
        if named and all_records:
            shared = _shared(db, person)
            named += [r.id for r in behind if r.by_name and r.id not in shared]
        return name_persons(db, named or [record.id for record in behind])
    credits = held_by.credits_of(db, person)
    if not credits:
        raise NotFound(f"There is nobody of number {person} here.")
    return name_credits(db, credits)


def _shared(db: Connection, person: int) -> set[int]:
    """The records of a person that evidence gives to others too; what the owner gave away is not
    the record's.
    """
    lent = held_by.lent_by(db, person)
    given = standing(db).owners if lent else {}
    return {record for credit, record in lent.items() if credit not in given}


def _keep(db: Connection, verb: Verb, subject: Subject, reason: str | None) -> int:
    if standing_one := said_already(db, verb, subject):
        return standing_one
    (number,) = decisions.add_decisions(db, [Said(verb, subject, fit_reason(reason))])
    # The error ends the caller's transaction, and the new row with it.
    if refused := first_refused(db, [number]):
        raise refused.why
    return number


def _merged_already(db: Connection, people: Sequence[int], now: int) -> int:
    """The decision that made one person of these numbers; raises IdentityError if none did."""
    _words_of(db, now)
    made = {number for other in people for number in _made_one(db, now, other, now)}
    if len(made) == 1:
        return made.pop()
    if made:
        raise IdentityError("Decisions that stand made them one person already.", sorted(made))
    if len(set(people)) == 1:
        raise IdentityError("These two are one and the same person.")
    raise IdentityError("They are one person already, by what the servers say.")


def _made_one(db: Connection, one: int, other: int, now: int) -> list[int]:
    """The decisions that stand by which two numbers, one of them old, are one person now."""
    came = held_by.came_as(db, now)
    ones = {record for record, number in came.items() if number == one}
    others = {record for record, number in came.items() if number == other}
    if one == other or not (ones or others):
        return []
    every = came.keys()
    return made_one(standing(db).rulings, ones or every - others, others or every - ones)


def _one_by_evidence(one: int, other: int) -> str:
    if one == other:
        return "These two are one and the same person."
    return (
        f"{one} and {other} are one person by what the servers say; "
        "say instead which credits are somebody else's."
    )
