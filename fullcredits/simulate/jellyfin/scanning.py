"""A library scan, moment by moment: films are there before their people are.

Recorded of 10.11.11 and of 12.0: new films appear with nobody in them and with one Etag for all,
that of a date not yet set. Then each gets its own Etag, and its people arrive piecemeal: before
that on 10.11.11, and on 12.0 after it, *under the final Etag*. Whoever takes an Etag for the mark
of a cast keeps a torn one.
"""

from __future__ import annotations

from collections.abc import Iterable

from fullcredits.simulate.catalogue import Work
from fullcredits.simulate.jellyfin.ids import ticks
from fullcredits.simulate.jellyfin.library import JellyfinLibrary


class Scan:
    """A scan that finds these works; the task RefreshLibrary runs meanwhile."""

    def __init__(self, library: JellyfinLibrary, works: Iterable[Work]) -> None:
        self._library = library
        self.works = {work.id: work for work in works}

    def begin(self) -> None:
        """The works are there: no people, and one Etag for all of them."""
        self._library.scanning = True
        for work in self.works.values():
            self._library.put(work)
            self._library.item(work.id).saved = 0
            self._library.show_people(work.id, 0)

    def settle(self, work_id: str) -> None:
        """A work gets its own Etag, which is final; nobody is in it yet."""
        item = self._library.item(work_id)
        item.saved = ticks(self._library.clock.time())
        self._library.show_people(work_id, item.shown or 0)

    def arrive(self, work_id: str, count: int) -> None:
        """So many of its people are there now; the Etag says nothing of it."""
        self._library.show_people(work_id, count)

    def finish(self) -> None:
        """Everything is there, and the task is idle."""
        for work_id in self.works:
            if not self._library.item(work_id).saved:
                self.settle(work_id)
            self._library.show_people(work_id, None)
        self._library.scanning = False
