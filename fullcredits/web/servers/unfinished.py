"""Servers that are being added, between one page and the next: in memory, for one browser each."""

from __future__ import annotations

import secrets
import threading
import time

from fullcredits.errors import NotFound
from fullcredits.setup import Joining
from fullcredits.web import visits

_SECONDS = 1800
_MOST = 100


class Unfinished:
    """What was begun and not finished. What is secret in it never leaves the memory."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, str], tuple[float, Joining]] = {}

    def keep(self, joining: Joining) -> str:
        """Keep it for this browser for half an hour; gives its number, for addresses."""
        number = secrets.token_hex(4)
        now = time.monotonic()
        with self._lock:
            fresh = {key: one for key, one in self._kept.items() if now - one[0] < _SECONDS}
            self._kept = dict(list(fresh.items())[-_MOST + 1 :])
            self._kept[visits.current().key, number] = now, joining
        return number

    def find(self, number: str) -> Joining:
        """What this browser began. Raises NotFound, for what is older too."""
        with self._lock:
            kept = self._kept.get((visits.current().key, number))
        if kept is None or time.monotonic() - kept[0] >= _SECONDS:
            raise NotFound("this was begun too long ago, or in another browser: begin again")
        return kept[1]

    def drop(self, number: str) -> None:
        """It is finished."""
        with self._lock:
            self._kept.pop((visits.current().key, number), None)
