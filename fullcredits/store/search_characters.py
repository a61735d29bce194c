"""Finding characters: those of exactly that name first, then whom most people have played."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, String, bindparam, case, func, literal_column, select

from fullcredits.store.schema import characters, media_people
from fullcredits.store.search_words import (
    Form,
    among_few,
    begin_words,
    either,
    few_of,
    form_of,
    hits,
    named_first,
    stated,
    values_of,
    words_of,
)
from fullcredits.text import fold, played

MOST_PLAYERS = 5000
"""How many who played a character are counted; "Himself" is played by very many."""
_MOST_TEXTS = 200
"""How many texts of characters are taken apart, the best ones."""
_FIRST = 100
"""How many of the texts that begin so are weighed in any case: that of exactly the name is."""
_MANY = 50
"""Texts that so many people or more have played are alike for their order."""


class CharacterFound(NamedTuple):
    """A character found, however many texts name it."""

    name: str
    people: int
    """How many played it, up to about MOST_PLAYERS."""


@dataclass(slots=True)
class _Named:
    """The texts that name one character."""

    name: str
    texts: list[int] = field(default_factory=list)
    people: int = 0
    """How many played it, each text counted by itself, and up to _MANY."""


def find_characters(db: Connection, query: str, limit: int) -> list[CharacterFound]:
    """Characters that somebody played; none for one or two letters.

    Those of exactly that name come first, then those in whose names the words begin words; of
    each, whom most people have played.
    """
    words = words_of(query)
    if not words:
        return []
    form, values = form_of(db, words), values_of(words)
    hit = _hits(form)
    few = few_of(db, hit, values)
    if hit is None or few == []:
        return []
    named: dict[str, _Named] = {}
    asked = values | {"few": few or []}
    for number, name, people in db.execute(_texts(form, few=few is not None), asked).all():
        for part in played(name).characters if people else ():
            folded = fold(part)
            if all(word in folded for word in words):
                _add(named, folded, part, number, people)
    near = {folded: _nearness(folded, words) for folded in named}
    best = sorted(named, key=lambda it: (near[it], -named[it].people, len(it), it))[:limit]
    found = zip(best, _counted(db, [named[folded] for folded in best]), strict=True)
    return [it for _, it in sorted(found, key=lambda it: (near[it[0]], -it[1].people))]


_text = characters.c.name_folded
_PLAYER = media_people.c.person_id
_PLAYED_BY = (
    select(func.count())
    .select_from(
        select(_PLAYER)
        .where(media_people.c.character_id == characters.c.id, _PLAYER.is_not(None))
        .distinct()
        .limit(literal_column(str(_MANY)))
        .correlate(characters)
        .subquery()
    )
    .scalar_subquery()
    .label("people")
)
"""How many people played what a text names, up to _MANY: along one index, and a little of it."""


@lru_cache(maxsize=64)
def _hits(form: Form) -> Select[Any] | None:
    return hits(form, characters, [_text])


@lru_cache(maxsize=64)
def _texts(form: Form, *, few: bool) -> Select[Any]:
    among_those, hit = among_few(characters.c.id), _hits(form)
    if not few and hit is not None:
        # Those that are known for longest: what many have played is among them, as a rule.
        among_those = characters.c.id.in_(either(named_first().limit(_FIRST), hit))
    exactly = _text == bindparam("whole", type_=String)
    near = case((exactly, 0), (begin_words(_text, form), 1), else_=2)
    return (
        select(characters.c.id, characters.c.name, _PLAYED_BY)
        .where(among_those, *stated([_text], form))
        .order_by(near, _PLAYED_BY.desc(), func.length(_text), _text)
        .limit(_MOST_TEXTS)
    )


def _nearness(folded: str, words: Sequence[str]) -> int:
    """The same of one character as of a whole text."""
    if folded == " ".join(words):
        return 0
    return 1 if all(f" {word}" in f" {folded}" for word in words) else 2


def _add(named: dict[str, _Named], folded: str, name: str, text: int, people: int) -> None:
    one = named.setdefault(folded, _Named(name))
    one.texts.append(text)
    one.people += people


_FOUND = select(characters.c.id, characters.c.name, _PLAYED_BY).where(among_few(characters.c.id))


def characters_found(db: Connection, ids: Sequence[int], limit: int) -> list[CharacterFound]:
    """The first characters of these texts that somebody played, in the order of the ids."""
    if not ids:
        return []
    texts = {row[0]: row for row in db.execute(_FOUND, {"few": list(ids)}).all()}
    named: dict[str, _Named] = {}
    for number in ids:
        _, name, people = texts[number]
        for part in played(name).characters[:1] if people else ():
            _add(named, fold(part), part, number, people)
    return _counted(db, list(named.values())[:limit])


_PLAYED = (media_people.c.character_id, _PLAYER)
_PLAYERS = (
    select(*_PLAYED)
    .where(among_few(_PLAYED[0]), _PLAYER.is_not(None))
    .group_by(*_PLAYED)
    .limit(MOST_PLAYERS)
)


def _counted(db: Connection, named: Sequence[_Named]) -> list[CharacterFound]:
    """With how many people played each, over all of its texts."""
    # One text that few have played has told it already.
    untold = [one for one in named if len(one.texts) > 1 or one.people >= _MANY]
    ids = sorted({number for one in untold for number in one.texts})
    players: dict[int, set[int]] = {}
    for number, person in db.execute(_PLAYERS, {"few": ids}).all() if ids else ():
        players.setdefault(number, set()).add(person)
    for one in untold:
        one.people = len(set().union(*(players.get(number, ()) for number in one.texts)))
    return [CharacterFound(one.name, one.people) for one in named]
