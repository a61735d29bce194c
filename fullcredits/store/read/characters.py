"""Reading who played a character, over all the texts that name it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, func, select

from fullcredits.model import TitleKind
from fullcredits.store.read.credits import Person
from fullcredits.store.schema import characters, media_items, media_people, people, titles
from fullcredits.store.search_words import matching, words_of
from fullcredits.text import fold, played

MOST_TEXTS = 2000
"""Of more texts that have all the words, the shortest are looked at."""


class Player(NamedTuple):
    """Somebody who played it, in how many movies and shows."""

    person: Person
    titles: int


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


def texts_of(db: Connection, name: str) -> Texts:
    """The texts in which that character stands, alone or beside others."""
    words, folded = words_of(name), fold(name)
    if not words:
        return Texts(name, ())
    text = characters.c.name_folded
    rows = db.execute(
        select(characters.c.id, characters.c.name)
        .where(matching(db, "characters", characters.c.id, [text], words))
        .order_by(func.length(text), characters.c.id)
        .limit(MOST_TEXTS)
    )
    named = [
        (number, part)
        for number, whole in rows
        for part in played(whole).characters
        if fold(part) == folded
    ]
    return Texts(named[0][1] if named else name, [number for number, _ in named])


def count_players(db: Connection, ids: Collection[int]) -> int:
    """How many people played it."""
    counted = _held(ids, func.count(media_people.c.person_id.distinct()))
    return int(db.execute(counted).scalar_one())


def players(db: Connection, ids: Collection[int], limit: int, offset: int) -> list[Player]:
    """Who played it, who did so in most titles first."""
    top = func.coalesce(titles.c.show_id, titles.c.id)
    many = func.count(top.distinct())
    person = (people.c.id, people.c.name, people.c.portrait_id)
    rows = db.execute(
        _held(ids, *person, many)
        .join(people, people.c.id == media_people.c.person_id)
        .group_by(*person, people.c.sort_folded)
        .order_by(many.desc(), people.c.sort_folded, people.c.id)
        .limit(limit)
        .offset(offset)
    )
    return [Player(Person._make(row[:3]), row[3]) for row in rows]


def played_in(db: Connection, ids: Collection[int], persons: Collection[int]) -> list[PlayedIn]:
    """In which movies and shows these people played it, oldest first."""
    top = titles.alias("top")
    rows = db.execute(
        _held(ids, media_people.c.person_id, top.c.id, top.c.kind, top.c.title, top.c.year)
        .join(top, top.c.id == func.coalesce(titles.c.show_id, titles.c.id))
        .where(media_people.c.person_id.in_(persons))
        .distinct()
        .order_by(top.c.year, top.c.id)
    )
    return [PlayedIn._make(row) for row in rows]


def _held(ids: Collection[int], *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(media_people)
        .join(media_items, media_items.c.id == media_people.c.media_item_id)
        .join(titles, titles.c.id == media_items.c.title_id)
        .where(media_people.c.character_id.in_(ids), media_people.c.person_id.is_not(None))
        .where(media_items.c.gone_since.is_(None))
    )
