"""What is counted ahead: lists, filters and totals would otherwise count a million rows each time.

Everything here follows from the facts and from who is who, and can be made again at any time;
whatever changes those tells here what it touched, in the same transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Table,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)

from fullcredits.model import TitleKind
from fullcredits.store import bulk
from fullcredits.store.among import among
from fullcredits.store.schema import (
    libraries,
    media_items,
    media_people,
    people,
    person_departments,
    person_ids,
    title_genres,
    titles,
    totals,
)

TOP_KINDS = (TitleKind.MOVIE, TitleKind.SHOW)
"""What libraries, searches and lists of titles are made of."""
ALL = ""
"""The department that stands for all of them."""
CATALOGUES = ("imdb", "tmdb", "tvdb")
"""Whose ids name one person each."""
_LONGEST_GENRE = 100
_AT_ONCE = 500
"""People whose credits are counted at once: the busiest have hundreds each."""


class Listed(NamedTuple):
    """What filters go by, of a movie or show that a source has."""

    kind: TitleKind
    year: int | None
    genres: Sequence[str]


def refresh(db: Connection) -> None:
    """Make all of it again."""
    living = (media_items.c.title_id == titles.c.id) & media_items.c.gone_since.is_(None)
    held = select(media_items).where(living).exists()
    db.execute(update(titles).where(titles.c.held != held).values(held=held))
    _put_libraries(db)
    columns = (titles.c.id, titles.c.kind, titles.c.year, titles.c.genres)
    listed = select(*columns).where(titles.c.held, titles.c.kind.in_(TOP_KINDS))
    put_genres(db, {row[0]: Listed._make(row[1:]) for row in db.execute(listed)})
    count_people(db)
    mark_clashes(db)
    count_totals(db)


def in_libraries(numbers: Iterable[int]) -> str:
    """These libraries, as a title has them."""
    found = "".join(f" {number}" for number in sorted(set(numbers)))
    return f"{found} " if found else ""


def _put_libraries(db: Connection) -> None:
    """Let all titles say in which libraries they are."""
    living = (media_items.c.title_id.is_not(None), media_items.c.gone_since.is_(None))
    columns = (media_items.c.title_id, media_items.c.library_id)
    where: dict[int, list[int]] = {}
    for title, library in db.execute(
        select(*columns).where(*living, media_items.c.kind.in_(TOP_KINDS))
    ):
        where.setdefault(title, []).append(library)
    stored: dict[int, str] = dict(
        db.execute(
            select(titles.c.id, titles.c.in_libraries).where(titles.c.in_libraries != "")
        ).all()
    )
    wanted = dict.fromkeys(stored, "") | {n: in_libraries(found) for n, found in where.items()}
    rows = [
        {"row_id": number, "in_libraries": found}
        for number, found in wanted.items()
        if stored.get(number, "") != found
    ]
    if rows:
        db.execute(update(titles).where(titles.c.id == bindparam("row_id")), rows)


def put_genres(
    db: Connection, listed: Mapping[int, Listed], titles: Collection[int] | None = None
) -> None:
    """Let these titles, or all, have the genres given here, and the others none."""
    wanted = {
        (number, genre, str(title.kind), title.year)
        for number, title in listed.items()
        for genre in {genre[:_LONGEST_GENRE] for genre in title.genres}
    }
    _put(db, title_genres, title_genres.c.title_id, wanted, titles)


def count_people(db: Connection, people: Collection[int] | None = None) -> None:
    """In how many movies and shows these people worked, or everybody."""
    if people is None:
        wanted = _counted(db, media_people.c.person_id.is_not(None))
        _put(db, person_departments, person_departments.c.person_id, wanted, None)
        return
    numbers = sorted(people)
    for first in range(0, len(numbers), _AT_ONCE):
        some = numbers[first : first + _AT_ONCE]
        wanted = _counted(db, among(media_people.c.person_id, some))
        _put(db, person_departments, person_departments.c.person_id, wanted, some)


def _counted(db: Connection, whose: ColumnElement[bool]) -> set[tuple[Any, ...]]:
    """Counted here and not in SQL: there SQLite sorts them, which takes several times as long."""
    top = func.coalesce(titles.c.show_id, titles.c.id)
    rows = db.execute(
        select(media_people.c.person_id, media_people.c.department, top)
        .select_from(media_people)
        .join(media_items, media_items.c.id == media_people.c.media_item_id)
        .join(titles, titles.c.id == media_items.c.title_id)
        .where(media_items.c.gone_since.is_(None), whose)
    )
    works = {(person, title, department) for person, department, title in rows}
    works |= {(person, title, ALL) for person, title, _ in works}
    numbers = Counter((person, department) for person, _, department in works)
    whose = among(people.c.id, {person for person, _ in numbers})
    sort = dict(db.execute(select(people.c.id, people.c.sort_folded).where(whose)).all())
    return {
        (person, department, number, sort[person])
        for (person, department), number in numbers.items()
    }


def _put(
    db: Connection,
    table: Table,
    key: Column[int],
    wanted: set[tuple[Any, ...]],
    of_those: Collection[int] | None,
) -> None:
    """Let the table have these rows for these keys, or in all, and write only what differs."""
    query = select(table) if of_those is None else select(table).where(among(key, of_those))
    stored: set[tuple[Any, ...]] = set(map(tuple, db.execute(query).all()))
    place = list(table.columns).index(key)
    changed = {row[place] for row in stored ^ wanted}
    if stale := {row[place] for row in stored} & changed:
        db.execute(delete(table).where(among(key, stale)))
    fresh = sorted((row for row in wanted if row[place] in changed), key=lambda row: row[:2])
    bulk.insert_rows(db, table, table.columns.keys(), fresh)


PersonId = tuple[int, str, str]
"""The person, the catalogue, the id."""


def mark_clashes(db: Connection, new: Collection[PersonId] | None = None) -> None:
    """Mark what contradicts any of these new ids, or all that do: several ids of one person in a
    catalogue, or one of several people. The mark stays when the other id goes.
    """
    ids, other = person_ids.c, person_ids.alias("other").c
    several = exists().where(
        other.person_id == ids.person_id, other.scheme == ids.scheme, other.value != ids.value
    )
    shared = exists().where(
        other.scheme == ids.scheme, other.value == ids.value, other.person_id != ids.person_id
    )
    for clash, column, place in ((several, ids.person_id, 0), (shared, ids.value, 2)):
        asked = [] if new is None else [among(column, {row[place] for row in new})]
        query = update(person_ids).where(ids.scheme.in_(CATALOGUES), ~ids.clashes, *asked, clash)
        db.execute(query.values(clashes=True))


_OLD = "old"
"""A row of `totals` that says so of the others."""


def let_totals_be_old(db: Connection) -> None:
    """What is counted in `totals` changed: they are to be counted again when all is decided."""
    if not totals_are_old(db):
        db.execute(insert(totals).values(name=_OLD, number=1))


def totals_are_old(db: Connection) -> bool:
    """Whether something changed since they were counted."""
    return db.execute(select(totals).where(totals.c.name == _OLD)).first() is not None


def count_totals(db: Connection) -> None:
    """How much there is in all, and in each library."""
    living = media_items.c.gone_since.is_(None)
    distinct = func.count(media_items.c.title_id.distinct())
    in_library = (
        select(distinct)
        .where(living, media_items.c.library_id == libraries.c.id)
        .where(media_items.c.kind.in_(TOP_KINDS))
        .scalar_subquery()
    )
    db.execute(update(libraries).where(libraries.c.titles != in_library).values(titles=in_library))
    by_kind = select(media_items.c.kind, distinct).where(living).group_by(media_items.c.kind)
    kinds: dict[str, int] = dict(db.execute(by_kind).all())
    everybody = select(func.count()).where(person_departments.c.department == ALL)
    numbers = {
        "movies": kinds.get(TitleKind.MOVIE, 0),
        "shows": kinds.get(TitleKind.SHOW, 0),
        "episodes": kinds.get(TitleKind.EPISODE, 0),
        "people": db.execute(everybody).scalar_one(),
        "credits": _living_credits(db),
    }
    known: dict[str, int] = dict(db.execute(select(totals)).all())
    if known != numbers:
        db.execute(delete(totals))
        db.execute(insert(totals), [{"name": k, "number": v} for k, v in numbers.items()])


def _living_credits(db: Connection) -> int:
    """All but those of what is gone, which is little."""
    credits = select(func.count()).select_from(media_people)
    item = media_items.c.id == media_people.c.media_item_id
    gone = credits.join(media_items, item).where(media_items.c.gone_since.is_not(None))
    every, fewer = (db.execute(query).scalar_one() for query in (credits, gone))
    return int(every) - int(fewer)
