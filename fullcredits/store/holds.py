"""What a server says and is not believed at once: titles that vanished in great number, a cast that
came back empty or much thinner, or absurd. What was known is kept until time or the owner decides.

Media items point at the hold that they are kept by.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Connection, case, delete, func, insert, or_, select, update

from fullcredits.errors import NotFound
from fullcredits.model import Odd
from fullcredits.store.among import among
from fullcredits.store.gone import mark_gone
from fullcredits.store.named import full_names
from fullcredits.store.plan import Turn
from fullcredits.store.schema import holds, libraries, media_items, sources
from fullcredits.store.sources import now

REFUSED_FOR = dt.timedelta(days=1)
"""So long what the owner refused is kept unseen: then one looks whether the server says something
else, which its marker may not tell."""


class Word(StrEnum):
    """What the owner said of a hold."""

    ACCEPTED = "accepted"
    """Believe the server."""
    REFUSED = "refused"
    """Keep what was known."""


class Hold(NamedTuple):
    """Something kept against a server's word."""

    id: int
    source_id: int
    source: str
    library: str | None
    """Whose titles are missing; None: credits are."""
    title: str | None
    """Whose record is not believed."""
    missing: int
    """Titles or credits; less than none where there are more credits than before."""
    whole: int
    looks: int
    next_look: dt.datetime | None
    """When a look counts again; None where only the owner decides."""
    odd: Odd | None
    """What looks absurd in the record, beside the number of credits."""
    first_seen: dt.datetime
    last_seen: dt.datetime
    word: Word | None

    @property
    def words(self) -> str:
        """What is held, in a sentence without an end."""
        if self.library is not None:
            return f"{of_library(self.missing, self.whole, self.library)} listed no longer"
        return f"“{self.title}” {words_of(self.odd, self.whole - self.missing, self.whole)}"


def of_library(missing: int, whole: int, library: str) -> str:
    """So many titles of a library with a verb, like "9 of 40 titles in Movies are"."""
    if missing == whole == 1:
        return f"the only title in {library} is"
    return f"{missing:,} of {whole:,} titles in {library} {'is' if missing == 1 else 'are'}"


def words_of(odd: Odd | None, left: int, whole: int) -> str:
    """How a record came back that is not believed, with so many credits of so many."""
    if odd is not None:
        return f"came back with {ODDITIES[odd]}"
    return f"came back with {f'{left:,}' if left else 'no'} credits, and had {whole:,}"


ODDITIES = {
    Odd.NAMES: "characters in names that nobody sees or types",
    Odd.PICTURES: "pictures at addresses that no server gives",
    Odd.NAMELESS: "no title, or people without a name or an id",
    Odd.VALUES: "dates, numbers or ids that cannot be read",
}


def list_holds(db: Connection, source_id: int | None = None) -> list[Hold]:
    """All holds, or those of one source; the oldest first."""
    h = holds.c
    item = select(media_items.c.id).where(media_items.c.hold_id == h.id, h.library_id.is_(None))
    query = (
        select(
            h.id, h.source_id, sources.c.name, libraries.c.name, item.limit(1).label("item"),
            h.missing, h.whole, h.looks, h.next_look, h.odd, h.first_seen, h.last_seen, h.word,
        )
        .join(sources, sources.c.id == h.source_id)
        .join(libraries, libraries.c.id == h.library_id, isouter=True)
        .order_by(h.id)
    )  # fmt: skip
    if source_id is not None:
        query = query.where(h.source_id == source_id)
    rows = db.execute(query).all()
    names = full_names(db, [row.item for row in rows if row.item is not None])
    return [
        Hold._make(row)._replace(
            title=names.get(row.item),
            word=Word(row.word) if row.word else None,
            odd=Odd(row.odd) if row.odd else None,
        )
        for row in rows
    ]


def accept(db: Connection, hold_id: int) -> None:
    """Believe the server: titles are gone now, credits with the next look, which is due at once.

    Raises NotFound.
    """
    hold = _hold(db, hold_id)
    items = list(db.scalars(select(media_items.c.id).where(media_items.c.hold_id == hold_id)))
    if hold.library_id is not None:
        mark_gone(db, items)
        let_go(db, [hold_id])
        return
    db.execute(
        update(holds).where(holds.c.id == hold_id).values(word=Word.ACCEPTED, next_look=None)
    )
    waits = update(media_items).where(media_items.c.id.in_(items))
    db.execute(waits.values(due=Turn.ASKED))


def refuse(db: Connection, hold_id: int) -> None:
    """Keep what was known, until the server says something else. Raises NotFound."""
    hold = _hold(db, hold_id)
    db.execute(update(holds).where(holds.c.id == hold_id).values(word=Word.REFUSED, next_look=None))
    if hold.library_id is None:
        # What is not settled is looked at again for its own sake.
        settled = (media_items.c.hold_id == hold_id, media_items.c.unsettled_since.is_(None))
        later = update(media_items).where(*settled)
        db.execute(later.values(look_at=now() + REFUSED_FOR))


