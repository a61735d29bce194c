"""Which servers know a person, under which names, and why that is one person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fullcredits.identity.evidence import Clue, sentence
from fullcredits.identity.rulings import Verb
from fullcredits.pages import addresses
from fullcredits.pages.parts import Picture, joined, picture
from fullcredits.store import Connection
from fullcredits.store.identity import held_by
from fullcredits.store.identity.decisions import load_decisions
from fullcredits.store.identity.naming import Meant
from fullcredits.store.read import identity as read
from fullcredits.store.read.identity import Clues, RecordRow
from fullcredits.text import counted


@dataclass(frozen=True, slots=True)
class Known:
    """A person as one server knows them."""

    record: int
    """Of the source person."""
    source: str
    name: str
    how: str
    """Like "by an id", "by name only"."""
    count: str
    """Like "12 credits"."""
    portrait: Picture
    """That the server has, of whomever it means by them."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why two servers' persons are one."""

    between: str
    """Like "Attic and Cabin"."""
    words: str
    """What speaks for it, like "7 shared titles, 5 with the same part"."""
    although: str
    """What speaks against it, like "different kinds of work"."""


@dataclass(frozen=True, slots=True)
class Panel:
    """Which servers know a person, under which names, and why that is one person."""

    records: tuple[Known, ...]
    why: tuple[Reason, ...]
    address: str
    """Where to say that it is not right."""


def panel(db: Connection, person_id: int, address: str) -> Panel:
    """The panel of a person whose page has that address."""
    records = read.records_of(db, person_id)
    named = {record.id: record for record in records}
    reasons = [
        Reason(_between([named[why.one_id], named[why.other_id]]), *_in_words(why.clues))
        for why in read.why_one(db, records)
    ]
    if given := _given(db, person_id, records):
        reasons.append(Reason(_between(given), "you said so", ""))
    return Panel(
        records=tuple(map(_known, records)),
        why=tuple(dict.fromkeys(reasons)),
        address=addresses.identity(address),
    )


def _given(db: Connection, person: int, records: Iterable[RecordRow]) -> list[RecordRow]:
    """The records of which this person has single credits by the owner's word."""
    single = {(it.source, it.key): it for it in records if not it.whole}
    if not single:
        return []
    taken = [
        (single[at], words)
        for row in load_decisions(db, standing=True, verbs=(Verb.SPLIT, Verb.MERGE))
        for words in row.words
        if "credits" in words and (at := (words["source"], words["key"])) in single
    ]
    if not taken:
        return []
    meant = Meant(db, [words for _, words in taken])
    own = held_by.credits_of(db, person).keys()
    return [record for record, words in taken if not meant.credits(words).isdisjoint(own)]


def _in_words(clues: Clues) -> tuple[str, str]:
    """What speaks for it and what against, each as one text; what speaks most is first."""
    ordered = sorted((Clue(*clue) for clue in clues), key=lambda clue: -abs(clue.weight))
    speaks_for = [sentence(clue) for clue in ordered if clue.weight > 0]
    against = [sentence(clue) for clue in ordered if clue.weight <= 0]
    return ", ".join(speaks_for), joined(against)


def _known(row: RecordRow) -> Known:
    how = "by name only" if row.by_name else "by an id"
    return Known(
        record=row.id,
        source=row.source,
        name=row.name,
        how=how if row.whole else "some credits of this name",
        count=counted(row.credits, "credit"),
        portrait=picture("portrait", row.portrait_id, row.name),
    )


def _between(records: Iterable[RecordRow]) -> str:
    return joined(sorted({record.source for record in records}))
