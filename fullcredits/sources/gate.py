"""How many requests one server gets at once from us, whoever of us asks."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import AsyncIterator
from concurrent.futures import Future
from contextlib import asynccontextmanager


class Gate:
    """So many places, shared by all event loops and threads of this process."""

    def __init__(self, places: int) -> None:
        self._lock = threading.Lock()
        self.places = self._free = places
        self._waiting: deque[Future[None]] = deque()

    def resize(self, places: int) -> None:
        """From now on so many; who is inside stays there."""
        with self._lock:
            self._free += places - self.places
            self.places = places
            self._call()

    @asynccontextmanager
    async def place(self, *, first: bool = False) -> AsyncIterator[None]:
        """A place, in the order of coming; `first`: before all who wait (somebody looks on)."""
        await self._enter(first)
        try:
            yield
        finally:
            self._leave()

    async def _enter(self, first: bool) -> None:
        with self._lock:
            if self._free > 0:
                self._free -= 1
                return
            ticket: Future[None] = Future()
            if first:
                self._waiting.appendleft(ticket)
            else:
                self._waiting.append(ticket)
        try:
            await asyncio.wrap_future(ticket)
        except asyncio.CancelledError:
            if not ticket.cancel():  # called up a moment ago: the next one goes in
                self._leave()
            raise

    def _leave(self) -> None:
        with self._lock:
            self._free += 1
            self._call()

    def _call(self) -> None:
        while self._free > 0 and self._waiting:
            ticket = self._waiting.popleft()
            if ticket.set_running_or_notify_cancel():
                self._free -= 1
                ticket.set_result(None)


UNKNOWN = 2
"""Places at a server of which nothing is known yet."""

_gates: dict[str, Gate] = {}
_lock = threading.Lock()


def gate_of(address: str, places: int | None = None) -> Gate:
    """The one gate in front of the server at this address, with so many places from now on; None
    leaves it as it is: for those who do not know yet what answers there.
    """
    with _lock:
        gate = _gates.setdefault(address, Gate(places or UNKNOWN))
    if places is not None:
        gate.resize(places)
    return gate
