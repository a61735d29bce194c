"""What a server names while a run over it is under way.

Titles that are known wait before all others from then on, and are read next by the run itself. What
is not known, and what is said to be gone, is left to the small sync after it.
"""

from __future__ import annotations

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
        self._rest = Heard()
        """For the sync after the run."""

    def named(self) -> frozenset[str]:
        """Keys that were named and are not dealt with."""
        if self._ear.ready_in() == 0:
            heard = self._ear.take()
            self._named = (self._named - heard.removed) | heard.changed
            self._rest.add(Hint(removed=frozenset(heard.removed), compare=heard.compare))
        return frozenset(self._named)

    def dealt_with(self, strangers: Collection[str], reading: Collection[str]) -> None:
        """All that was named, but for keys that are not known, and those of titles that are being
        read: what comes of them was perhaps said before they changed.
        """
        self._rest.add(Hint(frozenset(strangers)))
        self._named = set(reading)

    def end(self) -> None:
        """The run is over: what is left is for the next one."""
        self._rest.add(Hint(frozenset(self._named)))
        self._named = set()
        rest, self._rest = self._rest, Heard()
        if rest:
            self._ear.put_back(rest)
