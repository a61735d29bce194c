from __future__ import annotations

import asyncio
import datetime as dt
import io
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar, cast

import pytest
from PIL import Image
from sqlalchemy import delete, insert, update

from fullcredits.errors import Failed, Nonsense, NotFound, Refused, StoreError, Unreachable
from fullcredits.images.cache import Cache
from fullcredits.images.connections import PARALLEL
from fullcredits.images.pictures import CachedPicture, Pictures
from fullcredits.images.resize import WIDTHS
from fullcredits.sources.contract import Picture, Source
from fullcredits.store import Store
from fullcredits.store.images import ImageRow, image_by_id, image_ids
from fullcredits.store.schema import images, sources
from fullcredits.store.sources import now

T = TypeVar("T")
TOKEN = b"secret-token"
SOURCE = 7


def jpeg(width: int = 600, height: int = 900, shade: int = 0) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), (shade, 0, 0)).save(file, "JPEG")
    return file.getvalue()


class FakeServer:
    """A source in memory; what it holds may be content, an error to raise, or None."""

    def __init__(self, **held: bytes | Exception | None) -> None:
        self.held = {f"/{name}": what for name, what in held.items()}
        self.asked: list[str] = []
        self.opened = self.closed = self.at_once = self.most_at_once = 0

    def open(self, source_id: int) -> Source:
        assert source_id == SOURCE
        self.opened += 1
        return cast(Source, self)

    async def picture(self, ref: str, *, first: bool = False) -> Picture | None:
        self.asked.append(ref)
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
    """Pictures over a store, a cache and a fake server."""

    def __init__(self, store: Store, folder: Path, server: FakeServer) -> None:
        self.store, self.folder, self.server = store, folder, server
        with store.writing() as db:
            values = {"name": "Den", "kind": "plex", "address": "http://den", "secret": TOKEN}
            db.execute(insert(sources).values(id=SOURCE, added_at=now(), **values))
            self.ids = image_ids(db, SOURCE, sorted(server.held))
        self.restart()

    def restart(self) -> None:
        self.pictures = Pictures(self.store, Cache(self.folder, 10**9), self.server.open)

    def row(self, ref: str) -> ImageRow:
        with self.store.reading() as db:
            row = image_by_id(db, self.ids[ref])
        assert row is not None
        return row

    def get(self, ref: str, width: int = 240) -> CachedPicture | None:
        return asyncio.run(self.pictures.picture(self.ids[ref], width))

    def get_all(self, *wanted: Coroutine[Any, Any, T]) -> list[T]:
        async def gather() -> list[T]:
            return await asyncio.gather(*wanted)

        return asyncio.run(gather())

    def pass_time(self, **time: float) -> None:
        with self.store.writing() as db:
            db.execute(update(images).values(tried_at=now() - dt.timedelta(**time)))

    def lose_cache(self) -> None:
        for path in self.folder.rglob("*"):
            if path.is_file():
                path.unlink()


