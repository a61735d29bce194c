"""Finding titles, people and characters by words.

Case, accents, punctuation and word order do not matter. `search_words` says how words match;
`search_closest` forgives typos where nothing is found here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, func, or_, select

from fullcredits.store.read.credits import Person
from fullcredits.store.read.titles import HELD, TOP_KINDS, CardRow
from fullcredits.store.schema import characters, media_people, people, titles
from fullcredits.store.search_words import begins, is_short, matching, rank, words_of
from fullcredits.text import fold, played

CANDIDATES = 500
"""Of more finds than this, the shortest texts of the best ranks are weighed."""
MOST_PLAYERS = 5000
"""How many who played a character are counted; "Himself" is played by very many."""

_ARTICLES = frozenset({"the", "a", "an"})
_CARD = tuple(titles.c[name] for name in CardRow._fields)


class PersonFound(NamedTuple):
    """A person found, with their number of credits as the sources state them."""

    person: Person
    credits: int


class CharacterFound(NamedTuple):
    """A character found, however many texts name it."""

    name: str
    people: int
    """How many played it, up to about MOST_PLAYERS."""


def find_titles(db: Connection, query: str, limit: int) -> list[CardRow]:
    """Movies and shows: exact titles first, then beginnings, whole words, parts of words."""
    # Articles are not in the sort text that is searched.
    words = [word for word in words_of(query) if word not in _ARTICLES] or words_of(query)
    if not words:
        return []
    text, original = titles.c.sort_folded, titles.c.original_folded
    rows = db.execute(
        select(*_CARD)
        .where(titles.c.kind.in_(TOP_KINDS))
        .where(matching(db, "titles", titles.c.id, [text, original], words))
        .where(titles.c.merged_into.is_(None), HELD)
        .order_by(rank(text, words), titles.c.year.is_(None), titles.c.year.desc(), text)
        .limit(limit)
    )
    return [CardRow._make(row) for row in rows]


def find_people(db: Connection, query: str, limit: int) -> list[PersonFound]:
    """People with a credit: exact names first, then as titles; most credits first in each."""
    words = words_of(query)
    if not words:
        return []
    text = people.c.name_folded
    ranked = rank(text, words)
    found = select(people.c.id, ranked.label("rank")).where(people.c.merged_into.is_(None))
    if is_short(words):
        # As no index helps, only the beginnings of first and last names are looked at.
        found = found.where(or_(begins(text, words[0]), begins(people.c.sort_folded, words[0])))
    if len(words) > 1 or not is_short(words):
        found = found.where(
            matching(db, "people", people.c.id, [text, people.c.also_folded], words)
        )
    found = found.order_by(ranked, func.length(text), text)
    best = found.limit(CANDIDATES).subquery()
    counted = select(best.c.id, best.c.rank, _credits_of(best.c.id)).subquery()
    rows = db.execute(
        select(people.c.id, people.c.name, people.c.portrait_id, counted.c.credits)
        .join(counted, counted.c.id == people.c.id)
        .where(counted.c.credits > 0)
        .order_by(counted.c.rank, counted.c.credits.desc(), text, people.c.id)
        .limit(limit)
    )
    return [PersonFound(Person._make(row[:3]), row[3]) for row in rows]


def find_characters(db: Connection, query: str, limit: int) -> list[CharacterFound]:
    """Characters that somebody played, as titles are ranked. None for one or two letters."""
    words = words_of(query)
    if not words or is_short(words):
        return []
    text = characters.c.name_folded
    rows = db.execute(
        select(characters.c.id, characters.c.name)
        .where(matching(db, "characters", characters.c.id, [text], words))
        .order_by(rank(text, words), func.length(text), text)
        .limit(CANDIDATES)
    )
    named: dict[str, tuple[str, set[int]]] = {}
    for number, name in rows:
        for part in played(name).characters:
            folded = fold(part)
            if all(word in folded for word in words):
                named.setdefault(folded, (part, set()))[1].add(number)
    return _played_by_somebody(db, list(named.values())[: limit * 2])[:limit]


def people_found(db: Connection, ids: Collection[int]) -> dict[int, PersonFound]:
    """Those of these people who have a credit."""
    credits = _credits_of(people.c.id)
    rows = db.execute(
        select(people.c.id, people.c.name, people.c.portrait_id, credits)
        .where(people.c.id.in_(ids), people.c.merged_into.is_(None))
        .where(people.c.id.in_(select(media_people.c.person_id)))
    )
    return {row[0]: PersonFound(Person._make(row[:3]), row[3]) for row in rows}


def titles_found(db: Connection, ids: Collection[int]) -> dict[int, CardRow]:
    """Those of these titles that a source has."""
    rows = db.execute(
        select(*_CARD).where(titles.c.id.in_(ids), titles.c.merged_into.is_(None), HELD)
    )
    return {row[0]: CardRow._make(row) for row in rows}


def characters_found(db: Connection, ids: Sequence[int]) -> list[CharacterFound]:
    """The first characters of these texts that somebody played, in the order of the ids."""
    names = dict(
        db.execute(select(characters.c.id, characters.c.name).where(characters.c.id.in_(ids))).all()
    )
    named: dict[str, tuple[str, set[int]]] = {}
    for number in ids:
        for part in played(names[number]).characters[:1]:
            named.setdefault(fold(part), (part, set()))[1].add(number)
    return _played_by_somebody(db, list(named.values()))


def _credits_of(person: ColumnElement[int]) -> ColumnElement[int]:
    counting = select(func.count()).where(media_people.c.person_id == person)
    return counting.scalar_subquery().label("credits")


def _played_by_somebody(
    db: Connection, named: Collection[tuple[str, set[int]]]
) -> list[CharacterFound]:
    ids = sorted({number for _, numbers in named for number in numbers})
    pair = (media_people.c.character_id, media_people.c.person_id)
    query = select(*pair).where(pair[0].in_(ids), pair[1].is_not(None)).group_by(*pair)
    players: dict[int, set[int]] = {}
    for number, person in db.execute(query.limit(MOST_PLAYERS)):
        players.setdefault(number, set()).add(person)
    found = [
        CharacterFound(name, len(set().union(*(players.get(n, set()) for n in numbers))))
        for name, numbers in named
    ]
    return [character for character in found if character.people]
