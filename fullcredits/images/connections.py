"""Connections to the sources that pictures are being fetched from."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from fullcredits.sources.contract import Source

PARALLEL = 4
"""Fetches at once from one source: a Jellyfin may itself fetch or scale a picture first."""


@dataclass(slots=True)
class _Connection:
    source: Source | None = None
    users: int = 0
    opening: asyncio.Lock = field(default_factory=asyncio.Lock)
    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(PARALLEL))


class Connections:
    """One connection per source, open for as long as somebody uses it."""

    def __init__(self, open_source: Callable[[int], Source]) -> None:
        self._open_source = open_source
        self._connections: dict[int, _Connection] = {}

    @asynccontextmanager
    async def to(self, source_id: int) -> AsyncIterator[Source]:
        """The source, when one of its PARALLEL places is free."""
        async with self._used(source_id) as connection, connection.gate:
            async with connection.opening:
                if connection.source is None:
                    connection.source = await asyncio.to_thread(self._open_source, source_id)
            yield connection.source

    @asynccontextmanager
    async def kept(self, source_ids: Iterable[int]) -> AsyncIterator[None]:
        """Once open, connections to these sources stay open meanwhile."""
        async with AsyncExitStack() as stack:
            for source_id in source_ids:
                await stack.enter_async_context(self._used(source_id))
            yield

    @asynccontextmanager
    async def _used(self, source_id: int) -> AsyncIterator[_Connection]:
        connection = self._connections.setdefault(source_id, _Connection())
        connection.users += 1
        try:
            yield connection
        finally:
            connection.users -= 1
            if not connection.users:
                del self._connections[source_id]
                if connection.source is not None:
                    await connection.source.close()
