"""Titles that a server no longer has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple, Protocol

from sqlalchemy import ColumnElement, Connection, func, or_, select, update

from fullcredits.model import TitleKind
from fullcredits.store.among import among
from fullcredits.store.identity.waiting import let_company_look
from fullcredits.store.schema import media_items
from fullcredits.store.sources import now


class Listed(Protocol):
    """A set of row ids."""

    def __contains__(self, row: int, /) -> bool: ...


class Suspect(NamedTuple):
    """A title, not marked gone, that may be."""

    id: int
    key: str
    library_id: int
    kind: TitleKind
    show_key: str | None


_LIVING = media_items.c.gone_since.is_(None)


def absent_titles(
    db: Connection, library_id: int, kinds: Collection[TitleKind], listed: Listed
) -> list[Suspect]:
    """A library's living titles of these kinds that were not listed."""
    query = _suspects(media_items.c.library_id == library_id, media_items.c.kind.in_(kinds))
    rows = db.execute(query.order_by(media_items.c.id))
    return [_suspect(row) for row in rows if row.id not in listed]


def count_living(db: Connection, library_id: int) -> dict[TitleKind, int]:
    """How many living titles of each kind a library has."""
    query = select(media_items.c.kind, func.count()).where(
        media_items.c.library_id == library_id, _LIVING
    )
    rows = db.execute(query.group_by(media_items.c.kind))
    return {TitleKind(kind): count for kind, count in rows}


def count_gone(db: Connection, library_id: int, since: dt.datetime) -> dict[TitleKind, int]:
    """How many films and shows of a library are gone since then, or later."""
    query = select(media_items.c.kind, func.count()).where(
        media_items.c.library_id == library_id,
        media_items.c.gone_since >= since,
        media_items.c.show_key.is_(None),
    )
    rows = db.execute(query.group_by(media_items.c.kind))
    return {TitleKind(kind): count for kind, count in rows}


def titles_named(db: Connection, source_id: int, keys: Iterable[str]) -> list[Suspect]:
    """Of these keys, those of living titles."""
    which = (media_items.c.source_id == source_id, among(media_items.c.key, keys))
    return [_suspect(row) for row in db.execute(_suspects(*which))]


def titles_below(db: Connection, source_id: int, keys: Iterable[str]) -> list[Suspect]:
    """Living seasons and episodes of these shows and seasons."""
    above = list(keys)
    below = or_(among(media_items.c.show_key, above), among(media_items.c.parent_key, above))
    rows = db.execute(_suspects(media_items.c.source_id == source_id, below))
    return [_suspect(row) for row in rows]


def _suspects(*where: ColumnElement[bool]) -> Any:
    columns = (media_items.c[name] for name in Suspect._fields)
    return select(*columns).where(_LIVING, *where)


def _suspect(row: Any) -> Suspect:
    return Suspect._make(row)._replace(kind=TitleKind(row.kind))


def strays(db: Connection, ids: Collection[int]) -> set[int]:
    """Of these, seasons and episodes of which nothing is known, not even whose they are: they were
    listed while their server gave out other keys.
    """
    show = media_items.alias("show")
    above = select(show.c.id).where(
        show.c.source_id == media_items.c.source_id, show.c.key == media_items.c.show_key
    )
    query = select(media_items.c.id).where(
        among(media_items.c.id, ids),
        media_items.c.show_key.is_not(None),
        media_items.c.read_at.is_(None),
        ~above.exists(),
    )
    return set(db.scalars(query))


def mark_gone(db: Connection, ids: Sequence[int]) -> int:
    """Mark titles that their server no longer has; returns how many were there until now.

    Their rows and credits stay, so that a title that comes back is itself again.
    """
    values = {
        "gone_since": now(),
        "due": None,
        "look_at": None,
        "hold_id": None,
        "undecided": True,
    }
    where = (among(media_items.c.id, ids), _LIVING)
    gone = db.execute(update(media_items).where(*where).values(**values)).rowcount
    let_company_look(db, ids)
    return gone
