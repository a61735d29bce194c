"""Who sends a request: their browser's cookie, whether they are signed in, and their forms."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from contextvars import ContextVar
from dataclasses import dataclass
from http.cookies import SimpleCookie

from fullcredits.store.access import IDLE, SessionRow

COOKIE = "fullcredits"
TOKEN_FIELD = "form_token"  # noqa: S105  the name of a field
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(slots=True)
class Visit:
    """One browser, for the time of a request.

    Every browser that gets a form has a cookie with a random token: that of its session where it
    is signed in. What it sends with a form must follow from that token, which no other site knows.
    """

    token: str | None = None
    session: SessionRow | None = None
    guarded: bool = False
    """Whether the pages have a password."""
    _sent: bool = True
    """Whether the browser knows its token."""
    _kept: bool = False
    """Whether it keeps it when it is closed."""

    @property
    def form_token(self) -> str:
        """For the hidden field of every form."""
        if self.token is None:
            self.token, self._sent = secrets.token_urlsafe(32), False
        return hashlib.sha256(f"form {self.token}".encode()).hexdigest()

    def made(self, form_token: str) -> bool:
        """Whether a form was made for this browser."""
        return self.token is not None and hmac.compare_digest(
            self.form_token.encode(), form_token.encode()
        )

    @property
    def key(self) -> str:
        """What this browser's unfinished business is kept under."""
        return hashlib.sha256(f"key {self.token}".encode()).hexdigest()

    def sign_in(self, token: str) -> None:
        """From now on it has a session."""
        self.token, self._sent, self._kept = token, False, True

    def sign_out(self) -> None:
        """From now on it has none."""
        self.token, self._sent, self._kept = None, False, False

    def cookie(self, *, path: str, secure: bool) -> str | None:
        """The header that makes the browser know its token; None where it does."""
        if self._sent:
            return None
        made: SimpleCookie = SimpleCookie({COOKIE: self.token or ""})
        morsel = made[COOKIE]
        morsel["path"], morsel["httponly"], morsel["samesite"] = path, True, "Lax"
        morsel["secure"] = secure
        if self._kept or self.token is None:
            morsel["max-age"] = int(IDLE.total_seconds()) if self._kept else 0
        return morsel.OutputString()


_current: ContextVar[Visit | None] = ContextVar("visit", default=None)


def current() -> Visit:
    """Whose request is being answered."""
    return _current.get() or Visit()


def begin(visit: Visit) -> None:
    """From here on in this context, it is theirs."""
    _current.set(visit)


def token_in(cookies: str) -> str | None:
    """The token in a `Cookie` header."""
    for cookie in cookies.split(";"):
        name, _, value = cookie.strip().partition("=")
        if name == COOKIE and _TOKEN.fullmatch(value):
            return value
    return None