def _hold(db: Connection, hold_id: int) -> Any:
    found = db.execute(select(holds).where(holds.c.id == hold_id)).first()
    if found is None:
        raise NotFound(f"nothing is held under the number {hold_id}")
    return found


# Titles


class Kept(NamedTuple):
    """Titles of a library that are kept, and the owner's word on them."""

    hold: int
    word: Word | None
    items: frozenset[int]
    missing: int
    """So many were, when it was last seen: some are back where there are fewer now."""


def kept_titles(db: Connection, library_id: int) -> Kept | None:
    """What is held of a library."""
    found = db.execute(select(holds).where(holds.c.library_id == library_id)).first()
    if found is None:
        return None
    items = db.scalars(select(media_items.c.id).where(media_items.c.hold_id == found.id))
    return Kept(found.id, Word(found.word) if found.word else None, frozenset(items), found.missing)


def hold_titles(
    db: Connection, source_id: int, library_id: int, items: Collection[int], whole: int
) -> None:
    """Keep these titles of a library, which its listing lacks, until the owner decides; nobody asks
    for them meanwhile. What was to be read, or was not believed, is unsettled: so it is read when
    it is back, though its marker is the one that is known.
    """
    values = {"missing": len(items), "whole": whole, "last_seen": now(), "word": None}
    held = kept_titles(db, library_id)
    if held is None:
        fresh = {"source_id": source_id, "library_id": library_id, "first_seen": now(), **values}
        hold_id = db.execute(insert(holds).values(**fresh).returning(holds.c.id)).scalar_one()
    else:
        hold_id = held.hold
        db.execute(update(holds).where(holds.c.id == hold_id).values(**values))
    i = media_items.c
    waiting = or_(i.due.is_not(None), i.look_at.is_not(None), i.hold_id != hold_id)
    since = case((waiting, func.coalesce(i.unsettled_since, now())), else_=i.unsettled_since)
    kept = update(media_items).where(among(i.id, items))
    db.execute(kept.values(hold_id=hold_id, due=None, look_at=None, unsettled_since=since))


def let_go(db: Connection, hold_ids: Sequence[int]) -> None:
    """Hold these no longer."""
    db.execute(delete(holds).where(among(holds.c.id, hold_ids)))


def let_go_empty(db: Connection, source_id: int) -> None:
    """Forget the holds of a source that keep nothing any more."""
    keeps = select(media_items.c.id).where(media_items.c.hold_id == holds.c.id).exists()
    query = select(holds.c.id).where(holds.c.source_id == source_id, ~keeps)
    if empty := list(db.scalars(query)):
        let_go(db, empty)


# Credits


class Doubted(NamedTuple):
    """A record that is not believed, while the one before is kept."""

    item: int
    """The media item's row id."""
    missing: int
    """As `Hold.missing`."""
    whole: int
    odd: Odd | None
    answer: bytes
    """Tells whether another record says the same."""


class Before(NamedTuple):
    """What is held of a title's credits."""

    hold: int
    answer: bytes
    looks: int
    next_look: dt.datetime | None
    word: Word | None


def held_credits(db: Connection, items: Collection[int]) -> dict[int, Before]:
    """What is held of these media items' credits, by their row ids."""
    found: dict[int, Before] = {}
    columns = (media_items.c.id.label("item"), *(holds.c[n] for n in ("id", *Before._fields[1:])))
    query = select(*columns).join(media_items, media_items.c.hold_id == holds.c.id)
    query = query.where(among(media_items.c.id, items), holds.c.library_id.is_(None))
    for row in db.execute(query):
        before = Before._make(row[1:])
        found[row.item] = before._replace(word=Word(row.word) if row.word else None)
    return found


def hold_credits(
    db: Connection, source_id: int, doubted: Doubted, looks: int, next_look: dt.datetime | None
) -> None:
    """Keep what is known of a title until it was looked at again."""
    values = {
        "missing": doubted.missing,
        "whole": doubted.whole,
        "odd": doubted.odd,
        "answer": doubted.answer,
        "looks": looks,
        "next_look": next_look,
        "last_seen": now(),
    }
    before = held_credits(db, [doubted.item]).get(doubted.item)
    if before is not None:
        if before.answer != doubted.answer:
            values["word"] = None
        db.execute(update(holds).where(holds.c.id == before.hold).values(**values))
        return
    fresh = {"source_id": source_id, "first_seen": now(), **values}
    hold_id = db.execute(insert(holds).values(**fresh).returning(holds.c.id)).scalar_one()
    kept = update(media_items).where(media_items.c.id == doubted.item)
    db.execute(kept.values(hold_id=hold_id))


def count_undecided(db: Connection, source_id: int) -> int:
    """How many holds of a source wait for their owner."""
    query = select(func.count()).where(holds.c.source_id == source_id, holds.c.word.is_(None))
    count: int = db.execute(query).scalar_one()
    return count
