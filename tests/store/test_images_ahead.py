"""Fetching before anybody looks: in which order, how gently, and never at a viewer's cost."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from fullcredits.errors import Unreachable
from fullcredits.images.ahead import AT_ONCE, Progress, fetch_ahead
from fullcredits.images.cache import SPARE
from fullcredits.store import Store, runs
from fullcredits.store.images import ImageRow, image_ids, images_by_ids
from fullcredits.store.progress import Holder
from fullcredits.store.schedules import Schedule, set_schedule
from fullcredits.store.schema import source_people
from tests.library import EPOCH, Library
from tests.store.pictured import SOURCE, Bench, FakeServer, jpeg, until

DAY = dt.timedelta(days=1)
OFF = Unreachable("Den", "is off")


def picture(name: str) -> bytes:
    """Each another."""
    return jpeg(60 + len(name), 90 + sum(map(ord, name)) % 50, sum(map(ord, name)) % 256)


def shelf(*names: str) -> FakeServer:
    return FakeServer(**{name: picture(name) for name in names})


def films(bench: Bench, *names: str, stars: int = 0, apart: dt.timedelta = DAY) -> None:
    """Films with a poster each, and a backdrop and stars where the server has them; the first was
    added last.
    """
    with bench.store.writing() as db:
        made = Library(db)
        library = made.library(SOURCE)
        for age, name in enumerate(names):
            pictures = {
                "poster_id": bench.ids[f"/{name}"],
                "backdrop_id": bench.ids.get(f"/{name}_back"),
            }
            title = made.title("movie", name, added=EPOCH - age * apart, **pictures)
            item = made.item(library, SOURCE, title, "movie", **pictures)
            for billing in range(stars):
                face = bench.ids[f"/{name}_star{billing}"]
                person = made.person(f"{name} {billing}", portrait_id=face)
                made.credit(item, SOURCE, person, f"{name} {billing}", billing=billing)
                who = made.source_people[SOURCE, f"{name} {billing}"]
                db.execute(
                    update(source_people).where(source_people.c.id == who).values(portrait_id=face)
                )


def test_what_was_added_last_comes_first_and_the_first_star_before_the_second(
    monkeypatch: pytest.MonkeyPatch, store: Store, tmp_path: Path
) -> None:
    monkeypatch.setattr("fullcredits.images.ahead.AT_ONCE", 1)
    names = [f"{film}{kind}" for film in "ab" for kind in ("", "_back", "_star0", "_star1")]
    bench = Bench(store, tmp_path, shelf(*names))
    films(bench, "a", "b", stars=2, apart=3 * DAY)
    progress = bench.ahead()
    assert progress == Progress(fetched=8)
    assert bench.server.asked == [
        "/a", "/a_star0", "/a_star1", "/b", "/b_star0", "/b_star1", "/a_back", "/b_back"
    ]  # fmt: skip
    assert bench.server.behind == bench.server.asked, "others go first"


def test_then_come_seasons_and_episodes_then_everybody(
    monkeypatch: pytest.MonkeyPatch, store: Store, tmp_path: Path
) -> None:
    monkeypatch.setattr("fullcredits.images.ahead.AT_ONCE", 1)
    bench = Bench(store, tmp_path, shelf("film", "season", "old", "new", "face"))
    films(bench, "film")
    with store.writing() as db:
        made = Library(db)
        made.person("Somebody", portrait_id=bench.ids["/face"])
        for kind, name, days in (
            ("season", "season", 1),
            ("episode", "old", 2),
            ("episode", "new", 0),
        ):
            made.title(kind, name, added=EPOCH - days * DAY, poster_id=bench.ids[f"/{name}"])
    assert bench.ahead() == Progress(fetched=5)
    assert bench.server.asked == ["/film", "/new", "/season", "/old", "/face"]


def test_what_is_there_is_not_fetched_again(store: Store, tmp_path: Path) -> None:
    bench = Bench(store, tmp_path, shelf("a", "b", "c"))
    films(bench, "a", "b", "c")
    assert bench.get("/b") is not None
    assert bench.ahead() == Progress(fetched=2)
    assert bench.ahead() == Progress()
    bench.restart()
    assert bench.ahead() == Progress()
    assert sorted(bench.server.asked) == ["/a", "/b", "/c"]
    bench.lose_cache()
    bench.restart()
    assert bench.ahead() == Progress(fetched=3), "the folder was lost, the database was not"


def test_pages_show_what_was_fetched_with_the_server_off(store: Store, tmp_path: Path) -> None:
    bench = Bench(store, tmp_path, shelf("a"))
    films(bench, "a")
    bench.ahead()
    bench.server.held["/a"] = OFF
    assert bench.get("/a", 120) is not None
    assert bench.server.asked == ["/a"]


def test_a_run_that_is_killed_goes_on_where_it_was(store: Store, tmp_path: Path) -> None:
    names = [f"film{n}" for n in range(12)]
    bench = Bench(store, tmp_path, shelf(*names))
    films(bench, *names)

    async def killed() -> None:
        run = asyncio.create_task(fetch_ahead(bench.pictures, gently=False))
        await until(lambda: len(bench.server.asked) >= 5)
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)

    asyncio.run(killed())
    assert bench.server.opened == bench.server.closed
    before = len(bench.server.asked)
    bench.restart()
    progress = bench.ahead()
    assert before + progress.fetched - len(names) <= AT_ONCE, "what was under way comes again"
    assert bench.ahead() == Progress()
    assert sum(1 for name in names if bench.get(f"/{name}")) == 12


def test_it_stops_when_told_and_when_time_is_up(sqlite_store: Store, tmp_path: Path) -> None:
    names = [f"film{n}" for n in range(8)]
    bench = Bench(sqlite_store, tmp_path, shelf(*names))
    films(bench, *names)
    assert bench.ahead(seconds=0) == Progress(stopped=True)

    async def told() -> Progress:
        stop = asyncio.Event()
        return await fetch_ahead(
            bench.pictures,
            stop=stop,
            gently=False,
            told=lambda p: stop.set() if p.fetched else None,
        )

    progress = asyncio.run(told())
    assert progress.stopped
    assert 1 <= progress.fetched <= AT_ONCE


def test_a_rest_ends_when_it_is_told_to_stop(
    monkeypatch: pytest.MonkeyPatch, sqlite_store: Store, tmp_path: Path
) -> None:
    monkeypatch.setattr("fullcredits.images.ahead._SHORTEST_REST", 1000.0)
    monkeypatch.setattr("fullcredits.images.ahead._LONGEST_REST", 1000.0)
    bench = Bench(sqlite_store, tmp_path, shelf("a", "b", "c"))
    films(bench, "a", "b", "c")

    async def go() -> Progress:
        stop = asyncio.Event()
        run = asyncio.create_task(fetch_ahead(bench.pictures, stop=stop))
        await until(lambda: len(bench.server.asked) >= AT_ONCE)
        await asyncio.sleep(0.1)
        assert len(bench.server.asked) == AT_ONCE, "they rest"
        stop.set()
        return await asyncio.wait_for(run, 20)

    assert asyncio.run(go()).stopped


def test_few_at_a_time_from_each_server(sqlite_store: Store, tmp_path: Path) -> None:
    names = [f"film{n}" for n in range(20)]
    bench = Bench(sqlite_store, tmp_path, shelf(*names))
    films(bench, *names)
    bench.ahead()
    assert bench.server.most_at_once == AT_ONCE
    assert bench.server.opened == bench.server.closed == 1, "one connection for all of them"


def test_it_waits_while_somebody_waits(sqlite_store: Store, tmp_path: Path) -> None:
    names = [f"film{n}" for n in range(10)]
    bench = Bench(sqlite_store, tmp_path, shelf(*names, "wanted"))
    films(bench, *names)
    slow = asyncio.Event()
    plain = bench.server.picture
    seen: list[int] = []

    async def waiting(ref: str, **more: object) -> object:
        if ref == "/wanted":
            await asyncio.sleep(0.1)  # what was under way ends
            seen.append(len(bench.server.asked))
            await asyncio.sleep(0.3)
            seen.append(len(bench.server.asked))
            slow.set()
        return await plain(ref, **more)  # type: ignore[arg-type]

    bench.server.picture = waiting  # type: ignore[method-assign,assignment]

    async def go() -> Progress:
        run = asyncio.create_task(fetch_ahead(bench.pictures, gently=False))
        await until(lambda: bench.server.asked)
        assert await bench.pictures.picture(bench.ids["/wanted"], 120) is not None
        return await run

    assert asyncio.run(go()).fetched == 10
    assert seen[0] == seen[1] < 10


def test_a_viewer_joins_what_is_under_way(sqlite_store: Store, tmp_path: Path) -> None:
    bench = Bench(sqlite_store, tmp_path, shelf("a"))
    films(bench, "a")

    async def go() -> None:
        run = asyncio.create_task(fetch_ahead(bench.pictures, gently=False))
        await until(lambda: bench.server.asked)
        assert await bench.pictures.picture(bench.ids["/a"], 120) is not None
        await run

    asyncio.run(go())
    assert bench.server.asked == ["/a"]


def test_a_source_that_is_paused_is_left_alone_unless_by_hand(
    monkeypatch: pytest.MonkeyPatch, store: Store, tmp_path: Path
) -> None:
    monkeypatch.setattr("fullcredits.images.ahead._SHORTEST_REST", 0.0)
    bench = Bench(store, tmp_path, shelf("a", "b"))
    films(bench, "a", "b")
    with store.writing() as db:
        set_schedule(db, SOURCE, Schedule(paused=True))
    assert asyncio.run(fetch_ahead(bench.pictures)) == Progress()
    assert bench.get("/a") is not None, "somebody looks"
    assert bench.ahead() == Progress(fetched=1)


@pytest.mark.parametrize("here", [True, False])
def test_a_source_that_another_process_syncs_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, store: Store, tmp_path: Path, here: bool
) -> None:
    """Each process counts its own requests only."""
    monkeypatch.setattr("fullcredits.images.ahead._SHORTEST_REST", 0.0)
    bench = Bench(store, tmp_path, shelf("a", "b"))
    films(bench, "a", "b")
    holder = Holder("fullcredits sync", "elsewhere", 1, "t")
    with store.writing() as db:
        run = runs.start_run(db, SOURCE, holder.kept, "all")
    with monkeypatch.context() as patch:
        if here:
            patch.setattr("fullcredits.store.alive.under_way", {run})
        fetched = asyncio.run(fetch_ahead(bench.pictures))
    assert fetched == (Progress(fetched=2) if here else Progress(left=2))
    assert bench.get("/a") is not None, "somebody looks"
    with store.writing() as db:
        runs.end_run(db, run, "done", {}, None)
    assert asyncio.run(fetch_ahead(bench.pictures)) == Progress(fetched=0 if here else 1)


# What cannot be had


def test_a_server_that_is_off_is_left_alone(sqlite_store: Store, tmp_path: Path) -> None:
    names = [f"film{n}" for n in range(30)]
    bench = Bench(sqlite_store, tmp_path, FakeServer(**dict.fromkeys(names, OFF)))
    films(bench, *names)
    progress = bench.ahead()
    assert len(bench.server.asked) <= AT_ONCE
    assert progress.failed + progress.left == 30
    assert not progress.stopped


def test_the_others_are_fetched_meanwhile(sqlite_store: Store, tmp_path: Path) -> None:
    bench = Bench(sqlite_store, tmp_path, FakeServer(a=OFF, b=OFF, c=OFF), shelf("x", "y"))
    films(bench, "a", "x", "b", "y", "c")
    assert bench.ahead().fetched == 2


def test_the_dead_are_remembered(store: Store, tmp_path: Path) -> None:
    bench = Bench(store, tmp_path, FakeServer(a=None, b=b"<svg/>", c=picture("c")))
    films(bench, "a", "b", "c")
    assert bench.ahead() == Progress(fetched=1, failed=2)
    assert bench.ahead() == Progress()
    bench.server.held |= {"/a": picture("a"), "/b": picture("b")}
    bench.pass_time(hours=2)
    assert bench.ahead() == Progress(fetched=2)


def test_the_dead_are_remembered_while_that_is_written(
    monkeypatch: pytest.MonkeyPatch, sqlite_store: Store, tmp_path: Path
) -> None:
    """A star's portrait is looked for with the film, and again with everybody's: here what became
    of it is written after it was read that second time, and before it is looked at.
    """
    bench = Bench(sqlite_store, tmp_path, FakeServer(a=jpeg(), a_star0=None))
    films(bench, "a", stars=1)
    notes = bench.pictures.fetcher.notes

    def read_just_before(*asked: Any) -> dict[int, ImageRow]:
        rows = images_by_ids(*asked)
        deadline = time.monotonic() + 30
        while notes.applied(row := bench.row("/a_star0")).failures and not row.failures:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        return rows

    monkeypatch.setattr("fullcredits.images.ahead.images_by_ids", read_just_before)
    assert bench.ahead().failed == 1
    assert bench.server.asked.count("/a_star0") == 1


def test_what_stands_in_for_the_dead_is_fetched(store: Store, tmp_path: Path) -> None:
    bench = Bench(store, tmp_path, FakeServer(a=None), shelf("b"))
    with store.writing() as db:
        made = Library(db)
        title = made.title("movie", "Film", added=EPOCH, poster_id=bench.ids["/a"])
        for source, ref in zip(bench.servers, ("/a", "/b"), strict=True):
            made.item(made.library(source), source, title, "movie", poster_id=bench.ids[ref])
    assert bench.ahead() == Progress(failed=1)
    assert bench.ahead() == Progress(fetched=1)
    assert bench.ahead() == Progress()


# A budget that is smaller than the library

ONE = 4096
"""What so small a picture takes."""


@pytest.fixture
def many(store: Store, tmp_path: Path) -> Callable[[int], Bench]:
    def make(room: int) -> Bench:
        names = [f"film{n:02}" for n in range(20)]
        bench = Bench(store, tmp_path, shelf(*names), budget=SPARE + room * ONE)
        films(bench, *names)
        return bench

    return make


def test_a_full_cache_ends_it_and_nothing_comes_and_goes(
    many: Callable[[int], Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = many(5)
    first = bench.ahead()
    assert first.full
    assert 5 <= first.fetched < 20
    newest = {f"/film{n:02}" for n in range(first.fetched)}
    assert set(bench.server.asked) == newest
    for _ in range(3):
        bench.restart()
        assert bench.ahead() == Progress(full=True)
    assert set(bench.server.asked) == newest


def test_what_is_looked_at_stays_and_what_is_new_comes(many: Callable[[int], Bench]) -> None:
    bench = many(5)
    bench.ahead()
    oldest = ["/film19", "/film18", "/film17"]
    for ref in oldest:
        assert bench.get(ref) is not None
    asked = len(bench.server.asked)
    bench.ahead()
    for ref in oldest:
        assert bench.get(ref) is not None
    assert len(bench.server.asked) == asked, "nobody who looked has to wait again"
    bench.server.held["/film99"] = picture("film99")
    with bench.store.writing() as db:
        bench.ids |= image_ids(db, SOURCE, {"/film99": None})
        made = Library(db)
        made.title("movie", "New", added=EPOCH + DAY, poster_id=bench.ids["/film99"])
    progress = bench.ahead()
    assert progress.fetched == 1
    assert bench.server.asked[-1] == "/film99"
    assert bench.ahead() == Progress(full=True)