def test_a_picture_is_fetched_once_and_given_in_every_width(store: Store, tmp_path: Path) -> None:
    bench = Bench(store, tmp_path, FakeServer(a=jpeg(2000, 3000)))
    found = [bench.get("/a", width) for width in WIDTHS]
    assert bench.server.asked == ["/a"]
    for width, picture in zip(WIDTHS, found, strict=True):
        assert picture is not None
        assert picture.media_type == "image/webp"
        with Image.open(picture.path) as image:
            assert image.size == (width, width * 3 // 2)
    assert len({picture.etag for picture in found if picture}) == len(WIDTHS)
    row = bench.row("/a")
    assert (row.state, row.width, row.height) == ("ok", 2000, 3000)


def test_a_small_original_is_not_made_twice(sqlite_store: Store, tmp_path: Path) -> None:
    bench = Bench(sqlite_store, tmp_path, FakeServer(a=jpeg(300, 450)))
    assert bench.get("/a", 480) == bench.get("/a", 1600)
    assert bench.get("/a", 240) != bench.get("/a", 480)


@pytest.mark.parametrize("width", [0, -1, 100, 481, 10**9])
def test_another_width_is_none_and_asks_nobody(
    sqlite_store: Store, tmp_path: Path, width: int
) -> None:
    bench = Bench(sqlite_store, tmp_path, FakeServer(a=jpeg()))
    assert bench.get("/a", width) is None
    assert bench.server.asked == []


def test_an_unknown_id_is_none(sqlite_store: Store, tmp_path: Path) -> None:
    bench = Bench(sqlite_store, tmp_path, FakeServer(a=jpeg()))
    assert asyncio.run(bench.pictures.picture(10**6, 240)) is None


def test_a_restart_with_the_server_off_keeps_what_is_cached(store: Store, tmp_path: Path) -> None:
    bench = Bench(store, tmp_path, FakeServer(a=jpeg()))
    assert bench.get("/a", 240)
    bench.server.held["/a"] = Unreachable("Den", "is off")
    bench.restart()
    assert bench.get("/a", 240)
    assert bench.get("/a", 480), "made from the original on disk"
    assert len(bench.server.asked) == 1


def test_ten_requests_at_once_fetch_once(sqlite_store: Store, tmp_path: Path) -> None:
    bench = Bench(sqlite_store, tmp_path, FakeServer(a=jpeg()))
    image_id = bench.ids["/a"]
    wanted = [bench.pictures.picture(image_id, width) for width in (*WIDTHS, *WIDTHS)]
    assert all(bench.get_all(*wanted))
    assert bench.server.asked == ["/a"]
    assert bench.server.opened == bench.server.closed == 1


def test_a_request_given_up_does_not_disturb_the_others(
    sqlite_store: Store, tmp_path: Path
) -> None:
    bench = Bench(sqlite_store, tmp_path, FakeServer(a=jpeg()))

    async def impatient_and_patient() -> CachedPicture | None:
        first = asyncio.create_task(bench.pictures.picture(bench.ids["/a"], 240))
        second = asyncio.create_task(bench.pictures.picture(bench.ids["/a"], 240))
        await asyncio.sleep(0.005)
        first.cancel()
        return await second

    assert asyncio.run(impatient_and_patient()) is not None
    assert bench.server.asked == ["/a"]


def test_a_source_is_asked_for_few_pictures_at_once(sqlite_store: Store, tmp_path: Path) -> None:
    held = {f"p{number}": jpeg(200, 300, number) for number in range(20)}
    bench = Bench(sqlite_store, tmp_path, FakeServer(**held))
    wanted = [bench.pictures.picture(image_id, 120) for image_id in bench.ids.values()]
    assert all(bench.get_all(*wanted))
    assert bench.server.most_at_once == PARALLEL
    assert bench.server.opened == bench.server.closed


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Unreachable("Den", "is off"), "unreachable"),
        (Refused("Den", "knows no such token"), "refused"),
        (Failed("Den", "broke"), "failed"),
    ],
)
def test_a_server_in_trouble_is_asked_again_after_an_hour(
    store: Store, tmp_path: Path, error: Exception, code: str
) -> None:
    bench = Bench(store, tmp_path, FakeServer(a=error))
    assert bench.get("/a") is None
    assert bench.row("/a").state == code
    bench.server.held["/a"] = jpeg()
    bench.pass_time(minutes=55)
    assert bench.get("/a") is None
    assert len(bench.server.asked) == 1
    bench.pass_time(minutes=65)
    assert bench.get("/a") is not None
    assert bench.row("/a").state == "ok"
    assert bench.server.opened == bench.server.closed


