"""What real libraries are like, in a real browser: casts of thousands, long texts, all scripts."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Response
from sqlalchemy import func, select

from fullcredits.access import Entrance
from fullcredits.model import SourceKind
from fullcredits.simulate import Catalogue, jellyfin_app, open_catalogue, running
from fullcredits.store import Store
from fullcredits.store.engine import open_engine
from fullcredits.store.schema import media_people, titles
from fullcredits.web.app import create_app
from tests.browser.axe import faults
from tests.browser.conftest import PlainPictures
from tests.browser.serving import serving
from tests.browser.watching import complaints
from tests.desks import desk_of
from tests.shapes import Shapes, shaped
from tests.shared_data import shared_path
from tests.sync.household import Household

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
    "its finds": lambda s: f"/movie/{s.film}/credits?q=a",
    "show": lambda s: f"/show/{s.show}",
    "its guests": lambda s: f"/show/{s.show}/credits?department=guests&page=11",
    "finds among its guests": lambda s: f"/show/{s.show}/credits?q=0",
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
    _is_light_and_without_fault(browser, large.base, PAGES[name](large.shapes))


def _is_light_and_without_fault(browser: Browser, base: str, path: str) -> None:
    with browser.new_page(viewport={"width": 390, "height": 844}) as page:
        wrong, answers = complaints(page, base), _answers(page)
        page.goto(base + path, wait_until="networkidle")
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


def test_a_long_list_of_characters_is_cut_and_opens_without_javascript(
    browser: Browser, large: Large
) -> None:
    with browser.new_page(java_script_enabled=False) as page:
        page.set_viewport_size({"width": 390, "height": 844})
        for path in (f"/movie/{large.shapes.film}", f"/person/{large.shapes.person}"):
            page.goto(large.base + path)
            long = page.locator(".cut summary").first
            before = long.bounding_box()
            long.click()
            after = long.bounding_box()
            assert before is not None
            assert after is not None
            assert after["height"] > 2 * before["height"]


FILM, LONGEST, OTHER = "movie-70160", "show-59941", "show-764"
"""Of the real data: 993 credits; 2,133 guests in 2,394 episodes; 1,712 guests in 145 episodes."""


def test_real_titles_and_people_are_light_and_without_fault(
    browser: Browser, tmp_path: Path, sqlite_template: Path
) -> None:
    files = [shared_path("data", name) for name in ("movies.jsonl.gz", "tv.jsonl.gz")]
    works = open_catalogue(files).held([FILM, LONGEST, OTHER])
    store = Store(open_engine(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'f.db')}"))
    house = Household(store)
    with running(jellyfin_app(Catalogue({work.id: work for work in works}))) as server:
        house.add("Cabin", SourceKind.JELLYFIN, server)
        with ThreadPoolExecutor(1) as aside:  # The browser's loop runs in this thread.
            assert aside.submit(house.sync, "Cabin").result().state == "done"
    app = create_app(store, PlainPictures(), Entrance(store), desk_of(store, tmp_path / "data"))
    with store.reading() as db:
        tops = db.execute(
            select(titles.c.kind, titles.c.id).where(titles.c.show_id.is_(None))
        ).all()
        parts = titles.c.parent_id, func.count()
        seasons = select(*parts).where(titles.c.kind == "episode").group_by(titles.c.parent_id)
        season = db.execute(seasons.order_by(func.count().desc())).first()
        count = select(media_people.c.person_id).group_by(media_people.c.person_id)
        people = list(db.execute(count.order_by(func.count().desc()).limit(3)).scalars())
    assert season is not None
    with serving(app) as base:
        for path in (
            *(f"/{kind}/{number}{more}" for kind, number in tops for more in ("", "/credits")),
            f"/season/{season[0]}",
            *(f"/person/{number}" for number in people),
            f"/person/{people[0]}/identity",
        ):
            _is_light_and_without_fault(browser, base, path)
    store.close()
