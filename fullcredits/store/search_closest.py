"""What is written almost as asked: for queries that find nothing because of a typo.

The database gives those that share most runs of three letters; rapidfuzz compares word by word.
On a PostgreSQL without pg_trgm nothing is close.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz import fuzz
from sqlalchemy import Column, Connection, Table, func, literal_column, select, text

from fullcredits.store.read.titles import CardRow
from fullcredits.store.schema import characters, people, titles
from fullcredits.store.search import (
    CharacterFound,
    PersonFound,
    characters_found,
    people_found,
    titles_found,
)
from fullcredits.store.search_words import looked_up, quoted, words_of

_CANDIDATES = 300
_SHORTEST = 4
"""Letters of a word in which a typo is forgiven."""
_CLOSE = 72.0
"""How alike each word must be, of 100: one letter in four or five."""


class Closest(NamedTuple):
    """What comes closest to a query, best first."""

    titles: list[CardRow]
    people: list[PersonFound]
    characters: list[CharacterFound]


def closest(db: Connection, query: str, limit: int) -> Closest:
    """What is called almost like that; nothing for a query of short words."""
    words = words_of(query)
    if not any(len(word) >= _SHORTEST for word in words) or not _can_compare(db):
        return Closest([], [], [])
    title_ids = _alike(_sharing(db, titles, titles.c.sort_folded, words), words, limit)
    person_ids = _alike(_sharing(db, people, people.c.name_folded, words), words, limit)
    texts = _sharing(db, characters, characters.c.name_folded, words)
    names = _alike(texts, words, limit)
    cards, persons = titles_found(db, title_ids), people_found(db, person_ids)
    return Closest(
        [cards[number] for number in title_ids if number in cards],
        [persons[number] for number in person_ids if number in persons],
        characters_found(db, names),
    )


def _can_compare(db: Connection) -> bool:
    if db.dialect.name == "sqlite":
        return True
    installed = text("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
    return db.execute(installed).first() is not None


def _sharing(
    db: Connection, table: Table, column: Column[str], words: Sequence[str]
) -> dict[int, str]:
    """Texts that share the most with the words, by id."""
    query = select(table.c.id, column)
    if db.dialect.name == "sqlite":
        runs = dict.fromkeys(run for word in words for run in _runs(word))
        ids = looked_up(table.name, " OR ".join(map(quoted, runs)))
        best = ids.order_by(literal_column("rank")).limit(_CANDIDATES).subquery()
        query = query.where(table.c.id.in_(select(best.c.rowid)))
    else:
        asked = " ".join(words)
        query = query.where(column.op("%")(asked))
        query = query.order_by(func.similarity(column, asked).desc()).limit(_CANDIDATES)
    return dict(db.execute(query).all())


def _runs(word: str) -> list[str]:
    """Every second run of three letters, and the last: all of them cost twice the time."""
    return [word[i : i + 3] for i in range(0, len(word) - 2, 2)] + [word[-3:]] * (len(word) > 3)


def _alike(texts: dict[int, str], words: Sequence[str], limit: int) -> list[int]:
    """The ids of the texts with a close match for every word, closest first."""
    scored = []
    for number, folded in texts.items():
        theirs = folded.split()
        best = [max(fuzz.ratio(word, other) for other in theirs) for word in words]
        if min(best) >= _CLOSE:
            # Of equally close ones, the one that says least beside.
            scored.append((-sum(best), abs(len(theirs) - len(words)), folded, number))
    return [number for *_, number in sorted(scored)[:limit]]
