"""Media items by their sources' keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, or_, select

from fullcredits.model import MediaItem, TitleKind
from fullcredits.store.chunks import chunked
from fullcredits.store.schema import media_items


class NamedItem(NamedTuple):
    """A media item that is not marked gone."""

    library_id: int
    item: MediaItem
    """Key, kind and name only."""


def items_named(db: Connection, source_id: int, keys: Iterable[str]) -> list[NamedItem]:
    """Of these keys, the media items that are known and not marked gone."""
    return _living(db, source_id, (media_items.c.key,), keys)


def items_below(db: Connection, source_id: int, keys: Iterable[str]) -> list[NamedItem]:
    """Seasons and episodes of these shows and seasons that are not marked gone."""
    return _living(db, source_id, (media_items.c.show_key, media_items.c.parent_key), keys)


def _living(
    db: Connection, source_id: int, columns: Sequence[Column[Any]], keys: Iterable[str]
) -> list[NamedItem]:
    m = media_items.c
    found: dict[str, NamedItem] = {}
    for chunk in chunked(sorted(set(keys))):
        query = select(m.library_id, m.key, m.kind, m.title).where(
            m.source_id == source_id,
            m.gone_since.is_(None),
            or_(*(column.in_(chunk) for column in columns)),
        )
        for row in db.execute(query):
            item = MediaItem(key=row.key, kind=TitleKind(row.kind), title=row.title)
            found[row.key] = NamedItem(row.library_id, item)
    return list(found.values())
