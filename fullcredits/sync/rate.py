"""How much a second is done lately. Pure."""

from __future__ import annotations

import math

LATELY = 90.0
"""Seconds: what was done so long ago counts for a third of what is done now. So a start that was
quicker than the rest is forgotten within minutes, and a pause is not taken for the end."""


class Rate:
    """An average over time in which what is long ago counts for less and less."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self._done = 0.0

    def note(self, seconds: float, done: float) -> None:
        """So much was done within the next so many seconds."""
        if seconds <= 0:
            self._done += done
            return
        faded = math.exp(-seconds / LATELY)
        weight = LATELY * (1 - faded)
        self._seconds = self._seconds * faded + weight
        self._done = self._done * faded + done * weight / seconds

    @property
    def now(self) -> float:
        """So much a second; 0 before anything is known."""
        return self._done / self._seconds if self._seconds else 0.0
