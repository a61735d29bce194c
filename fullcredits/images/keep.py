"""Fetching ahead while the program runs: after every sync, also one in another process."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import AsyncIterator

import structlog

from fullcredits.errors import StoreError
from fullcredits.images.ahead import Progress, fetch_ahead
from fullcredits.images.pictures import Pictures
from fullcredits.store import Store, runs

_LOOK = 10.0
"""Seconds between two looks whether a sync has ended."""
_GAP = 120.0
"""So long it goes on after it began, whatever syncs end: then from the top, with what is new."""
_AGAIN = 3600.0
"""After so long the dead may have come back."""
_SOON = 600.0
"""The same where something could not be had."""

Seen = tuple[dt.datetime | None, int] | None
"""What changes when a sync ends; None while the database cannot be read."""

_log = structlog.get_logger(__name__)


@contextlib.asynccontextmanager
async def kept_ahead(pictures: Pictures) -> AsyncIterator[None]:
    """Fetch ahead for as long as this is open."""
    keeping = asyncio.create_task(_keep(pictures))
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        with contextlib.suppress(StoreError):
            await pictures.fetcher.notes.flush()


async def _keep(pictures: Pictures) -> None:
    while True:
        seen = await asyncio.to_thread(_ended, pictures.store)
        progress = await _fetch(pictures, seen)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_SOON if progress.left or progress.failed else _AGAIN):
                await _sync(pictures.store, seen)


async def _fetch(pictures: Pictures, seen: Seen) -> Progress:
    """Fetch until all is there, or a sync brought something new."""
    stop = asyncio.Event()

    async def interrupt() -> None:
        await asyncio.sleep(_GAP)
        await _sync(pictures.store, seen)
        stop.set()

    interrupting = asyncio.create_task(interrupt())
    try:
        progress = await fetch_ahead(pictures, stop=stop)
    except StoreError as error:
        _log.warning("fetching pictures ahead failed", reason=str(error))
        return Progress()
    finally:
        interrupting.cancel()
        await asyncio.gather(interrupting, return_exceptions=True)
    if progress.fetched or progress.failed:
        _log.info(
            "pictures fetched ahead",
            fetched=progress.fetched,
            failed=progress.failed,
            full=progress.full,
        )
    return progress


async def _sync(store: Store, seen: Seen) -> None:
    """Wait until another sync has ended than those seen; it may be in another process."""
    while True:
        await asyncio.sleep(_LOOK)
        if await asyncio.to_thread(_ended, store) not in (seen, None):
            return


def _ended(store: Store) -> Seen:
    with contextlib.suppress(StoreError), store.reading() as db:
        return runs.ended(db)
    return None
