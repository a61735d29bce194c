"""What waits for identity."""

from __future__ import annotations

from sqlalchemy import Connection, select

from fullcredits.store.schema import media_items, source_people


def media_items_wait(db: Connection) -> bool:
    """Whether any media item changed since identity last looked."""
    waiting = select(media_items.c.id).where(media_items.c.undecided).limit(1)
    return db.execute(waiting).first() is not None


def source_people_wait(db: Connection) -> bool:
    """Whether any source person changed, or their company, since identity last looked."""
    waiting = select(source_people.c.id).where(source_people.c.undecided).limit(1)
    return db.execute(waiting).first() is not None
