"""One human under two names: how alike names are, and where two servers call somebody otherwise.

Where two servers have a title, whoever one of them credits under a name that the other does not
have there may be called otherwise by it: Thandie Newton as Maeve here, Thandiwe Newton as Maeve
there. Such pairs are looked at, and no others: a name that is only alike proves nothing.
"""

from __future__ import annotations

import math
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import combinations, product
from typing import NamedTuple

from rapidfuzz.distance import Indel

from fullcredits.identity.evidence import Clue
from fullcredits.model import Department
from fullcredits.text import name_parts


class Likeness(StrEnum):
    """How alike two folded names are."""

    WORDS = "words"
    """The same words in another order, or written together."""
    SPELLING = "spelling"
    """Initials, a short form, words more or less, a few letters."""
    SCRIPT = "script"
    """Not to be compared: one is in Latin letters, the other is not."""
    WORD = "word"
    """The first or last word is the same."""
    NONE = "none"


_ALIKE = (Likeness.WORDS, Likeness.SPELLING)
_WEIGHTS = {
    Likeness.WORDS: 2.5,
    Likeness.SPELLING: 1.5,
    Likeness.SCRIPT: -1.5,
    Likeness.WORD: -2.2,
    Likeness.NONE: -4.0,
}
_WORK, _SAME_PART = 2.0, 2.0
_COMMON = -0.29
_ALIKE_LETTERS = 0.85
_SHORT_FORM = 3
_MOST_LEFT = 30
"""Where both servers have more whom the other does not name, in one department, they do not speak
of the same people: one is wrong, or writes another script. Among so many some names are alike by
chance, and comparing each with each takes long."""
_NOBODY = frozenset(
    {
        "self", "himself", "herself", "themselves", "narrator", "host", "voice", "voices",
        "additional voices", "various", "guest", "presenter", "contestant", "actor", "actress",
    }
)  # fmt: skip


class Billed(NamedTuple):
    """A credit on a title, as candidates are found by."""

    source: int
    person: int
    """The source person's id."""
    name: str
    department: Department
    parts: frozenset[str]
    """As `evidence.Credit` has them."""


class Alike(NamedTuple):
    """Two source persons of different servers who may be one human under two names."""

    one: int
    """The lower id."""
    other: int
    same_part: bool
    """They play the same part of the title, which nobody else there plays."""


class Otherwise(NamedTuple):
    """Two source persons who are credited on a film or show as one human may be."""

    work: int
    one: int
    other: int
    same_part: bool


def find_alike(credits: Iterable[Billed]) -> set[Alike]:
    """Who may be called otherwise by another server, of all credits on one title.

    Only those are paired whom the other server does not name there, in the same department, and
    either with the same part, which is nobody else's, or with names that are alike, unless there
    are many on both sides. Where each has one such in a job, they are paired when their scripts
    differ.
    """
    by_source: dict[int, list[Billed]] = defaultdict(list)
    for credit in credits:
        by_source[credit.source].append(credit)
    found: dict[tuple[int, int], bool] = {}
    for one, other in combinations([by_source[source] for source in sorted(by_source)], 2):
        for a, b, same_part in _pairs(*_left(one, other), _players(one), _players(other)):
            pair = min(a, b), max(a, b)
            found[pair] = found.get(pair, False) or same_part
    return {Alike(*pair, same_part) for pair, same_part in found.items()}


def _left(ones: list[Billed], others: list[Billed]) -> tuple[list[Billed], list[Billed]]:
    """Whom the other server does not name there."""
    names, other_names = {c.name for c in ones}, {c.name for c in others}
    left = [credit for credit in ones if credit.name not in other_names]
    return left, [credit for credit in others if credit.name not in names]


