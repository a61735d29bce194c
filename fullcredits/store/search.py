"""Finding titles, people and characters by words.

Case, accents, punctuation and word order do not matter. `search_words` says how words match;
`search_closest` forgives typos where nothing is found here.

Of what very many are called, not all are weighed: then those in most titles, or the newest, are
looked through until there are enough.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    func,
    literal_column,
    or_,
    select,
)

from fullcredits.store.among import among
from fullcredits.store.figures import ALL
from fullcredits.store.read.credits import Person
from fullcredits.store.read.listed_people import PersonLine
from fullcredits.store.read.titles import CARD, LISTED, CardRow
from fullcredits.store.schema import characters, media_people, people, person_departments, titles
from fullcredits.store.search_words import (
    begin_words,
    begins,
    either,
    hits,
    named_first,
    rank,
    stated,
    words_of,
)
from fullcredits.text import fold, played

CANDIDATES = 500
"""Of more finds than this, not all are weighed."""
MOST_PLAYERS = 5000
"""How many who played a character are counted; "Himself" is played by very many."""
_MOST_TEXTS = 200
"""How many texts of characters are taken apart, the best ones."""

Found = list[int] | Select[Any]

_ARTICLES = frozenset({"the", "a", "an"})


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
    found: Found | None = _few(db, hits(db, titles, [text, original], words, CANDIDATES, LISTED))
    if found == []:
        return []
    if found is None:
        # As the year is what orders them, the newest are enough.
        newest = func.coalesce(titles.c.year, literal_column("0")).desc()
        some = select(titles.c.id).where(LISTED, begin_words(text, words))
        named = select(titles.c.id).where(LISTED, text == " ".join(words))
        found = either(some.order_by(newest, text).limit(limit), named.limit(limit))
    rows = db.execute(
        select(*CARD)
        .where(_one_of(titles.c.id, found), LISTED, or_(*stated([text, original], words)))
        .order_by(rank(text, words), titles.c.year.is_(None), titles.c.year.desc(), text)
        .limit(limit)
    )
    return [CardRow._make(row) for row in rows]


def find_people(db: Connection, query: str, limit: int) -> list[PersonLine]:
    """People with a title: exact names first, then as titles; most titles first in each."""
    words = words_of(query)
    if not words:
        return []
    text, also = people.c.name_folded, people.c.also_folded
    hit = hits(db, people, [text, also], words, CANDIDATES)
    found: Found | None = _few(db, hit)
    if found == []:
        return []
    if found is None:
        beginning = _beginning(words[0])
        sort = person_departments.c.sort_folded
        if _few(db, beginning) is None:
            # All words of the name stand in the text that sorts it.
            busiest = select(person_departments.c.person_id).where(
                person_departments.c.department == ALL, begin_words(sort, words)
            )
            beginning = busiest.order_by(person_departments.c.titles.desc(), sort).limit(limit)
            named = select(people.c.id).where(text == " ".join(words))
            beginning = either(beginning, named.limit(limit))
        found = beginning if hit is None else either(beginning, hit)
    rows = db.execute(
        select(people.c.id, people.c.name, people.c.portrait_id, person_departments.c.titles)
        .join(person_departments, person_departments.c.person_id == people.c.id)
        .where(person_departments.c.department == ALL)
        .where(_one_of(people.c.id, found), or_(*stated([text, also], words)))
        .order_by(rank(text, words), person_departments.c.titles.desc(), text, people.c.id)
        .limit(limit)
    )
    return [PersonLine(Person._make(row[:3]), row[3]) for row in rows]


def find_characters(db: Connection, query: str, limit: int) -> list[CharacterFound]:
    """Characters that somebody played, as titles are ranked. None for one or two letters."""
    words = words_of(query)
    text = characters.c.name_folded
    hit = hits(db, characters, [text], words, CANDIDATES) if words else None
    if hit is None:
        return []
    found: Found | None = _few(db, hit)
    if found == []:
        return []
    if found is None:
        found = either(named_first(words[0]).limit(CANDIDATES), hit)
    rows = db.execute(
        select(characters.c.id, characters.c.name)
        .where(_one_of(characters.c.id, found), or_(*stated([text], words)))
        .order_by(rank(text, words), func.length(text), text)
        .limit(_MOST_TEXTS)
    )
    named: dict[str, tuple[str, set[int]]] = {}
    for number, name in rows:
        for part in played(name).characters:
            folded = fold(part)
            if all(word in folded for word in words):
                named.setdefault(folded, (part, set()))[1].add(number)
    return _played_by_somebody(db, list(named.values())[: limit * 2])[:limit]


def _beginning(word: str) -> Select[Any]:
    """The ids of people one of whose first or last names begins so."""
    by_name = select(people.c.id).where(begins(people.c.name_folded, word)).limit(CANDIDATES + 1)
    by_sort = select(people.c.id).where(begins(people.c.sort_folded, word)).limit(CANDIDATES + 1)
    return either(by_name, by_sort)


def _one_of(column: ColumnElement[int], found: Found) -> ColumnElement[bool]:
    return among(column, found) if isinstance(found, list) else column.in_(found)


def _few(db: Connection, found: Select[Any] | None) -> list[int] | None:
    """The ids that are found; None where they are not known, or more than are weighed."""
    if found is None:
        return None
    ids = list(db.execute(found).scalars().all())
    return ids if len(ids) <= CANDIDATES else None


def people_found(db: Connection, ids: Collection[int]) -> dict[int, PersonLine]:
    """Those of these people who worked on a title that a source has."""
    rows = db.execute(
        select(people.c.id, people.c.name, people.c.portrait_id, person_departments.c.titles)
        .join(person_departments, person_departments.c.person_id == people.c.id)
        .where(among(people.c.id, ids), person_departments.c.department == ALL)
    )
    return {row[0]: PersonLine(Person._make(row[:3]), row[3]) for row in rows}


def titles_found(db: Connection, ids: Collection[int]) -> dict[int, CardRow]:
    """Those of these titles that a source has."""
    rows = db.execute(select(*CARD).where(among(titles.c.id, ids), LISTED))
    return {row[0]: CardRow._make(row) for row in rows}


def characters_found(db: Connection, ids: Sequence[int]) -> list[CharacterFound]:
    """The first characters of these texts that somebody played, in the order of the ids."""
    names = dict(
        db.execute(select(characters.c.id, characters.c.name).where(among(characters.c.id, ids))).all()
    )
    named: dict[str, tuple[str, set[int]]] = {}
    for number in ids:
        for part in played(names[number]).characters[:1]:
            named.setdefault(fold(part), (part, set()))[1].add(number)
    return _played_by_somebody(db, list(named.values()))


def _played_by_somebody(
    db: Connection, named: Collection[tuple[str, set[int]]]
) -> list[CharacterFound]:
    ids = sorted({number for _, numbers in named for number in numbers})
    pair = (media_people.c.character_id, media_people.c.person_id)
    query = select(*pair).where(among(pair[0], ids), pair[1].is_not(None)).group_by(*pair)
    players: dict[int, set[int]] = {}
    for number, person in db.execute(query.limit(MOST_PLAYERS)).all():
        players.setdefault(number, set()).add(person)
    found = [
        CharacterFound(name, len(set().union(*(players.get(n, set()) for n in numbers))))
        for name, numbers in named
    ]
    return [character for character in found if character.people]
