"""A database beside what servers serve, and beside one that was read from them anew."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import Select, select

from fullcredits.store import Store
from fullcredits.store.schema import (
    images,
    libraries,
    media_item_ids,
    media_items,
    media_people,
    source_people,
    sources,
)
from tests.sync.soak.shelf import Title

_PLAN = (
    "id", "source_id", "library_id", "title_id", "hold_id", "poster_id", "backdrop_id", "read_at",
    "due", "look_at", "unsettled_since", "gone_since", "undecided", "marker",
)  # fmt: skip
"""What no server says, or what another table says in words."""
_OF_PERSONS = (
    "id", "source_id", "name", "name_folded", "portrait_id", "person_id", "own_person_id",
    "weighed", "undecided",
)  # fmt: skip
_LIVING = media_items.c.gone_since.is_(None)


def titles_of(store: Store, source: str) -> set[Title]:
    """The living titles of a source."""
    query = (
        select(
            media_items.c.key,
            media_items.c.title,
            media_items.c.kind,
            libraries.c.name,
            media_items.c.parent_key,
        )
        .join(libraries, libraries.c.id == media_items.c.library_id)
        .join(sources, sources.c.id == media_items.c.source_id)
        .where(sources.c.name == source, _LIVING)
    )
    return {Title._make(row) for row in _rows(store, query)}


def held_keys(store: Store, source: str) -> set[str]:
    """The titles of a source of which something is not believed."""
    query = (
        select(media_items.c.key)
        .join(sources, sources.c.id == media_items.c.source_id)
        .where(sources.c.name == source, media_items.c.hold_id.is_not(None))
    )
    return {row.key for row in _rows(store, query)}


def facts_of(store: Store) -> dict[str, Counter[Any]]:
    """Everything sources said, in words that mean the same in every database."""
    poster, backdrop = images.alias(), images.alias()
    columns = [c for c in media_items.columns if c.name not in _PLAN]
    items = (
        select(sources.c.name, libraries.c.key, poster.c.ref, backdrop.c.ref, *columns)
        .select_from(media_items)
        .join(sources, sources.c.id == media_items.c.source_id)
        .join(libraries, libraries.c.id == media_items.c.library_id)
        .join(poster, poster.c.id == media_items.c.poster_id, isouter=True)
        .join(backdrop, backdrop.c.id == media_items.c.backdrop_id, isouter=True)
        .where(_LIVING)
    )
    ids = (
        select(media_items.c.source_id, media_items.c.key, *list(media_item_ids.columns)[1:])
        .join(media_items, media_items.c.id == media_item_ids.c.media_item_id)
        .where(_LIVING)
    )
    facts = {
        name: Counter(repr(tuple(row)) for row in _rows(store, query))
        for name, query in (("items", items), ("ids", ids))
    }
    return facts | {"persons": _persons(store)}


def _persons(store: Store) -> Counter[Any]:
    """Whoever is credited, with all names that credits have for them: where a server has several
    for one key, the one that was read last is theirs, and no order is the right one.
    """
    told = [c for c in source_people.columns if c.name not in _OF_PERSONS]
    query = (
        select(source_people.c.id, source_people.c.name, media_people.c.credited_as)
        .add_columns(source_people.c.source_id, images.c.ref, *told)
        .join(media_people, media_people.c.source_person_id == source_people.c.id)
        .join(media_items, media_items.c.id == media_people.c.media_item_id)
        .join(images, images.c.id == source_people.c.portrait_id, isouter=True)
        .where(_LIVING)
        .distinct()
    )
    names: dict[tuple[int, str, Any], set[str]] = {}
    for number, name, credited_as, *facts in _rows(store, query):
        names.setdefault((number, name, tuple(facts)), set()).add(credited_as)
    assert all(name in credited for (_, name, _), credited in names.items())
    return Counter(repr((who[2], sorted(credited))) for who, credited in names.items())


def check_sound(store: Store) -> None:
    """No key points nowhere."""
    if store.engine.dialect.name == "sqlite":
        with store.engine.connect() as db:
            assert db.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            assert db.exec_driver_sql("PRAGMA integrity_check").all() == [("ok",)]


def _rows(store: Store, query: Select[Any]) -> list[Any]:
    with store.reading() as db:
        return list(db.execute(query))
