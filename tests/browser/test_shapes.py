"""What real libraries are like, in a real browser: casts of thousands, long texts, all scripts."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Response

from fullcredits.access import Entrance
from fullcredits.store import Store
from fullcredits.store.engine import open_engine
from fullcredits.web.app import create_app
from tests.browser.axe import faults
from tests.browser.conftest import PlainPictures
from tests.browser.serving import serving
from tests.browser.watching import complaints
from tests.desks import desk_of
from tests.shapes import Shapes, shaped

LARGEST = 200_000
"""Bytes of any page."""
REQUESTS = 3
"""For the first paint, besides pictures."""


@dataclass(frozen=True)
class Large:
    """Where it is served."""

    base: str
    shapes: Shapes


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Large]:
    folder = tmp_path_factory.mktemp("shapes")
    store = Store(open_engine(f"sqlite:///{shutil.copy(sqlite_template, folder / 'f.db')}"))
    shapes = shaped(store)
    app = create_app(store, PlainPictures(), Entrance(store), desk_of(store, folder / "data"))
    with serving(app) as base:
        yield Large(base, shapes)
    store.close()


PAGES: dict[str, Callable[[Shapes], str]] = {
    "film": lambda s: f"/movie/{s.film}",
    "its crew": lambda s: f"/movie/{s.film}/credits?department=crew",
    "its cast": lambda s: f"/movie/{s.film}/credits?page=3",
    "show": lambda s: f"/show/{s.show}",
    "its guests": lambda s: f"/show/{s.show}/credits?department=guests&page=11",
    "season": lambda s: f"/season/{s.season}",
    "season's end": lambda s: f"/season/{s.season}?page=7",
    "episode": lambda s: f"/episode/{s.episode}",
    "person": lambda s: f"/person/{s.person}",
    "filmography": lambda s: f"/person/{s.person}/credits?page=2",
    "appearances": lambda s: f"/person/{s.person}/show/{s.show}",
    "collaborators": lambda s: f"/person/{s.person}/with",
    "who is who": lambda s: f"/person/{s.person}/identity",
    "titles": lambda _: "/titles",
    "people": lambda _: "/people?letter=other",
    "search": lambda _: "/search?q=man",
    "search in another script": lambda _: "/search?q=周星馳",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_large_page_is_light_and_without_fault(browser: Browser, large: Large, name: str) -> None:
    with browser.new_page(viewport={"width": 390, "height": 844}) as page:
        wrong, answers = complaints(page, large.base), _answers(page)
        page.goto(large.base + PAGES[name](large.shapes), wait_until="networkidle")
        assert wrong == []
        sent = [a for a in answers if a.ok and a.request.resource_type not in ("xhr", "fetch")]
        needed = [a for a in sent if not a.headers["content-type"].startswith("image/")]
        assert len(needed) <= REQUESTS
        document = next(a for a in needed if a.request.resource_type == "document")
        assert len(document.body()) <= LARGEST
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert faults(page) == []


def _answers(page: Page) -> list[Response]:
    found: list[Response] = []
    page.on("response", lambda answer: found.append(answer))
    return found


def test_every_episode_of_a_long_season_is_reached_without_javascript(
    browser: Browser, large: Large
) -> None:
    with browser.new_page(java_script_enabled=False) as page:
        page.goto(f"{large.base}/season/{large.shapes.season}")
        seen: set[str] = set()
        while True:
            links = page.locator(".episodes h3 a")
            seen |= {urlsplit(a.get_attribute("href") or "").path for a in links.all()}
            onward = page.locator('.pager a[rel="next"]')
            if not onward.count():
                break
            onward.click()
        assert len(seen) == 400


def test_every_credit_of_a_large_film_is_reached_without_javascript(
    browser: Browser, large: Large
) -> None:
    with browser.new_page(java_script_enabled=False) as page:
        page.goto(f"{large.base}/movie/{large.shapes.film}")
        page.get_by_role("link", name="Show all 663").click()
        seen: set[str] = set()
        while True:
            people = page.locator(".credits .who a").all()
            seen |= {person.get_attribute("href") or "" for person in people}
            onward = page.locator('.pager a[rel="next"]')
            if not onward.count():
                break
            onward.click()
        assert len(seen) == 663
