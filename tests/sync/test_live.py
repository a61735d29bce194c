"""From a server's notice to our database, without anybody asking: the whole chain, by events."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, NamedTuple
from unittest.mock import ANY

import pytest
from sqlalchemy import select, update
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from fullcredits.model import SourceKind
from fullcredits.simulate import (
    DEFAULT_PASSWORD,
    DEFAULT_USER,
    Catalogue,
    changes,
    jellyfin_app,
    plex_app,
    running,
)
from fullcredits.simulate.jellyfin.scanning import Scan
from fullcredits.sources import jellyfin_door, open_source
from fullcredits.sources.contract import Placed, Source
from fullcredits.sources.jellyfin import client
from fullcredits.sources.jellyfin.sign_in import by_password
from fullcredits.store import Store, problems, runs, schedules, sources
from fullcredits.store.plan import Turn, ask_for, plan_named
from fullcredits.store.progress import Holder
from fullcredits.store.runs import RunRow
from fullcredits.store.schedules import LibrarySchedule, Past, Schedule
from fullcredits.store.schema import libraries, media_items, media_people, sync_runs
from fullcredits.store.sources import SourceRow, now
from fullcredits.sync import conductor, lease, stride
from fullcredits.sync import live as hearing
from fullcredits.sync.background import Background
from fullcredits.sync.lease import this_process
from tests import served
from tests.stated import credits_of
from tests.sync.household import TOKENS, Household, asked
from tests.sync.scene import KINDS

SHARE = [f"film-{number:03}" for number in range(1, 31)] + ["show-01"]
NEVER = Schedule(every=0)


class Live(NamedTuple):
    """A server of a test's own, kept in step with a store of its own."""

    store: Store
    app: Starlette
    kind: SourceKind
    address: str
    background: Background
    id: int

    @property
    def library(self) -> Any:
        return self.app.state.library

    def key(self, work: str) -> str:
        item = self.library.item(work)
        return str(item.key if self.kind is SourceKind.PLEX else item.id)

    def runs(self) -> list[RunRow]:
        """The ended ones, oldest first."""
        with self.store.reading() as db:
            return runs.history(db, self.id, 100)[::-1]

    def agree(self) -> bool:
        """Whether every credit served is stored, and no other."""
        read = served.plex if self.kind is SourceKind.PLEX else served.jellyfin
        truth: Counter[Any] = read(self.address, TOKENS[self.kind])
        return credits_of(self.store, "Shelf") == truth

    def in_step(self) -> bool:
        """Whether a further sync has ended and all is as served."""
        if len(self.runs()) < 2 or not self.agree():
            return False
        with self.store.reading() as db:
            return not runs.running(db)

    def set(self, schedule: Schedule) -> None:
        with self.store.writing() as db:
            schedules.set_schedule(db, self.id, schedule)
        self.background.wake()


def until(true: Callable[[], bool]) -> None:
    """Wait for what must come."""
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)


@contextmanager
def kept(
    house: Household, kind: SourceKind, catalogue: Catalogue, schedule: Schedule
) -> Iterator[Live]:
    share = [work for work in SHARE if work in catalogue.works]
    app = (plex_app if kind is SourceKind.PLEX else jellyfin_app)(catalogue, share=share)
    if kind is SourceKind.JELLYFIN:
        app.state.notices.gathering = 0.1
    with running(app) as address:
        house.add("Shelf", kind, address)
        user: list[str] = []

        @asynccontextmanager
        async def connect(row: SourceRow) -> AsyncIterator[Source]:
            if kind is SourceKind.JELLYFIN and not user:
                async with jellyfin_door("Shelf", address, "tests") as door:
                    user.append(await by_password(door, DEFAULT_USER, DEFAULT_PASSWORD))
            token = user[0] if user else None
            source = open_source(kind, row.name, address, TOKENS[kind], "tests", user_token=token)
            try:
                yield source
            finally:
                await source.close()

        with house.store.writing() as db:
            row = sources.source_named(db, "Shelf")
            schedules.set_schedule(db, row.id, schedule)
        holder = this_process("tests")
        with Background(house.store, connect, holder) as background:
            yield Live(house.store, app, kind, address, background, row.id)