def _players(credits: Iterable[Billed]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for credit in credits:
        if credit.department is Department.ACTING:
            for part in credit.parts - _NOBODY:
                found[part].add(credit.person)
    return found


def _pairs(
    ones: Sequence[Billed],
    others: Sequence[Billed],
    players: Mapping[str, set[int]],
    other_players: Mapping[str, set[int]],
) -> Iterator[tuple[int, int, bool]]:
    here, there = _by_department(ones), _by_department(others)
    for department in here.keys() & there.keys():
        some, their = here[department], there[department]
        many = len(some) > _MOST_LEFT and len(their) > _MOST_LEFT
        for one, other in product(some, their):
            if department is Department.ACTING and any(
                len(players.get(part, ())) == len(other_players.get(part, ())) == 1
                for part in one.parts & other.parts
            ):
                yield one.person, other.person, True
            elif not many and likeness(one.name, other.name) in _ALIKE:
                yield one.person, other.person, False
    alone = _alone(others)
    for job, one in _alone(ones).items():
        if job in alone and likeness(one.name, alone[job].name) is Likeness.SCRIPT:
            yield one.person, alone[job].person, False


def _by_department(credits: Iterable[Billed]) -> dict[Department, list[Billed]]:
    found: dict[Department, list[Billed]] = defaultdict(list)
    for credit in credits:
        found[credit.department].append(credit)
    return found


def _alone(credits: Iterable[Billed]) -> dict[tuple[Department, frozenset[str]], Billed]:
    """Crew who are the only ones left in their job."""
    by_job: dict[tuple[Department, frozenset[str]], dict[int, Billed]] = defaultdict(dict)
    for credit in credits:
        if credit.department is not Department.ACTING and credit.parts:
            by_job[credit.department, credit.parts][credit.person] = credit
    return {job: next(iter(who.values())) for job, who in by_job.items() if len(who) == 1}


@lru_cache(maxsize=16384)
def likeness(one: str, other: str) -> Likeness:
    """How alike two folded names are, whichever is first."""
    if _is_latin(one) != _is_latin(other):
        return Likeness.SCRIPT
    (ones, suffix), (others, other_suffix) = name_parts(one), name_parts(other)
    if not ones or not others or (suffix and other_suffix and suffix != other_suffix):
        return Likeness.NONE
    if sorted(ones) == sorted(others) or "".join(ones) == "".join(others):
        return Likeness.WORDS if suffix == other_suffix else Likeness.SPELLING
    if _more_words(ones, others) or _more_words(others, ones) or _short_form(ones, others):
        return Likeness.SPELLING
    if Indel.normalized_similarity("".join(ones), "".join(others)) >= _ALIKE_LETTERS:
        return Likeness.SPELLING
    return Likeness.WORD if ones[0] == others[0] or ones[-1] == others[-1] else Likeness.NONE


@lru_cache(maxsize=16384)
def _is_latin(name: str) -> bool:
    return name.isascii() or any(unicodedata.name(c, "").startswith("LATIN") for c in name)


def _more_words(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether a name of several words is another one without some, initials standing for words."""
    if not 1 < len(short) < len(long):
        return False
    rest = iter(long)
    return all(any(_stands_for(word, other) for other in rest) for word in short)


def _short_form(ones: Sequence[str], others: Sequence[str]) -> bool:
    """Whether only the first of as many words differ, and may be forms of one name."""
    if len(ones) < 2 or len(others) < 2 or ones[-1] != others[-1]:
        return False
    short, long = sorted((ones[0], others[0]), key=lambda word: (len(word), word))
    if len(short) < _SHORT_FORM:
        return _stands_for(short, long)
    return short[:_SHORT_FORM] == long[:_SHORT_FORM] or long.endswith(short)


def _stands_for(word: str, other: str) -> bool:
    return word == other or (len(word) == 1 and other.startswith(word))


def weigh_names(one: str, other: str) -> Clue:
    """What their names say on two source persons' being one human."""
    how = likeness(one, other)
    return Clue("spelling", _WEIGHTS[how], word=how.value)


def weigh_works(works: int, same_part: int) -> Clue:
    """So many films and shows where two servers may mean one human, so many with one part."""
    weight = _WORK * math.log2(1 + works) + _SAME_PART * math.log2(1 + same_part)
    return Clue("titles", weight, works, same_part)


def weigh_commonness(commonness: int) -> Clue:
    """What else is under a name that many may bear need not be theirs."""
    return Clue("rarity", _COMMON * commonness, 2**commonness)
