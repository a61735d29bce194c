"""The page "Sync": what it shows, what its buttons do, and what it tells while one looks on."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import re
import threading
import time
from collections import Counter
from collections.abc import Collection
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient

from fullcredits.model import Library, LibraryKind, Odd
from fullcredits.pages.moments import clock, when
from fullcredits.pages.syncs import syncs
from fullcredits.store import Store, holds, problems, runs, schedules, sources
from fullcredits.store.engine import open_engine
from fullcredits.store.plan import Turn
from fullcredits.store.problems import ProblemRow
from fullcredits.store.progress import Holder, Progress
from fullcredits.store.schedules import Schedule
from fullcredits.store.schema import libraries, media_items
from fullcredits.store.sources import now
from fullcredits.sync.lease import begin, this_process
from fullcredits.text import lasted, size
from fullcredits.web import syncs as routes
from fullcredits.web import wishes
from fullcredits.web.keeping import NotKept
from fullcredits.web.reach import Reach
from tests.library import Ids
from tests.web.conftest import Counting
from tests.web.visitor import PASSWORD, House

HERE = this_process("fullcredits serve")
ELSEWHERE = Holder("fullcredits sync", "another-machine", 7, "t")
ORIGIN = {"Origin": "http://127.0.0.1"}
SEE_OTHER, NOT_FOUND = 303, 404


class Kept:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.woken = 0
        self.told: list[tuple[int, list[str]]] = []

    def wake(self) -> None:
        self.woken += 1

    def tell(self, source_id: int, keys: Collection[str]) -> None:
        self.told.append((source_id, list(keys)))

    def trouble(self, source_id: int) -> str | None:
        return "the line is <down>" if source_id == 1 else None


@pytest.fixture
def kept(client: TestClient) -> Kept:
    found = Kept()
    client.app.state.keeping = found  # type: ignore[attr-defined]
    return found


@pytest.fixture
def source(store: Store, ids: Ids) -> int:
    with store.reading() as db:
        return sources.list_sources(db)[0].id


def ended(store: Store, source: int, state: str = "done", what: str = "all", **counts: int) -> None:
    with store.writing() as db:
        run = begin(db, source, HERE, what)
        runs.end_run(db, run, state, counts, "it is off" if state == "failed" else None)


def press(client: TestClient, path: str, **fields: str) -> int:
    page = client.get("/sync").text
    token = re.search(r'name="form_token" value="([^"]+)"', page)
    assert token
    answer = client.post(path, data={"form_token": token[1], **fields}, headers=ORIGIN)
    return answer.status_code


def schedule(store: Store, source: int) -> Schedule:
    with store.reading() as db:
        return schedules.schedule_of(db, source)


def listing_fails(store: Store, source: int, name: str, *, unread: bool = False) -> str:
    """The list of a library failed just now; when it is tried again, as it is shown."""
    with store.writing() as db:
        library = next(it for it in schedules.library_schedules(db, source) if it.name == name)
        if unread:
            db.execute(update(libraries).where(libraries.c.id == library.id).values(titles=0))
        key = f"{library.key} movie"
        row = ProblemRow(source, key, f"the list of movies in {name}", "listing", "failed", "Odd.")
        problems.note_problem(db, row, leave_alone=True)
        again = next(it for it in schedules.library_schedules(db, source) if it.name == name).again
    return when(again, dt.datetime.now())


@pytest.mark.parametrize("every", [360, 0])
@pytest.mark.parametrize("unread", [True, False])
def test_a_library_whose_list_failed(
    client: TestClient, store: Store, source: int, kept: Kept, *, unread: bool, every: int
) -> None:
    """When it is tried again is said, and nothing else of what was never read."""
    with store.writing() as db:
        schedules.set_schedule(db, source, Schedule(every=every))
        first, *others = schedules.library_schedules(db, source)
        db.execute(update(libraries).values(compared_at=now()))
    ended(store, source, "partial")
    again = listing_fails(store, source, first.name, unread=unread)
    ended(store, source, "done", "changes")
    page = unescape(client.get("/sync").text)
    told = re.search(r'class="headline([^"]*)"><bdi>([^<]*)</bdi>', page)
    assert told
    bad, headline = told.groups()
    if unread:
        assert headline.startswith(f"Nothing of {first.name} is read yet")
        assert ("all else in step since today" in headline) == bool(others)
    else:
        assert re.fullmatch(r"In step since today, ..:.., but for what is told below", headline)
    assert bad == (" bad" if unread else "")
    assert f"<span>{first.name} is tried again {again}</span>" in page
    assert ("Compared only when something is heard of it" in page) == (every == 0)
    assert f"(tried again {again})" in page
    with store.writing() as db:
        schedules.set_schedule(db, source, Schedule(paused=True))
    assert "tried again" not in client.get("/sync").text


def test_what_runs_and_what_came_of_it(
    client: TestClient, store: Store, source: int, kept: Kept
) -> None:
    ended(
        store,
        source,
        titles_new=3,
        credits_new=1200,
        titles_gone=1,
        requests=14,
        received=1_500_000,
    )
    with store.writing() as db:
        run = begin(db, source, ELSEWHERE, "all")
        now = Progress("reading titles", 1200, 5000, 40_000, 340.4, 125.0, 2)
        runs.beat(db, run, now._asdict())
    page = client.get("/sync").text
    for words in (
        "Reading titles: 1,200 of 5,000",
        'value="24"',
        "340 credits a second",
        "2 minutes left",
        "2 problems",
        "3 titles and 1,200 credits new, 1 title gone",
        "14 requests · 1.5 MB",
        "The line is &lt;down&gt;",
    ):
        assert words in page, words


@pytest.mark.parametrize(
    ("reached", "counts", "words"),
    [
        (
            Progress("listing titles", 40, 5700),
            {},
            "nothing changed yet; it came to listing titles: 40 of 5,700",
        ),
        (
            Progress("reading people", 300),
            {"titles_new": 3},
            "3 titles new; it came to reading people: 300",
        ),
        (Progress("who is who"), {"titles_new": 3}, "3 titles new; it came to who is who"),
        (Progress(), {}, "nothing changed yet; it came to asking who it is"),
    ],
)
def test_how_far_a_stopped_run_came(
    store: Store, source: int, reached: Progress, counts: dict[str, int], words: str
) -> None:
    with store.writing() as db:
        run = begin(db, source, HERE, "all")
        runs.end_run(db, run, "stopped", counts, reached=reached._asdict())
    with store.reading() as db:
        line = syncs(db, lambda _: None).sources[0].now.runs[0]
    assert (line.state, line.came_of_it) == ("stopped", words)


@pytest.mark.parametrize(("state", "whole"), [("done", True), ("partial", False)])
def test_in_step_or_not_quite(store: Store, source: int, state: str, whole: bool) -> None:
    ended(store, source, state)
    with store.reading() as db:
        now = syncs(db, lambda _: None).sources[0].now
    assert now.headline.startswith("In step since ")
    assert now.headline.endswith(", but for what is told below") is not whole


def test_a_server_that_lets_us_wait(client: TestClient, store: Store, ids: Ids) -> None:
    with store.writing() as db:
        source = sources.list_sources(db)[0].id
        run = begin(db, source, ELSEWHERE, "all")
        now = Progress("listing titles", silent=75, asked="the movies in <Films>")
        runs.beat(db, run, now._asdict())
    page = client.get("/sync").text
    assert "waiting for its answer for 1 minute: asked for the movies in &lt;Films&gt;" in page


def test_what_is_held_waits_for_two_buttons(
    client: TestClient, store: Store, ids: Ids, kept: Kept
) -> None:
    """Vanished titles are gone when their owner says so; a thin cast is kept when they say that."""
    with store.writing() as db:
        row = select(media_items.c.id, media_items.c.source_id, media_items.c.library_id)
        found = db.execute(row.order_by(media_items.c.id)).all()
        source, _ = Counter(row.source_id for row in found).most_common(1)[0]
        first, second = [row for row in found if row.source_id == source][:2]
        holds.hold_titles(db, source, first.library_id, [first.id], 9)
        holds.hold_credits(db, source, holds.Doubted(second.id, 20, 20, None, b"x"), 1, None)
        titles, cast = holds.list_holds(db)
    page = client.get("/sync").text
    for words in ("1 of 9 titles in", "It is gone", "Keep it", "came back with no credits"):
        assert words in page, words
    assert press(client, f"/sync/{source}/keep", hold=str(cast.id)) == SEE_OTHER
    page = client.get("/sync").text
    assert "Kept, as you said" in page
    assert page.count("Keep what was known") == 0
    assert press(client, f"/sync/{source}/believe", hold=str(titles.id)) == SEE_OTHER
    with store.reading() as db:
        gone = select(media_items.c.gone_since).where(media_items.c.id == first.id)
        assert db.execute(gone).scalar() is not None
        assert [hold.id for hold in holds.list_holds(db)] == [cast.id]
    assert (schedule(store, source).asked, kept.woken) == ("all", 1)
    for odd in ("", "x", "999999", "9" * 30):
        assert press(client, f"/sync/{source}/believe", hold=odd) == NOT_FOUND


def test_what_came_back_alike_is_held_and_said_as_one(
    client: TestClient, store: Store, ids: Ids, kept: Kept
) -> None:
    """What comes to be held after the page was opened is not meant by its buttons."""
    with store.writing() as db:
        rows = select(media_items.c.id, media_items.c.source_id).order_by(media_items.c.id)
        found = db.execute(rows).all()
        source, _ = Counter(row.source_id for row in found).most_common(1)[0]
        items = [row.id for row in found if row.source_id == source]

        def hold(some: list[int], odd: Odd | None, hour: int) -> None:
            for item in some:
                doubted = holds.Doubted(item, 0 if odd else 20, 20, odd, b"x")
                holds.hold_credits(db, source, doubted, 1, dt.datetime(2099, 1, 1, hour))

        hold(items[:5], Odd.NAMES, 1)
        hold(items[5:7], None, 1)
        hold(items[7:29], Odd.NAMES, 2)
    page = client.get("/sync").text
    assert "and 24 more came back with characters in names" in page
    assert "looked at again from 1 January 2099, " in page
    assert page.count("came back with no credits") == 2
    for words, times in (
        ("Believe all 27", 1),
        ("Keep all as known", 1),
        ("Believe it", 22),
    ):
        assert page.count(f">{words}<") == times, words
    assert "And 7 more" in page
    whole = {"hold": str(held(store)[-1].id), "kind": "names-open"}
    with store.writing() as db:
        hold(items[29:30], Odd.NAMES, 3)
    assert press(client, f"/sync/{source}/keep", hold=str(held(store)[0].id)) == SEE_OTHER
    assert press(client, f"/sync/{source}/believe", **whole) == SEE_OTHER
    said = [hold.word for hold in held(store)]
    assert said[:8] == ["refused", *["accepted"] * 4, None, None, "accepted"]
    assert said[-2:] == ["accepted", None]
    assert press(client, f"/sync/{source}/believe", hold=whole["hold"], kind="x-open") == NOT_FOUND
    assert press(client, f"/sync/{source}/keep", **whole) == NOT_FOUND


def held(store: Store) -> list[holds.Hold]:
    with store.reading() as db:
        return holds.list_holds(db)


def test_a_failed_sync_says_why(client: TestClient, store: Store, source: int) -> None:
    ended(store, source, "failed")
    page = client.get("/sync").text
    assert "Last sync failed: it is off" in page


def test_a_sync_whose_process_died_does_not_run(
    client: TestClient, store: Store, source: int
) -> None:
    dead = ELSEWHERE._replace(machine=HERE.machine, process=HERE.process)
    with store.writing() as db:
        run = begin(db, source, dead, "all")
        runs.beat(db, run, Progress("reading titles", 1, 4)._asdict())
    page = client.get("/sync").text
    assert "the next sync goes on" in page
    assert "Reading titles" not in page
    assert "Being read" not in client.get(f"/servers/{source}").text
    with store.reading() as db:
        assert not syncs(db, lambda _: None).busy


def test_queries_do_not_grow(
    client: TestClient, store: Store, source: int, queries: Counting
) -> None:
    client.get("/sync")
    with queries() as few:
        client.get("/sync")
    for _ in range(5):
        ended(store, source, titles_new=1)
    with store.writing() as db:
        for n in range(30):
            problems.note_problem(
                db, ProblemRow(source, str(n), f"Film {n}", "records", "x", "odd", 1)
            )
    with queries() as many:
        page = client.get("/sync").text
    assert len(many) == len(few)
    assert "And 10 more." in page


def test_the_buttons(client: TestClient, store: Store, source: int, kept: Kept) -> None:
    assert press(client, f"/sync/{source}/now") == 303
    assert schedule(store, source) == Schedule(asked="all")
    assert press(client, f"/sync/{source}/now", what="full") == 303
    assert schedule(store, source) == Schedule(asked="full")
    assert press(client, f"/sync/{source}/pause") == 303
    assert schedule(store, source) == Schedule(paused=True)
    assert press(client, f"/sync/{source}/resume") == 303
    assert schedule(store, source) == Schedule()
    assert kept.woken == 4
    assert press(client, "/sync/999/pause") == 404


@pytest.mark.parametrize("paused", [False, True])
def test_a_title_is_tried_again(
    client: TestClient, store: Store, ids: Ids, kept: Kept, paused: bool
) -> None:
    """A wish, which quiet hours let through; in a pause wishes wait, but a button is a button."""
    of_it = media_items.c.title_id == ids.movie
    with store.writing() as db:
        source, key = db.execute(
            select(media_items.c.source_id, media_items.c.key).where(of_it)
        ).first() or (0, "")
        schedules.set_schedule(db, source, Schedule(paused=paused))
        problem = ProblemRow(source, key, "A film", "records", "failed", "It does not open.")
        problems.note_problem(db, problem, leave_alone=True)
        db.execute(update(media_items).values(due=None))
    assert f'name="key" value="{key}"' in client.get("/sync").text
    assert press(client, f"/sync/{source}/again", key=key) == SEE_OTHER
    here = (media_items.c.source_id == source, media_items.c.key == key)
    with store.reading() as db:
        due = db.scalars(select(media_items.c.due).where(*here)).one()
    assert due == (None if paused else Turn.ASKED)
    assert schedule(store, source).asked == ("all" if paused else None)
    assert (kept.woken, kept.told) == (1, [])


@pytest.mark.parametrize(
    ("key", "phase"), [("1 movie", "listing"), ("p7", "people"), ("of old", "records")]
)
def test_what_is_no_title_is_tried_again_by_comparing_everything(
    client: TestClient, store: Store, source: int, kept: Kept, key: str, phase: str
) -> None:
    with store.writing() as db:
        problem = ProblemRow(source, key, "It", phase, "failed", "It does not open.")
        problems.note_problem(db, problem)
    (asked,) = re.findall(r'name="key" value="([^"]*)"', client.get("/sync").text)
    assert asked == (key if phase == "records" else "")
    assert press(client, f"/sync/{source}/again", key=asked) == SEE_OTHER
    assert schedule(store, source).asked == "all"
    assert (kept.woken, kept.told) == (1, [])


def test_the_schedule(client: TestClient, store: Store, source: int, kept: Kept) -> None:
    typed = {"every": "12", "quiet_from": "22:00", "quiet_to": "6:30", "share": "50"}
    assert press(client, f"/sync/{source}/schedule", **typed) == 303
    assert schedule(store, source) == Schedule(720, quiet_from=1320, quiet_to=390, share=50)
    page = client.get("/sync").text
    assert 'value="22:00"' in page
    assert 'value="06:30"' in page


def library_hours(store: Store, source: int) -> list[int | None]:
    with store.reading() as db:
        return [library.every for library in schedules.library_schedules(db, source)]


def test_the_schedule_of_a_library(
    client: TestClient, store: Store, source: int, kept: Kept
) -> None:
    with store.writing() as db:
        more = Library("99", "<Series>", LibraryKind.SHOWS)
        number = sources.put_libraries(db, source, [more])["99"]
        others = len(schedules.library_schedules(db, source)) - 1
    field = f"library-{number}"
    assert f'name="{field}"' in client.get("/sync").text
    typed = {"every": "6", "quiet_from": "", "quiet_to": "", "share": "100"}
    assert press(client, f"/sync/{source}/schedule", **typed, **{field: "48"}) == 303
    assert library_hours(store, source) == [*[None] * others, 48 * 60]
    assert press(client, f"/sync/{source}/schedule", **typed) == 303  # not in the form: stays
    assert library_hours(store, source)[-1] == 48 * 60
    assert press(client, f"/sync/{source}/schedule", **typed, **{field: "weekly"}) == 422
    assert press(client, f"/sync/{source}/schedule", **typed, **{field: " "}) == 303
    assert library_hours(store, source) == [None] * (others + 1)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"every": "often"}, "must be a whole number from 0 to 720"),
        ({"share": "0"}, "must be a whole number from 5 to 100"),
        ({"quiet_from": "25:00"}, "is no time of day like 22:00"),
        ({"quiet_to": ""}, "give both, or neither"),
    ],
)
def test_a_wrong_schedule(
    client: TestClient, store: Store, source: int, wrong: dict[str, str], why: str
) -> None:
    typed = {"every": "12", "quiet_from": "22:00", "quiet_to": "06:30", "share": "50", **wrong}
    page = client.get("/sync").text
    token = re.search(r'name="form_token" value="([^"]+)"', page)
    assert token
    data = {"form_token": token[1], **typed}
    answer = client.post(f"/sync/{source}/schedule", data=data, headers=ORIGIN)
    assert answer.status_code == 422
    assert why in answer.text
    assert 'value="50"' in answer.text or wrong.get("share") is not None
    assert schedule(store, source) == Schedule()


def test_who_looks_on_is_told(store: Store, source: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "LOOK", 0.01)

    async def go() -> list[dict[str, str]]:
        told = routes._told(store, threading.Event(), lambda: True)
        first = json.loads((await anext(told)).removeprefix("data: "))
        with store.writing() as db:
            run = begin(db, source, ELSEWHERE, "all")
            runs.beat(db, run, Progress("reading titles", 1, 4)._asdict())
        second = json.loads((await anext(told)).removeprefix("data: "))
        await told.aclose()  # type: ignore[attr-defined]
        return [first, second]

    first, second = asyncio.run(go())
    assert set(first) > set(second) == {f"now-{source}"}
    assert "Reading titles: 1 of 4" in second[f"now-{source}"]


@pytest.mark.parametrize("how", ["herself", "everywhere", "new password", "password removed"])
def test_who_is_signed_out_is_told_no_more(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(routes, "LOOK", 0.01)
    house = House(sqlite_store, Reach(alone=False))
    house.entrance.set_password(PASSWORD)
    visitor, looking = house.visitor(), house.visitor()
    visitor.sign_in()
    looking.client.cookies.update(visitor.client.cookies)
    looks = threading.Semaphore(0)

    def counted(*given: Any) -> dict[str, str] | None:
        looks.release()
        return parts(*given)

    parts = routes._parts
    monkeypatch.setattr(routes, "_parts", counted)
    answers: list[int] = []
    stream = threading.Thread(target=lambda: answers.append(looking.get("/sync/live").status_code))
    stream.start()
    assert looks.acquire(timeout=60)
    assert looks.acquire(timeout=60)
    if how == "herself":
        assert visitor.post("/log-out", "/access").status_code == 303
    elif how == "everywhere":
        house.entrance.sign_out_everywhere()
    elif how == "new password":
        house.entrance.set_password("another one, and longer")
    else:
        house.entrance.remove_password()
    stream.join(timeout=60)
    assert answers == [200]
    assert looking.get("/sync/live").status_code in (302, 403)


def test_without_anybody_who_keeps_them(client: TestClient, source: int) -> None:
    assert "fullcredits serve" in client.get("/sync").text


def test_words() -> None:
    noon = dt.datetime(2026, 3, 14, 12, 0)
    assert when(noon, noon) == "today, 12:00"
    assert when(noon - dt.timedelta(days=1), noon) == "yesterday, 12:00"
    assert when(noon + dt.timedelta(days=1), noon) == "tomorrow, 12:00"
    assert when(noon + dt.timedelta(days=9), noon) == "23 March, 12:00"
    assert when(None, noon) == "never"
    assert [lasted(s) for s in (1, 59.4, 61, 3600, 4920)] == [
        "1 second",
        "59 seconds",
        "1 minute",
        "1 hour",
        "1 hour 22 minutes",
    ]
    assert [size(n) for n in (1, 340_000, 1_250_000)] == ["1 kB", "340 kB", "1.2 MB"]
    assert (clock(None), clock(390)) == ("", "06:30")


def test_the_page_function(store: Store, source: int) -> None:
    with store.writing() as db:
        schedules.set_schedule(db, source, Schedule(every=0, paused=True))
    with store.reading() as db:
        page = syncs(db, lambda _: None)
    assert page.sources[0].now.state == "paused"
    assert not page.busy


def test_a_title_that_was_never_read_is_wished_for(
    client: TestClient, store: Store, ids: Ids
) -> None:
    kept = Kept()
    with store.writing() as db:
        db.execute(update(media_items).values(read_at=now(), undecided=False))
    client.app.state.keeping = kept  # type: ignore[attr-defined]
    address = client.get(f"/movie/{ids.movie}").headers["location"]
    assert "Being read" not in client.get(address).text
    assert kept.woken == 0
    of_it = media_items.c.title_id == ids.movie
    with store.writing() as db:
        db.execute(update(media_items).where(of_it).values(read_at=None, due=Turn.NEW))
    page = client.get(address).text
    assert "Being read" in page
    assert f'hx-get="{address}"' in page
    client.app.state.wishes.settle()  # type: ignore[attr-defined]
    assert kept.woken == 1
    with store.reading() as db:
        assert set(db.scalars(select(media_items.c.due).where(of_it))) == {Turn.ASKED}
    client.app.state.keeping = NotKept()  # type: ignore[attr-defined]
    assert "Being read" not in client.get(address).text


def test_a_page_waits_for_nobody_who_writes(
    client: TestClient, store: Store, ids: Ids, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its wish is noted when they are done; one that was not for long is forgotten."""
    kept, wishing = Kept(), client.app.state.wishes  # type: ignore[attr-defined]
    client.app.state.keeping = kept  # type: ignore[attr-defined]
    monkeypatch.setattr(wishes, "TRY", 0.2)
    other = Store(open_engine(store.engine.url.render_as_string(hide_password=False)))
    address = client.get(f"/movie/{ids.movie}").headers["location"]
    of_it = media_items.c.title_id == ids.movie
    with store.writing() as db:
        db.execute(update(media_items).where(of_it).values(read_at=None, due=Turn.NEW))
    with other.writing():
        began = time.monotonic()
        assert "Being read" in client.get(address).text
        assert time.monotonic() - began < 2
        time.sleep(0.5)
    wishing.settle()
    assert kept.woken == 1
    with store.reading() as db:
        assert set(db.scalars(select(media_items.c.due).where(of_it))) == {Turn.ASKED}
    with store.writing() as db:
        db.execute(update(media_items).where(of_it).values(due=Turn.NEW))
    monkeypatch.setattr(wishes, "GIVEN_UP", 0)
    with other.writing():
        assert client.get(address).status_code == 200
        wishing.settle()
    other.close()
    assert kept.woken == 1


def test_of_many_wishes_the_last_ones_are_noted_first(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, done, noted = threading.Event(), threading.Event(), list[int]()

    def ask_for(_: Store, title_id: int, __: float) -> bool:
        begun.set()
        done.wait(10)
        noted.append(title_id)
        return True

    monkeypatch.setattr(wishes, "ask_for", ask_for)
    monkeypatch.setattr(wishes, "MOST", 3)
    wishing = wishes.Wishes(sqlite_store)
    wishing.add(1, lambda: None)
    begun.wait(10)
    for title_id in (2, 3, 4, 5, 6, 5):
        wishing.add(title_id, lambda: None)
    done.set()
    wishing.settle()
    assert noted == [1, 5, 6, 4]
