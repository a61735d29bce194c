"""What a server says of a title and is not believed at once; the one place that decides it.

Agents fail, placeholders are served, metadata is fetched anew, proxies and disks break: a cast
comes back empty or much thinner, as a crowd of thousands, with names that nobody could type, with
pictures where no server has any. Mostly a fault speaks so, and nothing else of the answer shows it;
now and then it is the truth. So what is known of a title is kept until further looks say the same.
Of a title without any credits they are shown meanwhile: there are none that could be lost. Where
nothing of it was ever believed, a minute is enough.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from fullcredits.model import Odd, Record
from fullcredits.store import Connection
from fullcredits.store.holds import (
    ODDITIES,
    REFUSED_FOR,
    Before,
    Doubted,
    Word,
    held_credits,
    hold_credits,
    let_go,
)
from fullcredits.store.plan import Read, Waiting
from fullcredits.store.write import hash_of_credits, known_credits, signs_of
from fullcredits.sync.settling import LATELY, SOON

FEW = 5
"""A cast that lost fewer credits than this is believed …"""
THIN = 0.5
"""… and one that has this share of them left. An empty one never is."""
CROWD = 1000
"""More credits than this no film has, but for a handful (of 3,000 real ones the most is 993)."""
PAUSES = (dt.timedelta(hours=1), dt.timedelta(days=1))
"""What is known is kept so long from the first look to the second, and to the third, which an empty
cast needs. Looks in between show only whether the doubt is gone."""
ENOUGH = dt.timedelta(hours=1)
"""A title without credits that is absurd in another way at each look is believed after this time,
lest it be read for ever; so is one that has something to lose: one that was believed before, and
one whose pictures are absurd."""


class Number(StrEnum):
    """What is wrong with how many credits there are."""

    THIN = "thin"
    CROWD = "crowd"


Why = Number | Odd


class Doubtful(NamedTuple):
    """A title that is not believed, of those kept only where that is new."""

    id: int
    """Its row id."""
    why: Why
    left: int
    whole: int
    """How many credits came, and how many it had."""
    kept: bool
    """What was known is; otherwise there were no credits, and those that came are shown."""

    def words(self, source: str) -> tuple[str, str]:
        """How a sentence goes on that begins with this title, and with several that are alike."""
        if isinstance(self.why, Odd):
            one = many = ODDITIES[self.why]
        else:
            one = f"{f'{self.left:,}' if self.left else 'no'} credits"
            many = "less than half of their credits, or none"
            if self.why is Number.CROWD:
                many = f"more than {CROWD:,} credits each"
        if not self.kept:
            rest = "read again in a minute; if it stays, refresh it on the server"
            read = f"read from {source} with"
            if self.why is Odd.PICTURES:
                rest = f"these are not taken, and it is {rest}"
                return f"was {read} {one}: {rest}", f"were {read} {many}: {rest}"
            rest = f"shown, and {rest}"
            return f"was {read} {one}: it is {rest}", f"were {read} {many}: they are {rest}"
        if not isinstance(self.why, Odd):
            one = f"{one}, and had {self.whole:,}"
        until = f"until further looks at {source} confirm it; `fullcredits hold` does so at once"
        what = "they are" if self.why is Number.THIN else "what was known is"
        return (
            f"came back with {one}: {what} kept {until}",
            f"came back with {many}: what was known is kept {until}",
        )


class Judged(NamedTuple):
    """What came of a batch."""

    believed: list[Record]
    """Those to be stored."""
    shown: list[Record]
    """Those whose credits are to be shown without being believed."""
    reads: list[Read]
    """What to note of all that were read."""
    doubtful: list[Doubtful]


def judge(
    db: Connection,
    source_id: int,
    titles: Mapping[str, Waiting],
    records: Sequence[Record],
    reads: Sequence[Read],
) -> Judged:
    """Tell the records to be stored from those that are not believed, which are looked at again.

    Only looks at what the server is not writing count; see `settling`.
    """
    found = Judged([], [], [], [])
    held = held_credits(db, [read.id for read in reads])
    shown = [record for record in records if titles[record.item.key].shown]
    same = known_credits(db, source_id, shown) if shown else set()
    for record, read in zip(records, reads, strict=True):
        title, before = titles[record.item.key], held.get(read.id)
        why = _why(title, record)
        if why is None:
            next_read = None
        elif not title.credit_count or title.shown:
            nothing_to_lose = title.signs is None and why is not Odd.PICTURES
            same_again = nothing_to_lose and record.item.key in same
            next_read = _shown(title, read, same=same_again)
        else:
            next_read = _kept(db, source_id, title, record, read, before, why)
        if next_read is None:
            found.believed.append(record)
            found.reads.append(read._replace(signs=signs_of(record)))
            if before is not None:
                let_go(db, [before.hold])
            continue
        found.reads.append(next_read)
        kept = not next_read.shown
        if not kept:
            found.shown.append(record)
        if why and not (kept and before):
            left = len(record.credits)
            found.doubtful.append(Doubtful(title.id, why, left, title.credit_count, kept))
    return found


def _why(title: Waiting, record: Record) -> Why | None:
    """What looks absurd in a record beside what was believed of the title before."""
    left, whole = len(record.credits), title.credit_count
    believed = not title.shown
    known = title.signs or {}
    for kind, sign in signs_of(record).items():
        if known.get(kind) != sign:
            return Odd(kind)
    if is_crowd(left) and not (believed and is_crowd(whole)):
        return Number.CROWD
    return Number.THIN if believed and is_thin(left, whole) else None


def is_crowd(credits: int) -> bool:
    """Whether so many credits are absurd."""
    return credits > CROWD


def are_wrecked(losing: int, known: int, since: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether so many persons of a page lose what was known, of so many of whom something was, that
    it is not believed; `since`: when that was seen first.
    """
    many = losing >= FEW and losing > THIN * known
    return many and (since is None or now - since < PAUSES[0])


