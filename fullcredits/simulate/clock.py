"""A simulated server's own clock, which need not agree with anybody else's."""

from __future__ import annotations

import time


class Clock:
    """``ahead``: so many seconds before this machine's; set it forward and time has passed."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def time(self) -> float:
        """Seconds since 1970."""
        return time.time() + self.ahead
