from __future__ import annotations

import asyncio
import errno
import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import delete

from fullcredits.errors import Busy, Failed, Nonsense, NotFound, Refused, StoreError, Unreachable
from fullcredits.images import notes
from fullcredits.images.cache import Cache
from fullcredits.images.connections import PARALLEL
from fullcredits.images.pictures import CachedPicture, Pictures
from fullcredits.images.render import WIDTHS
from fullcredits.model import Shape
from fullcredits.sources.contract import Source
from fullcredits.store import Store
from fullcredits.store.images import image_ids
from fullcredits.store.schema import sources
from tests.library import Library
from tests.store.pictured import SOURCE, TOKEN, Bench, FakeServer, jpeg, until


def opened(picture: CachedPicture | None) -> Image.Image:
    assert picture is not None
    image = Image.open(io.BytesIO(picture.content))
    assert image.format == "WEBP"
    return image


@pytest.mark.parametrize(
    ("shape", "made"),
    [
        (Shape.POSTER, {120: 120, 240: 240, 480: 480, 960: 480, 1600: 480}),
        (Shape.STILL, {120: 240, 240: 240, 480: 480, 960: 960, 1600: 960}),
        (Shape.BACKDROP, {120: 960, 240: 960, 480: 960, 960: 960, 1600: 1600}),
    ],
)
def test_a_picture_is_fetched_once_and_given_in_every_width_of_its_use(
    store: Store, tmp_path: Path, shape: Shape, made: dict[int, int]
) -> None:
    bench = Bench(store, tmp_path, FakeServer(a=jpeg(2000, 3000)))
    bench.used_as("/a", shape)
    found = {width: bench.get("/a", width) for width in WIDTHS}
    assert bench.server.asked == ["/a"]
    assert {width: opened(picture).width for width, picture in found.items()} == made
    assert len({picture.etag for picture in found.values() if picture}) == len(WIDTHS)
    assert all(picture.lasting for picture in found.values() if picture)
    row = bench.row("/a")
    assert (row.state, row.width, row.height) == ("ok", 2000, 3000)


def test_a_small_original_is_not_made_twice(sqlite_store: Store, tmp_path: Path) -> None:
    bench = Bench(sqlite_store, tmp_path, FakeServer(a=jpeg(300, 450)))
    assert bench.get("/a", 480) == bench.get("/a", 1600)
    assert bench.get("/a", 240) != bench.get("/a", 480)
    assert opened(bench.get("/a", 480)).size == (300, 450)


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


AWAY = [
    (Unreachable("Den", "is off"), "unreachable"),
    (Refused("Den", "knows no such token"), "refused"),
    (Busy("Den", "waits"), "busy"),
]


@pytest.mark.parametrize(("error", "code"), AWAY)
def test_a_server_in_trouble_is_asked_again_after_a_minute(
    store: Store, tmp_path: Path, error: Exception, code: str
) -> None:
    bench = Bench(store, tmp_path, FakeServer(a=error, b=jpeg()))
    assert bench.get("/a") is None
    assert bench.row("/a").state == code
    assert bench.row("/a").failures == 0, "the picture is not at fault"
    assert bench.get("/b") is None, "it is left alone for now"
    assert bench.row("/b").state is None, "and nothing is held against the others"
    assert bench.server.asked == ["/a"]
    bench.server.held["/a"] = jpeg()
    bench.pass_time(seconds=61)
    assert bench.get("/a") is not None
    assert bench.get("/b") is not None
    assert bench.row("/a").state == "ok"
    assert bench.server.opened == bench.server.closed


def test_a_host_in_trouble_leaves_the_server_itself_alone(
    sqlite_store: Store, tmp_path: Path
) -> None:
    bench = Bench(sqlite_store, tmp_path, FakeServer(b=jpeg()))
    away = "https://pictures.invalid/c.jpg"
    bench.server.held[away] = Unreachable("Den", "names a picture whose host does not answer")
    with sqlite_store.writing() as db:
        bench.ids |= image_ids(db, SOURCE, {away: None})
    assert bench.get(away) is None
    assert bench.get("/b") is not None


