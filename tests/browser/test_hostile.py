"""Two servers whose every free text is hostile and whose pictures are traps, synced and browsed:
nothing runs, nothing leaks, nothing breaks.
"""

from __future__ import annotations

import re
import shutil
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx2
import pytest
from playwright.sync_api import Browser
from sqlalchemy import func, select
from starlette.requests import Request

from fullcredits.access import Entrance
from fullcredits.images.cache import Cache
from fullcredits.images.pictures import Pictures
from fullcredits.model import SourceKind
from fullcredits.simulate import Catalogue, jellyfin_app, open_catalogue, plex_app, running
from fullcredits.simulate.faults.pictures import ODDITIES
from fullcredits.store import Store
from fullcredits.store.engine import open_engine
from fullcredits.store.schema import media_items, media_people, people
from fullcredits.web.app import create_app
from tests.browser.axe import faults
from tests.browser.serving import serving
from tests.browser.watching import complaints
from tests.desks import desk_of
from tests.sync.household import TOKENS, Household
from tests.sync.twisting import Twisting

HUGE = (
    "huge " * 1_900
)  # Longer texts than 10,000 characters are refused, as a problem of the title.
TEXTS = (
    '<script>window.ran = 1; alert("ran")</script>',
    '"><img src=x onerror="window.ran=2">',
    "</title></style></textarea><svg/onload=window.ran=3>",
    "'; DROP TABLE people; --",
    '" OR 1=1 UNION SELECT secret FROM sources --',
    "{{ 7 * 191 }} {% include 'base.html' %} ${7*191} #{7*191} <%= 7*191 %>",
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "javascript:window.ran=4",
    "//evil.example/%2e%2e/?a=b#c",
    "\u202egnp.exe \u2066 \u200b \ufeff",
    "a\x00b\x01\x7f\r\nSet-Cookie: ran=1",
    "&lt;script&gt; &amp;amp; &#0;",
    "🧨" * 300,
    HUGE,
)
FREE = frozenset({
    "title", "originalTitle", "titleSort", "summary", "tagline", "contentRating", "studio", "tag",
    "role", "friendlyName", "parentTitle", "grandparentTitle", "librarySectionTitle",
    "Name", "OriginalTitle", "SortName", "ForcedSortName", "Overview", "OfficialRating", "Role",
    "ServerName", "SeriesName", "SeasonName", "Taglines", "Genres", "ProductionLocations",
})  # fmt: skip
"""The fields that hold what people write."""
LARGEST = 200_000
START = ("/", "/titles", "/people", "/quality", "/quality/cut", "/quality/no-portrait",
         "/servers", "/sync", "/search?q=script", "/search?q=drop+table", "/search?q=huge",
         "/search/instant?q=script", "/look")  # fmt: skip
MOST_PAGES = 60
OURS = re.compile(r"/(?!/)|https?:|#|data:image/")


def hostile(text: str) -> str:
    """Always the same for a text, and another one for another."""
    return f"{TEXTS[zlib.crc32(text.encode()) % len(TEXTS)]} {text}"


def poison(_request: Request, answer: Any) -> None:
    """Make every free text hostile, and every id of a catalogue, in place."""
    if isinstance(answer, dict):
        for key, value in answer.items():
            if key in FREE and isinstance(value, str):
                answer[key] = hostile(value)
            elif key == "ProviderIds":
                answer[key] = {name: f"{of}{hostile(str(of))}" for name, of in value.items()}
            elif key == "id" and isinstance(value, str) and "://" in value:
                answer[key] = f"{value}{hostile(value)}"
            elif key in FREE and isinstance(value, list) and all(isinstance(v, str) for v in value):
                answer[key] = [hostile(v) for v in value]
            else:
                poison(_request, value)
    elif isinstance(answer, list):
        for value in answer:
            poison(_request, value)


STICKS_OUT = """
() => [...document.querySelectorAll("body *")]
  .filter(e => e.getBoundingClientRect().right > 1281 && !e.closest(".stars, .tabs"))
  .slice(0, 8).map(e => e.outerHTML.slice(0, 300))
"""


class Poisoned(NamedTuple):
    """Where the pages are, and what is behind them."""

    base: str
    store: Store
    traps: dict[str, int]


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Poisoned]:
    folder = tmp_path_factory.mktemp("hostile")
    store = Store(open_engine(f"sqlite:///{shutil.copy(sqlite_template, folder / 'f.db')}"))
    house = Household(store)
    invented = open_catalogue()
    films = [work.id for work in invented.works.values() if work.kind == "movie"][:4]
    works = Catalogue({work.id: work for work in invented.held([*films, "show-00"])})
    plex, jellyfin = Twisting(plex_app(works)), Twisting(jellyfin_app(works))
    plex.twist = jellyfin.twist = poison
    with running(plex) as attic, running(jellyfin) as cabin:
        for name, kind, address in (
            (f"Attic {TEXTS[0]}", SourceKind.PLEX, attic),
            (f"Cabin {TEXTS[5]}", SourceKind.JELLYFIN, cabin),
        ):
            house.add(name, kind, address)
            with ThreadPoolExecutor(
                1
            ) as aside:  # The browser's loop may be running in this thread.
                summary = aside.submit(house.sync, name).result()
            told = [(problem.code, problem.message[-300:]) for problem in house.problems(name)]
            assert (told, summary.state) == ([], "done")
        plex.twist = jellyfin.twist = None  # Endless pictures cannot be kept whole to be changed.
        scripts = [server.app.state.faults.script("odd-pictures") for server in (plex, jellyfin)]
        pictures = Pictures(store, Cache(folder / "pictures", 10**8), house.open)
        app = create_app(store, pictures, Entrance(store), desk_of(store, folder / "data"))
        with serving(app) as base:
            yield Poisoned(base, store, {"struck": sum(script.struck for script in scripts)})
        assert sum(script.struck for script in scripts) > len(ODDITIES), "traps were sprung"
    store.close()


