"""One picture: asked of its source, checked, made in its widths, kept, and noted."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
from collections.abc import Callable, Collection
from functools import partial
from typing import NamedTuple, TypeVar

import anyio
import anyio.to_thread
import structlog

from fullcredits.errors import NotFound, SourceError, StoreError
from fullcredits.images.cache import Cache
from fullcredits.images.check import NotAPicture
from fullcredits.images.connections import Connections
from fullcredits.images.notes import Notes
from fullcredits.images.pauses import Pauses
from fullcredits.images.render import Rendered, rendered
from fullcredits.model import Shape
from fullcredits.sources.address import Origin, origin
from fullcredits.sources.contract import Source
from fullcredits.sources.pictures import place_of
from fullcredits.store import Store
from fullcredits.store.images import FETCHED, ImageRow, Outcome, shapes_of
from fullcredits.store.sources import list_sources, now

T = TypeVar("T")

AGAIN = tuple(dt.timedelta(hours=hours) for hours in (1, 6, 24, 72, 168))
"""When a picture that could not be had is asked for again: the first time, the second, …; what
is dead for days is asked for every week."""
AWAY = dt.timedelta(minutes=1)
"""The same where not the picture was at fault but whoever was asked."""
_GONE = "the source has it no more"
_DECODERS = 2
"""Pictures decoded at once: one of 50 megapixels takes some 400 MB while it is made smaller."""

_log = structlog.get_logger(__name__)


class Fetched(NamedTuple):
    """A picture that came."""

    digest: str
    rendered: Rendered
    kept: bool
    """It is in the cache now."""


class Fetcher:
    """Fetches pictures, each when it may be asked for. Use it from one event loop."""

    def __init__(self, store: Store, cache: Cache, open_source: Callable[[int], Source]) -> None:
        """`open_source` gives a new connection to a source by its id; raises NotFound."""
        self.cache = cache
        self.notes = Notes(store)
        self.connections = Connections(open_source)
        self._store = store
        self._pauses = Pauses()
        self._decoders = anyio.CapacityLimiter(_DECODERS)
        self._background = anyio.CapacityLimiter(1)

    def is_due(self, row: ImageRow) -> bool:
        """Whether it is time to ask for a picture."""
        return self.notes.applied(row).may_be_asked_for(now())

    def is_left_alone(self, row: ImageRow) -> bool:
        """Whether whoever has a picture is not to be asked now."""
        return not self._pauses.over(whom(row))

    async def fetch(self, row: ImageRow, worth: int | None = None) -> Fetched | None:
        """Fetch a picture; None where it cannot be had, which is then noted.

        With `worth` it is fetched ahead (see `Cache.put_ahead`), behind whatever else wants
        something of the same server; without, somebody waits for it.
        """
        row = self.notes.applied(row)
        asked = whom(row)
        began = self._pauses.begin(asked)
        try:
            content = await self._content(row, first=worth is None)
            shapes = await asyncio.to_thread(self._shapes, row.id)
            widths = {width for shape in shapes or (Shape.POSTER,) for width in shape.widths}
            made = await self._decode(partial(rendered, content, widths), worth is None)
        except NotFound:
            return None  # the source was removed meanwhile, and its rows with it
        except SourceError as error:
            away = self._pauses.end(asked, began, error)
            self._failed(row, error.code, away=away)
            return None
        except NotAPicture as error:
            self._pauses.end(asked, began)
            self._failed(row, str(error))
            return None
        self._pauses.end(asked, began)
        digest = hashlib.sha256(content).hexdigest()
        kept = await self._keep(digest, made, worth)
        self.notes.add(
            row.id,
            Outcome(FETCHED, 0, None, digest, made.width, made.height, made.blur),
        )
        return Fetched(digest, made, kept)

    async def _content(self, row: ImageRow, *, first: bool) -> bytes:
        homes = await asyncio.to_thread(self._homes)
        async with self.connections.to(row.source_id) as source:
            found = await source.picture(row.ref, homes=homes, first=first)
        if found is None:
            raise NotAPicture(_GONE)
        return found.content

    async def _keep(self, digest: str, made: Rendered, worth: int | None) -> bool:
        try:
            if worth is not None:
                return await asyncio.to_thread(self.cache.put_ahead, digest, made.pictures, worth)
            await asyncio.to_thread(self.cache.put, digest, made.pictures)
        except StoreError as error:  # a full disk; whoever waits gets the picture all the same
            _log.warning("a picture is not kept", reason=str(error))
            return False
        return True

    def _failed(self, row: ImageRow, reason: str, *, away: bool = False) -> None:
        failures = row.failures if away else row.failures + 1
        pause = AWAY if away else AGAIN[min(failures, len(AGAIN)) - 1]
        self.notes.add(row.id, Outcome(reason, failures, now() + pause))

    def _shapes(self, image_id: int) -> set[Shape]:
        with self._store.reading() as db:
            return shapes_of(db, image_id)

    def _homes(self) -> Collection[Origin]:
        """Where the user's own servers are."""
        with self._store.reading() as db:
            return {origin(row.address) for row in list_sources(db)}

    async def _decode(self, work: Callable[[], T], waited_for: bool) -> T:
        """Of the background never more than one at once: a viewer finds a place."""
        if waited_for:
            return await anyio.to_thread.run_sync(work, limiter=self._decoders)
        return await anyio.to_thread.run_sync(work, limiter=self._background)


def whom(row: ImageRow) -> tuple[int, str]:
    """Who is asked for a picture: the source, or another host that it names."""
    return row.source_id, place_of(row.ref)
