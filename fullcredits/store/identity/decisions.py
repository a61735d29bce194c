"""The owner's decisions: kept in words, so that they outlive whatever they are about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert, select, update

from fullcredits.errors import NotFound
from fullcredits.store.among import among
from fullcredits.store.identity.naming import Meant, Words
from fullcredits.store.schema import decisions, source_people
from fullcredits.store.sources import now

SIDES = ("one", "other", "from")
Subject = Mapping[str, Any]
"""What a decision is about: "one", "other" and "from", lists of `naming.Words`, and what else its
verb needs."""


class Said(NamedTuple):
    """A decision to be kept."""

    verb: str
    subject: Subject
    reason: str | None
    decided_at: dt.datetime | None = None
    """None: now."""


class DecisionRow(NamedTuple):
    """A decision as it was made; undone ones are kept."""

    id: int
    verb: str
    subject: Subject
    reason: str | None
    decided_at: dt.datetime
    undone_at: dt.datetime | None

    @property
    def words(self) -> list[Words]:
        """All that it speaks of."""
        return _words(self.subject)


def load_decisions(
    db: Connection, *, standing: bool = False, verbs: Collection[str] = ()
) -> list[DecisionRow]:
    """Every decision, or every one that is not undone, or of these verbs; the oldest first."""
    query = select(decisions).order_by(decisions.c.id)
    if standing:
        query = query.where(decisions.c.undone_at.is_(None))
    if verbs:
        query = query.where(decisions.c.verb.in_(verbs))
    return [DecisionRow(*row) for row in db.execute(query).all()]


def newest_decision(db: Connection) -> int:
    """The number of the decision made last; 0 if there was none."""
    return db.scalar(select(func.max(decisions.c.id))) or 0


def keys_spoken_of(db: Connection, source: str) -> set[str]:
    """The keys of a source's persons of whom any standing decision speaks."""
    return {
        words["key"]
        for row in load_decisions(db, standing=True)
        for words in (*row.words, *filter(None, [row.subject.get("portrait")]))
        if words["source"] == source
    }


def add_decisions(db: Connection, said: Sequence[Said]) -> list[int]:
    """Keep decisions, and let identity look at whom they are about; returns their numbers."""
    # One by one: of many rows in one statement a database may number any first.
    numbers = [
        db.execute(
            insert(decisions)
            .values({**one._asdict(), "decided_at": one.decided_at or now()})
            .returning(decisions.c.id)
        ).scalar_one()
        for one in said
    ]
    _look_again(db, (words for one in said for words in _words(one.subject)))
    return numbers


def undo_decision(db: Connection, decision: int) -> DecisionRow:
    """Take a decision back, and let identity look at whom it was about.

    Raises:
        NotFound: no such decision stands.

    """
    standing = (decisions.c.id == decision, decisions.c.undone_at.is_(None))
    undone = db.execute(
        update(decisions).where(*standing).values(undone_at=now()).returning(decisions)
    ).one_or_none()
    if undone is None:
        raise NotFound(f"No decision {decision} stands.")
    row = DecisionRow(*undone)
    _look_again(db, row.words)
    return row


def put_keys_right(db: Connection, source: str, keys: Mapping[str, str]) -> None:
    """Titles of a source have other keys now, given by the old ones: decisions follow."""
    for row in load_decisions(db):
        renamed = {
            side: [_renamed(words, keys) if words["source"] == source else words for words in there]
            for side in SIDES
            if (there := row.subject.get(side))
        }
        subject = {**row.subject, **renamed}
        if subject != row.subject:
            db.execute(update(decisions).where(decisions.c.id == row.id).values(subject=subject))


def _words(subject: Subject) -> list[Words]:
    return [words for side in SIDES for words in subject.get(side, ())]


def _renamed(words: Words, keys: Mapping[str, str]) -> Words:
    if "credits" not in words:
        return words
    credits = [{**one, "key": keys.get(one["key"], one["key"])} for one in words["credits"]]
    return {**words, "credits": credits}


def _look_again(db: Connection, words: Iterable[Words]) -> None:
    every = list(words)
    meant = Meant(db, every)
    persons = {number for one in every if (number := meant.person(one)) is not None}
    where = among(source_people.c.id, persons)
    db.execute(update(source_people).where(where).values(undecided=True))
