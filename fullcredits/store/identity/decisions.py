"""The owner's decisions: kept in words that outlive a full resync and a rebuilt server.

A person is named by the source's name and the person's key there, a credit by its title's external
ids or key, its job and its character. Row ids are looked up each time they are needed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select, update

from fullcredits.errors import NotFound
from fullcredits.store.chunks import chunked
from fullcredits.store.schema import (
    decisions,
    media_item_ids,
    media_items,
    media_people,
    source_people,
    sources,
)
from fullcredits.store.sources import now

Subject = Mapping[str, Any]


class DecisionRow(NamedTuple):
    """A decision as it was made; undone ones are kept."""

    id: int
    verb: str
    subject: Subject
    reason: str | None
    decided_at: dt.datetime
    undone_at: dt.datetime | None


def load_decisions(db: Connection) -> list[DecisionRow]:
    """Every decision, the oldest first."""
    return [DecisionRow(*row) for row in db.execute(select(decisions).order_by(decisions.c.id))]


def add_decision(db: Connection, verb: str, subject: Subject, reason: str | None) -> int:
    """Keep a decision, and let identity look at whom it is about."""
    values = {"verb": verb, "subject": subject, "reason": reason, "decided_at": now()}
    made: int = db.execute(insert(decisions).values(values).returning(decisions.c.id)).scalar_one()
    _look_again(db, subject)
    return made


def undo_decision(db: Connection, decision: int) -> None:
    """Take a decision back, and let identity look at whom it was about.

    Raises:
        NotFound: no such decision stands.

    """
    row = db.execute(
        select(decisions).where(decisions.c.id == decision, decisions.c.undone_at.is_(None))
    ).one_or_none()
    if row is None:
        raise NotFound(f"No decision {decision} stands.")
    db.execute(update(decisions).where(decisions.c.id == decision).values(undone_at=now()))
    _look_again(db, row.subject)


def person_words(db: Connection, person: int) -> dict[str, str]:
    """How to name a source person for good.

    Raises:
        NotFound: there is no such source person.

    """
    query = (
        select(sources.c.name.label("source"), source_people.c.key, source_people.c.name)
        .join(sources, sources.c.id == source_people.c.source_id)
        .where(source_people.c.id == person)
    )
    row = db.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound(f"There is no source person {person}.")
    return dict(row)


def person_named(db: Connection, words: Mapping[str, str]) -> int | None:
    """The source person whom these words name today."""
    query = (
        select(source_people.c.id)
        .join(sources, sources.c.id == source_people.c.source_id)
        .where(sources.c.name == words["source"], source_people.c.key == words["key"])
    )
    return db.execute(query).scalar_one_or_none()


def credit_words(db: Connection, credit: int) -> dict[str, Any]:
    """How to name a credit for good.

    Raises:
        NotFound: there is no such credit.

    """
    query = (
        select(
            media_items.c.id,
            media_items.c.key,
            media_items.c.title,
            media_people.c.job,
            media_people.c.character,
        )
        .join(media_items, media_items.c.id == media_people.c.media_item_id)
        .where(media_people.c.id == credit)
    )
    row = db.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound(f"There is no credit {credit}.")
    ids = select(media_item_ids.c.scheme, media_item_ids.c.value)
    own = db.execute(ids.where(media_item_ids.c.media_item_id == row["id"]))
    words = {name: row[name] for name in ("key", "title", "job", "character")}
    return {**words, "ids": sorted(f"{scheme}:{value}" for scheme, value in own)}


def credits_named(db: Connection, person: int, words: Mapping[str, Any]) -> set[int]:
    """A source person's credits that these words name: by the title's ids, or else its key."""
    query = (
        select(media_people.c.id, media_items.c.id.label("item"), media_items.c.key)
        .join(media_items, media_items.c.id == media_people.c.media_item_id)
        .where(
            media_people.c.source_person_id == person,
            media_people.c.job == words["job"],
            media_people.c.character == words["character"],
        )
    )
    rows = db.execute(query).all()
    ids: dict[int, set[str]] = {}
    table = media_item_ids
    for chunk in chunked([row.item for row in rows]):
        for row in db.execute(select(table).where(table.c.media_item_id.in_(chunk))):
            ids.setdefault(row.media_item_id, set()).add(f"{row.scheme}:{row.value}")
    wanted = set(words["ids"])
    return {row.id for row in rows if row.key == words["key"] or wanted & ids.get(row.item, set())}


def put_keys_right(db: Connection, source: str, keys: Mapping[str, str]) -> None:
    """Titles of a source have other keys now, given by the old ones: decisions follow."""
    for row in load_decisions(db):
        credits = row.subject.get("credits", ())
        if row.subject["one"]["source"] != source or not {c["key"] for c in credits} & keys.keys():
            continue
        renamed = [{**credit, "key": keys.get(credit["key"], credit["key"])} for credit in credits]
        where = decisions.c.id == row.id
        db.execute(
            update(decisions).where(where).values(subject={**row.subject, "credits": renamed})
        )


def _look_again(db: Connection, subject: Subject) -> None:
    named = [subject[part] for part in ("one", "other") if part in subject]
    persons = [found for words in named if (found := person_named(db, words)) is not None]
    where = source_people.c.id.in_(persons)
    db.execute(update(source_people).where(where).values(undecided=True))
