"""Titles that somebody looks at before they were read."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

AGAIN = 60.0
"""Seconds until a wish is heard again: who looks on asks every second, also for what fails."""


class Wishes:
    """Of one source; made and granted in one event loop."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._open: set[str] = set()
        self._taken: dict[str, float] = {}

    def __bool__(self) -> bool:
        return bool(self._open)

    def add(self, keys: Iterable[str]) -> None:
        """Somebody looks at these; those taken a moment ago are on their way, or failed."""
        long_ago = self._clock() - AGAIN
        self._taken = {key: at for key, at in self._taken.items() if at > long_ago}
        self._open.update(set(keys) - self._taken.keys())

    def take(self) -> set[str]:
        """What is wished for; it is on its way now."""
        taken, self._open = self._open, set()
        self._taken.update(dict.fromkeys(taken, self._clock()))
        return taken

    def grants(self, keys: Iterable[str]) -> bool:
        """Whether any of these, which are stored now, was wished for."""
        return not self._taken.keys().isdisjoint(keys)
