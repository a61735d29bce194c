"""How long a server is waited for, how often it is asked again, and when it is given up."""

from __future__ import annotations

import random

import httpx2

from fullcredits.errors import Busy, Failed, SourceError
from fullcredits.sources.trouble import Hangs, TokenRefused, TooSlow

USUAL = httpx2.Timeout(connect=10.0, read=180.0, write=30.0, pool=600.0)
"""Seconds for a connection, and for each part of an answer."""
LONGEST_ANSWER = 300.0
"""Seconds for a whole answer: one that trickles would hold a sync for ever."""
SHORT_PATIENCE = 60.0
"""Seconds for a whole answer where the last one did not come in time: what is asked for then is
less. One that trickles has no more: six of them would hold a sync for half an hour."""
SMALL = 30.0
"""Seconds for what is small and cheap, also of a machine that has to wake up: who it is, and
whether a server that let one request wait answers at all."""
MOST_IN_VAIN = 6
"""Answers in a row that may not come in time, whatever small thing is answered in between. Of a
list with a row that hangs five do not come, before the next one does."""
LONGEST_REST = 60.0
"""Seconds of rest at most after an answer, however long that took."""

_TRIES = 3
_TRIES_OF_FAILED = 2
"""Once more is for a locked database; after that, smaller requests find out more."""
_MOST_PATIENCE = 30.0
"""Seconds we wait at most before a second try; told to wait longer, we say so and stop."""
_FIRST_PAUSE = 0.5


class Patience:
    """That with one server, over one connection: less after an answer that did not come in time.

    `usual` are the seconds for a connection and for each part of an answer.
    """

    def __init__(self, usual: httpx2.Timeout) -> None:
        self._usual = usual
        self._in_vain = 0

    def answered(self) -> None:
        """An answer came in time."""
        self._in_vain = 0

    def waited_in_vain(self, error: TooSlow) -> None:
        """One did not. Raises Hangs where that happens again and again."""
        self._in_vain += 1
        if self._in_vain >= MOST_IN_VAIN:
            raise Hangs(
                error.source,
                f"{error.what}, {self._in_vain} times running: look into its log, or restart it",
            )

    @property
    def timeout(self) -> httpx2.Timeout:
        """Seconds for a connection now, and for each part of an answer."""
        usual = self._usual
        if not self._in_vain or usual.read is None:
            return usual
        read = min(usual.read, SHORT_PATIENCE)
        return httpx2.Timeout(read, connect=usual.connect, write=usual.write, pool=usual.pool)

    @property
    def longest(self) -> float:
        """Seconds for a whole answer now."""
        return min(LONGEST_ANSWER, SHORT_PATIENCE) if self._in_vain else LONGEST_ANSWER


def pause(error: SourceError, tried: int, *, let_in: bool) -> float | None:
    """Seconds to wait before the next try; None where there should be none. `let_in`: our token was
    taken before.
    """
    again = let_in and isinstance(error, TokenRefused)
    tries = _TRIES_OF_FAILED if again or isinstance(error, Failed) else _TRIES
    if not (again or error.retryable) or tried >= tries:
        return None
    seconds = _FIRST_PAUSE * 2 ** (tried - 1) * random.uniform(0.75, 1.25)  # noqa: S311
    if isinstance(error, Busy) and error.retry_after is not None:
        seconds = max(seconds, error.retry_after)
    return seconds if seconds <= _MOST_PATIENCE else None
