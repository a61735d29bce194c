"""From what went wrong on the wire to one of our errors, in a sentence with a way out.

Pure. No sentence holds a token: neither queries nor header values, nor texts of the HTTP library
are ever put into one.
"""

from __future__ import annotations

import datetime as dt
import shlex
import socket
import ssl
from email.utils import parsedate_to_datetime
from typing import NamedTuple

import httpx2

from fullcredits.errors import Busy, Failed, Nonsense, Refused, SourceError, Unreachable
from fullcredits.sources import redirects
from fullcredits.text import lasted

PLEX_TV = "plex.tv"
"""How errors call it."""
LONGEST_WAIT = 24 * 60 * 60.0
"""Seconds: who asks to wait for longer has a wrong clock."""


class TooMuch(Failed):
    """The answer takes too long or is too large: the same request would fail again, a smaller one
    may pass.
    """

    retryable = False


class Costly(TooMuch):
    """What each time takes minutes, or tens of megabytes, and brings nothing: who goes on with less
    must soon give up.
    """


class TooSlow(Costly):
    """No whole answer came in time. A server that hangs says nothing else."""

    def __init__(self, source: str, what: str) -> None:
        """`what` happened, without what to do."""
        super().__init__(
            source,
            f"{what}: it may be busy, or hang; see whether it opens in a browser, and try again "
            "later",
        )
        self.what = what


class TooLarge(Costly):
    """An answer is larger than any should be."""


class Missing(Nonsense):
    """Nothing is at this path (404, 410)."""


class Another(Nonsense):
    """Another server than the one that is meant answers."""

    def __init__(self, source: str, address: str) -> None:
        super().__init__(
            source,
            f"another server answers at {address}; if it was set up anew, go on with it: "
            f"fullcredits source set {shlex.quote(source)} --rebuilt",
        )


class Hangs(Unreachable):
    """Nothing came for what was asked, nor then for something small: asking on costs minutes each
    time and brings nothing.
    """

    retryable = False


class NotSetUp(Busy):
    """A server that nobody has set up yet: its owner's first steps in it are not done."""

    def __init__(self, source: str, address: str) -> None:
        super().__init__(
            source,
            f"is not set up yet: open {address} in a browser, go through its first steps to the "
            "end, then try again",
        )


class Crowded(Busy):
    """Another process of this installation has all places at the server, and keeps them."""

    retryable = False

    def __init__(self, source: str, seconds: float) -> None:
        """So long a place was waited for in vain."""
        super().__init__(
            source,
            "another process of this installation asks it all it bears, and let nobody else in for "
            f"{seconds / 60:.0f} minutes: see which `fullcredits` run, and end the one that hangs",
        )


class NothingShown(SourceError):
    """The server answers, and shows our account nothing to be read."""

    code = "nothing_shown"


class Moved(Nonsense):
    """The server sends us on; `right` is the address it means us to use, where it tells one."""

    def __init__(self, source: str, redirect: redirects.Redirect) -> None:
        super().__init__(source, redirect.reason)
        self.right = redirect.right


class Untrusted(Unreachable):
    """The server's https certificate is not one we may trust: for its owner to decide."""

    retryable = False

    def __init__(self, source: str, address: str, why: str) -> None:
        super().__init__(
            source,
            f"the certificate of {address} is not trusted ({why}): if it is your own server's, "
            "accept it with --fingerprint or --ca; else use the name it was issued for",
        )
        self.address = address


class NoSocket(Nonsense):
    """No WebSocket is opened there, though something answers: a proxy may be in the way."""


class TokenRefused(Refused):
    """The server does not know our token (401). Some say so of a good one when they have too much
    to do: whose token was taken a moment ago may ask once more.
    """


class NotOpen(Refused):
    """Our token is good, but this is not for its account: a library that is closed to it, say.
    Others may be open.
    """


