"""What is written almost as asked: for queries that find nothing because of a typo.

Words are looked up that those of the query may have meant, and what has them is compared with the
query as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from rapidfuzz import fuzz
from sqlalchemy import (
    BindParameter,
    Column,
    Connection,
    Integer,
    Select,
    String,
    Table,
    and_,
    bindparam,
    func,
    or_,
    select,
)

from fullcredits.store.read.titles import CardRow
from fullcredits.store.schema import characters, people, titles
from fullcredits.store.search import PersonFound, people_found, titles_found
from fullcredits.store.search_characters import CharacterFound, characters_found
from fullcredits.store.search_words import looked_up, parted, words_of
from fullcredits.store.words import CLOSE, resembling

_CANDIDATES = 300
_BESIDE = 2000
"""Of names that only have the other words of the query: many bear a last name."""
_TEXTS = 200
"""Of one character: each is worded in many ways."""
_MEANT = 4
"""Words that one of the query may have meant."""
_MEANT_BY_KNOWN = 2
"""The same of a word that is known as it stands: as a rule it is right, and another one is not."""
_INDEXED = 3
"""Letters of a word by which texts are found."""

Way = Sequence[Sequence[str]]
"""For some words of the query, which others each may have meant; a text has one for each."""


class Closest(NamedTuple):
    """What comes closest to a query, best first."""

    titles: list[CardRow]
    people: list[PersonFound]
    characters: list[CharacterFound]


def closest(db: Connection, query: str, limit: int) -> Closest:
    """What is called almost like that; nothing for a query of short words.

    Each word is taken for what it may have meant. Where that finds no title and nobody, one word
    may be anything that is like it, and the others stand as they are: "Stephen Spielberg" is spelt
    right, but for who is meant.
    """
    words = words_of(query)
    meant = [others for word in words if (others := _meant(db, word))]
    if not meant:
        return Closest([], [], [])
    found = _found(db, words, [meant], _CANDIDATES, limit)
    if found.titles or found.people:
        return found
    beside = _found(db, words, _all_but_one(words), _BESIDE, limit)
    return beside._replace(characters=beside.characters or found.characters)


def _all_but_one(words: Sequence[str]) -> list[Way]:
    """For each word, the others as they stand."""
    indexed = [[word] if len(word) >= _INDEXED else [] for word in words]
    ways = [[*indexed[:place], *indexed[place + 1 :]] for place in range(len(words))]
    return [way for way in ([known for known in some if known] for some in ways) if way]


def _found(
    db: Connection, words: Sequence[str], ways: Sequence[Way], most: int, limit: int
) -> Closest:
    """Of what has words in one of these ways, `most` of each, what is closest as a whole."""

    def alike(table: Table, column: Column[str], number: int) -> list[int]:
        texts: dict[int, str] = {}
        for way in ways:
            texts |= _having(db, table, column, way, most)
        return _alike(texts, words, number)

    title_ids = alike(titles, titles.c.title_folded, limit)
    person_ids = alike(people, people.c.name_folded, limit)
    texts = alike(characters, characters.c.name_folded, _TEXTS)
    cards, persons = titles_found(db, title_ids), people_found(db, person_ids)
    return Closest(
        [cards[number] for number in title_ids if number in cards],
        [persons[number] for number in person_ids if number in persons],
        characters_found(db, texts, limit),
    )


def _meant(db: Connection, word: str) -> list[str]:
    found = resembling(db, word, _MEANT)
    return found[:_MEANT_BY_KNOWN] if word in found else found


def _having(
    db: Connection, table: Table, column: Column[str], way: Way, most: int
) -> dict[int, str]:
    """Texts, by id, in which one of the words stands for each word of the query."""
    if db.dialect.name == "sqlite":
        asked = " AND ".join(f"({' OR '.join(map(parted, words))})" for words in way)
        values = {
            _name(place, other): word
            for place, words in enumerate(way)
            for other, word in enumerate(words)
        }
        statement = _looked_up(table, column, tuple(map(len, way)))
        return dict(db.execute(statement, {"match": asked, "most": most, **values}).all())
    each = (or_(*(column.contains(word, autoescape=True) for word in words)) for words in way)
    query = select(table.c.id, column).where(and_(*each)).limit(most)
    return dict(db.execute(query).all())


@lru_cache(maxsize=256)
def _looked_up(table: Table, column: Column[str], meant: tuple[int, ...]) -> Select[Any]:
    """For so many words that each word of the query may have meant."""
    each = (
        or_(*(func.instr(column, _word(place, other)) > 0 for other in range(number)))
        for place, number in enumerate(meant)
    )
    found = looked_up(table.name, bindparam("match", type_=String))
    some = select(table.c.id, column).where(table.c.id.in_(found), *each)
    return some.limit(bindparam("most", type_=Integer))


def _word(place: int, other: int) -> BindParameter[str]:
    return bindparam(_name(place, other), type_=String)


def _name(place: int, other: int) -> str:
    return f"word_{place}_{other}"


def _alike(texts: dict[int, str], words: Sequence[str], limit: int) -> list[int]:
    """The ids of the texts with a close match for every word, closest first."""
    scored = []
    for number, folded in texts.items():
        theirs = folded.split()
        best = [max(fuzz.ratio(word, other) for other in theirs) for word in words]
        if min(best) >= CLOSE:
            # Of equally close ones, the one that says least beside.
            scored.append((-sum(best), abs(len(theirs) - len(words)), folded, number))
    return [number for *_, number in sorted(scored)[:limit]]
