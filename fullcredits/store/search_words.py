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
    Table,
    and_,
    case,
    func,
    literal_column,
    or_,
    select,
    table,
    union_all,
)

from fullcredits.store.schema import characters
from fullcredits.store.search_index import SEARCHED
from fullcredits.text import fold

_INDEXED = 3
"""Letters that a word must have to be in the index."""
_AFTER_ALL = "\U0010ffff"

Text = ColumnElement[Any]


def words_of(query: str) -> list[str]:
    """The folded words of a query; none when it has no letter or digit."""
    return [word for word in fold(query).split() if any(c.isalnum() for c in word)]


def hits(
    db: Connection,
    table: Table,
    texts: list[Text],
    words: list[str],
    limit: int,
    *of_those: ColumnElement[bool],
) -> Select[Any] | None:
    """The ids of a few more than so many rows that may have all words in one of the texts, which
    are the searched columns of that table; None where all words are too short for its index.
    """
    long = [word for word in words if len(word) >= _INDEXED]
    if not long and all(word.isascii() for word in words):
        return None
    if db.dialect.name == "sqlite" and long:
        found = looked_up(table.name, " ".join(map(quoted, long)))
    else:
        found = select(table.c.id).where(or_(*stated(texts, words)), *of_those)
    # A subquery of its own: a limit may not be moved out of it.
    return select(found.limit(limit + 1).subquery().c[0])


def stated(texts: list[Text], words: list[str]) -> list[ColumnElement[bool]]:
    """For each of the texts: all words stand in it."""
    return [and_(*(_stands_in(text, word) for word in words)) for text in texts]


def named_first(beginning: str) -> Select[Any]:
    """The ids of the texts of characters that begin so, in the order of the texts."""
    text = func.substr(characters.c.name_folded, literal_column("1"), literal_column("100"))
    return select(characters.c.id).where(begins(text, beginning)).order_by(text)


def either(one: Select[Any], other: Select[Any]) -> Select[Any]:
    """The ids of both, each with its own limit."""
    found = union_all(select(one.subquery()), select(other.subquery())).subquery()
    return select(found.c[0])


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
        (begin_words(text, words), 2),
        else_=3,
    )


def begin_words(text: Text, words: list[str]) -> ColumnElement[bool]:
    """Each of the words begins a word of the text."""
    return and_(*(_begins_word(text, word) for word in words))


def begins(text: Text, beginning: str) -> ColumnElement[bool]:
    """The text begins so; runs along the text's own index on both databases."""
    return and_(text >= beginning, text < beginning + _AFTER_ALL)


def quoted(word: str) -> str:
    """A word as FTS5 wants it."""
    return '"' + word.replace('"', '""') + '"'


def _stands_in(text: Text, word: str) -> ColumnElement[bool]:
    if len(word) >= _INDEXED or not word.isascii():
        return text.contains(word, autoescape=True)
    return _begins_word(text, word)


def _begins_word(text: Text, word: str) -> ColumnElement[bool]:
    return or_(text.startswith(word, autoescape=True), text.contains(f" {word}", autoescape=True))
