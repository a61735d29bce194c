"""Leaving alone for a while whoever does not answer, so that pages do not wait for them."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from fullcredits.errors import Busy, Refused, SourceError, Unreachable

_FIRST, _LONGEST = 30.0, 300.0
_SLOW = 15.0
"""Seconds after which a failure counts as none of the picture's but of whoever was asked."""


@dataclass(slots=True)
class _Pause:
    length: float = _FIRST
    until: float = 0.0


class Pauses:
    """Who is left alone, and until when: half a minute at first, five minutes at last.

    After a pause one request finds out how things stand while the others still do without. Used
    from one event loop. `clock` gives seconds, for tests.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._pauses: dict[Hashable, _Pause] = {}

    def over(self, whom: Hashable) -> bool:
        """Whether they may be asked."""
        pause = self._pauses.get(whom)
        return pause is None or self._clock() >= pause.until

    def begin(self, whom: Hashable) -> float:
        """They are being asked; gives what `end` wants to know."""
        now = self._clock()
        if pause := self._pauses.get(whom):
            # For everybody else it goes on, longer than before.
            pause.length = min(2 * pause.length, _LONGEST)
            pause.until = now + pause.length
        return now

    def end(self, whom: Hashable, began: float, error: SourceError | None = None) -> bool:
        """They answered, or did not; returns whether they are left alone from now on."""
        slow = error is not None and self._clock() - began >= _SLOW
        if not slow and not isinstance(error, Unreachable | Busy | Refused):
            self._pauses.pop(whom, None)
            return False
        pause = self._pauses.setdefault(whom, _Pause())
        asked = error.retry_after or 0.0 if isinstance(error, Busy) else 0.0
        pause.until = self._clock() + max(pause.length, min(asked, _LONGEST))
        return True
