"""What a database holds, in the same words as `tests.served`."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import case, select

from fullcredits.store import Store
from fullcredits.store.schema import media_items, media_people, sources
from tests.served import Stated


def credits_of(store: Store, source: str) -> Counter[Stated]:
    """Every credit stored for living titles of a source."""
    part = case(
        (media_people.c.department == "Acting", media_people.c.character),
        else_=media_people.c.job,
    )
    query = (
        select(
            media_items.c.key,
            media_people.c.credited_as,
            media_people.c.kind,
            part,
            media_people.c.billing,
        )
        .join(media_items, media_items.c.id == media_people.c.media_item_id)
        .join(sources, sources.c.id == media_items.c.source_id)
        .where(sources.c.name == source, media_items.c.gone_since.is_(None))
    )
    with store.reading() as db:
        return Counter(Stated._make(row) for row in db.execute(query))
