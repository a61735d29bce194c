"""The words of everything that is searched: what a word with a typo may have meant."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process
from sqlalchemy import Connection, Select, bindparam, func, select, union_all

from fullcredits.store import bulk
from fullcredits.store.among import among
from fullcredits.store.schema import words

SHORTEST = 4
"""Letters of a word in which a typo is forgiven."""
_LONGEST = 60
CLOSE = 72.0
"""How alike two words must be, of 100: one letter in four or five."""
_AFTER_ALL = "\U0010ffff"
_MARGIN = 10.0
"""A word that is less alike than the most alike one by more than this was not meant."""
_LENGTHS = 2
"""By how many letters what was meant may be longer or shorter."""


def learn(db: Connection, folded: Iterable[str]) -> None:
    """Keep the words of these folded texts, those not seen before."""
    every = {word for text in folded for word in text.split() if SHORTEST <= len(word) <= _LONGEST}
    known = db.scalars(select(words.c.word).where(among(words.c.word, every)))
    rows = [(word, word[::-1]) for word in sorted(every.difference(known))]
    bulk.insert_rows(db, words, ("word", "backwards"), rows)


def _beginning(column: str) -> Select[str]:
    """As one text: there may be thousands, and each row costs more than its word."""
    text = words.c[column]
    return select(func.aggregate_strings(words.c.word, " ")).where(
        text >= bindparam(column),
        text < bindparam(f"after_{column}"),
        func.length(words.c.word).between(bindparam("shortest"), bindparam("longest")),
    )


_HALF_RIGHT = union_all(_beginning("word"), _beginning("backwards"))


def resembling(db: Connection, word: str, limit: int) -> list[str]:
    """The words most like this one, itself first if it is known; none for a short word.

    They begin or end like it: of a word with one wrong letter, one half is right.
    """
    if len(word) < SHORTEST:
        return []
    half = 2 if len(word) < 6 else 3
    begins, ends = word[:half], word[: -half - 1 : -1]
    rows = db.execute(
        _HALF_RIGHT,
        {
            "word": begins,
            "after_word": begins + _AFTER_ALL,
            "backwards": ends,
            "after_backwards": ends + _AFTER_ALL,
            "shortest": len(word) - _LENGTHS,
            "longest": len(word) + _LENGTHS,
        },
    )
    known = {one for some in rows.scalars().all() if some for one in some.split(" ")}
    alike = process.extract(word, known, scorer=fuzz.ratio, score_cutoff=CLOSE, limit=None)
    best = sorted((-score, found) for found, score, _ in alike)[:limit]
    return [found for score, found in best if score <= best[0][0] + _MARGIN]