def is_thin(left: int, whole: int) -> bool:
    """Whether so many credits, of a title that had the whole, are too few to be believed."""
    if left == 0:
        return whole > 0
    return left < THIN * whole and whole - left >= FEW


def _shown(title: Waiting, read: Read, *, same: bool) -> Read | None:
    """When to look again at a title without credits of its own, which may say the `same` as
    before, so that this is enough; None: believe it.
    """
    since = title.unsettled_since if title.shown else None
    if since and read.at - since >= (SOON if same else ENOUGH):
        return None
    soon = (since or read.at) + SOON
    again = read.look_at or (soon if soon > read.at else read.at + LATELY)
    first = since or read.unsettled_since or read.at
    return read._replace(look_at=again, unsettled_since=first, shown=True, signs=title.signs)


def _kept(
    db: Connection,
    source_id: int,
    title: Waiting,
    record: Record,
    read: Read,
    before: Before | None,
    why: Why,
) -> Read | None:
    """When to look again at a title of which what is known is kept; None: believe what came."""
    left, whole = len(record.credits), title.credit_count
    odd = why if isinstance(why, Odd) else None
    answer = hash_of_credits(record) + "".join(signs_of(record).values()).encode()
    doubted = Doubted(title.id, whole - left, whole, odd, answer)
    looks, next_look, refused = 0, None, False
    if before is not None and before.answer == answer:
        if before.word is Word.ACCEPTED:
            return None
        looks, next_look, refused = before.looks, before.next_look, before.word is Word.REFUSED
    settled = read.look_at is None
    if settled and not refused and (next_look is None or next_look <= read.at):
        looks += 1
        if looks > (1 if left else len(PAUSES)):
            return None
        next_look = read.at + PAUSES[looks - 1]
    hold_credits(db, source_id, doubted, looks, next_look)
    look_at = read.look_at or next_look or read.at + REFUSED_FOR
    return read._replace(look_at=look_at, shown=title.shown, signs=title.signs)
