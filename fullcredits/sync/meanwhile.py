"""What a server names while a run over it is under way, and the run itself takes in.

Titles that are known wait before all others from then on, and are read next. What is not known, and
what is said to be gone, is news, for which there is a time. What comes of neither is left to the
small sync after the run.
"""

from __future__ import annotations

import time
from collections.abc import Collection

from fullcredits.sources.contract import Hint
from fullcredits.sync.live import Ear, Heard


class Meanwhile:
    """What is heard during one run. In memory, as all that is heard: the line that opens after a
    kill says to compare, and what was planned is in the database.
    """

    def __init__(self, ear: Ear) -> None:
        self._ear = ear
        self._named: set[str] = set()
        """Keys of titles that changed."""
        self._news = Heard()
        self._rested = 0.0
        """When there is time for news again, by the monotonic clock."""
        self._left = Heard()

    def named(self) -> frozenset[str]:
        """Keys that were named and are not dealt with."""
        if self._ear.ready_in() == 0:
            heard = self._ear.take()
            self._named = (self._named - heard.removed) | heard.changed
            self._news.add(Hint(removed=frozenset(heard.removed)))
            self._left.compare |= heard.compare
        return frozenset(self._named)

    def dealt_with(self, strangers: Collection[str], reading: Collection[str]) -> None:
        """All that was named, but for keys that are not known: they are news; and those of titles
        that are being read: what comes of them was perhaps said before they changed.
        """
        self._news.add(Hint(frozenset(strangers)))
        self._named = set(reading)

    def news(self) -> Heard:
        """What is not known, and what is said to be gone, to be dealt with or left; nothing while
        there is no time for it.
        """
        if time.monotonic() < self._rested:
            return Heard()
        news, self._news = self._news, Heard()
        return news

    def rest(self, seconds: float) -> None:
        """For so long there is no time for news."""
        self._rested = time.monotonic() + seconds

    def leave(self, heard: Heard) -> None:
        """Nothing comes of it in this run."""
        self._left.add(Hint(frozenset(heard.changed), frozenset(heard.removed)))

    def end(self) -> None:
        """The run is over: what is left is for the next one."""
        self.leave(self._news)
        self._left.add(Hint(frozenset(self._named)))
        self._named, self._news = set(), Heard()
        left, self._left = self._left, Heard()
        if left:
            self._ear.put_back(left)