@pytest.fixture(params=KINDS)
def live(
    request: pytest.FixtureRequest, sqlite_house: Household, invented: Catalogue
) -> Iterator[Live]:
    """Synced once, and listened to."""
    with kept(sqlite_house, request.param, invented, NEVER) as live:
        until(lambda: len(live.runs()) == 1 and live.background.trouble(live.id) is None)
        assert [(run.what, run.state) for run in live.runs()] == [("all", "done")]
        assert live.agree()
        yield live


def test_a_recast_film(live: Live) -> None:
    with asked(live.app) as paths:
        changes.recast(live.library, "film-001")
        until(lambda: len(live.runs()) == 2)
    assert live.agree()
    assert live.runs()[1].what == "changes"
    assert len([p for p in paths if live.key("film-001") in p]) == 1  # one record request
    assert live.runs()[1].counts["credits_new"] == 1


def test_an_added_film_and_its_end(live: Live, invented: Catalogue) -> None:
    live.library.put(invented.works["film-040"])
    until(live.in_step)
    assert live.runs()[1].counts["titles_new"] == 1
    changes.delete(live.library, "film-040")
    until(live.in_step)
    assert sum(run.counts["titles_gone"] for run in live.runs()[1:]) == 1
    assert {run.what for run in live.runs()[1:]} == {"changes"}


def test_a_show_goes_with_all_its_episodes(live: Live) -> None:
    below = [i for i in live.library.items.values() if i.work.kind in ("show", "season", "episode")]
    assert len(below) > 3
    changes.delete(live.library, "show-01")
    until(live.in_step)
    assert sum(run.counts["titles_gone"] for run in live.runs()[1:]) == len(below)


def test_a_storm_is_one_small_sync(live: Live) -> None:
    films = [w for w in SHARE if w.startswith("film")]
    with asked(live.app) as paths:
        for film in films:
            changes.refresh(live.library, film)
        until(lambda: len(live.runs()) == 2)
    assert live.runs()[1].counts["credits"] > 0
    records = [p for p in paths if "/metadata/" in p or "ids=" in p]
    assert len(records) <= 4
    assert live.runs()[1].counts["credits_changed"] == 0


def test_what_was_said_of_a_title_that_is_still_there(live: Live) -> None:
    """A removal is a hint: the server is asked, and gives it."""
    live.app.state.notices.changed("removed", live.library.item("film-001"))
    until(lambda: len(live.runs()) == 2)
    assert live.runs()[1].counts["titles_gone"] == 0
    assert live.agree()


def hang_up(live: Live) -> None:
    """The server breaks the line."""
    notices = live.app.state.notices
    audience = notices.audience if live.kind is SourceKind.PLEX else notices.users
    audience.tell(None)


def test_what_was_missed_is_compared(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conductor, "GAP", dt.timedelta(0))
    live.library.watchers.clear()  # nobody is told
    changes.recast(live.library, "film-002")
    hang_up(live)
    until(lambda: len(live.runs()) == 2)
    assert live.runs()[1].what == "all"
    assert live.agree()


@pytest.mark.parametrize("minutes", [0, 10])
def test_what_could_not_be_placed_is_compared(
    sqlite_house: Household, invented: Catalogue, monkeypatch: pytest.MonkeyPatch, minutes: int
) -> None:
    """A while after the last comparison: of a scan that takes hours there may always be some."""
    monkeypatch.setattr(client, "_PAGE", 3)
    monkeypatch.setattr(conductor, "WHILE_SCANNING", dt.timedelta(minutes=minutes))
    with kept(sqlite_house, SourceKind.JELLYFIN, invented, NEVER) as live:
        until(lambda: len(live.runs()) == 1 and live.background.trouble(live.id) is None)
        Scan(
            live.library, [invented.works[f"film-{number:03}"] for number in range(40, 44)]
        ).begin()
        for number in range(40, 44):
            live.library.item(f"film-{number:03}").created = 0
        if minutes:
            until(lambda: len(live.runs()) == 2)
            live.background.wake()
            time.sleep(1)
            assert [run.what for run in live.runs()] == ["all", "changes"]
        else:
            until(lambda: len(live.runs()) == 3)
            assert [run.what for run in live.runs()] == ["all", "changes", "all"]
            assert [run.counts["titles_new"] for run in live.runs()[1:]] == [0, 4]