class Answer(NamedTuple):
    """What came back, whole."""

    status: int
    headers: httpx2.Headers
    content: bytes

    @property
    def media_type(self) -> str:
        """Like "application/json"; "" where the server does not say."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


def from_transport(source: str, address: str, error: Exception) -> SourceError:
    """No whole answer came: why, and what to try."""
    if isinstance(error, httpx2.ReadTimeout | httpx2.PoolTimeout):
        return TooSlow(source, "took too long to answer")
    if isinstance(error, httpx2.DecodingError):
        return Nonsense(
            source, "sent a compressed answer that cannot be unpacked: does a proxy alter it?"
        )
    if isinstance(error, httpx2.RemoteProtocolError | httpx2.ReadError | httpx2.WriteError):
        return Unreachable(
            source, "broke off in the middle of an answer: is it restarting, or https not http?"
        )
    if isinstance(error, httpx2.TimeoutException):
        return Unreachable(source, f"{address} does not answer: is the server on, the port right?")
    return _no_connection(source, address, error)


def _no_connection(source: str, address: str, error: BaseException) -> Unreachable:
    cause: BaseException | None = error
    while cause is not None:
        match cause:
            case ConnectionRefusedError():
                return Unreachable(
                    source, f"nothing listens at {address}: is the server on, the port right?"
                )
            case socket.gaierror():
                return Unreachable(
                    source, f"the host of {address} is not known: is the name right?"
                )
            case ssl.SSLCertVerificationError():
                return Untrusted(source, address, cause.verify_message)
            case ssl.SSLError():
                return Unreachable(source, f"{address} does not speak https: try http")
        cause = cause.__cause__ or cause.__context__
    return Unreachable(source, f"{address} cannot be reached: is the server on, and the network?")


def from_status(source: str, base: str, path: str, answer: Answer) -> SourceError:
    """The error for an answer that is not 200; `path` without its query."""
    asked = path if len(path) <= 60 else f"{path[:57]}…"
    match answer.status:
        case 401 if b"not permitted to access" in answer.content[:500]:
            return _not_open(source, asked, 401)
        case 401:
            return TokenRefused(
                source, f"refuses our token (HTTP 401): {sign_in_again(source, base)}"
            )
        case 403:
            return _not_open(source, asked, 403)
        case 498:
            again = sign_in_again(source, base)
            return Refused(source, f"says our token has expired (HTTP 498): {again}")
        case 407:
            return Refused(source, "a proxy on the way wants a password of its own (HTTP 407)")
        case 404 | 410:
            return Missing(
                source, f"has no {asked} (HTTP {answer.status}): is the address that of the server?"
            )
        case 413 | 414 | 431:
            return TooMuch(source, f"refuses so long a request (HTTP {answer.status}): a proxy may")
        case 429 | 503:
            return _busy(source, answer)
        case status if status >= 500:
            return Failed(source, f"broke on {asked} (HTTP {status}): its log says why")
        case status if 300 <= status < 400:
            location = answer.headers.get("location", "")
            return Moved(source, redirects.read(base, path, location, answer.status))
        case status:
            return Nonsense(source, f"does not understand our request for {asked} (HTTP {status})")


def sign_in_again(source: str, base: str) -> str:
    """What to do where our token is no longer good. plex.tv, and what is called by its address
    because it is not added yet, have no name that could be given.
    """
    name = "" if source in (PLEX_TV, base) else f" {shlex.quote(source)}"
    return f"sign in again with `fullcredits source sign-in{name}`"


def _not_open(source: str, asked: str, status: int) -> NotOpen:
    return NotOpen(
        source,
        f"this account may not read {asked} (HTTP {status}): open it to the account, or sign in "
        "as the server's owner",
    )


def _busy(source: str, answer: Answer) -> Busy:
    wait = retry_after(answer.headers)
    how_long = "" if wait is None else f" for {lasted(wait)}"
    if wait == LONGEST_WAIT:
        how_long += " or longer"
    if answer.status == 429:
        return Busy(
            source,
            f"asks us to wait{how_long} (HTTP 429): too many requests; give it fewer at once "
            "(--limit 1), or let other programs rest",
            wait,
        )
    return Busy(
        source,
        f"is starting up or under maintenance, asks us to wait{how_long} (HTTP 503): try again "
        "when its own pages open in a browser",
        wait,
    )


def retry_after(headers: httpx2.Headers) -> float | None:
    """Seconds from a `Retry-After`: a number ("005" from Jellyfin) or a date, by the server's own
    clock; at most LONGEST_WAIT. None where there is none or it says nothing.
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), LONGEST_WAIT)
    until = http_date(text)
    if until is None:
        return None
    now = http_date(headers.get("date", "")) or dt.datetime.now(dt.UTC)
    return min(max(0.0, (until - now).total_seconds()), LONGEST_WAIT)


def http_date(text: str) -> dt.datetime | None:
    """An HTTP date in UTC; None for anything else."""
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    return when.replace(tzinfo=dt.UTC) if when.tzinfo is None else when.astimezone(dt.UTC)


def not_json(source: str, answer: Answer) -> Nonsense:
    """For a 200 of another media type."""
    head = answer.content[:200].lstrip().lower()
    if "html" in answer.media_type or head.startswith((b"<!doctype html", b"<html")):
        what = "a web page, not JSON: is a log-in portal or proxy in front?"
    elif "xml" in answer.media_type or head.startswith(b"<"):
        what = "XML, not JSON: is the server very old, or does a proxy drop the Accept header?"
    else:
        what = f"{answer.media_type or 'something'}, not JSON: is this a media server?"
    return Nonsense(source, f"answered with {what}")
