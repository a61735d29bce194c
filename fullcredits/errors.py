"""Every error Fullcredits raises on purpose, grouped by what the caller can do about it.

FullcreditsError
├── ConfigError          a setting or an argument is wrong: change it
├── SourceError          a media server did not give what was asked (always names the source)
│   ├── Unreachable      no answer: address, network or server is down; try again later
│   ├── Refused          the server knows us and says no (401, 403, 498): sign in again
│   ├── Busy             the server asks to wait (429, 503): try again after `retry_after`
│   ├── Failed           the server broke on this request (5xx)
│   └── Nonsense         the answer is not what this kind of server says
├── Occupied             somebody else is at it: wait, or let them
├── StoreError           the database cannot be opened, read or upgraded
├── IdentityError        a decision about who is who contradicts an earlier one
├── Denied               the password of the pages is wrong
│   └── Hasty            it was tried too often: try again after `retry_after`
└── NotFound             nothing has this name or address
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar


class FullcreditsError(Exception):
    """Something that Fullcredits can explain to its user in one sentence."""

    code: ClassVar[str] = "error"
    """Stable word for scripts and documentation."""
    http_status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1
    retryable: ClassVar[bool] = False
    """Whether the same request may succeed later with nothing changed by the user."""


class ConfigError(FullcreditsError):
    """A setting, a file or a command-line argument is wrong."""

    code = "config"
    http_status = 400
    exit_code = 2


class SourceError(FullcreditsError):
    """A media server did not give what was asked.

    `source` is the name the user gave the server; `problem` says what happened and what to do,
    without the name. The text of the error is both.
    """

    code = "source"
    http_status = 502
    exit_code = 3

    def __init__(self, source: str, problem: str) -> None:
        self.source = source
        self.problem = problem
        super().__init__(f"{source}: {problem}")


class Unreachable(SourceError):
    """No answer came: the address, the network or the server is down."""

    code = "unreachable"
    retryable = True


class Refused(SourceError):
    """The server refuses our token or account (401, 403, 498); asking again will not help."""

    code = "refused"
    exit_code = 4


class Busy(SourceError):
    """The server asks us to wait (429, 503), `retry_after` seconds if it said how long."""

    code = "busy"
    http_status = 503
    retryable = True

    def __init__(self, source: str, problem: str, retry_after: float | None = None) -> None:
        super().__init__(source, problem)
        self.retry_after = retry_after


class Failed(SourceError):
    """The server broke on this request (5xx); a smaller request may pass."""

    code = "failed"
    retryable = True


class Nonsense(SourceError):
    """The answer has not the form this kind of server gives; names the place, never a token."""

    code = "nonsense"


class Occupied(FullcreditsError):
    """Somebody else is at it: a source is synced by one at a time."""

    code = "occupied"
    http_status = 409
    exit_code = 9
    retryable = True


class StoreError(FullcreditsError):
    """The database cannot be opened, read or upgraded; nothing in it was discarded."""

    code = "store"
    exit_code = 5


class IdentityError(FullcreditsError):
    """A decision about who is who contradicts earlier ones, of the numbers `decisions`."""

    code = "identity"
    http_status = 409
    exit_code = 6

    def __init__(self, problem: str, decisions: Iterable[int] = ()) -> None:
        self.decisions = tuple(decisions)
        super().__init__(problem)


class Denied(FullcreditsError):
    """The password of the pages is wrong, or was tried too often."""

    code = "denied"
    http_status = 403


class Hasty(Denied):
    """The password of the pages was tried too often; `retry_after` is in seconds."""

    http_status = 429
    retryable = True

    def __init__(self, problem: str, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(problem)


class NotFound(FullcreditsError):
    """Nothing has this name, number or address."""

    code = "not_found"
    http_status = 404
    exit_code = 7
