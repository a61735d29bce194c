"""Pictures on disk, named by their content, within a budget.

There are two shelves. On `looked` stands what somebody looked at, dated by the last look. On
`ahead` stands what was fetched in case somebody looks, dated by what it is worth (see
`Cache.put_ahead`); the first look moves it over. When room is needed for a picture that is looked
at, what is worth least on `ahead` goes first, then what was looked at longest ago. What is
fetched ahead takes room from nothing but what is worth less on its own shelf. So with a library
larger than the budget the shelf comes to hold what is worth most, and then nothing moves.
"""

from __future__ import annotations

import contextlib
import math
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from fullcredits.errors import StoreError
from fullcredits.images import pack
from fullcredits.images.shelf import Shelf, size_on_disk

_TOUCH_SECONDS = 3600
"""How exactly the last look is remembered: reading need not write each time."""
SPARE = 2**20
"""Bytes that must be free, or taken by what is worth less, for a picture to be fetched ahead: as
much as the largest takes. So nothing is fetched only to find that it does not fit."""


class Held(NamedTuple):
    """What the cache holds."""

    looked_at: int
    ahead: int
    taken: int
    """Bytes on disk."""
    budget: int


class Cache:
    """A folder of `looked/ab/cd…` and `ahead/ab/cd…`, where abcd… is the original's SHA-256.

    Files appear whole or not at all. Safe between threads; a second process may use the same
    folder, `recount` finds out what it did. Methods raise StoreError for a folder that cannot be
    used.
    """

    def __init__(self, folder: Path, budget: int) -> None:
        self._folder = folder
        self._budget = budget
        self._lock = threading.RLock()
        self._looked = Shelf(folder / "looked")
        self._ahead = Shelf(folder / "ahead")
        self._counted_at = -math.inf

    def look(self, digest: str, width: int) -> bytes | None:
        """The picture, at least that wide if it can be; somebody looks at it now.

        None where it is not there, or where the disk has damaged it.
        """
        with self._explained():
            # Once more on the first shelf: another thread may just be moving it there.
            for shelf in (self._looked, self._ahead, self._looked):
                try:
                    with shelf.path(digest).open("rb") as file:
                        content = pack.taken_out(file, width)
                except FileNotFoundError:
                    continue
                if content is None:
                    with self._lock:
                        shelf.remove(digest)
                    return None
                self._looked_at(shelf, digest)
                return content
        return None

    def _looked_at(self, shelf: Shelf, digest: str) -> None:
        now = time.time()
        path = self._looked.path(digest)
        with contextlib.suppress(FileNotFoundError):  # another thread was faster, or it went
            if shelf is self._looked and now - path.stat().st_mtime < _TOUCH_SECONDS:
                return
            with self._lock:
                if shelf is self._ahead:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    self._ahead.path(digest).replace(path)
                    self._ahead.forget(digest)
                self._looked.date(digest, now)

    def put(self, digest: str, pictures: Mapping[int, bytes]) -> None:
        """Keep a picture, by width, that somebody looks at."""
        with self._explained(), self._lock:
            self._count()
            self._ahead.remove(digest)
            self._looked.put(digest, pack.packed(pictures), time.time())
            self._clear(keep=digest)

    def put_ahead(self, digest: str, pictures: Mapping[int, bytes], worth: int) -> bool:
        """Keep a picture that nobody has looked at yet; False: there is no room for it.

        `worth` has the form of a time, in seconds since 1970: the more, the longer it stays.
        """
        content = pack.packed(pictures)
        with self._explained(), self._lock:
            if self.holds(digest, worth):
                return True
            if not self._make_room(size_on_disk(content), worth):
                return False
            self._ahead.put(digest, content, worth)
        return True

    def holds(self, digest: str, worth: int = 0) -> bool:
        """Whether the picture is there; it is worth that much from now on, if that is more."""
        with self._explained(), self._lock:
            self._count()
            at = self._ahead.at(digest)
            if at is not None and at < worth:
                self._ahead.date(digest, worth)
            return digest in self._ahead or digest in self._looked

    def room_for(self, worth: int) -> bool:
        """Whether a picture that is worth that much can be fetched ahead."""
        with self._explained(), self._lock:
            self._count()
            need = self._taken + SPARE - self._budget
            return need <= 0 or sum(e.size for e in self._ahead.lowest(need, worth)) >= need

    def recount(self, older_than: float = 0.0) -> None:
        """Look at the whole folder again, and hold the budget; not where that was done less than
        so many seconds ago.
        """
        with self._explained(), self._lock:
            if time.monotonic() - self._counted_at < older_than:
                return
            self._looked.recount()
            self._ahead.recount()
            self._counted_at = time.monotonic()
            self._clear()

    @property
    def held(self) -> Held:
        """What there is."""
        with self._explained(), self._lock:
            self._count()
            return Held(len(self._looked), len(self._ahead), self._taken, self._budget)

    @property
    def _taken(self) -> int:
        return self._looked.taken + self._ahead.taken

    def _count(self) -> None:
        self.recount(older_than=math.inf)

    def _make_room(self, size: int, worth: int) -> bool:
        """Remove what is worth less, if that gives room enough; else nothing."""
        need = self._taken + size - self._budget
        victims = self._ahead.lowest(need, worth)
        if sum(entry.size for entry in victims) < need:
            return False
        for entry in victims:
            self._ahead.remove(entry.digest)
        return True

    def _clear(self, keep: str = "") -> None:
        """Hold the budget, whatever has to go; except the one picture that is just needed."""
        for shelf in (self._ahead, self._looked):
            over = self._taken - self._budget
            # The one to keep may come first among them: clocks are set back now and then.
            for entry in shelf.lowest(over + shelf.size(keep) if over > 0 else 0):
                if entry.digest != keep and self._taken > self._budget:
                    shelf.remove(entry.digest)

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StoreError(
                f"the picture cache in {self._folder} cannot be used: {error.strerror}"
            ) from error