@pytest.fixture(scope="module")
def read(poisoned: Poisoned) -> dict[str, str]:
    """The HTML of many pages, by following every link of our own."""
    found: dict[str, str] = {}
    ahead: dict[str, list[str]] = {}
    seen: Counter[str] = Counter()

    def come_upon(links: Iterable[str]) -> None:
        for link in links:
            ahead.setdefault(_kind(link), []).append(link)

    come_upon(START)
    with httpx2.Client(base_url=poisoned.base, follow_redirects=True) as client:
        while any(ahead.values()) and len(found) < MOST_PAGES:
            # A bit of everything, not all of the first kind.
            kind = min((kind for kind in ahead if ahead[kind]), key=lambda kind: seen[kind])
            path = ahead[kind].pop(0)
            if path in found:
                continue
            seen[kind] += 1
            answer = client.get(path)
            assert answer.status_code == 200, path
            assert "ran=1" not in answer.headers.get("set-cookie", "")
            found[path] = answer.text
            links = re.findall(r'href="(/[^"#]*)', answer.text)
            come_upon(unescape(link) for link in links if not link.startswith("/static/"))
    return found


def _kind(path: str) -> str:
    """Of page."""
    return path.split("/")[1].partition("?")[0]


def test_everything_was_kept(poisoned: Poisoned) -> None:
    with poisoned.store.reading() as db:
        names = set(db.execute(select(people.c.name)).scalars())
        credits = db.execute(select(func.count()).select_from(media_people)).scalar_one()
        longest = db.execute(select(func.max(func.length(media_items.c.title)))).scalar_one()
    assert credits > 500
    assert longest > 9_000
    assert any(name.startswith(TEXTS[0]) for name in names)
    assert any(name.startswith(TEXTS[3]) for name in names)


def test_no_page_is_broken_or_huge_or_tells_a_secret(read: dict[str, str]) -> None:
    kinds = set(map(_kind, read))
    assert {"movie", "show", "season", "episode", "person", "library", "character"} <= kinds
    for path, page in read.items():
        assert len(page.encode()) <= LARGEST, path[:200]
        assert not any(token in page for token in TOKENS.values()), path
        assert "root:x:0" not in page
        assert "1337" not in re.sub(r"\d{5,}|[\w-]*1337[\w-]*\.webp", "", page), path


class Tags(HTMLParser):
    """What of a page would run, or lead elsewhere."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one."""
        given = {name: value or "" for name, value in attrs}
        if tag in ("iframe", "object", "embed", "base", "style") or "style" in given:
            self.wrong.append(tag)
        if tag == "script" and not given.get("src", "").startswith("/static/"):
            self.wrong.append(tag)
        self.wrong += [name for name in given if name.startswith(("on", "hx-on"))]
        for name in ("href", "src", "action", "hx-get"):
            address = given.get(name, "/")
            if not OURS.match(address) or urlsplit(address).hostname == "evil.example":
                self.wrong.append(f"{name}={address[:100]}")


def test_nothing_hostile_is_markup_or_an_address(read: dict[str, str]) -> None:
    for path, page in read.items():
        assert Tags(page).wrong == [], path


def _of_each_kind(read: dict[str, str]) -> list[str]:
    kinds: dict[str, list[str]] = {}
    for path in read:
        kinds.setdefault(_kind(path), []).append(path)
    return [path for paths in kinds.values() for path in paths[:2]]


def test_nothing_runs_in_a_browser(
    browser: Browser, poisoned: Poisoned, read: dict[str, str]
) -> None:
    with browser.new_page(viewport={"width": 1280, "height": 900}) as page:
        wrong = complaints(page, poisoned.base)
        for path in _of_each_kind(read):
            # Not until everything is loaded: some pictures never end.
            page.goto(poisoned.base + path, wait_until="domcontentloaded")
            assert page.evaluate("window.ran") is None, path
            if page.evaluate("document.documentElement.scrollWidth") > 1280:
                pytest.fail(f"{path}: {page.evaluate(STICKS_OUT)}")
    # A picture that is none is told as missing, and only that.
    assert [said for said in wrong if "404" not in said] == []


def test_a_script_is_shown_as_it_is_written(browser: Browser, poisoned: Poisoned) -> None:
    with poisoned.store.reading() as db:
        like = people.c.name.startswith(TEXTS[0], autoescape=True)
        number, name = db.execute(select(people.c.id, people.c.name).where(like).limit(1)).one()
    with browser.new_page() as page:
        wrong = complaints(page, poisoned.base)
        page.goto(f"{poisoned.base}/person/{number}", wait_until="domcontentloaded")
        assert page.get_by_role("heading", level=1).inner_text() == name
        assert faults(page) == []
        assert [said for said in wrong if "404" not in said] == []
