"""Who listens to a simulated server; whatever is said is heard by all of them."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from typing import Literal, Protocol

Verb = Literal["added", "updated", "removed"]


class Watcher(Protocol):
    """Told by a library of each of its changes, in the thread that makes it."""

    def __call__(self, verb: Verb, item: object, /) -> None:
        """One item was added, updated or removed."""


class Listener:
    """One open connection; lives in the event loop that made it."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: asyncio.Queue[str | None] = asyncio.Queue()

    def tell(self, message: str | None) -> None:
        """Put a message in line, from any thread; None: hang up."""
        with contextlib.suppress(RuntimeError):  # its loop is closed: nobody listens any more
            self._loop.call_soon_threadsafe(self._waiting.put_nowait, message)

    async def next(self) -> str | None:
        """The next message; None when it is time to hang up."""
        return await self._waiting.get()


class Audience:
    """All listeners of one server."""

    def __init__(self) -> None:
        self._listeners: set[Listener] = set()
        self._lock = threading.Lock()
        self.blocked = False
        """Whether a proxy in front lets no WebSocket pass."""

    @property
    def size(self) -> int:
        """How many listen now."""
        return len(self._listeners)

    @contextlib.contextmanager
    def seat(self) -> Iterator[Listener]:
        """A place in the audience, in the running event loop."""
        listener = Listener()
        with self._lock:
            self._listeners.add(listener)
        try:
            yield listener
        finally:
            with self._lock:
                self._listeners.discard(listener)

    def tell(self, message: str | None) -> None:
        """Say something to everybody; None: hang up."""
        with self._lock:
            for listener in self._listeners:
                listener.tell(message)
