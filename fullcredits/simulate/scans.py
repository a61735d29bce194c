"""Scans of a server that runs: works appear without people, who then arrive piecemeal."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from fullcredits.simulate.catalogue import Catalogue, Work
from fullcredits.simulate.changes import Library

SECONDS = 20.0
FILMS = 5
"""So many are found where none are named."""


class Scan(Protocol):
    """What a scan of either kind of server does, moment by moment."""

    def begin(self) -> None:
        """The works are there, without people."""

    def settle(self, work_id: str, /) -> None:
        """A work has its own mark."""

    def arrive(self, work_id: str, count: int, /) -> None:
        """So many of its people are there now, under the mark it has."""

    def finish(self) -> None:
        """Everything is there."""


class Scans:
    """Plays one scan at a time."""

    def __init__(
        self, library: Library, catalogue: Catalogue, scan: Callable[[Sequence[Work]], Scan]
    ) -> None:
        self._library = library
        self._catalogue = catalogue
        self._scan = scan
        self._playing: asyncio.Task[None] | None = None

    def begin(self, works: Iterable[str], seconds: float) -> list[str]:
        """Begin, in the running event loop; the ids of what is found.

        ``works`` are ids of films and shows, which come with all below them; without any, the
        next films that the server lacks.

        Raises:
            KeyError: the catalogue has no such work.
            ValueError: a scan is running, or nothing is left to be found.

        """
        if self._playing is not None and not self._playing.done():
            raise ValueError("a scan is running")
        wanted = list(works) or self._next()
        for work_id in wanted:
            self._catalogue.works[work_id]  # KeyError
        found = self._catalogue.held(wanted)
        if not found:
            raise ValueError("nothing is left to be found")
        scan = self._scan(found)
        scan.begin()
        self._playing = asyncio.get_running_loop().create_task(_play(scan, found, seconds))
        return [work.id for work in found]

    def _next(self) -> list[str]:
        films = (work.id for work in self._catalogue.works.values() if work.kind == "movie")
        return [film for film in films if not self._holds(film)][:FILMS]

    def _holds(self, work_id: str) -> bool:
        try:
            self._library.item(work_id)
        except KeyError:
            return False
        return True


async def _play(scan: Scan, works: Sequence[Work], seconds: float) -> None:
    """Of each work in turn first the mark, then half of its people, then all of them."""
    pause = seconds / (3 * len(works))
    for work in works:
        await asyncio.sleep(pause)
        scan.settle(work.id)
        for count in (len(work.credits) // 2, len(work.credits)):
            await asyncio.sleep(pause)
            scan.arrive(work.id, count)
    scan.finish()
