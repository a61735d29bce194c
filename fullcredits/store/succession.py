"""Titles that a server has under another key than before: added anew, moved, or all of them because
the server was set up anew.

Identity has said that both are one title, by external ids or facts that no key has a part in. The
old media item stays, with its credits and whoever holds them, and takes the new one's key. A second
copy, that was there beside the old one, is no new one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlalchemy import Connection, and_, bindparam, delete, func, or_, select, update

from fullcredits.store.among import among
from fullcredits.store.identity.decisions import put_keys_right
from fullcredits.store.identity.waiting import let_company_look
from fullcredits.store.plan import Turn
from fullcredits.store.schema import libraries, media_items, media_people, person_departments


class Heir(NamedTuple):
    """A media item in the place of one that is missing."""

    old: int
    """Row id of the missing one."""
    new: int
    between: tuple[int, ...] = ()
    """Others that came in its place and are missing too: keys that were given out in between."""

    @property
    def rows(self) -> frozenset[int]:
        """The row ids of all of them."""
        return frozenset((self.old, self.new, *self.between))


def note_listed(db: Connection, library_ids: Collection[int], highest: int) -> None:
    """All of these libraries was listed, when media items had row ids up to the highest."""
    up_to = libraries.c.listed_up_to
    where = (among(libraries.c.id, library_ids), func.coalesce(up_to, 0) < highest)
    if db.execute(select(libraries.c.id).where(*where).limit(1)).first():
        db.execute(update(libraries).where(*where).values(listed_up_to=highest))


def heirs(db: Connection, source_id: int, missing: Collection[int]) -> list[Heir]:
    """Who takes the place of those that are missing now, or gone since long: what came after these
    were listed last, or was never read. Each old and each new one at most once; the missing ones
    before those that are gone, and those of one library before others.
    """
    old, new, home = media_items.alias("old"), media_items.alias("new"), libraries.alias()
    unread = and_(new.c.due.is_not(None), new.c.read_at.is_(None))
    gone = select(media_items.c.id).where(
        media_items.c.source_id == source_id, media_items.c.gone_since.is_not(None)
    )
    lost = set(missing)
    same_library = (old.c.library_id == new.c.library_id).label("same_library")
    query = (
        select(old.c.id.label("old"), new.c.id.label("new"), same_library)
        .select_from(old)
        .join(home, home.c.id == old.c.library_id)
        .join(new, new.c.title_id == old.c.title_id)
        .where(
            among(old.c.id, lost.union(db.scalars(gone))),
            new.c.source_id == source_id,
            new.c.kind == old.c.kind,
            new.c.id > old.c.id,
            or_(unread, new.c.id > home.c.listed_up_to),
            new.c.gone_since.is_(None),
        )
    )
    pairs = sorted(
        db.execute(query), key=lambda p: (p.old not in lost, not p.same_library, p.old, p.new)
    )
    chosen: dict[int, int] = {}
    taken: set[int] = set()
    for pair in pairs:
        if pair.new not in lost and not {pair.old, pair.new} & taken:
            taken |= {pair.old, pair.new}
            chosen[pair.old] = pair.new
    between: dict[int, list[int]] = {row: [] for row in chosen}
    for pair in pairs:
        if pair.old in chosen and pair.new in lost and pair.new not in taken:
            taken.add(pair.new)
            between[pair.old].append(pair.new)
    return [Heir(row, heir, tuple(between[row])) for row, heir in chosen.items()]


_TAKEN = ("key", "library_id", "parent_key", "show_key", "marker", "added")


def succeed(db: Connection, source: str, chosen: Collection[Heir]) -> None:
    """Let the old media items go on under the keys of the new ones, and be read again."""
    olds = {heir.new: heir.old for heir in chosen}
    rows = {row for heir in chosen for row in heir.rows}
    let_company_look(db, rows)
    columns = (media_items.c.id, *(media_items.c[name] for name in _TAKEN))
    new = db.execute(select(*columns).where(among(media_items.c.id, olds))).mappings().all()
    places = select(*(media_items.c[name] for name in ("id", "source_id", "key", "show_key")))
    before = {row.id: row for row in db.execute(places.where(among(media_items.c.id, rows)))}
    _let_go(db, rows.difference(olds.values()))
    afresh = {
        "due": int(Turn.CHANGED),
        "look_at": None,
        "unsettled_since": None,
        "hold_id": None,
        "gone_since": None,
        "undecided": True,
    }
    there = [{"row_id": olds[row["id"]], **{name: row[name] for name in _TAKEN}} for row in new]
    where = media_items.c.id == bindparam("row_id")
    db.execute(update(media_items).where(where), [row | afresh for row in there])
    renamed = {
        str(before[row].key): str(before[heir.new].key)
        for heir in chosen
        for row in (heir.old, *heir.between)
    }
    shows = {row.show_key or row.key for row in before.values()}
    for source_id in {row.source_id for row in before.values()}:
        _let_parts_follow(db, source_id, shows, renamed)
    put_keys_right(db, source, renamed)


def _let_parts_follow(
    db: Connection, source_id: int, shows: Collection[str], renamed: Mapping[str, str]
) -> None:
    """What hung on titles that have other keys now, given by the old ones, hangs on them still; it
    may have other keys later.
    """
    names = ("show_key", "parent_key")
    below = select(
        media_items.c.id.label("row_id"), *(media_items.c[name] for name in names)
    ).where(
        media_items.c.source_id == source_id,
        among(media_items.c.show_key, shows),
        or_(*(among(media_items.c[name], renamed) for name in names)),
    )
    parts = [
        {**row, "undecided": True, **{name: renamed.get(row[name], row[name]) for name in names}}
        for row in db.execute(below).mappings()
    ]
    if parts:
        db.execute(update(media_items).where(media_items.c.id == bindparam("row_id")), parts)


def _let_go(db: Connection, rows: Collection[int]) -> None:
    """Forget media items, whose titles stay; they may have been read."""
    theirs = among(media_people.c.media_item_id, rows)
    whose = select(media_people.c.person_id).where(theirs, media_people.c.person_id.is_not(None))
    holders = set(db.scalars(whose))
    db.execute(delete(media_items).where(among(media_items.c.id, rows)))
    # Who has other credits left is counted again by identity; nobody else is listed any more.
    db.execute(delete(person_departments).where(among(person_departments.c.person_id, holders)))
