"""What is written almost as asked: for queries that find nothing because of a typo.

Each word is taken for the known words most like it, and what has one of those for every word of
the query is compared as a whole.
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
    Select,
    String,
    Table,
    and_,
    bindparam,
    func,
    or_,
    select,
)

from fullcredits.store.read.listed_people import PersonLine
from fullcredits.store.read.titles import CardRow
from fullcredits.store.schema import characters, people, titles
from fullcredits.store.search import (
    CharacterFound,
    characters_found,
    people_found,
    titles_found,
)
from fullcredits.store.search_words import looked_up, parted, words_of
from fullcredits.store.words import CLOSE, resembling

_CANDIDATES = 300
_MEANT = 4
"""Words that one of the query may have meant."""
_MEANT_BY_KNOWN = 2
"""The same of a word that is known as it stands: as a rule it is right, and another one is not."""


class Closest(NamedTuple):
    """What comes closest to a query, best first."""

    titles: list[CardRow]
    people: list[PersonLine]
    characters: list[CharacterFound]


def closest(db: Connection, query: str, limit: int) -> Closest:
    """What is called almost like that; nothing for a query of short words."""
    words = words_of(query)
    meant = [found for word in words if (found := _meant(db, word))]
    if not meant:
        return Closest([], [], [])
    title_ids = _alike(_having(db, titles, titles.c.sort_folded, meant), words, limit)
    person_ids = _alike(_having(db, people, people.c.name_folded, meant), words, limit)
    texts = _having(db, characters, characters.c.name_folded, meant)
    names = _alike(texts, words, limit)
    cards, persons = titles_found(db, title_ids), people_found(db, person_ids)
    return Closest(
        [cards[number] for number in title_ids if number in cards],
        [persons[number] for number in person_ids if number in persons],
        characters_found(db, names),
    )


def _meant(db: Connection, word: str) -> list[str]:
    found = resembling(db, word, _MEANT)
    return found[:_MEANT_BY_KNOWN] if word in found else found


def _having(
    db: Connection, table: Table, column: Column[str], meant: Sequence[Sequence[str]]
) -> dict[int, str]:
    """Texts, by id, in which one of the words stands for each word of the query."""
    if db.dialect.name == "sqlite":
        asked = " AND ".join(f"({' OR '.join(map(parted, words))})" for words in meant)
        values = {
            _name(place, other): word
            for place, words in enumerate(meant)
            for other, word in enumerate(words)
        }
        statement = _looked_up(table, column, tuple(map(len, meant)))
        return dict(db.execute(statement, {"match": asked, **values}).all())
    each = (or_(*(column.contains(word, autoescape=True) for word in words)) for words in meant)
    query = select(table.c.id, column).where(and_(*each)).limit(_CANDIDATES)
    return dict(db.execute(query).all())


@lru_cache(maxsize=256)
def _looked_up(table: Table, column: Column[str], meant: tuple[int, ...]) -> Select[Any]:
    """For so many words that each word of the query may have meant."""
    each = (
        or_(*(func.instr(column, _word(place, other)) > 0 for other in range(number)))
        for place, number in enumerate(meant)
    )
    found = looked_up(table.name, bindparam("match", type_=String))
    return select(table.c.id, column).where(table.c.id.in_(found), *each).limit(_CANDIDATES)


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
