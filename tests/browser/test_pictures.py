"""Pictures in a real browser: slow, dead or with the servers off, nothing jumps or looks broken."""

from __future__ import annotations

import asyncio
import re
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, Route

from fullcredits.access import Entrance
from fullcredits.images.ahead import fetch_ahead
from fullcredits.images.cache import Cache
from fullcredits.images.pictures import Pictures
from fullcredits.model import SourceKind
from fullcredits.simulate import Catalogue, jellyfin_app, open_catalogue, plex_app, running
from fullcredits.store import Store
from fullcredits.store.engine import open_engine
from fullcredits.web.app import create_app
from tests.browser.watching import complaints
from tests.desks import desk_of
from tests.sync.household import Household

LATER = re.compile(r"/image/|/with/most$")
PAGES = ("home", "movie", "show", "season", "episode", "person", "people", "titles")
WATCH_SHIFTS = """
new PerformanceObserver((list) => {
  for (const entry of list.getEntries())
    for (const {node, previousRect: from, currentRect: to} of entry.sources)
      (window.shifted ||= []).push(
        `${(node?.outerHTML ?? "?").slice(0, 200)} from ${from.y} to ${to.y}`);
}).observe({type: "layout-shift", buffered: true});
"""
# While a page still arrives, what is drawn of it may move: not what comes into it afterwards.
ARRIVED = """
new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
  window.shifted = [];
  done();
})))
"""
# What lies in the middle of each box, and how much of the box the picture takes.
BOXES = """
() => [...document.querySelectorAll(".box")].map((box) => {
  const own = box.getBoundingClientRect();
  const shown = [...box.querySelectorAll("img:not(.blur)")].map((img) => {
    const at = img.getBoundingClientRect();
    return {width: at.width, height: at.height, drawn: img.complete && img.naturalWidth > 1};
  })[0];
  return {width: own.width, height: own.height, shown: shown || null,
          blur: !!box.querySelector(".blur"), initials: !!box.querySelector(".initials, .plate")};
})
"""
# Its picture came, and shows nothing.
IS_CLEAR = """
box => [...box.querySelectorAll("img:not(.blur)")].every(
  img => img.complete && img.naturalWidth < 3)
"""
HIDE = """
document.querySelectorAll(".box img:not(.blur)").forEach(img => { img.style.visibility = "hidden" })
"""


class Shelf(NamedTuple):
    """Pages over what two servers said, that are off now."""

    base: str