def test_what_no_comparison_finds_is_compared_once(
    sqlite_house: Household, invented: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A further version of a film is given by its id, and in no list."""
    monkeypatch.setattr(conductor, "WHILE_SCANNING", dt.timedelta(0))
    with kept(sqlite_house, SourceKind.JELLYFIN, invented, NEVER) as live:
        until(lambda: len(live.runs()) == 1 and live.background.trouble(live.id) is None)
        live.library.put(invented.works["film-040"])
        item = live.library.item("film-040")
        monkeypatch.setattr(item, "view", dataclasses.replace(item.view, path="/elsewhere"))
        until(lambda: len(live.runs()) == 3)
        live.app.state.notices.changed("updated", item)
        until(lambda: len(live.runs()) == 4)
        live.background.wake()
        time.sleep(1)
        assert [run.what for run in live.runs()] == ["all", "changes", "all", "changes"]


@pytest.mark.parametrize("by", ["a button", "a line"])
@pytest.mark.parametrize("hours", [168, 0])
def test_what_was_missed_is_compared_whatever_the_hours(
    live: Live, hours: int, by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The comparison of all fails, and is tried again: no library is due by its own hours."""
    monkeypatch.setattr(conductor, "GAP", dt.timedelta(0))
    monkeypatch.setattr(schedules, "_RETRIES", (0.02,))
    with live.store.writing() as db:
        for library in schedules.library_schedules(db, live.id):
            schedules.set_library_schedule(db, library.id, hours * 60)
    live.library.watchers.clear()  # nobody is told
    changes.recast(live.library, "film-002")
    live.app.state.faults[:] = [lambda _: Response("[", media_type="application/json")]
    if by == "a button":
        live.set(NEVER._replace(asked="all"))
    else:
        hang_up(live)
    until(lambda: [run.state for run in live.runs()][1:3] == ["failed"] * 2)
    live.app.state.faults.clear()
    until(lambda: live.runs()[-1].state == "done")
    assert live.runs()[-1].what == "all"
    assert live.agree()


def test_a_film_that_is_recast_while_all_is_read(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does not wait for the end of a run that takes hours."""
    one = stride.Stride(1.0, 1)
    monkeypatch.setattr(stride, "first", lambda pace: one)
    monkeypatch.setattr(stride.Stride, "after", lambda *_, **__: one)
    asks: list[str] = []

    def slow(request: Request) -> None:
        if "/library/metadata/" in request.url.path or "ids" in request.query_params:
            asks.append(str(request.url))
            time.sleep(0.2)

    live.app.state.faults.append(slow)
    live.set(NEVER._replace(asked="full"))
    until(lambda: len(asks) > 3)
    changes.recast(live.library, "film-001")
    younger = media_people.c.credited_as.like("% the Younger")
    with live.store.reading() as db:
        assert db.execute(select(media_people.c.id).where(younger)).first() is None

    def shown() -> bool:
        with live.store.reading() as db:
            return db.execute(select(media_people.c.person_id).where(younger)).scalar() is not None

    until(shown)
    assert len(live.runs()) == 1
    until(lambda: len(live.runs()) == 2)
    assert [(run.what, run.state) for run in live.runs()[1:]] == [("full", "done")]
    assert live.agree()


def test_sync_now(live: Live) -> None:
    live.library.watchers.clear()
    changes.recast(live.library, "film-003")
    live.set(NEVER._replace(asked="all"))
    until(lambda: len(live.runs()) == 2)
    assert live.agree()
    with live.store.reading() as db:
        assert schedules.schedule_of(db, live.id) == NEVER


def test_paused_means_silent(live: Live) -> None:
    live.set(NEVER._replace(paused=True))
    until(lambda: (live.background.trouble(live.id) or "").startswith("not listened to"))
    with asked(live.app) as paths:
        changes.recast(live.library, "film-004")
        time.sleep(1)
    assert paths == []
    live.set(NEVER._replace(asked="all", paused=True))  # but a button is a button
    until(lambda: len(live.runs()) == 2)
    assert live.agree()


def test_a_pause_in_the_middle(live: Live) -> None:
    silent = live.app.state.faults.script("time-out")
    live.set(NEVER._replace(asked="full"))
    until(lambda: silent.struck > 0)
    live.set(NEVER._replace(paused=True))
    until(lambda: len(live.runs()) == 2)
    assert live.runs()[1].state == "stopped"
    with live.store.reading() as db:
        assert schedules.schedule_of(db, live.id) == NEVER._replace(paused=True)
    silent.stop()
    live.set(NEVER._replace(asked="all"))
    until(lambda: len(live.runs()) == 3)
    assert live.runs()[2].state == "done"


def quiet_now() -> Schedule:
    """Hours ago the quiet hours began, and for hours they last."""
    hour = dt.datetime.now().hour
    return NEVER._replace(quiet_from=(hour - 6) % 24 * 60, quiet_to=(hour + 6) % 24 * 60)


def test_quiet_hours_begin_in_the_middle(live: Live) -> None:
    silent = live.app.state.faults.script("time-out")
    with live.store.writing() as db:
        db.execute(update(libraries).values(compared_at=now() - dt.timedelta(hours=1)))
    live.set(Schedule(every=30))
    until(lambda: silent.struck > 0)
    live.set(quiet_now())
    until(lambda: len(live.runs()) == 2)
    assert live.runs()[1].state == "stopped"


@pytest.mark.parametrize("by", ["a button", "a wish"])
def test_who_waits_is_waited_for_in_quiet_hours(
    live: Live, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    monkeypatch.setattr(conductor, "LOOK", 0.01)
    monkeypatch.setattr(conductor, "BREATH", 0.01)
    live.set(quiet_now())
    until(lambda: (live.background.trouble(live.id) or "").startswith("not listened to"))
    changes.recast(live.library, "film-003")
    if by == "a button":
        live.set(quiet_now()._replace(asked="full"))
    else:
        with live.store.writing() as db:
            plan_named(db, live.id, [live.key("film-003")])
        live.background.wake()
    until(live.in_step)
    assert [(run.what, run.state) for run in live.runs()[1:]] == [
        ("full" if by == "a button" else "changes", "done")
    ]


def test_whose_process_died_is_succeeded(live: Live) -> None:
    live.library.watchers.clear()
    changes.recast(live.library, "film-006")
    dead = this_process("fullcredits sync")._replace(token="of old")
    heard_last = sources.now() - dt.timedelta(hours=1)
    with live.store.writing() as db:
        run = lease.begin(db, live.id, dead, "all")
        db.execute(update(sync_runs).where(sync_runs.c.id == run).values(beat_at=heard_last))
    live.background.wake()
    until(live.in_step)
    _, died, again = live.runs()
    assert (died.id, died.state, died.error) == (run, "failed", runs.DIED)
    assert died.ended_at == heard_last
    assert (again.what, again.state) == ("all", "done")


def test_whose_process_died_is_gone_on_with_at_once(live: Live) -> None:
    """Again and again: it is no fault of the server, which is left alone for none of them."""
    live.library.watchers.clear()
    changes.recast(live.library, "film-006")
    dead = this_process("fullcredits sync")._replace(token="of old")
    with live.store.writing() as db:
        for _ in range(5):
            lease.begin(db, live.id, dead, "all")
    began = time.monotonic()
    live.background.wake()
    until(live.in_step)
    assert time.monotonic() - began < 30
    with live.store.reading() as db:
        assert runs.past_comparisons(db, live.id) == Past(ANY, 0, whole=True, died=False)


def test_a_page_that_is_looked_at_is_read(live: Live) -> None:
    live.library.watchers.clear()
    changes.recast(live.library, "film-005")
    key = select(media_items.c.title_id).where(media_items.c.key == live.key("film-005"))
    with live.store.writing() as db:
        (title,) = db.execute(key).one()
        db.execute(
            update(media_items).where(media_items.c.title_id == title).values(due=Turn.CHANGED)
        )
    assert ask_for(live.store, title)
    live.background.wake()
    until(live.in_step)
    assert live.runs()[1].what == "changes"


@pytest.mark.parametrize("mended", [True, False])
def test_a_page_that_is_looked_at_after_the_server_failed(live: Live, mended: bool) -> None:
    """It is read at once, whatever it was that the server failed over; but not again and again."""
    live.library.watchers.clear()
    live.app.state.faults[:] = [lambda _: Response("[", media_type="application/json")]
    with live.store.writing() as db:
        another = media_items.c.key == live.key("film-006")
        db.execute(update(media_items).where(another).values(look_at=now()))
    live.background.wake()
    until(lambda: len(live.runs()) == 2)
    live.background.wake()
    time.sleep(0.5)
    assert [(run.what, run.state) for run in live.runs()[1:]] == [("changes", "failed")]
    if mended:
        live.app.state.faults.clear()
    with live.store.writing() as db:
        plan_named(db, live.id, [live.key("film-005")])
    live.background.wake()
    asked_at = time.monotonic()
    until(lambda: len(live.runs()) == 3)
    assert time.monotonic() - asked_at < 20
    live.background.wake()
    time.sleep(0.5)
    assert [run.state for run in live.runs()[2:]] == ["done" if mended else "failed"]


def test_somebody_else_at_it_is_waited_for(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conductor, "LOOK", 0.1)
    with live.store.writing() as db:
        other = Holder("fullcredits sync", "elsewhere", 7, "t")
        run = lease.begin(db, live.id, other, "all")
    changes.recast(live.library, "film-006")
    time.sleep(2)
    assert len(live.runs()) == 1
    with live.store.writing() as db:
        runs.end_run(db, run, "done", {})
    until(live.in_step)


def test_a_server_that_goes_and_comes_back(sqlite_house: Household, invented: Catalogue) -> None:
    with kept(sqlite_house, SourceKind.PLEX, invented, Schedule()) as live:
        until(lambda: len(live.runs()) == 1)
        fault = live.app.state.faults.script("broken")
        live.set(Schedule(asked="all"))
        until(lambda: len(live.runs()) == 2)
        assert live.runs()[1].state == "failed"
        fault.stop()
        with live.store.reading() as db:
            assert runs.past_comparisons(db, live.id).failures == 1
        live.set(Schedule(asked="all"))
        until(lambda: len(live.runs()) == 3)
        assert live.runs()[2].state == "done"


def test_stopping_in_the_middle(sqlite_house: Household, invented: Catalogue) -> None:
    with kept(sqlite_house, SourceKind.PLEX, invented, Schedule()) as live:
        live.app.state.faults.script("time-out", "/library/metadata/*")
        until(lambda: any(r.path.endswith("/all") for r in live.app.state.requests))
        time.sleep(0.3)
    with sqlite_house.store.reading() as db:
        assert runs.running(db) == []
        (run,) = runs.history(db, live.id, 9)
    assert run.state == "stopped"
    assert run.counts["requests"] > 0
    assert run.counts["received"] > 0


def test_a_source_that_is_removed_or_added(sqlite_house: Household, invented: Catalogue) -> None:
    with kept(sqlite_house, SourceKind.PLEX, invented, Schedule()) as live:
        until(lambda: len(live.runs()) == 1)
        with live.store.writing() as db:
            sources.remove_source(db, live.id)
        live.background.wake()
        until(lambda: live.app.state.notices.audience.size == 0)
        sqlite_house.add("Shelf", SourceKind.PLEX, live.address)
        live.background.wake()
        until(lambda: live.app.state.notices.audience.size == 1)


def test_only_titles_are_placed(live: Live) -> None:
    """Keys of other things among those a server names are passed over."""

    async def go() -> Placed:
        source = open_source(live.kind, "Shelf", live.address, TOKENS[live.kind], "tests")
        try:
            libraries = await source.libraries()
            changes.refresh(live.library, "film-007")
            keys = [live.key("film-007"), "1" * 32 if live.kind is SourceKind.JELLYFIN else "99999"]
            return await source.placed(libraries, keys)
        finally:
            await source.close()

    placed = asyncio.run(go())
    ((library, item),) = placed.items
    assert not placed.left
    assert (library.kind.value, item.key) == ("movies", live.key("film-007"))
    assert item.facts().title == live.library.item("film-007").work.title


def test_a_library_with_hours_of_its_own(live: Live) -> None:
    """It is compared when it is due, and the other one is left alone."""
    with live.store.writing() as db:
        films, series = schedules.library_schedules(db, live.id)
        schedules.set_library_schedule(db, series.id, 60)
        ago = now() - dt.timedelta(minutes=61)
        db.execute(update(libraries).where(libraries.c.id == series.id).values(compared_at=ago))
    with asked(live.app) as paths:
        live.background.wake()
        until(lambda: len(live.runs()) == 2)
    assert (live.runs()[1].what, live.runs()[1].state) == ("some", "done")
    key = films.key
    assert not [path for path in paths if f"/{key}/all" in path or f"parentId={key}&" in path]
    with live.store.reading() as db:
        again = schedules.library_schedules(db, live.id)
    assert again[0] == films
    assert again[1].compared is not None
    assert series.compared is not None
    assert again[1].compared >= series.compared


def test_a_library_whose_lists_break_is_tried_again(
    live: Live, invented: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It alone, whatever the hours; what was new there meanwhile is found then."""
    monkeypatch.setattr(problems, "PAUSES", (dt.timedelta(seconds=3),))
    by_name = sorted(library_schedules(live), key=lambda library: library.name != "Movies")
    films, series = (library.key for library in by_name)
    live.app.state.faults[:] = [lambda r: Response(status_code=500) if lists(r, films) else None]
    live.library.watchers.clear()  # nobody is told
    live.library.put(invented.works["film-040"])
    live.set(NEVER._replace(asked="all"))
    until(lambda: len(live.runs()) >= 2)
    with asked(live.app) as paths:
        live.background.wake()
        until(lambda: len(live.runs()) >= 4)
        live.app.state.faults.clear()
        until(lambda: live.runs()[-1].state == "done")
    assert not [path for path in paths if f"/{series}/all" in path or f"parentId={series}" in path]
    first, *again = [(run.what, run.state) for run in live.runs()[1:]]
    assert (first, again[-1]) == (("all", "partial"), ("some", "done"))
    assert set(again[:-1]) == {("some", "partial")}
    assert live.agree()


def library_schedules(live: Live) -> list[LibrarySchedule]:
    with live.store.reading() as db:
        return schedules.library_schedules(db, live.id)


def lists(request: Request, library: str) -> bool:
    """Whether a library is to be listed."""
    of = request.query_params.get("parentId")
    return of == library or request.url.path.endswith(f"/{library}/all")


def test_what_is_heard_just_before_another_library_is_compared(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That comparison does not look at it."""
    monkeypatch.setattr(hearing, "QUIET", 60.0)
    monkeypatch.setattr(hearing, "MOST", 60.0)
    changes.recast(live.library, "film-003")
    time.sleep(1)  # it is heard
    with live.store.writing() as db:
        _, series = schedules.library_schedules(db, live.id)
        schedules.set_library_schedule(db, series.id, 60)
        ago = now() - dt.timedelta(minutes=61)
        db.execute(update(libraries).where(libraries.c.id == series.id).values(compared_at=ago))
    live.background.wake()
    until(lambda: len(live.runs()) == 2)
    monkeypatch.undo()
    live.background.wake()
    until(lambda: len(live.runs()) == 3)
    assert [run.what for run in live.runs()] == ["all", "some", "changes"]
    assert live.agree()
