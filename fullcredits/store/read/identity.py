"""Reading who is who, and why: what stands behind people, what is proposed, who looks fused."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Select,
    bindparam,
    func,
    or_,
    select,
)

from fullcredits.store.figures import ALL
from fullcredits.store.read.credits import Person
from fullcredits.store.read.listed_people import PersonLine
from fullcredits.store.schema import (
    evidence,
    media_people,
    people,
    person_departments,
    source_people,
    sources,
    suspects,
)

Clues = Sequence[Sequence[Any]]
"""As `identity.evidence.Clue` has them."""


class RecordRow(NamedTuple):
    """A source person with credits that are held for somebody."""

    id: int
    source: str
    key: str
    name: str
    by_name: bool
    portrait_id: int | None
    credits: int
    """Of theirs."""
    whole: bool
    """Is that somebody; else only these credits are theirs."""


class WhyRow(NamedTuple):
    """What made two source persons one."""

    one_id: int
    other_id: int
    clues: Clues


class ProposalRow(NamedTuple):
    """Two people who may be one."""

    one: Person
    one_source: str
    one_titles: int
    other: Person
    other_source: str
    other_titles: int
    clues: Clues


class SuspectRow(NamedTuple):
    """Somebody who looks like several people."""

    person: Person
    titles: int
    source: str
    kind: str
    first: int
    last: int


def _records() -> Select[Any]:
    held = (
        select(media_people.c.source_person_id, func.count().label("credits"))
        .where(media_people.c.person_id == bindparam("person"))
        .group_by(media_people.c.source_person_id)
        .subquery()
    )
    return (
        select(
            source_people.c.id,
            sources.c.name,
            source_people.c.key,
            source_people.c.name,
            source_people.c.by_name,
            source_people.c.portrait_id,
            held.c.credits,
            func.coalesce(source_people.c.person_id == bindparam("person"), False),
        )
        .join(held, held.c.source_person_id == source_people.c.id)
        .join(sources, sources.c.id == source_people.c.source_id)
        .order_by(source_people.c.by_name, sources.c.name, source_people.c.name)
    )


_RECORDS = _records()


def records_of(db: Connection, person: int) -> list[RecordRow]:
    """Whom this person is on each source: known by an id first, then by source and name."""
    return [RecordRow(*row) for row in db.execute(_RECORDS, {"person": person}).all()]


_WHOLE = bindparam("whole", type_=Integer, expanding=True)
_NAMED = bindparam("named", type_=Integer, expanding=True)
_WHY_ONE = (
    select(evidence.c.one_id, evidence.c.other_id, evidence.c.clues)
    .where(evidence.c.joined)
    .where(evidence.c.one_id.in_(_WHOLE), evidence.c.other_id.in_(_NAMED))
    .order_by(evidence.c.score.desc())
)


def why_one(db: Connection, records: Collection[RecordRow]) -> list[WhyRow]:
    """What made these records of a person one, the surest first.

    What joins two records is of who they are as a whole. Of single credits only those under a name
    are told to be theirs, by a record that is theirs as a whole: it comes first in what is kept.
    """
    whole = [record.id for record in records if record.whole]
    named = [record.id for record in records if record.whole or record.by_name]
    if not whole or len(named) < 2:
        return []
    rows = db.execute(_WHY_ONE, {"whole": whole, "named": named}).all()
    return [WhyRow(*row) for row in rows]


def namesakes_of(db: Connection, person: int, folded: str, most: int) -> list[PersonLine]:
    """Others who are called the same and credited somewhere; who has most titles first."""
    who = _Who("one")
    called = (who.people.c.name_folded == folded, who.people.c.merged_into.is_(None))
    query = (
        who.joined_to(select(*who.columns), who.people)
        .where(*called, who.people.c.id != person, who.titles > 0)
        .order_by(who.titles.desc(), who.people.c.id)
        .limit(most)
    )
    return [PersonLine(Person(*row[:3]), row[3]) for row in db.execute(query).all()]


def count_proposals(db: Connection) -> int:
    """How many pairs the owner is asked about."""
    query = select(func.count()).select_from(evidence).where(evidence.c.joined.is_(False))
    return db.scalar(query) or 0


def proposals(
    db: Connection, *, person: int | None = None, skip: int = 0, limit: int = 20
) -> list[ProposalRow]:
    """Pairs the owner is asked about, the strongest first; all, or those that concern a person."""
    statement = _proposals(of_one=person is not None)
    asked = {"skip": skip, "limit": limit} | ({} if person is None else {"person": person})
    return [
        ProposalRow(Person(*row[:3]), row[4], row[3], Person(*row[5:8]), row[9], row[8], row[10])
        for row in db.execute(statement, asked).all()
    ]


@cache
def _proposals(*, of_one: bool) -> Select[Any]:
    one, other = _Who("one"), _Who("other")
    query = select(
        *one.columns, one.sources.c.name, *other.columns, other.sources.c.name, evidence.c.clues
    ).select_from(evidence)
    for who, record in ((one, evidence.c.one_id), (other, evidence.c.other_id)):
        query = who.behind(query, record)
    query = query.where(evidence.c.joined.is_(False), one.people.c.id != other.people.c.id)
    if of_one:
        person = bindparam("person", type_=Integer)
        query = query.where(or_(one.people.c.id == person, other.people.c.id == person))
    query = query.order_by(evidence.c.score.desc(), evidence.c.id)
    return query.offset(_SKIP).limit(_LIMIT)


_SKIP, _LIMIT = bindparam("skip", type_=Integer), bindparam("limit", type_=Integer)


def count_suspects(db: Connection) -> int:
    """How many reasons for suspicion there are."""
    return db.scalar(select(func.count()).select_from(suspects)) or 0


def list_suspects(
    db: Connection, *, person: int | None = None, skip: int = 0, limit: int = 50
) -> list[SuspectRow]:
    """Who looks like several people: who has most titles first; all, or why one person does."""
    asked = {"skip": skip, "limit": limit} | ({} if person is None else {"person": person})
    rows = db.execute(_suspects(of_one=person is not None), asked).all()
    return [SuspectRow(Person(*row[:3]), *row[3:]) for row in rows]


@cache
def _suspects(*, of_one: bool) -> Select[Any]:
    who = _Who("one")
    found = suspects.c
    query: Select[Any] = select(
        *who.columns, who.sources.c.name, found.kind, found.first, found.last
    )
    query = who.behind(query.select_from(suspects), found.source_person_id)
    if of_one:
        query = query.where(who.people.c.id == bindparam("person", type_=Integer))
    order = (who.titles.desc(), who.people.c.id, who.sources.c.name, found.kind)
    return query.order_by(*order).offset(_SKIP).limit(_LIMIT)


class _Who:
    """The tables that tell of somebody, each under a name of its own."""

    def __init__(self, name: str) -> None:
        self.records = source_people.alias(f"{name}_record")
        self.sources = sources.alias(f"{name}_source")
        self.people = people.alias(f"{name}_person")
        self._counts = person_departments.alias(f"{name}_counts")
        self.titles = func.coalesce(self._counts.c.titles, 0)
        self.columns = (*self.people.c["id", "name", "portrait_id"], self.titles)

    def behind(self, query: Select[Any], record: ColumnElement[int]) -> Select[Any]:
        """Join who a source person is."""
        query = query.join(self.records, self.records.c.id == record).join(
            self.sources, self.sources.c.id == self.records.c.source_id
        )
        query = query.join(self.people, self.people.c.id == self.records.c.person_id)
        return self.joined_to(query, self.people)

    def joined_to(self, query: Select[Any], whom: FromClause) -> Select[Any]:
        """Join in how many titles somebody is."""
        counted = (self._counts.c.person_id == whom.c.id) & (self._counts.c.department == ALL)
        return query.outerjoin(self._counts, counted)
