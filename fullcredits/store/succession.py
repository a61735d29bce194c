"""Titles that a server has under another key than before: added anew, moved, or all of them because
the server was set up anew.

Identity has said that both are one title, by external ids or facts that no key has a part in. The
old media item stays, with its credits and whoever holds them, and takes the new one's key.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, select, update

from fullcredits.store.among import among
from fullcredits.store.identity.decisions import put_keys_right
from fullcredits.store.identity.waiting import let_company_look
from fullcredits.store.plan import Turn
from fullcredits.store.schema import media_items


class Heir(NamedTuple):
    """A media item that is listed and was never read, in the place of one that is missing."""

    old: int
    """Row id of the missing one."""
    new: int
    same_library: bool


def heirs(db: Connection, source_id: int, missing: Collection[int]) -> list[Heir]:
    """Who takes the place of those that are missing now, or gone since long; each old and each new
    one at most once, those of one library before others.
    """
    old, new = media_items.alias("old"), media_items.alias("new")
    query = (
        select(old.c.id, new.c.id, old.c.library_id == new.c.library_id, old.c.gone_since)
        .join(new, new.c.title_id == old.c.title_id)
        .where(
            old.c.source_id == source_id,
            new.c.source_id == source_id,
            new.c.kind == old.c.kind,
            new.c.id > old.c.id,
            new.c.due.is_not(None),
            new.c.read_at.is_(None),
            new.c.gone_since.is_(None),
        )
        .order_by(old.c.id, new.c.id)
    )
    wanted = set(missing)
    rows = (row for row in db.execute(query) if row.gone_since is not None or row[0] in wanted)
    found = [Heir(*row[:3]) for row in rows]
    chosen: list[Heir] = []
    taken: set[int] = set()
    for heir in sorted(found, key=lambda heir: not heir.same_library):
        if not {heir.old, heir.new} & taken:
            taken |= {heir.old, heir.new}
            chosen.append(heir)
    return chosen


_TAKEN = ("key", "library_id", "parent_key", "show_key", "marker", "added")


def succeed(db: Connection, source: str, chosen: Sequence[Heir]) -> None:
    """Let the old media items go on under the keys of the new ones, and be read again."""
    olds = {heir.new: heir.old for heir in chosen}
    let_company_look(db, [*olds.keys(), *olds.values()])
    columns = (media_items.c.id, *(media_items.c[name] for name in _TAKEN))
    these = among(media_items.c.id, olds)
    new = db.execute(select(*columns).where(these)).mappings().all()
    keys = select(media_items.c.id, media_items.c.key)
    former = dict(db.execute(keys.where(among(media_items.c.id, olds.values()))).all())
    rows = [{"row_id": olds[row["id"]], **{name: row[name] for name in _TAKEN}} for row in new]
    db.execute(delete(media_items).where(these))
    afresh = {
        "due": int(Turn.CHANGED),
        "look_at": None,
        "unsettled_since": None,
        "hold_id": None,
        "gone_since": None,
        "undecided": True,
    }
    where = media_items.c.id == bindparam("row_id")
    db.execute(update(media_items).where(where), [row | afresh for row in rows])
    put_keys_right(db, source, {former[row["row_id"]]: str(row["key"]) for row in rows})
