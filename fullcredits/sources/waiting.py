"""Waiting for servers: for whom and how long, told to whoever looks on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Waiting:
    """What is waited for of one server, over one connection."""

    def __init__(self, whom: str) -> None:
        self.whom = whom
        """In words that go on a "Waiting for"."""
        self._since: list[float] = []
        """When those were sent that wait for an answer, and when pauses began that the server asked
        for."""
        self._heard = 0.0
        """When the last request ended, well or not."""
        self._asked = 0
        """How many of those that wait were let in, and asked."""

    @contextmanager
    def one(self, *, answer: bool = True) -> Iterator[None]:
        """Somebody waits for the server, as long as this is open: for an `answer`, or only until
        it may be asked, which ends no silence.
        """
        since, onlooker = time.monotonic(), _onlooker.get()
        self._since.append(since)
        self._asked += answer
        if onlooker is not None:
            onlooker.append(self)
        try:
            yield
        finally:
            if onlooker is not None:
                onlooker.remove(self)
            self._since.remove(since)
            self._asked -= answer
            if answer:
                self._heard = time.monotonic()

    @property
    def crowded(self) -> bool:
        """Whether all that wait do so until others have their answers."""
        return not self._asked

    @property
    def silence(self) -> float:
        """Seconds in which no whole answer came though somebody waits for one; 0 where nobody does.
        What trickles is waited for too.
        """
        if not self._since:
            return 0.0
        return time.monotonic() - max(min(self._since), self._heard)


_onlooker: ContextVar[list[Waiting] | None] = ContextVar("onlooker", default=None)


@contextmanager
def seen() -> Iterator[list[Waiting]]:
    """All that is waited for at any moment as long as this is open, whatever connections are used:
    by this task, and by those it begins meanwhile.
    """
    waits: list[Waiting] = []
    before = _onlooker.set(waits)
    try:
        yield waits
    finally:
        _onlooker.reset(before)
