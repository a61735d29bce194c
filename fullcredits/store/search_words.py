"""How the words of a query are matched: the one place where the two databases differ.

Every word must stand in the folded text. A word of three letters or more is looked up in the
index of `search_index`, and may stand within a word; a shorter Latin one begins a word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    Integer,
    Select,
    String,
    Table,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    table,
    union_all,
)

from fullcredits.store.among import among, values_type
from fullcredits.store.schema import characters
from fullcredits.store.search_index import SEARCHED
from fullcredits.text import fold

CANDIDATES = 500
"""Of more finds than this, not all are weighed."""
_INDEXED = 3
"""Letters that a word must have to be in the index."""
_PARTED = 6
"""From so many letters on, a word is looked up by fewer runs of letters than there are in it."""
_AFTER_ALL = "\U0010ffff"

Text = ColumnElement[Any]


class Form(NamedTuple):
    """What a statement depends on: words of one form are looked for by one statement, which is
    made once. The words are among the values that `values_of` gives to it.
    """

    sqlite: bool
    long: tuple[bool, ...]
    """Of each word: whether it is in the index."""
    within: tuple[bool, ...]
    """Of each word: whether it may stand within another."""


def words_of(query: str) -> list[str]:
    """The folded words of a query; none when it has no letter or digit."""
    return [word for word in fold(query).split() if any(c.isalnum() for c in word)]


def form_of(db: Connection, words: Sequence[str]) -> Form:
    """The form of these folded words."""
    long = tuple(len(word) >= _INDEXED for word in words)
    within = tuple(len(word) >= _INDEXED or not word.isascii() for word in words)
    return Form(db.dialect.name == "sqlite", long, within)


def values_of(words: Sequence[str]) -> dict[str, Any]:
    """The words as statements want them. In folded words nothing stands for other letters."""
    whole = " ".join(words)
    values = {
        "match": " ".join(_quoted(word) for word in words if len(word) >= _INDEXED),
        "whole": whole,
        "whole_first": f"{whole}%",
        "enough": CANDIDATES + 1,
        **beginning(words[0]),
    }
    for place, word in enumerate(words):
        values[f"in_{place}"] = f"%{word}%"
        values[f"at_{place}"], values[f"after_{place}"] = f"{word}%", f"% {word}%"
    return values


def beginning(text: str) -> dict[str, str]:
    """What `begins` looks for."""
    return {"first": text, "beyond": text + _AFTER_ALL}


def hits(
    form: Form, table: Table, texts: Sequence[Text], *of_those: ColumnElement[bool]
) -> Select[Any] | None:
    """The ids of rows that may have all words in one of the texts, which are the searched columns
    of that table, as many as are "enough"; None where all words are too short for its index.
    """
    if not any(form.within):
        return None
    if form.sqlite and any(form.long):
        found = looked_up(table.name, bindparam("match", type_=String))
        if not all(form.long):
            # Of one word very many may be called, and of all words few.
            found = select(table.c.id).where(
                table.c.id.in_(found), or_(*stated(texts, form)), *of_those
            )
    else:
        found = select(table.c.id).where(or_(*stated(texts, form)), *of_those)
    # A subquery of its own: a limit may not be moved out of it.
    return select(found.limit(bindparam("enough", type_=Integer)).subquery().c[0])


def few_of(
    db: Connection, found: Select[Any] | None, values: Mapping[str, Any]
) -> list[int] | None:
    """The ids that are found; None where they are not known, or more than are weighed."""
    if found is None:
        return None
    ids = list(db.execute(found, values).scalars().all())
    return ids if len(ids) <= CANDIDATES else None


def among_few(column: Column[int]) -> ColumnElement[bool]:
    """Whether it is one of the "few" ids that a statement is given."""
    return among(column, bindparam("few", type_=values_type(column)))


def stated(texts: Sequence[Text], form: Form) -> list[ColumnElement[bool]]:
    """For each of the texts: all words stand in it."""
    places = range(len(form.within))
    return [and_(*(_stands_in(text, form, place) for place in places)) for text in texts]


def has_words(folded: str, words: Sequence[str], form: Form) -> int:
    """How many of the words stand in a folded text, as `stated` asks for all."""
    spaced = f" {folded}"
    return sum(
        (word if within else f" {word}") in spaced
        for word, within in zip(words, form.within, strict=True)
    )


def named_first() -> Select[Any]:
    """The ids of the texts of characters that begin with the first word, in their order."""
    text = func.substr(characters.c.name_folded, literal_column("1"), literal_column("100"))
    return select(characters.c.id).where(begins(text)).order_by(text)


def either(one: Select[Any], other: Select[Any]) -> Select[Any]:
    """The ids of both, each with its own limit."""
    found = union_all(select(one.subquery()), select(other.subquery())).subquery()
    return select(found.c[0])


def looked_up(table_name: str, match: BindParameter[str]) -> Select[Any]:
    """On SQLite: the ids of the rows in whose index that is; ordered by "rank", best first."""
    index = next(searched.named for searched in SEARCHED if searched.table == table_name)
    hit = literal_column(index).op("MATCH")(match)
    return select(literal_column("rowid")).select_from(table(index)).where(hit)


def rank(text: Text, form: Form) -> ColumnElement[int]:
    """0 for the text itself, then its beginning, words in it, anything else."""
    return case(
        (text == bindparam("whole", type_=String), 0),
        (text.like(bindparam("whole_first", type_=String)), 1),
        (begin_words(text, form), 2),
        else_=3,
    )


def begin_words(text: Text, form: Form) -> ColumnElement[bool]:
    """Each of the words begins a word of the text."""
    return and_(*(_begins_word(text, place) for place in range(len(form.within))))


def begins(text: Text, beginning: str | None = None) -> ColumnElement[bool]:
    """The text begins so, or with the first word; runs along the text's own index on both
    databases.
    """
    if beginning is None:
        first, beyond = bindparam("first", type_=String), bindparam("beyond", type_=String)
        return and_(text >= first, text < beyond)
    return and_(text >= beginning, text < beginning + _AFTER_ALL)


def parted(word: str) -> str:
    """What FTS5 is asked for the rows that may have a word: of a long one some runs of letters that
    cover it, wherever they stand, as each run takes time to look up.
    """
    if len(word) < _PARTED:
        return _quoted(word)
    last = len(word) - _INDEXED
    places = [*range(0, last, _INDEXED), last]
    return f"({' AND '.join(_quoted(word[place : place + _INDEXED]) for place in places)})"


def _quoted(letters: str) -> str:
    return '"' + letters.replace('"', '""') + '"'


def _stands_in(text: Text, form: Form, place: int) -> ColumnElement[bool]:
    if form.within[place]:
        return text.like(bindparam(f"in_{place}", type_=String))
    return _begins_word(text, place)


def _begins_word(text: Text, place: int) -> ColumnElement[bool]:
    at, after = (bindparam(f"{name}_{place}", type_=String) for name in ("at", "after"))
    return or_(text.like(at), text.like(after))
