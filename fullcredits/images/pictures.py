"""A picture by its number: from the cache, or once from its source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import anyio
import anyio.to_thread

from fullcredits.errors import NotFound, SourceError
from fullcredits.images.cache import Cache
from fullcredits.images.check import NotAPicture, check
from fullcredits.images.connections import Connections
from fullcredits.images.once import Once
from fullcredits.images.resize import MEDIA_TYPE, WIDTHS, resized, useful_width
from fullcredits.sources.contract import Source
from fullcredits.store import Connection, Store
from fullcredits.store.images import FETCHED, ImageRow, image_by_id, mark_failed, mark_fetched
from fullcredits.store.sources import now

RETRY_SOON = dt.timedelta(hours=1)
RETRY_LATER = dt.timedelta(days=1)

_PASSING: Final = frozenset({"unreachable", "busy", "failed", "refused"})
"""Codes of errors that are the server's state, not the picture's."""
_DECODERS = 2
"""Pictures decoded at once: one of 50 megapixels takes some 400 MB while it is made smaller."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CachedPicture:
    """A picture ready to be sent."""

    path: Path
    etag: str
    """With its quotes, as the header wants it. Changes only with the picture."""
    media_type: str


class Pictures:
    """Gives pictures; fetches each once, and does not ask in vain again and again.

    Works with the sources switched off for whatever is in the cache. Use it from one event loop.
    """

    def __init__(self, store: Store, cache: Cache, open_source: Callable[[int], Source]) -> None:
        """`open_source` gives a new connection to a source by its id; raises NotFound."""
        self._store = store
        self._cache = cache
        self._connections = Connections(open_source)
        self._making: Once[CachedPicture | None] = Once()
        self._fetching: Once[None] = Once()
        self._decoders = anyio.CapacityLimiter(_DECODERS)

    async def picture(self, image_id: int, width: int) -> CachedPicture | None:
        """The picture in one of WIDTHS, at most as wide as the original.

        None for another width, an unknown id, and while the picture cannot be had. Raises
        StoreError if database, key or cache cannot be used.
        """
        if width not in WIDTHS:
            return None
        return await self._making.run((image_id, width), partial(self._make, image_id, width))

    async def _make(self, image_id: int, width: int) -> CachedPicture | None:
        row = await self._row(image_id)
        made = await self._resized(row, width)
        if made is None and row is not None and _is_due(row):
            await self._fetching.run(image_id, partial(self._fetch, image_id))
            made = await self._resized(await self._row(image_id), width)
        return made

    async def _row(self, image_id: int) -> ImageRow | None:
        def read() -> ImageRow | None:
            with self._store.reading() as db:
                return image_by_id(db, image_id)

        return await anyio.to_thread.run_sync(read)

    async def _resized(self, row: ImageRow | None, width: int) -> CachedPicture | None:
        """The picture in that width if it or its original is in the cache."""
        if row is None or row.digest is None or row.width is None:
            return None
        digest, width = row.digest, useful_width(width, row.width)
        path = await anyio.to_thread.run_sync(self._cache.resized, digest, width)
        if path is None:
            path = await self._decode(partial(self._resize, digest, width))
        if path is None:
            return None
        return CachedPicture(path, f'"{digest[:32]}-{width}"', MEDIA_TYPE)

    def _resize(self, digest: str, width: int) -> Path | None:
        original = self._cache.original(digest)
        if original is None:
            return None
        try:
            return self._cache.put_resized(digest, width, resized(original, width))
        except NotAPicture:
            # It was one when it came; the disk has lost it since.
            self._cache.forget_original(digest)
            return None

    async def _fetch(self, image_id: int) -> None:
        """Bring the original into the cache, and keep in the database what became of it."""
        # Read again: a fetch that ended a moment ago may have settled it.
        row = await self._row(image_id)
        if row is None or not _is_due(row) or await self._has_original(row):
            return
        try:
            content = await self._content(row)
            width, height = await self._decode(partial(check, content))
        except NotFound:
            return  # the source was removed meanwhile, and its rows with it
        except SourceError as error:
            reason = error.code
        except NotAPicture as error:
            reason = str(error)
        else:
            digest = await anyio.to_thread.run_sync(self._cache.put_original, content)
            await self._note(lambda db: mark_fetched(db, image_id, digest, width, height))
            return
        await self._note(lambda db: mark_failed(db, image_id, reason))

    async def _content(self, row: ImageRow) -> bytes:
        async with self._connections.to(row.source_id) as source:
            found = await source.picture(row.ref, first=True)
        if found is None:
            raise NotAPicture("the source has it no more")
        return found.content

    async def _has_original(self, row: ImageRow) -> bool:
        if row.digest is None:
            return False
        return await anyio.to_thread.run_sync(self._cache.original, row.digest) is not None

    async def _note(self, what: Callable[[Connection], None]) -> None:
        def write() -> None:
            with self._store.writing() as db:
                what(db)

        await anyio.to_thread.run_sync(write)

    async def _decode(self, work: Callable[[], T]) -> T:
        return await anyio.to_thread.run_sync(work, limiter=self._decoders)


def _is_due(row: ImageRow) -> bool:
    """Whether to ask the source: never asked, lost from the cache, or failed long enough ago."""
    if row.state in (None, FETCHED) or row.tried_at is None:
        return True
    pause = RETRY_SOON if row.state in _PASSING else RETRY_LATER
    return now() - row.tried_at >= pause
