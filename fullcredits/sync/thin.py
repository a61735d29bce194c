"""A cast that comes back empty or much thinner is not believed before further looks confirm it.

Agents fail, placeholders are served, metadata is fetched anew: what was known is kept meanwhile.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from fullcredits.model import Record
from fullcredits.store import Connection
from fullcredits.store.holds import Before, Thin, Word, held_credits, hold_credits, let_go
from fullcredits.store.plan import Read, Waiting
from fullcredits.store.write import hash_of_credits
from fullcredits.sync.doubts import is_crowd

FEW = 5
"""A cast that lost fewer credits than this is believed …"""
THIN = 0.5
"""… and one that has this share of them left. An empty one never is."""
PAUSES = (dt.timedelta(hours=1), dt.timedelta(days=1))
"""From the first look to the second, and to the third, which an empty cast needs."""


class Kept(NamedTuple):
    """What came of a batch."""

    records: list[Record]
    """Those to be stored."""
    reads: list[Read]
    """What to note of all that were read."""
    held: list[str]
    """What is newly held, as sentences."""


def keep_thin(
    db: Connection,
    source_id: int,
    titles: dict[str, Waiting],
    records: Sequence[Record],
    reads: Sequence[Read],
) -> Kept:
    """Hold back the records whose credits are much fewer than those that are known.

    Only looks at what the server is not writing count; see `settling`.
    """
    found = Kept([], [], [])
    held = held_credits(db, [read.id for read in reads])
    for record, read in zip(records, reads, strict=True):
        title, before = titles[record.item.key], held.get(read.id)
        look = _look(title, record, read, before)
        if look is None:
            found.records.append(record)
            found.reads.append(read)
            if before is not None:
                let_go(db, [before.hold])
            continue
        hold_credits(db, source_id, look.thin, look.looks, look.next_look)
        at = read.look_at or look.next_look
        found.reads.append(read._replace(look_at=at))
        if before is None:
            found.held.append(_words(title, len(record.credits)))
    return found


class _Look(NamedTuple):
    """A thin answer that is not believed yet."""

    thin: Thin
    looks: int
    next_look: dt.datetime | None


def _look(title: Waiting, record: Record, read: Read, before: Before | None) -> _Look | None:
    """What to keep of a thin answer; None for one to be believed."""
    left, whole = len(record.credits), title.credit_count
    if not is_thin(left, whole) or (before and before.word is Word.ACCEPTED):
        return None
    if title.unsettled_since and is_crowd(whole):  # absurd, and never believed
        return None
    thin = Thin(title.id, whole - left, whole, hash_of_credits(record))
    looks, next_look = 0, None
    if before is not None and before.answer == thin.answer:
        if before.word is Word.REFUSED:
            return _Look(thin, before.looks, None)
        looks, next_look = before.looks, before.next_look
    settled = read.look_at is None
    if settled and (next_look is None or next_look <= read.at):
        looks += 1
        if looks > (len(PAUSES) if left == 0 else 1):
            return None
        next_look = read.at + PAUSES[looks - 1]
    return _Look(thin, looks, next_look)


def is_thin(left: int, whole: int) -> bool:
    """Whether so many credits, of a title that had the whole, are too few to be believed."""
    if left == 0:
        return whole > 0
    return left < THIN * whole and whole - left >= FEW


def _words(title: Waiting, left: int) -> str:
    what = f"{left:,} credits" if left else "no credits"
    return (
        f"“{title.title}” came back with {what}, and had {title.credit_count:,}: they are kept "
        "until further looks confirm it"
    )
