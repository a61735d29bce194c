"""Pictures on disk, named by their content, within a budget."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from fullcredits.errors import StoreError

_KEPT_OF_BUDGET = 0.9
"""How full the cache is after clearing, so that not every new picture clears again."""
_TOUCH_SECONDS = 3600
"""How exactly the last use is remembered: reading need not write each time."""


class _File(NamedTuple):
    used: float
    size: int
    path: Path


class Cache:
    """A folder of `ab/cd…/original` and `ab/cd…/480.webp`, where abcd… is the original's SHA-256.

    Files appear whole or not at all. When they take more than `budget` bytes, those that were
    used least recently go. Safe between threads. Methods raise StoreError for a folder that
    cannot be used.
    """

    def __init__(self, folder: Path, budget: int) -> None:
        self._folder = folder
        self._budget = budget
        self._lock = threading.Lock()
        # Bytes in the folder or some more: counted at the first write and at each clearing.
        self._taken: int | None = None

    def original(self, digest: str) -> Path | None:
        """The picture as its source gave it."""
        return self._used(self._place(digest) / "original")

    def resized(self, digest: str, width: int) -> Path | None:
        """The picture in one of the fixed widths."""
        return self._used(self._place(digest) / f"{width}.webp")

    def put_original(self, content: bytes) -> str:
        """Keep a picture; returns its digest."""
        digest = hashlib.sha256(content).hexdigest()
        self._put(self._place(digest) / "original", content)
        return digest

    def put_resized(self, digest: str, width: int, content: bytes) -> Path:
        """Keep a picture in a width; returns its file."""
        path = self._place(digest) / f"{width}.webp"
        self._put(path, content)
        return path

    def forget_original(self, digest: str) -> None:
        """Remove a file that turned out damaged."""
        with self._explained(), self._lock:
            (self._place(digest) / "original").unlink(missing_ok=True)

    def _place(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest[2:]

    def _used(self, path: Path) -> Path | None:
        with self._explained():
            try:
                if time.time() - path.stat().st_mtime > _TOUCH_SECONDS:
                    os.utime(path)
            except FileNotFoundError:
                return None
        return path

    def _put(self, path: Path, content: bytes) -> None:
        with self._explained(), self._lock:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor, unfinished = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(content)
                Path(unfinished).replace(path)
            except BaseException:
                Path(unfinished).unlink()
                raise
            if self._taken is None:
                self._taken = sum(file.size for file in self._files())
            else:
                self._taken += len(content)
            if self._taken > self._budget:
                self._taken = self._clear(keep=path)

    def _clear(self, keep: Path) -> int:
        """Remove what was used least recently; returns the bytes that are left."""
        files = sorted(self._files())
        left = sum(file.size for file in files)
        for file in files:
            if left <= self._budget * _KEPT_OF_BUDGET:
                break
            if file.path == keep:
                continue
            file.path.unlink(missing_ok=True)
            left -= file.size
            for folder in (file.path.parent, file.path.parent.parent):
                with contextlib.suppress(OSError):  # not empty yet
                    folder.rmdir()
        return left

    def _files(self) -> Iterator[_File]:
        """Everything in the cache, also what a crash left unfinished."""
        for folder, _, names in os.walk(self._folder):
            for name in names:
                path = Path(folder, name)
                with contextlib.suppress(FileNotFoundError):
                    facts = path.stat()
                    yield _File(facts.st_mtime, facts.st_size, path)

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StoreError(
                f"the picture cache in {self._folder} cannot be used: {error.strerror}"
            ) from error
