"""What identity needs to know of media items."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection, select

from fullcredits import text
from fullcredits.model import ExternalId, TitleKind
from fullcredits.store.chunks import chunked
from fullcredits.store.schema import media_item_ids, media_items, media_people, source_people


class ItemRow(NamedTuple):
    """A media item as identity looks at it, and the title it is held for until now."""

    id: int
    kind: TitleKind
    show: int | None
    season_number: int | None
    episode_number: int | None
    ids: tuple[ExternalId, ...]
    names: tuple[str, ...]
    """Title and original title, folded."""
    year: int | None
    released: dt.date | None
    title: int | None
    undecided: bool


def anything_undecided(db: Connection) -> bool:
    """Whether any media item or source person changed since identity last looked."""
    return any(
        db.execute(select(table.c.id).where(table.c.undecided).limit(1)).first() is not None
        for table in (media_items, source_people)
    )


def load_items(db: Connection) -> list[ItemRow]:
    """Every media item, gone ones too: a title that comes back keeps its address."""
    ids: dict[int, list[ExternalId]] = defaultdict(list)
    for item_id, scheme, value in db.execute(select(media_item_ids)):
        ids[item_id].append(ExternalId(scheme, value))
    rows = db.execute(
        select(
            media_items.c.id,
            media_items.c.source_id,
            media_items.c.key,
            media_items.c.kind,
            media_items.c.show_key,
            media_items.c.season_number,
            media_items.c.episode_number,
            media_items.c.title_folded,
            media_items.c.original_title,
            media_items.c.year,
            media_items.c.released,
            media_items.c.title_id,
            media_items.c.undecided,
        ).order_by(media_items.c.id)
    ).all()
    shows = {(r.source_id, r.key): r.id for r in rows if r.kind == TitleKind.SHOW}
    return [
        ItemRow(
            row.id,
            TitleKind(row.kind),
            shows.get((row.source_id, row.show_key)) if row.show_key else None,
            row.season_number,
            row.episode_number,
            tuple(sorted(ids.get(row.id, ()))),
            _names(row.title_folded, row.original_title),
            row.year,
            row.released,
            row.title_id,
            row.undecided,
        )
        for row in rows
    ]


def _names(folded: str, original: str | None) -> tuple[str, ...]:
    both = (folded, text.fold(original) if original else "")
    return tuple(name for name in dict.fromkeys(both) if name)


def load_cast(db: Connection, items: Iterable[int]) -> dict[int, set[str]]:
    """The folded names credited on each of these media items."""
    found: dict[int, set[str]] = defaultdict(set)
    for chunk in chunked(sorted(items)):
        query = (
            select(media_people.c.media_item_id, source_people.c.name_folded)
            .join(source_people, source_people.c.id == media_people.c.source_person_id)
            .where(media_people.c.media_item_id.in_(chunk))
            .distinct()
        )
        for item, name in db.execute(query):
            found[item].add(name)
    return found
