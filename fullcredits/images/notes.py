"""What became of pictures, kept in the database a little later and many at a time.

A sync may hold the database's one place for writers for seconds; nobody who looks at a picture
waits for that.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable

import structlog

from fullcredits.errors import StoreError
from fullcredits.store import Store
from fullcredits.store.images import FETCHED, ImageRow, Outcome, note_outcomes

_AT_ONCE = 200
_PAUSE = 1.0
_MOST = 20_000
"""Notes kept in memory while the database takes none; the oldest are then dropped, and found out
again."""

_log = structlog.get_logger(__name__)


class Notes:
    """Used from one event loop."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._pending: dict[int, Outcome] = {}
        self._writing: asyncio.Task[None] | None = None

    def add(self, image_id: int, outcome: Outcome) -> None:
        """Note it; known to `applied` at once, to the database soon."""
        self._pending.pop(image_id, None)
        self._pending[image_id] = outcome
        while len(self._pending) > _MOST:
            del self._pending[next(iter(self._pending))]
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_soon())

    def applied(self, row: ImageRow) -> ImageRow:
        """The row as it will be."""
        return _as_noted(row, self._pending.get(row.id))

    def taken_along(self) -> Callable[[ImageRow], ImageRow]:
        """`applied` for rows read from now on: what is written while they are read is in neither
        them nor the notes any more.
        """
        before = dict(self._pending)
        return lambda row: _as_noted(row, self._pending.get(row.id) or before.get(row.id))

    async def flush(self) -> None:
        """Write everything now. Raises StoreError; what was not written stays noted."""
        while self._pending:
            await self._write_some()

    async def _write_soon(self) -> None:
        while self._pending:
            await asyncio.sleep(_PAUSE)
            try:
                await self._write_some()
            except StoreError as error:
                _log.warning("what became of pictures is not kept yet", reason=str(error))

    async def _write_some(self) -> None:
        some = dict(itertools.islice(self._pending.items(), _AT_ONCE))

        def write() -> None:
            with self._store.writing() as db:
                note_outcomes(db, some)

        await asyncio.to_thread(write)
        for image_id, outcome in some.items():
            if self._pending.get(image_id) is outcome:
                del self._pending[image_id]


def _as_noted(row: ImageRow, outcome: Outcome | None) -> ImageRow:
    if outcome is None:
        return row
    told = outcome._asdict()
    del told["blur"]
    if outcome.state != FETCHED:
        told = {name: told[name] for name in ("state", "failures", "retry_at")}
    return row._replace(**told)
