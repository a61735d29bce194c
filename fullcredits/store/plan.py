"""The plan of a sync: which full records wait to be read, and in which order.

It is kept with the titles themselves, so that a run that is killed goes on where it was, a page
can ask for its title with one small write, and everybody sees how far a sync is. A title waits
while it has a `due` turn; reading its record ends that (`note_read`, in the transaction that
stores the record).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import IntEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, func, or_, select, update

from fullcredits.model import TitleKind
from fullcredits.store.among import among
from fullcredits.store.engine import BUSY_SECONDS, Store
from fullcredits.store.named import full_names
from fullcredits.store.schema import holds, media_items, titles
from fullcredits.store.sources import now


class Turn(IntEnum):
    """Why a record is read, in the order in which records are."""

    ASKED = 0
    """Somebody looks at its page, or the server said that it changed."""
    ASKED_BELOW = 1
    """Somebody looks at the page of its show or season."""
    SAMPLE = 2
    """One of those that were never read, by which the time is told that the others take."""
    NEW = 3
    """A film or show that was never read."""
    NEW_PART = 4
    """A season or episode that was never read."""
    CHANGED = 5
    """Its change marker moved."""
    AGAIN = 6
    """What was read was not believed, or could not be read: now it is time to look again."""
    SWEEP = 7
    """Nothing says that it changed; all are read again now and then."""


LOOKED_AT = (Turn.ASKED, Turn.ASKED_BELOW)
"""Somebody waits."""
SMALL = (*LOOKED_AT, Turn.AGAIN)
"""What waits for no comparison of everything."""
TOP = (TitleKind.MOVIE, TitleKind.SHOW)


SAMPLED = 400
"""Titles of a kind that are read first, at equal distances: enough to know within a tenth how many
credits the others have, whose casts may be many times as long among older titles or in episodes."""
WORTH_A_SAMPLE = 4 * SAMPLED
"""Of fewer titles nobody wants to know so exactly: they are soon read."""


def turn_of_new(kind: TitleKind) -> Turn:
    """The turn of a title that was never read."""
    return Turn.NEW if kind in TOP else Turn.NEW_PART


class Waiting(NamedTuple):
    """A title whose full record is to be read."""

    id: int
    key: str
    kind: TitleKind
    library_id: int
    marker: str
    unsettled_since: dt.datetime | None
    read_at: dt.datetime | None
    credit_count: int
    turn: Turn
    shown: bool = False
    """Its credits looked absurd when it was read last; they are shown, and not believed yet."""
    signs: Mapping[str, str] | None = None
    """What was odd in the record that was believed last, as `write.signs_of`; None: none was."""


_WAITING = tuple("due" if name == "turn" else name for name in Waiting._fields)


def next_waiting(
    db: Connection,
    source_id: int,
    most: int,
    taken: Collection[int] = (),
    turns: Iterable[Turn] = Turn,
) -> list[Waiting]:
    """The titles whose turn it is now, newest first, all of one turn; without those `taken`.

    Empty where nothing waits at these turns.
    """
    query = select(*(media_items.c[name] for name in _WAITING))
    for turn in turns:
        of_turn = query.where(
            media_items.c.source_id == source_id,
            media_items.c.due == turn,
            media_items.c.gone_since.is_(None),
        )
        newest = of_turn.order_by(media_items.c.added.desc(), media_items.c.id)
        rows = [row for row in db.execute(newest.limit(most + len(taken))) if row.id not in taken]
        if rows:
            return [_waiting(row) for row in rows[:most]]
    return []


def _waiting(row: Any) -> Waiting:
    return Waiting._make(row)._replace(kind=TitleKind(row.kind), turn=Turn(row.due))


class Queue(NamedTuple):
    """Titles of one kind that wait to be read at one turn."""

    turn: Turn
    kind: TitleKind
    titles: int
    unread: int
    """Of those, titles never read."""
    credits: int
    """How many the others had when they were read last."""


def waiting_queues(db: Connection, source_id: int, turns: Iterable[Turn] = Turn) -> list[Queue]:
    """What waits to be read at these turns; nothing empty."""
    query = (
        select(
            media_items.c.due,
            media_items.c.kind,
            func.count(),
            func.count() - func.count(media_items.c.read_at),
            func.sum(media_items.c.credit_count),
        )
        .where(
            media_items.c.source_id == source_id,
            media_items.c.due.in_(tuple(turns)),
            media_items.c.gone_since.is_(None),
        )
        .group_by(media_items.c.due, media_items.c.kind)
    )
    rows = db.execute(query).all()
    return [Queue(Turn(turn), TitleKind(kind), *numbers) for turn, kind, *numbers in rows]


def sample_of(db: Connection, source_id: int) -> list[int]:
    """Row ids of SAMPLED titles of each kind of which many were never read, from the newest to the
    oldest.
    """
    c = media_items.c
    place = func.row_number().over(partition_by=c.kind, order_by=(c.added.desc(), c.id))
    whole = func.count().over(partition_by=c.kind)
    waiting = (
        select(c.id, place.label("place"), whole.label("whole"))
        .where(
            c.source_id == source_id,
            c.due.in_((Turn.NEW, Turn.NEW_PART)),
            c.read_at.is_(None),
            c.gone_since.is_(None),
        )
        .subquery()
    )
    chosen = (waiting.c.place * SAMPLED) % waiting.c.whole < SAMPLED
    query = select(waiting.c.id).where(waiting.c.whole >= WORTH_A_SAMPLE, chosen)
    return list(db.scalars(query))


def plan_sample(db: Connection, ids: Sequence[int]) -> None:
    """These are read before others of their kinds."""
    db.execute(update(media_items).where(among(media_items.c.id, ids)).values(due=Turn.SAMPLE))


def next_small(db: Connection, source_id: int) -> Turn | None:
    """Of what waits for no comparison of everything, the turn that comes first; None: nothing."""
    here = (media_items.c.source_id == source_id, media_items.c.gone_since.is_(None))
    waiting = select(func.min(media_items.c.due)).where(*here, media_items.c.due.in_(SMALL))
    turn = db.execute(waiting).scalar()
    if turn is not None:
        return Turn(turn)
    again = select(media_items.c.id).where(*here, media_items.c.look_at <= now()).limit(1)
    return Turn.AGAIN if db.execute(again).first() else None


class Read(NamedTuple):
    """A title whose record was read just now."""

    id: int
    marker: str
    """The one in the record itself."""
    at: dt.datetime
    look_at: dt.datetime | None = None
    """When to read it again whatever the marker says."""
    unsettled_since: dt.datetime | None = None
    shown: bool = False
    signs: Mapping[str, str] | None = None


def note_read(db: Connection, reads: Iterable[Read]) -> None:
    """These titles' records are stored: they wait no longer."""
    values = [
        {
            "row_id": read.id,
            "marker": read.marker,
            "look_at": read.look_at,
            "unsettled_since": read.unsettled_since,
            "shown": read.shown,
            "signs": read.signs,
            "due": None,
            "read_at": read.at,
        }
        for read in reads
    ]
    if values:
        db.execute(update(media_items).where(media_items.c.id == bindparam("row_id")), values)


