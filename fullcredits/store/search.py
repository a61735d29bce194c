"""Finding titles and people by words: case, accents, punctuation and word order do not matter.

Both databases do the same here: every word of the query must stand in the folded text, and how
it stands there ranks the find. `_matching` and `_rank` are all that knows how words are matched.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from fullcredits.store.read.credits import Person
from fullcredits.store.read.titles import HELD, TOP_KINDS, CardRow
from fullcredits.store.schema import media_people, people, titles
from fullcredits.text import fold

CANDIDATES = 2000
"""Of more finds than this, the shortest names of the best ranks are weighed by credits."""

_ARTICLES = frozenset({"the", "a", "an"})
_MIN_INNER = 3
"""Shorter words are looked for at the beginning of words only."""


class PersonFound(NamedTuple):
    """A person found, with their number of credits as the sources state them."""

    person: Person
    credits: int


def find_titles(db: Connection, query: str, limit: int) -> list[CardRow]:
    """Movies and shows: exact titles first, then beginnings, whole words, parts of words."""
    # Articles are not in the sort text that is searched.
    words = [word for word in _words(query) if word not in _ARTICLES] or _words(query)
    if not words:
        return []
    text = titles.c.sort_folded
    columns = [titles.c[name] for name in CardRow._fields]
    rows = db.execute(
        select(*columns)
        .where(titles.c.kind.in_(TOP_KINDS), _matching(text, words))
        .where(titles.c.merged_into.is_(None), HELD)
        .order_by(_rank(text, words), titles.c.year.is_(None), titles.c.year.desc(), text)
        .limit(limit)
    )
    return [CardRow._make(row) for row in rows]


def find_people(db: Connection, query: str, limit: int) -> list[PersonFound]:
    """People with a credit: exact names first, then as titles; most credits first in each."""
    words = _words(query)
    if not words:
        return []
    text = people.c.name_folded
    rank = _rank(text, words)
    found = (
        select(people.c.id, rank.label("rank"))
        .where(_matching(text, words), people.c.merged_into.is_(None))
        .order_by(rank, func.length(text), text)
        .limit(CANDIDATES)
        .subquery()
    )
    credits = (
        select(func.count())
        .where(media_people.c.person_id == found.c.id)
        .scalar_subquery()
        .label("credits")
    )
    counted = select(found.c.id, found.c.rank, credits).subquery()
    rows = db.execute(
        select(people.c.id, people.c.name, people.c.portrait_id, counted.c.credits)
        .join(counted, counted.c.id == people.c.id)
        .where(counted.c.credits > 0)
        .order_by(counted.c.rank, counted.c.credits.desc(), text, people.c.id)
        .limit(limit)
    )
    return [PersonFound(Person._make(row[:3]), row[3]) for row in rows]


def _words(query: str) -> list[str]:
    """The folded words of a query; none when it has no letter or digit."""
    return [word for word in fold(query).split() if any(c.isalnum() for c in word)]


def _matching(text: ColumnElement[Any], words: list[str]) -> ColumnElement[bool]:
    return and_(
        *(
            text.contains(word, autoescape=True)
            if len(word) >= _MIN_INNER or not word.isascii()
            else _begins_word(text, word)
            for word in words
        )
    )


def _rank(text: ColumnElement[Any], words: list[str]) -> ColumnElement[int]:
    whole = " ".join(words)
    return case(
        (text == whole, 0),
        (text.startswith(whole, autoescape=True), 1),
        (and_(*(_begins_word(text, word) for word in words)), 2),
        else_=3,
    )


def _begins_word(text: ColumnElement[Any], word: str) -> ColumnElement[bool]:
    return or_(text.startswith(word, autoescape=True), text.contains(f" {word}", autoescape=True))
