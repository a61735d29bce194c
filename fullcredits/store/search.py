"""Finding titles and people by words.

Case, accents, punctuation and word order do not matter. `search_words` says how words match;
`search_closest` forgives typos where nothing is found here.

Of what very many are called, not all are weighed: then those in most titles, or the newest, are
looked through until there are enough.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    Integer,
    Select,
    String,
    bindparam,
    func,
    literal_column,
    or_,
    select,
)

from fullcredits.store.figures import ALL
from fullcredits.store.read.credits import Person
from fullcredits.store.read.titles import CARD, LISTED, CardRow
from fullcredits.store.schema import people, person_departments, titles
from fullcredits.store.search_words import (
    CANDIDATES,
    Form,
    among_few,
    begin_words,
    begins,
    either,
    few_of,
    form_of,
    has_words,
    hits,
    rank,
    stated,
    values_of,
    words_of,
)
from fullcredits.text import fold

_ARTICLES = frozenset({"the", "a", "an"})


def find_titles(db: Connection, query: str, limit: int) -> list[CardRow]:
    """Movies and shows: exact titles first, then beginnings, whole words, parts of words."""
    # A leading article is not in the text that is searched.
    words = [word for word in words_of(query) if word not in _ARTICLES] or words_of(query)
    if not words:
        return []
    form, values = form_of(db, words), values_of(words)
    few = few_of(db, _title_hits(form), values)
    if few == []:
        return []
    asked = values | {"few": few or [], "limit": limit}
    rows = db.execute(_titles(form, few=few is not None), asked).all()
    return [CardRow._make(row) for row in rows]


_TITLE_TEXTS = (titles.c.title_folded, titles.c.original_folded)


@lru_cache(maxsize=64)
def _title_hits(form: Form) -> Select[Any] | None:
    return hits(form, titles, _TITLE_TEXTS, LISTED)


@lru_cache(maxsize=64)
def _titles(form: Form, *, few: bool) -> Select[Any]:
    text = titles.c.title_folded
    among_those = among_few(titles.c.id)
    if not few:
        # As the year is what orders them, the newest are enough.
        newest = func.coalesce(titles.c.year, literal_column("0")).desc()
        some = select(titles.c.id).where(LISTED, begin_words(text, form))
        named = select(titles.c.id).where(LISTED, text == bindparam("whole", type_=String))
        ends = some.order_by(newest, text).limit(_LIMIT), named.limit(_LIMIT)
        among_those = titles.c.id.in_(either(*ends))
    return (
        select(*CARD)
        .where(among_those, LISTED, or_(*stated(_TITLE_TEXTS, form)))
        .order_by(rank(text, form), titles.c.year.is_(None), titles.c.year.desc(), text)
        .limit(_LIMIT)
    )


class PersonFound(NamedTuple):
    """A person found, with how many movies and shows they worked on."""

    person: Person
    titles: int
    also_known_as: str = ""
    """Another name by which they were found; "" where their own was enough."""


def find_people(db: Connection, query: str, limit: int) -> list[PersonFound]:
    """People with a title: exact names first, then as titles; most titles first in each."""
    words = words_of(query)
    if not words:
        return []
    form, values = form_of(db, words), values_of(words)
    few = few_of(db, _people_hits(form), values)
    if few == []:
        return []
    begun = few_of(db, _PEOPLE_BEGINNING, values) if few is None else []
    if begun and len(words) == 1 and len(set(begun)) >= limit:
        # They come before those in whose names it only stands.
        few = begun
    asked = values | {"few": few or [], "limit": limit}
    statement = _people(form, few=few is not None, begun=begun is not None)
    rows = db.execute(statement, asked).all()
    return [
        PersonFound(Person._make(row[:3]), row[3], _other_name(row[1], row[4], words, form))
        for row in rows
    ]


def _other_name(name: str, others: Sequence[str], words: Sequence[str], form: Form) -> str:
    """Which of the other names has most of the words, where the name itself lacks some."""
    if not others or has_words(fold(name), words, form) == len(words):
        return ""
    return max(others, key=lambda other: has_words(fold(other), words, form))


_PERSON = (people.c.id, people.c.name, people.c.portrait_id, person_departments.c.titles)
_PEOPLE_TEXTS = (people.c.name_folded, people.c.also_folded)
_PEOPLE_BEGINNING = either(
    select(people.c.id).where(begins(people.c.name_folded)).limit(CANDIDATES + 1),
    select(people.c.id).where(begins(people.c.sort_folded)).limit(CANDIDATES + 1),
)
"""The ids of people one of whose first or last names begins with the first word."""


@lru_cache(maxsize=64)
def _people_hits(form: Form) -> Select[Any] | None:
    return hits(form, people, _PEOPLE_TEXTS)


@lru_cache(maxsize=64)
def _people(form: Form, *, few: bool, begun: bool) -> Select[Any]:
    text, sort = people.c.name_folded, person_departments.c.sort_folded
    among_those = among_few(people.c.id)
    if not few:
        found, hit = _PEOPLE_BEGINNING, _people_hits(form)
        if not begun:
            # Those with most titles. All words of the name stand in the text that sorts it.
            busiest = select(person_departments.c.person_id).where(
                person_departments.c.department == ALL, begin_words(sort, form)
            )
            named = select(people.c.id).where(text == bindparam("whole", type_=String))
            first = busiest.order_by(person_departments.c.titles.desc(), sort).limit(_LIMIT)
            found = either(first, named.limit(_LIMIT))
            # One word begins the names of more than are asked for.
            hit = hit if len(form.within) > 1 else None
        among_those = people.c.id.in_(found if hit is None else either(found, hit))
    return (
        select(*_PERSON, people.c.also_known_as)
        .join(person_departments, person_departments.c.person_id == people.c.id)
        .where(person_departments.c.department == ALL)
        .where(among_those, or_(*stated(_PEOPLE_TEXTS, form)))
        .order_by(rank(text, form), person_departments.c.titles.desc(), text, people.c.id)
        .limit(_LIMIT)
    )


_LIMIT = bindparam("limit", type_=Integer)


_PEOPLE_FOUND = (
    select(*_PERSON)
    .join(person_departments, person_departments.c.person_id == people.c.id)
    .where(among_few(people.c.id), person_departments.c.department == ALL)
)


def people_found(db: Connection, ids: Collection[int]) -> dict[int, PersonFound]:
    """Those of these people who worked on a title that a source has."""
    rows = db.execute(_PEOPLE_FOUND, {"few": list(ids)}).all() if ids else []
    return {row[0]: PersonFound(Person._make(row[:3]), row[3]) for row in rows}


_TITLES_FOUND = select(*CARD).where(among_few(titles.c.id), LISTED)


def titles_found(db: Connection, ids: Collection[int]) -> dict[int, CardRow]:
    """Those of these titles that a source has."""
    rows = db.execute(_TITLES_FOUND, {"few": list(ids)}).all() if ids else []
    return {row[0]: CardRow._make(row) for row in rows}