def plan_named(db: Connection, source_id: int, keys: Iterable[str]) -> set[str]:
    """Titles that the server named wait before all others; returns those of the keys that are
    known.
    """
    where = (
        media_items.c.source_id == source_id,
        among(media_items.c.key, keys),
        media_items.c.gone_since.is_(None),
    )
    known = set(db.scalars(select(media_items.c.key).where(*where)))
    db.execute(update(media_items).where(*where).values(due=Turn.ASKED))
    return known


class Named(NamedTuple):
    """A known title that the server named."""

    id: int
    key: str
    due: int | None
    read_at: dt.datetime | None
    credit_count: int


def named_titles(db: Connection, source_id: int, keys: Iterable[str]) -> list[Named]:
    """Those of these keys that are known, and not gone."""
    query = select(*(media_items.c[name] for name in Named._fields)).where(
        media_items.c.source_id == source_id,
        among(media_items.c.key, keys),
        media_items.c.gone_since.is_(None),
    )
    return [Named._make(row) for row in db.execute(query)]


def plan_first(db: Connection, ids: Sequence[int]) -> None:
    """These titles wait before all others."""
    db.execute(update(media_items).where(among(media_items.c.id, ids)).values(due=Turn.ASKED))


def put_off_unsettled(db: Connection, source_id: int, until: dt.datetime) -> None:
    """What was read twice already and is not settled waits no longer, until then."""
    where = (
        media_items.c.source_id == source_id,
        media_items.c.due == Turn.AGAIN,
        media_items.c.read_at > media_items.c.unsettled_since,
    )
    if db.execute(select(media_items.c.id).where(*where).limit(1)).first():
        db.execute(update(media_items).where(*where).values(due=None, look_at=until))


def shared_markers(db: Connection, source_id: int) -> set[str]:
    """The change markers that several of the waiting titles have."""
    waiting = (media_items.c.source_id == source_id, media_items.c.due.is_not(None))
    query = select(media_items.c.marker).where(*waiting, media_items.c.marker != "")
    several = query.group_by(media_items.c.marker).having(func.count() > 1)
    return set(db.scalars(several))


def count_unsettled(db: Connection, source_id: int) -> int:
    """How many titles' records are not taken for the last word."""
    query = select(func.count()).where(*_unsettled(source_id))
    count: int = db.execute(query).scalar_one()
    return count


def unsettled_titles(db: Connection, source_id: int, most: int) -> list[str]:
    """The names of the first of them, those that are looked at first."""
    query = select(media_items.c.id).where(*_unsettled(source_id))
    inorder = query.order_by(media_items.c.look_at, media_items.c.id).limit(most)
    ids = list(db.scalars(inorder))
    names = full_names(db, ids)
    return [names[item] for item in ids]


def _unsettled(source_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        media_items.c.source_id == source_id,
        media_items.c.look_at.is_not(None),
        media_items.c.unsettled_since.is_not(None),
        media_items.c.gone_since.is_(None),
    )


