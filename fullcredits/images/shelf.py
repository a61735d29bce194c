"""A folder of files by digest, each with a time; which of them are the lowest, and what all take.

What is known of the folder is kept in memory and held against the disk before it counts: another
process may have removed a file, or moved its time.
"""

from __future__ import annotations

import contextlib
import heapq
import math
import os
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

_BLOCK = 4096
_UNFINISHED_SECONDS = 3600
"""After so long an unfinished file was left by a crash."""


class Entry(NamedTuple):
    """A file: `at` is its time, in seconds since 1970."""

    at: float
    digest: str
    size: int
    """What it takes on disk."""


class Shelf:
    """Used by one thread at a time. Methods raise OSError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._entries: dict[str, Entry] = {}
        self._heap: list[tuple[float, str]] = []
        self.taken = 0
        """Bytes on disk."""

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, digest: object) -> bool:
        return digest in self._entries

    def path(self, digest: str) -> Path:
        """Where the file of that digest is, if it is."""
        return self._folder / digest[:2] / digest[2:]

    def recount(self) -> None:
        """Look at the whole folder, and clear away what a crash left."""
        self._entries.clear()
        self._heap.clear()
        self.taken = 0
        long_ago = time.time() - _UNFINISHED_SECONDS
        for folder, _, names in os.walk(self._folder):
            for name in names:
                path = Path(folder, name)
                if not name.startswith("."):
                    self.learn(path.parent.name + name)
                elif path.stat().st_mtime < long_ago:
                    path.unlink(missing_ok=True)

    def put(self, digest: str, content: bytes, at: float) -> None:
        """Keep a file; it appears whole or not at all."""
        path = self.path(digest)
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, unfinished = tempfile.mkstemp(prefix=".", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            os.utime(unfinished, (at, at))
            Path(unfinished).replace(path)
        except BaseException:
            Path(unfinished).unlink(missing_ok=True)
            raise
        self.learn(digest)

    def date(self, digest: str, at: float) -> None:
        """Give a file another time."""
        with contextlib.suppress(FileNotFoundError):
            os.utime(self.path(digest), (at, at))
        self.learn(digest)

    def remove(self, digest: str) -> None:
        """Remove a file, if it is there."""
        self.path(digest).unlink(missing_ok=True)
        self.forget(digest)

    def learn(self, digest: str) -> None:
        """Look at one file."""
        self.forget(digest)
        try:
            facts = self.path(digest).stat()
        except FileNotFoundError:
            return
        size = max(facts.st_size, facts.st_blocks * 512)
        self._entries[digest] = Entry(facts.st_mtime, digest, size)
        self.taken += size
        heapq.heappush(self._heap, (facts.st_mtime, digest))

    def forget(self, digest: str) -> None:
        """A file is here no more."""
        entry = self._entries.pop(digest, None)
        if entry is not None:
            self.taken -= entry.size

    def at(self, digest: str) -> float | None:
        """The time of a file, as it was when it was looked at last; None where there is none."""
        entry = self._entries.get(digest)
        return entry.at if entry else None

    def size(self, digest: str) -> int:
        """What a file takes; 0 where there is none."""
        entry = self._entries.get(digest)
        return entry.size if entry else 0

    def lowest(self, need: int, below: float = math.inf) -> list[Entry]:
        """The files with the lowest times, lowest first: just as many as take `need` bytes
        together, or all there are with times below `below` if those take less.
        """
        found: dict[str, Entry] = {}
        while need > 0 and self._heap and self._heap[0][0] < below:
            at, digest = heapq.heappop(self._heap)
            entry = self._entries.get(digest)
            if entry is None or entry.at != at or digest in found:
                continue  # it went, or has another place in the heap
            if self._time_on_disk(digest) != at:
                self.learn(digest)
                continue
            found[digest] = entry
            need -= entry.size
        for entry in found.values():
            heapq.heappush(self._heap, (entry.at, entry.digest))
        return list(found.values())

    def _time_on_disk(self, digest: str) -> float | None:
        try:
            return self.path(digest).stat().st_mtime
        except FileNotFoundError:
            return None


def size_on_disk(content: bytes) -> int:
    """About what a file takes."""
    return -(-len(content) // _BLOCK) * _BLOCK
