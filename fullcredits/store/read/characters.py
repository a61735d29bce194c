"""Reading who played a character, over all the texts that name it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, func, select

from fullcredits.model import TitleKind
from fullcredits.store.read.credits import Person
from fullcredits.store.schema import characters, media_items, media_people, people, titles
from fullcredits.store.search_words import (
    Form,
    beginning,
    either,
    form_of,
    hits,
    named_first,
    values_of,
    words_of,
)
from fullcredits.text import fold, played

MOST_TEXTS = 2000
"""Of more texts that have all the words, not all are looked at; those that begin so are."""


class PlayedIn(NamedTuple):
    """A movie or show in which a person played it."""

    person_id: int
    id: int
    kind: TitleKind
    title: str
    year: int | None


class Texts(NamedTuple):
    """The texts that name one character."""

    name: str
    """As most simply written; as asked for where nobody plays it."""
    ids: Sequence[int]


@lru_cache(maxsize=64)
def _texts(form: Form) -> Select[Any]:
    text = characters.c.name_folded
    first, found = named_first().limit(MOST_TEXTS), hits(form, characters, [text])
    return (
        select(characters.c.id, characters.c.name)
        .where(characters.c.id.in_(either(first, found) if found is not None else first))
        .order_by(func.length(text), characters.c.id)
    )


def texts_of(db: Connection, name: str) -> Texts:
    """The texts in which that character stands, alone or beside others."""
    words, folded = words_of(name), fold(name)
    if not words:
        return Texts(name, ())
    # The whole name is one beginning, whatever its words.
    values = values_of(words) | beginning(folded) | {"enough": MOST_TEXTS + 1}
    rows = db.execute(_texts(form_of(db, words)), values).all()
    named = [
        (number, part)
        for number, whole in rows
        for part in played(whole).characters
        if fold(part) == folded
    ]
    return Texts(named[0][1] if named else name, [number for number, _ in named])


def count_players(db: Connection, ids: Collection[int]) -> int:
    """How many people played it, also in titles that no source has any more."""
    counted = select(func.count(media_people.c.person_id.distinct()))
    return db.execute(counted.where(media_people.c.character_id.in_(ids))).scalar_one()


def players(db: Connection, ids: Collection[int], limit: int, offset: int) -> list[Person]:
    """Who played it, who did so in most credits first."""
    # Grouped before people are joined: this runs along one index, and joins only what is shown.
    person, many = media_people.c.person_id, func.count().label("many")
    page = (
        select(person, many)
        .where(media_people.c.character_id.in_(ids), person.is_not(None))
        .group_by(person)
        .order_by(many.desc(), person)
        .limit(limit)
        .offset(offset)
        .subquery()
    )
    rows = db.execute(
        select(people.c.id, people.c.name, people.c.portrait_id)
        .join(page, page.c.person_id == people.c.id)
        .order_by(page.c.many.desc(), people.c.id)
    )
    return [Person._make(row) for row in rows]


def played_in(db: Connection, ids: Collection[int], persons: Collection[int]) -> list[PlayedIn]:
    """In which movies and shows that a source has these people played it, oldest first."""
    top = titles.alias("top")
    rows = db.execute(
        select(media_people.c.person_id, top.c.id, top.c.kind, top.c.title, top.c.year)
        .select_from(media_people)
        .join(media_items, media_items.c.id == media_people.c.media_item_id)
        .join(titles, titles.c.id == media_items.c.title_id)
        .join(top, top.c.id == func.coalesce(titles.c.show_id, titles.c.id))
        .where(media_people.c.character_id.in_(ids), media_people.c.person_id.in_(persons))
        .where(media_items.c.gone_since.is_(None))
        .distinct()
        .order_by(top.c.year, top.c.id)
    )
    return [PlayedIn._make(row) for row in rows]