def put_off(db: Connection, ids: Sequence[int], until: dt.datetime) -> None:
    """These titles could not be read: they wait no longer, until then."""
    where = among(media_items.c.id, ids)
    db.execute(update(media_items).where(where).values(due=None, look_at=until))


def plan_again(db: Connection, source_id: int) -> None:
    """Titles at which it is time to look again wait from now on."""
    _plan(db, source_id, Turn.AGAIN, media_items.c.look_at <= now())


def plan_doubted(db: Connection, source_id: int) -> None:
    """Titles whose record was not believed wait from now on, whatever the pause before the next
    look that counts: it may have been a fault that is over. Not those that their owner spoke of.
    """
    doubted = or_(_DOUBTED, media_items.c.shown)
    _plan(db, source_id, Turn.AGAIN, media_items.c.look_at.is_not(None), doubted)


def plan_put_off(db: Connection, source_id: int, since: dt.datetime | None = None) -> None:
    """Whatever is to be looked at again, also what could not be read, waits from now on, but for
    what was read `since`.
    """
    c = media_items.c
    which: list[ColumnElement[bool]] = [c.look_at.is_not(None)]
    if since:
        which.append(c.read_at.is_(None) | (c.read_at < since))
    _plan(db, source_id, Turn.AGAIN, *which)


def plan_sweep(db: Connection, source_id: int, days: int, at: dt.datetime) -> None:
    """A part of the titles waits that were read long ago, so that all are read again in so many
    days: each has its day, by its number. Markers may lie. `at`: now.
    """
    if days:
        _plan(db, source_id, Turn.SWEEP, or_(*(_swept(at, age, days) for age in range(days))))


def _swept(at: dt.datetime, age: int, days: int) -> ColumnElement[bool]:
    """Titles whose day was so many days ago and which were not read since, nor just before it."""
    day = at.date() - dt.timedelta(days=age)
    midnight = dt.datetime.combine(day, dt.time())
    latest = min(midnight, at - dt.timedelta(days=1))
    return (media_items.c.id % days == day.toordinal() % days) & (media_items.c.read_at < latest)


def plan_all(db: Connection, source_id: int) -> None:
    """Every title waits from now on; what vanished with its library, when it is back."""
    _plan(db, source_id, Turn.SWEEP)
    away = (
        media_items.c.source_id == source_id,
        _VANISHED,
        media_items.c.unsettled_since.is_(None),
    )
    if db.execute(select(media_items.c.id).where(*away).limit(1)).first():
        db.execute(update(media_items).where(*away).values(unsettled_since=now()))


_DOUBTED = (
    select(holds.c.id).where(holds.c.id == media_items.c.hold_id, holds.c.word.is_(None)).exists()
)
"""Held, and its owner has said nothing."""
_VANISHED = (
    select(holds.c.id)
    .where(holds.c.id == media_items.c.hold_id, holds.c.library_id.is_not(None))
    .exists()
)
"""Held, because the library lacked them: there is nothing to be read."""


def _plan(db: Connection, source_id: int, turn: Turn, *which: ColumnElement[bool]) -> None:
    where = (
        media_items.c.source_id == source_id,
        media_items.c.due.is_(None),
        media_items.c.gone_since.is_(None),
        or_(media_items.c.hold_id.is_(None), ~_VANISHED),
        *which,
    )
    # Looked at first: where nothing waits, nothing is written.
    if db.execute(select(media_items.c.id).where(*where).limit(1)).first():
        db.execute(update(media_items).where(*where).values(due=turn))


def ask_for(store: Store, title_id: int, patience: float = BUSY_SECONDS) -> bool:
    """Let a title whose page is open be read before all others, and what it consists of after it;
    returns whether anything of it is still to come.

    Nothing is written where nothing waits, or where it was asked for already. Raises StoreError
    where others write for longer than so many seconds.
    """
    with store.reading() as db:
        waiting = _waiting_of(db, title_id)
    late = [(row, turn) for row, due, turn in waiting if due > turn]
    if late:
        with store.writing(patience) as db:
            for row, turn in late:
                where = (media_items.c.id == row, media_items.c.due > turn)
                db.execute(update(media_items).where(*where).values(due=turn))
    return bool(waiting)


def _waiting_of(db: Connection, title_id: int) -> list[tuple[int, int, Turn]]:
    """What waits of a title: row id, its turn now, its turn when asked for."""
    part = or_(titles.c.show_id == title_id, titles.c.parent_id == title_id)
    below = select(titles.c.id).where(part)
    query = select(media_items.c.id, media_items.c.due, media_items.c.title_id).where(
        or_(media_items.c.title_id == title_id, media_items.c.title_id.in_(below)),
        media_items.c.due.is_not(None),
        media_items.c.gone_since.is_(None),
    )
    return [
        (row.id, row.due, Turn.ASKED if row.title_id == title_id else Turn.ASKED_BELOW)
        for row in db.execute(query)
    ]