def synced(store: Store, cache: Cache, works: Catalogue) -> Household:
    """What two servers have, and some of their pictures."""
    house = Household(store)
    with running(plex_app(works, name="Attic")) as attic, running(jellyfin_app(works)) as cabin:
        house.add("Cabin", SourceKind.JELLYFIN, cabin)
        house.add("Attic", SourceKind.PLEX, attic)
        for name in ("Cabin", "Attic"):
            house.sync(name)
        stop = asyncio.Event()
        asyncio.run(
            fetch_ahead(
                Pictures(store, cache, house.open),
                stop=stop,
                gently=False,
                told=lambda progress: stop.set() if progress.fetched >= 40 else None,
            )
        )
    return house


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Shelf]:
    """Some pictures are in the cache; of the rest the servers, which are off, gave only blurs."""
    folder = tmp_path_factory.mktemp("shelf")
    store = Store(open_engine(f"sqlite:///{shutil.copy(sqlite_template, folder / 'f.db')}"))
    invented = open_catalogue()
    films = [work.id for work in invented.works.values() if work.kind == "movie"][:4]
    works = Catalogue({w.id: w for w in invented.held([*films, "show-00"])})
    cache = Cache(folder / "pictures", 10**9)
    with ThreadPoolExecutor(1) as aside:  # in this thread the browser's event loop runs
        house = aside.submit(synced, store, cache, works).result()
    pictures = Pictures(store, cache, house.open)
    app = create_app(store, pictures, Entrance(store), desk_of(store, folder / "data"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield Shelf(f"http://127.0.0.1:{listening.getsockname()[1]}")
        server.should_exit = True
        thread.join()
    store.close()


@pytest.fixture(scope="module")
def paths(shelf: Shelf, browser: Browser) -> dict[str, str]:
    """Where a page of each kind is, by following links."""
    found = {"home": "/", "people": "/people", "titles": "/titles"}
    with browser.new_page() as page:
        for name, start, link in (
            ("movie", "home", '.posters a[href^="/movie/"]'),
            ("show", "home", '.posters a[href^="/show/"]'),
            ("season", "show", '.stars a[href^="/season/"]'),
            ("episode", "season", '.episodes a[href^="/episode/"]'),
            ("person", "movie", '.stars a[href^="/person/"]'),
        ):
            page.goto(shelf.base + found[start])
            found[name] = page.locator(link).first.get_attribute("href") or ""
    return found


@contextmanager
def held_back(page: Page, address: str) -> Iterator[list[Route]]:
    """The page before any picture and any part that comes later is there; all come at the end."""
    held: list[Route] = []
    holding = True

    def hold(route: Route) -> None:
        held.append(route) if holding else route.continue_()

    page.add_init_script(WATCH_SHIFTS)
    page.route(LATER, hold)
    page.goto(address, wait_until="domcontentloaded")
    page.evaluate(ARRIVED)
    yield held
    holding = False
    for route in held:
        route.continue_()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(100)


def opened(page: Page, address: str) -> None:
    """The page, when all is there."""
    with held_back(page, address):
        pass


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [390, 1440])
def test_with_the_servers_off_nothing_is_broken_and_nothing_jumps(
    browser: Browser, shelf: Shelf, paths: dict[str, str], name: str, width: int
) -> None:
    with browser.new_page(viewport={"width": width, "height": 900}) as page:
        wrong = complaints(page, shelf.base)
        opened(page, shelf.base + paths[name])
        boxes = page.evaluate(BOXES)
        assert boxes
        for box in boxes:
            assert box["initials"], "beneath every picture"
            assert box["width"] > 0 < box["height"]
            if box["shown"]:
                assert (box["shown"]["width"], box["shown"]["height"]) == pytest.approx(
                    (box["width"], box["height"]), abs=1
                )
        assert page.evaluate("window.shifted") == []
        assert wrong == []


@pytest.mark.parametrize("name", ["people", "show"])
def test_initials_shine_through_what_cannot_be_had_without_javascript(
    browser: Browser, shelf: Shelf, paths: dict[str, str], name: str
) -> None:
    """Not even a sign for a broken picture is in the way."""
    with browser.new_page(
        java_script_enabled=False, viewport={"width": 1440, "height": 3000}
    ) as page:
        wrong = complaints(page, shelf.base)
        page.goto(shelf.base + paths[name], wait_until="networkidle")
        boxes = page.locator(".box:has(img:not(.blur))").all()
        missing = [box for box in boxes if box.evaluate(IS_CLEAR)][:4]
        assert missing
        with_them = [box.screenshot() for box in missing]
        page.evaluate(HIDE)
        assert [box.screenshot() for box in missing] == with_them
        assert wrong == []


def test_some_are_there_with_the_servers_off(
    browser: Browser, shelf: Shelf, paths: dict[str, str]
) -> None:
    with browser.new_page(viewport={"width": 1440, "height": 2000}) as page:
        opened(page, shelf.base)
        drawn = [box for box in page.evaluate(BOXES) if box["shown"] and box["shown"]["drawn"]]
    assert drawn


@pytest.mark.parametrize("name", ["home", "movie", "episode", "person"])
def test_slow_pictures_move_nothing_when_they_come(
    browser: Browser, shelf: Shelf, paths: dict[str, str], name: str
) -> None:
    with browser.new_page(viewport={"width": 820, "height": 900}) as page:
        with held_back(page, shelf.base + paths[name]) as held:
            page.wait_for_timeout(300)
            before = page.evaluate("document.documentElement.scrollHeight")
            assert held
            assert any(box["blur"] for box in page.evaluate(BOXES)), "meanwhile there are blurs"
        assert page.evaluate("document.documentElement.scrollHeight") == before
        assert page.evaluate("window.shifted") == []
