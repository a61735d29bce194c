"""What listings say: titles that are new, and known ones whose record is to be read anew."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, update

from fullcredits.model import ListedTitle, MediaItem, TitleKind
from fullcredits.store.identity.waiting import let_company_look
from fullcredits.store.plan import Turn, turn_of_new
from fullcredits.store.schema import media_items
from fullcredits.store.write import insert_items, known_items


class Compared(NamedTuple):
    """Listed titles beside what is known of them."""

    known: dict[str, int]
    """Row ids of those known before, by key."""
    fresh: list[MediaItem]
    """Those not known."""
    moved: list[dict[str, Any]]
    """Rows that are no longer right: another marker, another library, back from being away."""


def compare_listed(
    db: Connection,
    source_id: int,
    library_id: int,
    items: Sequence[ListedTitle],
    before: Collection[int] = (),
) -> Compared:
    """What a listing says that is not stored yet; reads only. What is in one of the libraries
    `before` this one stays there: they may show it, too.
    """
    known = known_items(db, source_id, [item.key for item in items])
    moved = [
        row
        for item in items
        if item.key in known and (row := _moved(known[item.key], item, library_id, before))
    ]
    fresh = [item.facts() for item in items if item.key not in known]
    return Compared({key: row.id for key, row in known.items()}, fresh, moved)


def _moved(
    row: Any, item: ListedTitle, library_id: int, before: Collection[int]
) -> dict[str, Any] | None:
    marker = item.marker or ""
    back = row.gone_since is not None
    if row.library_id in before and not (back or row.vanished):
        library_id = row.library_id
    if row.marker == marker and row.library_id == library_id and not (back or row.vanished):
        return None
    due, look_at, unsettled_since = row.due, row.look_at, row.unsettled_since
    if row.marker != marker or back or (row.vanished and (unsettled_since or not row.read_at)):
        turn = Turn.CHANGED if row.read_at else turn_of_new(item.kind)
        due = turn if due is None else min(due, turn)
        look_at = unsettled_since = None
    return {
        "row_id": row.id,
        "library_id": library_id,
        "marker": marker,
        "due": due,
        "look_at": look_at,
        "unsettled_since": unsettled_since,
        "gone_since": None,
        "hold_id": None if row.vanished else row.hold_id,
        # A title tells in which libraries it is.
        "undecided": row.undecided or back or row.library_id != library_id,
    }


def put_listed(
    db: Connection, source_id: int, library_id: int, compared: Compared
) -> dict[str, int]:
    """Store what a listing says that is not stored yet; returns the row id of every key listed.

    A listing gives less than a record, so of a title known already it changes the plan only.
    """
    if compared.moved:
        where = media_items.c.id == bindparam("row_id")
        db.execute(update(media_items).where(where), compared.moved)
        let_company_look(db, [row["row_id"] for row in compared.moved if row["undecided"]])
    ids = dict(compared.known)
    for kind in TitleKind:
        items = [item for item in compared.fresh if item.kind is kind]
        if items:
            ids |= insert_items(db, source_id, library_id, items, due=turn_of_new(kind))
    return ids