@pytest.mark.parametrize(
    ("content", "state"),
    [
        (None, "the source has it no more"),
        (Nonsense("Den", "gave text/html for a picture"), "nonsense"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not an image, or a damaged one"),
        (jpeg()[:-1000], "not an image, or a damaged one"),
        (b"\xff" * (20 * 2**20 + 1), "more than 20 MB"),
    ],
    ids=["dead link", "html", "svg", "truncated", "huge"],
)
def test_what_is_no_picture_is_asked_again_after_a_day(
    sqlite_store: Store, tmp_path: Path, content: bytes | Exception | None, state: str
) -> None:
    bench = Bench(sqlite_store, tmp_path / "cache", FakeServer(a=content))
    assert bench.get("/a") is None
    assert bench.row("/a").state == state
    assert not list((tmp_path / "cache").rglob("*"))
    bench.server.held["/a"] = jpeg()
    bench.restart()
    bench.pass_time(hours=23)
    assert bench.get("/a") is None
    assert len(bench.server.asked) == 1
    bench.pass_time(hours=25)
    assert bench.get("/a") is not None


def test_ten_requests_at_once_fail_once(sqlite_store: Store, tmp_path: Path) -> None:
    bench = Bench(sqlite_store, tmp_path, FakeServer(a=None))
    wanted = [bench.pictures.picture(bench.ids["/a"], width) for width in WIDTHS * 2]
    assert not any(bench.get_all(*wanted))
    assert bench.server.asked == ["/a"]


def test_what_the_cache_lost_is_fetched_again(sqlite_store: Store, tmp_path: Path) -> None:
    bench = Bench(sqlite_store, tmp_path / "cache", FakeServer(a=jpeg()))
    assert bench.get("/a")
    bench.lose_cache()
    wanted = [bench.pictures.picture(bench.ids["/a"], width) for width in WIDTHS]
    assert all(bench.get_all(*wanted))
    assert bench.server.asked == ["/a"] * 2


def test_what_the_cache_lost_while_the_server_is_off(sqlite_store: Store, tmp_path: Path) -> None:
    bench = Bench(sqlite_store, tmp_path / "cache", FakeServer(a=jpeg()))
    assert bench.get("/a")
    bench.lose_cache()
    bench.server.held["/a"] = Unreachable("Den", "is off")
    assert bench.get("/a") is None
    assert bench.get("/a") is None
    assert len(bench.server.asked) == 2, "fetched, then tried once in vain"


def test_an_original_that_the_disk_damaged_is_fetched_again(
    sqlite_store: Store, tmp_path: Path
) -> None:
    bench = Bench(sqlite_store, tmp_path / "cache", FakeServer(a=jpeg()))
    assert bench.get("/a", 120)
    for path in (tmp_path / "cache").rglob("original"):
        path.write_bytes(b"")
    assert bench.get("/a", 480)
    assert bench.server.asked == ["/a"] * 2


def test_a_source_removed_meanwhile_is_none(sqlite_store: Store, tmp_path: Path) -> None:
    bench = Bench(sqlite_store, tmp_path, FakeServer(a=jpeg()))

    def removed(source_id: int) -> Source:
        with sqlite_store.writing() as db:
            db.execute(delete(sources))
        raise NotFound("there is no such source")

    bench.pictures = Pictures(sqlite_store, Cache(tmp_path, 10**9), removed)
    assert bench.get("/a") is None


def test_a_key_that_is_gone_is_said_and_not_held_against_the_picture(
    sqlite_store: Store, tmp_path: Path
) -> None:
    bench = Bench(sqlite_store, tmp_path, FakeServer(a=jpeg()))

    def locked(source_id: int) -> Source:
        raise StoreError("the key file is gone")

    bench.pictures = Pictures(sqlite_store, Cache(tmp_path, 10**9), locked)
    with pytest.raises(StoreError, match="key file"):
        bench.get("/a")
    assert bench.row("/a").state is None


def test_no_token_and_no_address_reaches_the_cache(sqlite_store: Store, tmp_path: Path) -> None:
    error = Unreachable("Den", f"http://den/?X-Plex-Token={TOKEN.decode()} did not answer")
    bench = Bench(sqlite_store, tmp_path / "cache", FakeServer(a=jpeg(), b=error))
    bench.get("/a")
    bench.get("/b")
    for path in (tmp_path / "cache").rglob("*"):
        assert b"den" not in bytes(path)
        assert path.is_dir() or TOKEN not in path.read_bytes()
    assert TOKEN.decode() not in f"{bench.row('/a')}{bench.row('/b')}"
