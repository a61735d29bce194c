"""Adding servers in a real browser: with the keyboard alone, without JavaScript, on a phone."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect
from starlette.applications import Starlette

from fullcredits.access import Entrance
from fullcredits.setup import Desk
from fullcredits.simulate import (
    DEFAULT_API_KEY,
    DEFAULT_PASSWORD,
    DEFAULT_TOKEN,
    DEFAULT_USER,
    jellyfin_app,
    offered_at,
    open_catalogue,
    plex_app,
    plextv_app,
    running,
)
from fullcredits.store import Store
from fullcredits.web.app import create_app
from tests.browser.axe import faults
from tests.browser.conftest import PlainPictures
from tests.desks import desk_of

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Home:
    """Where everything is."""

    base: str
    cabin: str
    cabin_app: Starlette
    desk: Desk
    entrance: Entrance

    @property
    def names(self) -> list[str]:
        return [row.name for row in self.desk.rows()]


@pytest.fixture
def home(sqlite_store: Store, tmp_path: Path) -> Iterator[Home]:
    catalogue = open_catalogue()
    jellyfin = jellyfin_app(catalogue, share="cabin", name="Cabin")
    attic = plex_app(catalogue, share="attic", name="Attic")
    with (
        running(jellyfin) as cabin,
        running(attic) as plex,
        running(plextv_app([offered_at(plex, DEFAULT_TOKEN)])) as tv,
        socket.create_server(("127.0.0.1", 0)) as listening,
    ):
        desk = desk_of(sqlite_store, tmp_path / "data", plex_tv=tv, plex_website=tv)
        entrance = Entrance(sqlite_store)
        app = create_app(sqlite_store, PlainPictures(), entrance, desk)
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.02)
        base = f"http://127.0.0.1:{listening.getsockname()[1]}"
        yield Home(base, cabin, jellyfin, desk, entrance)
        server.should_exit = True
        thread.join()


class Complaints(list[str]):
    """What the browser complained about, or asked of another machine."""

    def heed(self, context: BrowserContext) -> None:
        context.on("console", lambda said: self.append(said.text) if said.type == "error" else None)
        context.on("weberror", lambda error: self.append(str(error.error)))
        context.on(
            "request",
            lambda asked: (
                None if asked.url.startswith("http://127.0.0.1:") else self.append(asked.url)
            ),
        )


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    found = Complaints()
    yield found
    # Chromium asks the pretend plex.tv for a picture for the tab, which it has not.
    assert [one for one in found if "404" not in one] == []


def looks_right(page: Page, width: int) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert faults(page) == []
    assert page.locator("h1").count() == 1


def test_a_jellyfin_with_the_keyboard_alone(
    browser: Browser, home: Home, complaints: Complaints
) -> None:
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        complaints.heed(context)
        page = context.new_page()
        page.goto(home.base)
        page.get_by_role("link", name="Add a server").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("textbox", name="Address")).to_be_focused()
        looks_right(page, 390)
        page.keyboard.type(f"{home.cabin}/web/")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to your Jellyfin")
        looks_right(page, 390)
        for _ in range(30):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.name") == "user":
                break
        page.keyboard.type(DEFAULT_USER)
        page.keyboard.press("Tab")
        page.keyboard.type(DEFAULT_PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Cabin is added")
        looks_right(page, 390)
    assert home.names == ["Cabin"]


def test_quick_connect_goes_on_by_itself(
    browser: Browser, home: Home, complaints: Complaints
) -> None:
    with browser.new_context(color_scheme="light") as context:
        complaints.heed(context)
        page = context.new_page()
        page.goto(f"{home.base}/servers/add")
        page.get_by_role("textbox", name="Address").fill(home.cabin)
        page.get_by_role("button", name="Go on").click()
        page.get_by_label("API key").fill(DEFAULT_API_KEY)
        page.get_by_role("button", name="Quick Connect instead").click()
        code = page.locator(".code").inner_text()
        looks_right(page, 1280)
        assert DEFAULT_API_KEY not in page.content()
        assert home.cabin_app.state.gate.authorize(code)
        expect(page.get_by_role("heading", level=1)).to_have_text("Cabin is added", timeout=20_000)
    (row,) = home.desk.rows()
    assert row.account_secret is not None


def test_a_plex_by_its_account_in_another_tab(
    browser: Browser, home: Home, complaints: Complaints
) -> None:
    with browser.new_context() as context:
        complaints.heed(context)
        page = context.new_page()
        page.goto(f"{home.base}/servers/add")
        page.get_by_role("button", name="Sign in at plex.tv").click()
        with context.expect_page() as opened:
            page.get_by_role("link", name="Open Plex's page").click()
        opened.value.get_by_role("button", name="Allow").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Attic is added", timeout=20_000)
        looks_right(page, 1280)
        page.get_by_role("link", name="Attic").click()
        looks_right(page, 1280)
    assert home.names == ["Attic"]


def test_everything_without_javascript(browser: Browser, home: Home) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{home.base}/titles")
        page.locator("summary", has=page.locator("svg")).click()
        page.get_by_role("link", name="Servers").click()
        page.get_by_role("link", name="Add a server").click()
        page.get_by_role("textbox", name="Address").fill(home.cabin)
        page.get_by_role("button", name="Go on").click()
        page.get_by_role("button", name="Quick Connect instead").click()
        assert home.cabin_app.state.gate.authorize(page.locator(".code").inner_text())
        expect(page.get_by_role("heading", level=1)).to_have_text("Cabin is added", timeout=20_000)
        page.get_by_role("link", name="Cabin").click()
        page.get_by_role("link", name="Change").click()
        page.get_by_label("Requests at once").select_option("1")
        page.get_by_role("button", name="Change it").click()
        page.wait_for_url("**/servers/*")
        expect(page.get_by_role("heading", level=1)).to_have_text("Cabin")
        page.get_by_role("link", name="Remove").click()
        page.get_by_role("button", name="Remove it").click()
        expect(page.get_by_role("link", name="Add a server")).to_be_visible()
    assert home.names == []


def test_the_password(browser: Browser, home: Home, complaints: Complaints) -> None:
    home.entrance.set_password(PASSWORD)
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        complaints.heed(context)
        page = context.new_page()
        page.goto(f"{home.base}/people?sort=credits")
        looks_right(page, 390)
        expect(page.get_by_label("Password")).to_be_focused()
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/people?sort=credits")
        page.get_by_label("More").click()
        page.get_by_role("link", name="Password and devices").click()
        looks_right(page, 390)
        page.get_by_label("More").click()
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="Sign out", exact=True)).not_to_be_visible()
        page.get_by_label("More").click()
        page.get_by_role("button", name="Sign out", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
