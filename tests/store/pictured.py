"""Pictures over a database, a cache and a server that is made up: for tests of fetching."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
from collections.abc import Callable, Collection, Coroutine
from pathlib import Path
from typing import Any, TypeVar, cast

from PIL import Image
from sqlalchemy import insert, update

from fullcredits.images.ahead import Progress, fetch_ahead
from fullcredits.images.cache import Cache
from fullcredits.images.pictures import CachedPicture, Pictures
from fullcredits.model import Shape
from fullcredits.sources.address import Origin
from fullcredits.sources.contract import Picture, Source
from fullcredits.store import Store
from fullcredits.store.images import ImageRow, image_by_id, image_ids
from fullcredits.store.schema import images, sources
from fullcredits.store.sources import now
from tests.library import Library

T = TypeVar("T")
TOKEN = b"secret-token"
SOURCE = 7


async def until(happened: Callable[[], object]) -> None:
    """Wait for it."""
    while not happened():  # noqa: ASYNC110  nobody tells us
        await asyncio.sleep(0.001)


def jpeg(width: int = 600, height: int = 900, shade: int = 0) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), (shade, 0, 0)).save(file, "JPEG")
    return file.getvalue()


class FakeServer:
    """A source in memory; what it holds may be content, an error to raise, or None."""

    def __init__(self, **held: bytes | Exception | None) -> None:
        self.held = {f"/{name}": what for name, what in held.items()}
        self.asked: list[str] = []
        self.behind: list[str] = []
        """Of these the ones that nobody waited for."""
        self.opened = self.closed = self.at_once = self.most_at_once = 0

    async def picture(
        self, ref: str, *, homes: Collection[Origin] = (), first: bool = False
    ) -> Picture | None:
        assert ("http", "den", 80) in homes
        self.asked.append(ref)
        if not first:
            self.behind.append(ref)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0.01)
        self.at_once -= 1
        what = self.held[ref]
        if isinstance(what, Exception):
            raise what
        return None if what is None else Picture(what, "image/jpeg")

    async def close(self) -> None:
        self.closed += 1


class Bench:
    """Pictures over a store, a cache and made-up servers: SOURCE and those after it."""

    def __init__(
        self, store: Store, folder: Path, *servers: FakeServer, budget: int = 10**9
    ) -> None:
        self.store, self.folder, self.server = store, folder / "cache", servers[0]
        self.budget = budget
        self.servers = dict(enumerate(servers, SOURCE))
        self.ids: dict[str, int] = {}
        with store.writing() as db:
            for number, server in self.servers.items():
                name = "Den" if number == SOURCE else f"Den {number}"
                values = {"name": name, "kind": "plex", "secret": TOKEN, "added_at": now()}
                address = f"http://{name.lower().replace(' ', '-')}"
                db.execute(insert(sources).values(id=number, address=address, **values))
                self.ids |= image_ids(db, number, dict.fromkeys(server.held))
        self.restart()

    def open(self, source_id: int) -> Source:
        server = self.servers[source_id]
        server.opened += 1
        return cast(Source, server)

    def restart(self) -> None:
        self.pictures = Pictures(self.store, Cache(self.folder, self.budget), self.open)

    def row(self, ref: str) -> ImageRow:
        with self.store.reading() as db:
            row = image_by_id(db, self.ids[ref])
        assert row is not None
        return row

    def get(self, ref: str, width: int = 240) -> CachedPicture | None:
        return self.get_all(self.pictures.picture(self.ids[ref], width))[0]

    def get_all(self, *wanted: Coroutine[Any, Any, T]) -> list[T]:
        async def gather() -> list[T]:
            found = await asyncio.gather(*wanted)
            await self.pictures.fetcher.notes.flush()
            return found

        return asyncio.run(gather())

    def pass_time(self, **time: float) -> None:
        """As if all that was noted had been noted so long before."""
        with self.store.writing() as db:
            for image_id in self.ids.values():
                row = image_by_id(db, image_id)
                if row and row.retry_at:
                    earlier = row.retry_at - dt.timedelta(**time)
                    where = images.c.id == image_id
                    db.execute(update(images).where(where).values(retry_at=earlier))
        self.restart()

    def ahead(self, **options: Any) -> Progress:
        """Fetch ahead, without a rest."""
        return asyncio.run(fetch_ahead(self.pictures, gently=False, **options))

    def used_as(self, ref: str, shape: Shape) -> None:
        """Let the source have a title with this picture."""
        with self.store.writing() as db:
            made = Library(db)
            kind = "episode" if shape is Shape.STILL else "movie"
            column = "backdrop_id" if shape is Shape.BACKDROP else "poster_id"
            title = made.title(kind, "Film", **{column: self.ids[ref]})
            library = made.library(SOURCE)
            made.item(library, SOURCE, title, kind, **{column: self.ids[ref]})

    def lose_cache(self) -> None:
        for path in self.folder.rglob("*"):
            if path.is_file():
                path.unlink()
