"""Letting people in to the pages, and seeing them out."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import secrets
import threading
from typing import NamedTuple

from fullcredits.access import passwords
from fullcredits.access.throttle import EVERYWHERE, ONE_PLACE, Patience, place_of
from fullcredits.errors import Denied, Hasty, StoreError
from fullcredits.store import Connection, Store
from fullcredits.store import access as stored
from fullcredits.store.access import Place, SessionRow
from fullcredits.store.sources import now

_NOTED_EVERY = dt.timedelta(hours=1)
_KNOWN_FOR = dt.timedelta(days=90)
_ALL = ""


class Admission(NamedTuple):
    """Whether somebody may see the pages."""

    guarded: bool
    """Whether there is a password at all."""
    session: SessionRow | None
    """Theirs, where they are signed in."""
    renewed: bool = False
    """Whether it lasts longer now than their browser knows."""


class Entrance:
    """The password of the pages and the sessions of those who gave it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._one_by_one = threading.Lock()

    def guarded(self) -> bool:
        """Whether there is a password."""
        with self._store.reading() as db:
            return stored.password_hash(db) is not None

    def admission(self, token: str | None) -> Admission:
        """What somebody with that session's token may do. Using a session keeps it alive."""
        guarded, found = self._known(token)
        if found is None:
            return Admission(guarded, None)
        if now() - found.seen_at <= _NOTED_EVERY:
            return Admission(guarded, found)
        try:
            with self._store.writing(0) as db:
                stored.note_seen(db, found.id)
        except StoreError:  # somebody writes, and no page waits for that: the next one will do
            return Admission(guarded, found)
        return Admission(guarded, found, renewed=True)

    def stays(self, token: str | None, *, guarded: bool) -> bool:
        """Whether who was let in with that session's token, while there was a password (`guarded`)
        or none, would be now. This is no use of the session.
        """
        still_guarded, found = self._known(token)
        return still_guarded == guarded and (found is not None or not guarded)

    def _known(self, token: str | None) -> tuple[bool, SessionRow | None]:
        with self._store.reading() as db:
            guarded = stored.password_hash(db) is not None
            return guarded, stored.session(db, _digest(token)) if guarded and token else None

    def sign_in(self, password: str, address: str, agent: str) -> str:
        """A token for a new session. Raises Denied, Hasty."""
        self.check(password, address)
        token = secrets.token_urlsafe(32)
        with self._store.writing() as db:
            stored.forget_ended_sessions(db)
            stored.add_session(db, _digest(token), agent)
        return token

    def check(self, password: str, address: str) -> None:
        """Raises Denied unless it is the password, Hasty where it was tried too often from there.

        A try counts as a failure until it succeeded, so that many at once gain nothing.
        """
        place = place_of(address)
        with self._one_by_one, self._store.writing() as db:
            kept = stored.password_hash(db)
            known = _count(db, place)
        if kept is None or not passwords.is_it(password, kept):
            raise Denied("that is not the password")
        again = passwords.hashed(password) if passwords.is_dated(kept) else None
        with self._one_by_one, self._store.writing() as db:
            if again is not None:
                stored.set_password(db, again)
            _forgive(db, place, known=known)

    def set_password(self, password: str, keep: int | None = None) -> None:
        """Another password, or the first; signs everybody out but the session `keep`.

        Raises ConfigError for one too short or too long.
        """
        hashed = passwords.hashed(password)
        with self._store.writing() as db:
            stored.set_password(db, hashed)
            stored.end_sessions(db, keep)

    def remove_password(self) -> None:
        """No password from now on."""
        with self._store.writing() as db:
            stored.set_password(db, None)
            stored.end_sessions(db)

    def sign_out(self, session_id: int) -> None:
        """End a session."""
        with self._store.writing() as db:
            stored.end_session(db, session_id)

    def sign_out_everywhere(self) -> None:
        """End all sessions."""
        with self._store.writing() as db:
            stored.end_sessions(db)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _counting(patience: Patience, place: Place | None, moment: dt.datetime) -> float:
    if place is None:
        return 0.0
    return patience.left(place.failures, (moment - place.counted_at).total_seconds())


def _count(db: Connection, place: str) -> bool:
    """Count a failure there; gives whether somebody signed in from there lately. Raises Hasty."""
    moment = now()
    here, everywhere = stored.place(db, place), stored.place(db, _ALL)
    signed_in_at = here.signed_in_at if here else None
    # Strangers' guesses must not keep out those who have been here.
    known = signed_in_at is not None and moment - signed_in_at < _KNOWN_FOR
    mine = _counting(ONE_PLACE, here, moment)
    all_together = _counting(EVERYWHERE, everywhere, moment)
    wait = max(ONE_PLACE.wait(mine), 0 if known else EVERYWHERE.wait(all_together))
    if wait > 0:
        seconds = math.ceil(wait)
        raise Hasty(f"too many wrong passwords: try again in {seconds} seconds", seconds)
    stored.put_place(db, place, Place(mine + 1, moment, signed_in_at))
    if not known:
        stored.put_place(db, _ALL, Place(all_together + 1, moment, None))
    worn_off = dt.timedelta(seconds=ONE_PLACE.at_once * ONE_PLACE.seconds)
    stored.forget_places(db, moment - worn_off, moment - _KNOWN_FOR)
    return known


def _forgive(db: Connection, place: str, *, known: bool) -> None:
    moment = now()
    stored.put_place(db, place, Place(0, moment, moment))
    if not known:
        failures = _counting(EVERYWHERE, stored.place(db, _ALL), moment)
        stored.put_place(db, _ALL, Place(max(0.0, failures - 1), moment, None))
