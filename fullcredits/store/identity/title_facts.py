"""What identity needs to know of media items, portion by portion.

A portion is closed: nothing outside it can be one title with anything inside, nor is held for the
same title until now. So each can be decided by itself.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select

from fullcredits.model import ExternalId, TitleKind
from fullcredits.store.among import among
from fullcredits.store.schema import (
    media_item_ids,
    media_items,
    media_people,
    source_people,
)

PORTION = 1_000
"""So many waiting media items are decided at a time, with all they are connected with."""

ShowKey = tuple[int, str]
"""A source and the key that its seasons and episodes give for their show."""


class ItemRow(NamedTuple):
    """A media item as identity looks at it, and the title it is held for until now."""

    id: int
    kind: TitleKind
    library: int
    show: int | None
    """Of a season or an episode, the media item of its show."""
    show_title: int | None
    """The title that the show is held for."""
    season_number: int | None
    episode_number: int | None
    ids: tuple[ExternalId, ...]
    names: tuple[str, ...]
    """Title and original title, folded."""
    year: int | None
    released: dt.date | None
    overview: str
    """Of films and shows only."""
    title: int | None
    undecided: bool


def waiting_works(db: Connection) -> list[ItemRow]:
    """Some of what waits and belongs to no show, with all that is connected; empty: nothing waits.

    Gone items too: a title that comes back keeps its address.
    """
    query = (
        select(media_items.c.id)
        .where(media_items.c.undecided, media_items.c.show_key.is_(None))
        .order_by(media_items.c.id)
        .limit(PORTION)
    )
    reached: dict[int, Any] = {}
    fresh = _works(db, [among(media_items.c.id, db.scalars(query).all())])
    while fresh:
        reached |= fresh
        near = _works(db, _connections(fresh.values()))
        fresh = {number: row for number, row in near.items() if number not in reached}
    ids = _ids(db, reached)
    return [
        _row(reached[number], ids, None, None, reached[number].overview or "")
        for number in sorted(reached)
    ]


def _works(db: Connection, conditions: Iterable[Any]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for condition in conditions:
        query = select(*_COLUMNS, media_items.c.overview)
        query = query.where(media_items.c.show_key.is_(None), condition)
        for row in db.execute(query).all():
            found[row.id] = row
    return found


def _connections(rows: Iterable[Any]) -> Iterable[Any]:
    """Conditions of sharing a name, an external id or a title with these."""
    some = list(rows)
    names = {name for row in some for name in _names(row)}
    yield among(media_items.c.title_folded, names)
    yield among(media_items.c.original_folded, names)
    own, other = media_item_ids.alias(), media_item_ids.alias()
    same = (own.c.scheme == other.c.scheme) & (own.c.value == other.c.value)
    sharing = select(other.c.media_item_id).join(own, same)
    items = [row.id for row in some]
    yield media_items.c.id.in_(sharing.where(among(own.c.media_item_id, items)))
    if titles := {row.title_id for row in some if row.title_id is not None}:
        yield among(media_items.c.title_id, titles)


def waiting_parts(db: Connection) -> list[ItemRow]:
    """All seasons and episodes of some shows of which some wait; empty: nothing waits."""
    query = (
        select(media_items.c.source_id, media_items.c.show_key)
        .where(media_items.c.undecided, media_items.c.show_key.is_not(None))
        .order_by(media_items.c.show_key)
        .limit(PORTION)
    )
    reached: set[ShowKey] = set()
    shows: dict[ShowKey, tuple[int, int | None]] = {}
    parts: list[Any] = []
    fresh: set[ShowKey] = {(source, key) for source, key in db.execute(query).all()}
    while fresh:
        shows |= _shows(db, fresh)
        fresh |= _of_titles(db, {shows[key][1] for key in fresh & shows.keys()}) - reached
        shows |= _shows(db, fresh - shows.keys())
        reached |= fresh
        found = _parts(db, fresh)
        parts += found
        fresh = _held_with(db, {row.title_id for row in found}) - reached
    ids = _ids(db, [row.id for row in parts])
    found_rows = []
    for row in sorted(parts, key=lambda row: int(row.id)):
        show, title = shows.get((row.source_id, row.show_key), (None, None))
        found_rows.append(_row(row, ids, show, title, ""))
    return found_rows


def _by_source(keys: Iterable[ShowKey]) -> Iterable[tuple[int, list[str]]]:
    of_source: dict[int, list[str]] = defaultdict(list)
    for source, key in sorted(keys):
        of_source[source].append(key)
    return of_source.items()


def _shows(db: Connection, keys: Iterable[ShowKey]) -> dict[ShowKey, tuple[int, int | None]]:
    """The media item of each show and the title that it is held for."""
    found: dict[ShowKey, tuple[int, int | None]] = {}
    for source, some in _by_source(keys):
        query = select(media_items.c.key, media_items.c.id, media_items.c.title_id).where(
            media_items.c.source_id == source, among(media_items.c.key, some)
        )
        found.update(((source, key), (item, title)) for key, item, title in db.execute(query).all())
    return found


def _of_titles(db: Connection, titles: Iterable[int | None]) -> set[ShowKey]:
    """The shows, on all sources, that are held for these titles."""
    held = among(media_items.c.title_id, [title for title in titles if title is not None])
    rows = db.execute(select(media_items.c.source_id, media_items.c.key).where(held)).all()
    return {(source, key) for source, key in rows}


def _held_with(db: Connection, titles: Iterable[int | None]) -> set[ShowKey]:
    """The shows of seasons and episodes that are held for these titles."""
    held = among(media_items.c.title_id, [title for title in titles if title is not None])
    query = (
        select(media_items.c.source_id, media_items.c.show_key)
        .where(held, media_items.c.show_key.is_not(None))
        .distinct()
    )
    return {(source, key) for source, key in db.execute(query).all()}


def _parts(db: Connection, keys: Iterable[ShowKey]) -> list[Any]:
    found: list[Any] = []
    for source, some in _by_source(keys):
        query = select(*_COLUMNS).where(
            media_items.c.source_id == source, among(media_items.c.show_key, some)
        )
        found += db.execute(query)
    return found


_COLUMNS = tuple(
    media_items.c[name]
    for name in (
        "id", "source_id", "library_id", "kind", "show_key", "season_number", "episode_number",
        "title_folded", "original_folded", "year", "released", "title_id", "undecided",
    )
)  # fmt: skip


def _row(
    row: Row[Any],
    ids: dict[int, list[ExternalId]],
    show: int | None,
    show_title: int | None,
    overview: str,
) -> ItemRow:
    return ItemRow(
        row.id,
        TitleKind(row.kind),
        row.library_id,
        show,
        show_title,
        row.season_number,
        row.episode_number,
        tuple(sorted(ids.get(row.id, ()))),
        _names(row),
        row.year,
        row.released,
        overview,
        row.title_id,
        row.undecided,
    )


def _names(row: Row[Any]) -> tuple[str, ...]:
    both = (row.title_folded, row.original_folded)
    return tuple(name for name in dict.fromkeys(both) if name)


def _ids(db: Connection, items: Iterable[int]) -> dict[int, list[ExternalId]]:
    found: dict[int, list[ExternalId]] = defaultdict(list)
    query = select(media_item_ids).where(among(media_item_ids.c.media_item_id, items))
    for item, scheme, value in db.execute(query).all():
        found[item].append(ExternalId(scheme, value))
    return found


def load_cast(db: Connection, items: Iterable[int]) -> dict[int, set[str]]:
    """The folded names credited on each of these media items."""
    found: dict[int, set[str]] = defaultdict(set)
    query = (
        select(media_people.c.media_item_id, source_people.c.name_folded)
        .join(source_people, source_people.c.id == media_people.c.source_person_id)
        .where(among(media_people.c.media_item_id, items))
        .distinct()
    )
    for item, name in db.execute(query).all():
        found[item].add(name)
    return found
