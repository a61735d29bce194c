"""A picture by its number: from the cache, or once from its source."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial

import anyio.to_thread

from fullcredits.images.cache import Cache
from fullcredits.images.fetch import Fetched, Fetcher
from fullcredits.images.once import Once
from fullcredits.images.render import WIDTHS, useful_width
from fullcredits.sources.contract import Source
from fullcredits.store import Store
from fullcredits.store.images import ImageRow, image_by_id, stand_ins


@dataclass(frozen=True, slots=True)
class CachedPicture:
    """A picture ready to be sent: WebP."""

    content: bytes
    etag: str
    """With its quotes, as the header wants it. Changes only with the picture."""
    lasting: bool = True
    """It is the picture that was asked for, not another that stands in for it."""


class Pictures:
    """Gives pictures; fetches each once, and does not ask in vain again and again.

    Works with the sources switched off for whatever is in the cache. Use it from one event loop.
    """

    def __init__(self, store: Store, cache: Cache, open_source: Callable[[int], Source]) -> None:
        """`open_source` gives a new connection to a source by its id; raises NotFound."""
        self.store = store
        self._cache = cache
        self.fetcher = Fetcher(store, cache, open_source)
        self._fetching: Once[Fetched | None] = Once()
        self._waiting = 0
        self._nobody_waits = asyncio.Event()
        self._nobody_waits.set()

    async def picture(self, image_id: int, width: int) -> CachedPicture | None:
        """The picture in one of WIDTHS, at most as wide as the original.

        Where it cannot be had, that of another source for the same person or title. None for
        another width, an unknown id, and while nothing can be had. Raises StoreError if database,
        key or cache cannot be used.
        """
        if width not in WIDTHS:
            return None
        row, found = await anyio.to_thread.run_sync(self._held, image_id, width)
        if row is None or found is not None:
            return found
        async with self._waited_for():
            return await self._fetched(row, width) or await self._stand_in(row, width)

    async def fetch(self, row: ImageRow, worth: int) -> bool:
        """Fetch a picture ahead (see `Cache.put_ahead`); returns whether it came and is kept."""
        work = partial(self.fetcher.fetch, row, worth)
        fetched = await self._fetching.run(row.id, work)
        return fetched is not None and fetched.kept

    async def nobody_waits(self) -> None:
        """Wait until nobody waits for a picture."""
        await self._nobody_waits.wait()

    @asynccontextmanager
    async def _waited_for(self) -> AsyncIterator[None]:
        self._waiting += 1
        self._nobody_waits.clear()
        try:
            yield
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._nobody_waits.set()

    def _held(self, image_id: int, width: int) -> tuple[ImageRow | None, CachedPicture | None]:
        with self.store.reading() as db:
            row = image_by_id(db, image_id)
        if row is None:
            return None, None
        return row, self._in_cache(row, width)

    def _in_cache(self, row: ImageRow, width: int) -> CachedPicture | None:
        row = self.fetcher.notes.applied(row)
        if row.digest is None or row.width is None:
            return None
        width = useful_width(width, row.width)
        content = self._cache.look(row.digest, width)
        return CachedPicture(content, _etag(row.digest, width)) if content else None

    async def _fetched(self, row: ImageRow, width: int) -> CachedPicture | None:
        """The picture from its source, if it may be asked for."""
        if not self._may_be_fetched(row):
            return None
        fetched = await self._fetching.run(row.id, partial(self._fetch, row.id))
        _, found = await anyio.to_thread.run_sync(self._held, row.id, width)
        if found is not None or fetched is None:
            return found
        width = useful_width(width, fetched.rendered.width)  # the cache took it not
        made = fetched.rendered.pictures
        content = made[min((w for w in made if w >= width), default=max(made))]
        return CachedPicture(content, _etag(fetched.digest, width), lasting=False)

    async def _fetch(self, image_id: int) -> Fetched | None:
        # Looked at again: a fetch that ended a moment ago may have settled it.
        row, found = await anyio.to_thread.run_sync(self._held, image_id, WIDTHS[0])
        if row is None or found is not None or not self._may_be_fetched(row):
            return None
        return await self.fetcher.fetch(row)

    def _may_be_fetched(self, row: ImageRow) -> bool:
        return self.fetcher.is_due(row) and not self.fetcher.is_left_alone(row)

    async def _stand_in(self, row: ImageRow, width: int) -> CachedPicture | None:
        """Another source's picture for the same person or title, the next best first."""
        others = await anyio.to_thread.run_sync(self._others, row.id)
        for other in others:
            found = await anyio.to_thread.run_sync(self._in_cache, other, width)
            if found is not None:
                return replace(found, lasting=False)
        for other in others:
            found = await self._fetched(other, width)
            if found is not None:
                return replace(found, lasting=False)
        return None

    def _others(self, image_id: int) -> list[ImageRow]:
        with self.store.reading() as db:
            return stand_ins(db, image_id)


def _etag(digest: str, width: int) -> str:
    return f'"{digest[:32]}-{width}"'
