"""The password of the pages, who is signed in, and from where it was tried."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, or_, select, update

from fullcredits.store.schema import passwords, sessions, sign_in_places
from fullcredits.store.sources import now

IDLE = dt.timedelta(days=30)
"""A session ends when nobody used it for so long."""
_LONGEST_AGENT = 400


class SessionRow(NamedTuple):
    """A browser that is signed in."""

    id: int
    created_at: dt.datetime
    seen_at: dt.datetime
    agent: str


class Place(NamedTuple):
    """From where it was tried; see `schema.sign_in_places`."""

    failures: float
    counted_at: dt.datetime
    signed_in_at: dt.datetime | None


_SESSION = tuple(sessions.c[name] for name in SessionRow._fields)


def password_hash(db: Connection) -> str | None:
    """What is kept of the password; None while there is none."""
    query = select(passwords.c.hash).order_by(passwords.c.id.desc())
    return db.execute(query).scalars().first()


def set_password(db: Connection, hashed: str | None) -> None:
    """Keep another one, or none."""
    db.execute(delete(passwords))
    if hashed is not None:
        db.execute(insert(passwords).values(hash=hashed, set_at=now()))


def session(db: Connection, digest: bytes) -> SessionRow | None:
    """The session whose token has that digest, unless it ended."""
    query = select(*_SESSION).where(sessions.c.digest == digest, sessions.c.seen_at >= now() - IDLE)
    row = db.execute(query).first()
    return SessionRow._make(row) if row else None


def list_sessions(db: Connection) -> list[SessionRow]:
    """Those that did not end, last used first."""
    query = (
        select(*_SESSION)
        .where(sessions.c.seen_at >= now() - IDLE)
        .order_by(sessions.c.seen_at.desc(), sessions.c.id.desc())
    )
    return [SessionRow._make(row) for row in db.execute(query)]


def add_session(db: Connection, digest: bytes, agent: str) -> None:
    """Somebody signed in."""
    values = {"digest": digest, "created_at": now(), "seen_at": now()}
    db.execute(insert(sessions).values(**values, agent=agent[:_LONGEST_AGENT]))


def note_seen(db: Connection, session_id: int) -> None:
    """It was used now."""
    db.execute(update(sessions).where(sessions.c.id == session_id).values(seen_at=now()))


def end_session(db: Connection, session_id: int) -> None:
    """Somebody signed out."""
    db.execute(delete(sessions).where(sessions.c.id == session_id))


def end_sessions(db: Connection, keep: int | None = None) -> None:
    """Everybody is signed out, but for `keep`."""
    statement = delete(sessions)
    db.execute(statement if keep is None else statement.where(sessions.c.id != keep))


def forget_ended_sessions(db: Connection) -> None:
    """Keep only those that did not end."""
    db.execute(delete(sessions).where(sessions.c.seen_at < now() - IDLE))


def place(db: Connection, name: str) -> Place | None:
    """What is known of it."""
    columns = (sign_in_places.c[name] for name in Place._fields)
    row = db.execute(select(*columns).where(sign_in_places.c.place == name)).first()
    return Place._make(row) if row else None


def put_place(db: Connection, name: str, facts: Place) -> None:
    """Keep what is known of it now."""
    where = sign_in_places.c.place == name
    known = db.execute(update(sign_in_places).where(where).values(**facts._asdict()))
    if not known.rowcount:
        db.execute(insert(sign_in_places).values(place=name, **facts._asdict()))


def forget_places(db: Connection, failed: dt.datetime, signed_in: dt.datetime) -> None:
    """Forget those where nothing `failed` since then, and nobody `signed_in` since then."""
    db.execute(
        delete(sign_in_places).where(
            sign_in_places.c.counted_at < failed,
            or_(sign_in_places.c.signed_in_at.is_(None), sign_in_places.c.signed_in_at < signed_in),
        )
    )
