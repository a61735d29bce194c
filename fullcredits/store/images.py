"""Which pictures the sources have, and what became of fetching them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from fullcredits.store.chunks import chunked
from fullcredits.store.schema import images
from fullcredits.store.sources import now

FETCHED = "ok"


class ImageRow(NamedTuple):
    """A picture of a source; the column comments of `schema.images` say what each means."""

    id: int
    source_id: int
    ref: str
    state: str | None
    tried_at: dt.datetime | None
    digest: str | None
    width: int | None
    height: int | None


_COLUMNS = (
    images.c.id,
    images.c.source_id,
    images.c.ref,
    images.c.state,
    images.c.tried_at,
    images.c.digest,
    images.c.width,
    images.c.height,
)


def image_by_id(db: Connection, image_id: int) -> ImageRow | None:
    """The picture with that id, or None where there is none."""
    row = db.execute(select(*_COLUMNS).where(images.c.id == image_id)).first()
    return ImageRow._make(row) if row else None


def image_ids(db: Connection, source_id: int, refs: Sequence[str]) -> dict[str, int]:
    """The id of each ref, new rows made for those not seen before. Each ref is given once.

    Part of the path of every sync, so it asks in bulk and not per ref.
    """
    ids = _known(db, source_id, refs)
    missing = [ref for ref in refs if ref not in ids]
    if missing:
        dialect = sqlite if db.dialect.name == "sqlite" else postgresql
        # On PostgreSQL another writer may make the same rows between the look and this.
        statement = dialect.insert(images).on_conflict_do_nothing()
        db.execute(statement, [{"source_id": source_id, "ref": ref} for ref in missing])
        ids |= _known(db, source_id, missing)
    return ids


def _known(db: Connection, source_id: int, refs: Sequence[str]) -> dict[str, int]:
    ids: dict[str, int] = {}
    for chunk in chunked(refs):
        query = select(images.c.ref, images.c.id).where(
            images.c.source_id == source_id, images.c.ref.in_(chunk)
        )
        ids.update(db.execute(query).all())
    return ids


def mark_fetched(db: Connection, image_id: int, digest: str, width: int, height: int) -> None:
    """The picture came and is one; `digest` is the SHA-256 of it as fetched."""
    facts = {"state": FETCHED, "digest": digest, "width": width, "height": height}
    db.execute(update(images).where(images.c.id == image_id).values(tried_at=now(), **facts))


def mark_failed(db: Connection, image_id: int, reason: str) -> None:
    """The picture did not come; an earlier one that did stays known by its digest."""
    facts = {"state": reason, "tried_at": now()}
    db.execute(update(images).where(images.c.id == image_id).values(facts))
