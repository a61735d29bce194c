"""Every kind of page, of the demonstration and of real credits, as both servers give them.

Pages are found by following links from the front page.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal, NamedTuple

import pytest
from playwright.sync_api import Browser, Page

from fullcredits.access import Entrance
from fullcredits.model import SourceKind
from fullcredits.simulate import Catalogue, jellyfin_app, open_catalogue, plex_app, running
from fullcredits.store import Store
from fullcredits.store.engine import open_engine
from fullcredits.web.app import create_app
from tests.browser.axe import faults
from tests.browser.conftest import PlainPictures
from tests.browser.reaching import unreached
from tests.browser.serving import serving
from tests.browser.test_shapes import FILM, LONGEST, OTHER
from tests.browser.watching import complaints
from tests.desks import desk_of
from tests.shared_data import shared_path
from tests.sync.household import Household
from tools.screenshots import addresses

KINDS = {
    "home", "titles", "people", "search", "nothing", "quality", "wrong", "review", "look", "sync",
    "servers", "add", "server", "tested", "change", "remove", "suspects", "decisions", "access",
    "missing", "library", "movie", "show", "person",
    "credits", "season", "episode", "appearances", "collaborators", "identity", "together",
    "character",
}  # fmt: skip


class World(NamedTuple):
    """Where it is served, and every kind of page in it."""

    base: str
    pages: dict[str, str]


@pytest.fixture(scope="module", params=["demonstration", "real credits"])
def world(
    request: pytest.FixtureRequest,
    browser: Browser,
    tmp_path_factory: pytest.TempPathFactory,
    sqlite_template: Path,
) -> Iterator[World]:
    works = _demonstration() if request.param == "demonstration" else _real()
    folder = tmp_path_factory.mktemp("world")
    store = Store(open_engine(f"sqlite:///{shutil.copy(sqlite_template, folder / 'f.db')}"))
    house = Household(store)
    with running(plex_app(works)) as attic, running(jellyfin_app(works)) as cabin:
        house.add("Attic", SourceKind.PLEX, attic)
        house.add("Cabin", SourceKind.JELLYFIN, cabin)
        for name in ("Attic", "Cabin"):
            with ThreadPoolExecutor(1) as aside:  # The browser's loop runs in this thread.
                assert aside.submit(house.sync, name).result().state == "done"
    app = create_app(store, PlainPictures(), Entrance(store), desk_of(store, folder / "data"))
    with serving(app) as base:
        with browser.new_page() as page:
            found = addresses(page, base)
        yield World(base, found)
    store.close()


def _demonstration() -> Catalogue:
    return open_catalogue()


def _real() -> Catalogue:
    files = [shared_path("data", name) for name in ("movies.jsonl.gz", "tv.jsonl.gz")]
    some = open_catalogue(files)
    films = [work.id for work in some.works.values() if work.kind == "movie"][:60]
    held = some.held(dict.fromkeys((FILM, LONGEST, OTHER, *films)))
    return Catalogue({work.id: work for work in held})


def test_links_lead_to_every_kind_of_page(world: World) -> None:
    assert set(world.pages) == KINDS


@pytest.mark.parametrize(("scheme", "width"), [("dark", 390), ("light", 1440)])
def test_every_kind_of_page_is_without_fault(
    browser: Browser, world: World, scheme: Literal["dark", "light"], width: int
) -> None:
    with browser.new_page(color_scheme=scheme) as page:
        page.set_viewport_size({"width": width, "height": 900})
        wrong = complaints(page, world.base)
        for name, address in world.pages.items():
            page.goto(address, wait_until="networkidle")
            told = [text for text in wrong if name != "missing" or "404" not in text]
            wide = page.evaluate("document.documentElement.scrollWidth") - width
            assert (name, told, max(0, wide), faults(page)) == (name, [], 0, [])
            wrong.clear()


def test_without_javascript_everything_is_read(browser: Browser, world: World) -> None:
    with (
        browser.new_page() as page,
        browser.new_page(java_script_enabled=False) as plain,
    ):
        for name, address in world.pages.items():
            page.goto(address, wait_until="networkidle")
            plain.goto(address)
            assert (name, _told(page) - _told(plain)) == (name, set())


def _told(page: Page) -> set[tuple[str, str]]:
    """All links with their texts, but those that the page of collaborators has as well."""
    links = page.locator("main a[href]").all()
    return {
        (link.get_attribute("href") or "", (link.text_content() or "").strip())
        for link in links
        if "/with/" not in (link.get_attribute("href") or "")
    }


def test_the_tab_key_reaches_everything_there_is(browser: Browser, world: World) -> None:
    with browser.new_page(reduced_motion="reduce") as page:
        page.set_viewport_size({"width": 390, "height": 844})
        for name, address in world.pages.items():
            page.goto(address, wait_until="networkidle")
            assert (name, *unreached(page)) == (name, [], [])
