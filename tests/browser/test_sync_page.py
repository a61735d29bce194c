"""The page "Sync" in a browser: it moves by itself, and its buttons do what they say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from fullcredits.model import Odd
from fullcredits.store import Store, holds, problems, runs, schedules
from fullcredits.store.engine import open_engine
from fullcredits.store.problems import ProblemRow
from fullcredits.store.progress import Holder, Progress
from fullcredits.store.schema import media_items
from fullcredits.sync.lease import begin, this_process
from tests.browser.axe import faults
from tests.browser.conftest import Served

HERE = this_process("fullcredits serve")
ELSEWHERE = Holder("fullcredits serve", "another-machine", 7, "t")


@pytest.fixture
def store(served: Served) -> Iterator[Store]:
    """The one that is served, with a source that is being synced and one that had problems, and of
    which titles are held that came back alike.
    """
    store = Store(open_engine(f"sqlite:///{served.database}"))
    with store.writing() as db:
        ended = begin(db, 2, HERE, "all")
        runs.end_run(db, ended, "partial", {"titles_new": 3, "requests": 14, "received": 900_000})
        problem = ProblemRow(2, "k1", "The Quill", "records", "nonsense", "it is <odd>", 1)
        problems.note_problem(db, problem)
        items = select(media_items.c.id).where(media_items.c.source_id == 2).limit(6)
        for item in db.scalars(items).all():
            doubted = holds.Doubted(item, 0, 9, Odd.PICTURES, b"")
            holds.hold_credits(db, 2, doubted, 1, dt.datetime(2099, 1, 1))
        run = begin(db, 1, ELSEWHERE, "all")
        runs.beat(db, run, Progress("reading titles", 120, 500, 4_000, 340.4, 125.0)._asdict())
    yield store
    with store.writing() as db:
        runs.end_run(db, run, "done", {})
        problems.solve_problems(db, 2, {"k1"})
        holds.let_go(db, [hold.id for hold in holds.list_holds(db, 2)])
    store.close()


def opened(page: Page, served: Served) -> list[str]:
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(f"{served.base}/sync", wait_until="load")
    return wrong


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("width", [320, 1440])
def test_it_looks_right(
    browser: Browser, served: Served, store: Store, scheme: Literal["dark", "light"], width: int
) -> None:
    with browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme) as page:
        wrong = opened(page, served)
        for summary in page.locator("details.more-fields > summary").all():
            summary.click()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert faults(page) == []
        assert page.locator("h1").count() == 1
        for field in page.locator("main input:not([type=hidden])").all():
            assert field.evaluate("e => e.labels.length") == 1
        assert page.locator("progress").get_attribute("aria-label")
        assert wrong == []


def test_it_moves_while_one_looks_on(browser: Browser, served: Served, store: Store) -> None:
    with browser.new_page() as page:
        wrong = opened(page, served)
        now = page.locator("#now-1")
        expect(now).to_contain_text("Reading titles: 120 of 500")
        expect(now.locator("progress")).to_have_attribute("value", "24")
        with store.writing() as db:
            (run,) = runs.running(db)
            runs.beat(db, run.id, Progress("reading titles", 250, 500)._asdict())
        expect(now).to_contain_text("Reading titles: 250 of 500", timeout=15_000)
        with store.writing() as db:
            runs.end_run(db, run.id, "done", {"titles_new": 7})
        expect(now).to_contain_text("7 titles new", timeout=15_000)
        assert wrong == []


def test_its_buttons(browser: Browser, served: Served, store: Store) -> None:
    with browser.new_page() as page:
        opened(page, served)
        panel = page.locator("section", has=page.locator("#source-2"))
        panel.get_by_role("button", name="Pause").click()
        expect(panel.locator(".now")).to_contain_text("Paused")
        panel.get_by_role("button", name="Go on").click()
        expect(panel.get_by_role("button", name="Pause")).to_be_visible()
        panel.locator("summary", has_text="Schedule").click()
        panel.get_by_label("Quiet from").fill("22:00")
        panel.get_by_role("button", name="Save").click()
        expect(panel.get_by_role("alert")).to_contain_text("Quiet hours have a beginning")
        panel.get_by_label("until").fill("6:30")
        panel.get_by_role("button", name="Save").click()
        expect(page).to_have_url(f"{served.base}/sync")
        with store.reading() as db:
            assert schedules.schedule_of(db, 2).quiet_to == 390
        panel.locator("summary", has_text="Problems").click()
        expect(panel.locator("details", has_text="Problems")).to_contain_text("It is <odd>")
        panel.get_by_text("Each by itself").click()
        panel.get_by_role("button", name="Keep what was known").first.click()
        expect(panel).to_contain_text("Kept, as you said")
        panel.get_by_role("button", name="Believe all 5").click()
        expect(panel).to_contain_text("Believed with the next sync, as you said")


def test_it_can_be_read_without_scripts(browser: Browser, served: Served, store: Store) -> None:
    context = browser.new_context(java_script_enabled=False)
    with context.new_page() as page:
        opened(page, served)
        expect(page.locator("#now-1")).to_contain_text("Reading titles: 120 of 500")
    context.close()
