"""A scan of a section: titles are there before an agent brings their people.

Nobody recorded one second by second. What is played is what follows from ``updatedAt`` being a
second: what an agent writes within it arrives under one mark, piecemeal.
"""

from __future__ import annotations

from collections.abc import Iterable

from fullcredits.simulate.catalogue import Work
from fullcredits.simulate.plex.library import PlexLibrary


class Scan:
    """A scan that finds these works; the sections say ``refreshing`` meanwhile."""

    def __init__(self, library: PlexLibrary, works: Iterable[Work]) -> None:
        self._library = library
        self.works = {work.id: work for work in works}

    def begin(self) -> None:
        """The works are there, without people."""
        self._library.refreshing = True
        for work in self.works.values():
            self._library.put(work)
            self._library.show_people(work.id, 0)

    def settle(self, work_id: str) -> None:
        """An agent begins to write a work: its mark is this second's."""
        self._library.touch(work_id)

    def arrive(self, work_id: str, count: int) -> None:
        """So many people of each kind are there now; the mark says nothing of it."""
        self._library.show_people(work_id, count)

    def finish(self) -> None:
        """Everything is there, and nothing is refreshing."""
        for work_id in self.works:
            self._library.show_people(work_id, None)
        self._library.refreshing = False