@pytest.mark.parametrize(
    ("content", "state"),
    [
        (None, "the source has it no more"),
        (Failed("Den", "broke on picture (HTTP 500)"), "failed"),
        (Nonsense("Den", "gave text/html for a picture"), "nonsense"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not an image, or a damaged one"),
        (jpeg()[:-1000], "not an image, or a damaged one"),
        (b"\xff" * (20 * 2**20 + 1), "more than 20 MB"),
    ],
    ids=["dead link", "broken", "html", "svg", "truncated", "huge"],
)
def test_what_is_no_picture_is_asked_for_again_later_and_later(
    store: Store, tmp_path: Path, content: bytes | Exception | None, state: str
) -> None:
    bench = Bench(store, tmp_path / "cache", FakeServer(a=content))
    for times, hours in enumerate((1, 6, 24, 72, 168, 168), 1):
        assert bench.get("/a") is None
        assert len(bench.server.asked) == times
        assert (bench.row("/a").state, bench.row("/a").failures) == (state, times)
        bench.pass_time(hours=hours, minutes=-5)
        assert bench.get("/a") is None
        assert len(bench.server.asked) == times
        bench.pass_time(minutes=6)
    assert not [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    bench.server.held["/a"] = jpeg()
    assert bench.get("/a") is not None
    assert (bench.row("/a").state, bench.row("/a").failures) == ("ok", 0)


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
    for path in (tmp_path / "cache").rglob("*"):
        if path.is_file():
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


def test_nobody_waits_for_a_database_that_somebody_else_writes_to(
    sqlite_store: Store, tmp_path: Path
) -> None:
    bench = Bench(sqlite_store, tmp_path / "cache", FakeServer(a=jpeg()))

    async def twice() -> list[CachedPicture | None]:
        with sqlite_store.writing():
            found = [await bench.pictures.picture(bench.ids["/a"], width) for width in (120, 480)]
        await bench.pictures.fetcher.notes.flush()
        return found

    assert all(asyncio.run(twice()))
    assert bench.server.asked == ["/a"]
    assert bench.row("/a").state == "ok"


def test_what_became_of_a_picture_is_written_soon(
    monkeypatch: pytest.MonkeyPatch, store: Store, tmp_path: Path
) -> None:
    monkeypatch.setattr(notes, "_PAUSE", 0.01)
    bench = Bench(store, tmp_path / "cache", FakeServer(a=jpeg(), b=None))

    async def look() -> None:
        for ref in ("/a", "/b"):
            await bench.pictures.picture(bench.ids[ref], 120)
        await until(lambda: bench.row("/a").state and bench.row("/b").state)

    asyncio.run(asyncio.wait_for(look(), 20))


def test_a_full_disk_keeps_nothing_and_hides_nothing(
    monkeypatch: pytest.MonkeyPatch, sqlite_store: Store, tmp_path: Path
) -> None:
    bench = Bench(sqlite_store, tmp_path / "cache", FakeServer(a=jpeg()))

    def full(**options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("fullcredits.images.shelf.tempfile.mkstemp", full)
    found = bench.get("/a", 240)
    assert opened(found).width == 240
    assert found is not None
    assert not found.lasting
    monkeypatch.undo()
    assert bench.get("/a", 240) == replace(found, lasting=True)


# Another server's picture for the same film


def pair(store: Store, folder: Path, mine: bytes | Exception | None, other: bytes | None) -> Bench:
    """A film whose poster is /a on the first server, and whose other server has /b."""
    bench = Bench(store, folder, FakeServer(a=mine), FakeServer(b=other))
    with store.writing() as db:
        made = Library(db)
        title = made.title("movie", "Film", poster_id=bench.ids["/a"])
        for source, ref in zip(bench.servers, ("/a", "/b"), strict=True):
            made.item(made.library(source), source, title, "movie", poster_id=bench.ids[ref])
    return bench


@pytest.mark.parametrize("dead", [None, Nonsense("Den", "gave text/html"), *(e for e, _ in AWAY)])
def test_the_next_best_is_shown_where_the_best_cannot_be_had(
    store: Store, tmp_path: Path, dead: Exception | None
) -> None:
    bench = pair(store, tmp_path, dead, jpeg(shade=200))
    found = bench.get("/a", 240)
    assert opened(found).convert("RGB").tobytes()[0] > 150
    assert found is not None
    assert not found.lasting, "the best may come back"
    assert bench.get("/a", 120) is not None
    assert [len(server.asked) for server in bench.servers.values()] == [1, 1]
    bench.server.held["/a"] = jpeg(shade=0)
    bench.pass_time(hours=2)
    found = bench.get("/a", 240)
    assert opened(found).convert("RGB").tobytes()[0] < 50
    assert found is not None
    assert found.lasting


def test_nothing_is_shown_where_both_are_dead(sqlite_store: Store, tmp_path: Path) -> None:
    bench = pair(sqlite_store, tmp_path, None, None)
    assert bench.get("/a") is None
    assert bench.get("/a") is None
    assert [len(server.asked) for server in bench.servers.values()] == [1, 1]
