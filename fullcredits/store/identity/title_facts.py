"""What identity needs to know of media items."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from sqlalchemy import Connection, select

from fullcredits.model import ExternalId, TitleKind
from fullcredits.store.schema import media_item_ids, media_items, source_people


class ItemRow(NamedTuple):
    """A media item as identity looks at it, and the title it is held for until now."""

    id: int
    kind: TitleKind
    show: int | None
    season_number: int | None
    episode_number: int | None
    ids: tuple[ExternalId, ...]
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
            row.title_id,
            row.undecided,
        )
        for row in rows
    ]
