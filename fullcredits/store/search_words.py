"""How the words of a query are matched: the one place where the two databases differ.

Every word must stand in the folded text. A word of three letters or more is looked up in the
index of `search_index`, and may stand within a word; a shorter Latin one begins a word.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    literal_column,
    or_,
    select,
    table,
)

from fullcredits.store.search_index import SEARCHED
from fullcredits.text import fold

_INDEXED = 3
"""Letters that a word must have to be in the index."""
_AFTER_ALL = "\U0010ffff"

Text = ColumnElement[Any]


def words_of(query: str) -> list[str]:
    """The folded words of a query; none when it has no letter or digit."""
    return [word for word in fold(query).split() if any(c.isalnum() for c in word)]


def matching(
    db: Connection, table_name: str, row_id: Text, texts: list[Text], words: list[str]
) -> ColumnElement[bool]:
    """All words stand in one of the texts, which are the searched columns of that table."""
    stated = or_(*(and_(*(_stands_in(text, word) for word in words)) for text in texts))
    long = [word for word in words if len(word) >= _INDEXED]
    if db.dialect.name != "sqlite" or not long:
        return stated
    return and_(row_id.in_(looked_up(table_name, " ".join(map(quoted, long)))), stated)


def looked_up(table_name: str, match: str) -> Select[Any]:
    """On SQLite: the ids of the rows in whose index that is; ordered by "rank", best first."""
    index = next(searched.named for searched in SEARCHED if searched.table == table_name)
    hit = literal_column(index).op("MATCH")(match)
    return select(literal_column("rowid")).select_from(table(index)).where(hit)


def rank(text: Text, words: list[str]) -> ColumnElement[int]:
    """0 for the text itself, then its beginning, words in it, anything else."""
    whole = " ".join(words)
    return case(
        (text == whole, 0),
        (text.startswith(whole, autoescape=True), 1),
        (and_(*(_begins_word(text, word) for word in words)), 2),
        else_=3,
    )


def begins(text: Text, beginning: str) -> ColumnElement[bool]:
    """The text begins so; runs along the text's own index on both databases."""
    return and_(text >= beginning, text < beginning + _AFTER_ALL)


def is_short(words: list[str]) -> bool:
    """No word can be looked up, and each is one that begins a word."""
    return all(len(word) < _INDEXED and word.isascii() for word in words)


def quoted(word: str) -> str:
    """A word as FTS5 wants it."""
    return '"' + word.replace('"', '""') + '"'


def _stands_in(text: Text, word: str) -> ColumnElement[bool]:
    if len(word) >= _INDEXED or not word.isascii():
        return text.contains(word, autoescape=True)
    return _begins_word(text, word)


def _begins_word(text: Text, word: str) -> ColumnElement[bool]:
    return or_(text.startswith(word, autoescape=True), text.contains(f" {word}", autoescape=True))
