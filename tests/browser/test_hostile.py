"""Two servers whose every text, key and picture is hostile, synced and browsed: nothing runs,
nothing leaks, nothing breaks, and nobody else is asked for anything.
"""

from __future__ import annotations

import re
import shutil
import socket
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx2
import pytest
from playwright.sync_api import Browser
from sqlalchemy import func, insert, select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from fullcredits.access import Entrance
from fullcredits.images.cache import Cache
from fullcredits.images.pictures import Pictures
from fullcredits.images.render import WIDTHS
from fullcredits.model import SourceKind
from fullcredits.simulate import Catalogue, jellyfin_app, open_catalogue, plex_app, running
from fullcredits.simulate.faults.pictures import ODDITIES
from fullcredits.store import Store
from fullcredits.store.engine import open_engine
from fullcredits.store.schema import images, media_items, media_people, people, sources
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
    "🧨" * 300 + "W" * 600,
    HUGE,
)
FREE = frozenset({
    "title", "originalTitle", "titleSort", "summary", "tagline", "contentRating", "studio", "tag",
    "role", "friendlyName", "parentTitle", "grandparentTitle", "librarySectionTitle",
    "Name", "OriginalTitle", "SortName", "ForcedSortName", "Overview", "OfficialRating", "Role",
    "ServerName", "SeriesName", "SeasonName", "Taglines", "Genres", "ProductionLocations",
})  # fmt: skip
"""The fields that hold what people write."""
KEYS = (
    '"><script>window.ran=5</script>',
    "' onmouseover='window.ran=6",
    "/../../../etc/passwd",
    "..%2f..%2f%00",
    "?X-Plex-Token=stolen&x=y#fragment",
    " a b\t+&amp;",
    "javascript:window.ran=7",
    "{{ 7 * 191 }}",
    "\u202e\u2066é🧨",
)
"""What the keys of titles, people, libraries and servers end with."""
KEYED = frozenset({
    "ratingKey", "parentRatingKey", "grandparentRatingKey", "machineIdentifier",
    "Id", "ItemId", "SeriesId", "SeasonId", "ParentId",
})  # fmt: skip
PICTURES = (
    "//evil.example/x.jpg",
    "http://evil.example/x.jpg",
    "https://evil.example:{port}/x.jpg",
    "http://127.0.0.1:{port}/secret.jpg",
    "http://localhost:{port}/secret.jpg",
    "http://[::1]:{port}/secret.jpg",
    "http://[::ffff:127.0.0.1]:{port}/secret.jpg",
    "http://2130706433:{port}/secret.jpg",
    "http://user:word@127.0.0.1:{port}/secret.jpg",
    "http://169.254.169.254/latest/meta-data/",
    "http:127.0.0.1:{port}/secret.jpg",
    "http://127.0.0.1:{port}\\@evil.example/",
    "/../../../../etc/passwd",
    "/..%2f..%2f..%2fetc/passwd",
    "/\\127.0.0.1:{port}/secret.jpg",
    "@127.0.0.1:{port}/secret.jpg",
    "/photo?url=http://127.0.0.1:{port}/secret.jpg&X-Plex-Token=stolen",
    "/a HTTP/1.1\r\nHost: evil.example\r\n\r\nGET /",
    "javascript:window.ran=8",
    "data:image/svg+xml,<svg onload=window.ran=9>",
    "file:///etc/passwd",
    '" onerror="window.ran=10',
    "x&tag=/../..?y#z",
    "\x00\x7f\u202e",
)
"""Where pictures are said to be, and the marks of pictures; `port` is that of somebody who must
not be asked.
"""
PICTURED = frozenset({"thumb", "art", "Primary", "PrimaryImageTag", "BackdropImageTags"})
ODD = ("its picture has a tag that is none", "(there is an id that is none)")
LARGEST = 200_000
START = ("/", "/titles", "/people", "/quality", "/quality/cut", "/quality/no-portrait",
         "/servers", "/sync", "/search?q=script", "/search?q=drop+table", "/search?q=huge",
         "/search/instant?q=script", "/look")  # fmt: skip
MOST_PAGES = 60
OURS = re.compile(r"/(?!/)|https?:|#|data:image/")


def hostile(text: str) -> str:
    """Always the same for a text, and another one for another."""
    return f"{TEXTS[zlib.crc32(text.encode()) % len(TEXTS)]} {text}"


def ending(key: str) -> str:
    """A key with something hostile behind it, always the same for a key."""
    return f"{key}{KEYS[zlib.crc32(key.encode()) % len(KEYS)]}"


class Hostile(Twisting):
    """A simulated server whose every text, key and picture is hostile.

    It knows its titles by their hostile keys, and by no others.
    """

    def __init__(self, app: Starlette, port: int) -> None:
        super().__init__(app)
        self.twist = self.poison
        self.asked: list[tuple[str, str, str]] = []
        """The headers of each request, as one text, its path and its query."""
        self._port = port
        self._true: dict[str, str] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for hostile keys as one for the true ones."""
        query = scope["query_string"].decode("ascii")
        self.asked.append((str(scope["headers"]), scope["path"], query))
        told = [(name, self._truly(value)) for name, value in parse_qsl(query)]
        true = {"path": self._truly(scope["path"]), "query_string": urlencode(told).encode()}
        await super().__call__({**scope, **true}, receive, send)

    def _truly(self, text: str) -> str:
        for key in sorted(self._true, key=len, reverse=True):
            text = text.replace(key, self._true[key])
        return text

    def poison(self, request: Request, answer: Any) -> None:
        """Make everything hostile, in place, wherever it stands."""
        if isinstance(answer, dict):
            for name, value in answer.items():
                self._poison(request, answer, name, value)
        elif isinstance(answer, list):
            for value in answer:
                self.poison(request, value)

    def _poison(self, request: Request, answer: dict[str, Any], name: str, value: Any) -> None:
        texts = isinstance(value, list) and all(isinstance(one, str) for one in value)
        section = name == "key" and request.url.path == "/library/sections"
        if name == "ProviderIds":
            answer[name] = {of: f"{one}{hostile(str(one))}" for of, one in value.items()}
        elif name == "id" and isinstance(value, str) and "://" in value:
            answer[name] = f"{value}{hostile(value)}"
        elif (name in KEYED or section) and isinstance(value, str | int):
            answer[name] = self._key(str(value))
        elif name in PICTURED and "tag" not in answer and (texts or isinstance(value, str)):
            answer[name] = [*map(self._picture, value)] if texts else self._picture(value)
        elif name in FREE and isinstance(value, str):
            answer[name] = hostile(value)
        elif name in FREE and texts:
            answer[name] = [hostile(one) for one in value]
        else:
            self.poison(request, value)

    def _key(self, true: str) -> str:
        self._true[ending(true)] = true
        return ending(true)

    def _picture(self, true: str) -> str:
        """Mostly the true one, which is a trap itself: of a title with absurd pictures none is
        taken.
        """
        at = zlib.crc32(true.encode())
        return true if at % 12 else PICTURES[at % len(PICTURES)].format(port=self._port)


STICKS_OUT = """
() => [...document.querySelectorAll("body *")]
  .filter(e => e.getBoundingClientRect().right > 1281 && !e.closest(".stars, .tabs"))
  .slice(0, 8).map(e => e.outerHTML.slice(0, 300))
"""


class Poisoned(NamedTuple):
    """Where the pages are, and what is behind them."""

    base: str
    store: Store
    servers: dict[SourceKind, Hostile]
    overheard: list[str]
    """What was asked of somebody whom nobody may ask."""


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Poisoned]:
    folder = tmp_path_factory.mktemp("hostile")
    store = Store(open_engine(f"sqlite:///{shutil.copy(sqlite_template, folder / 'f.db')}"))
    house = Household(store)
    invented = open_catalogue()
    films = [work.id for work in invented.works.values() if work.kind == "movie"][:4]
    works = Catalogue({work.id: work for work in invented.held([*films, "show-00"])})
    overheard: list[str] = []
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        port = urlsplit(stack.enter_context(running(_overhearing(overheard)))).port or 0
        patch.setattr(socket, "getaddrinfo", _nobody_but_us(socket.getaddrinfo))
        plex, jellyfin = Hostile(plex_app(works), port), Hostile(jellyfin_app(works), port)
        attic, cabin = (stack.enter_context(running(server)) for server in (plex, jellyfin))
        for name, kind, address in (
            (f"Attic {TEXTS[0]}", SourceKind.PLEX, attic),
            (f"Cabin {TEXTS[5]}", SourceKind.JELLYFIN, cabin),
        ):
            house.add(name, kind, address)
            with ThreadPoolExecutor(1) as aside:  # The browser's loop may run in this thread.
                aside.submit(house.sync, name).result()
                # What looks absurd is believed when it is said a second time.
                summary = aside.submit(house.sync, name).result()
            told = [problem.message[-300:] for problem in house.problems(name)]
            assert [words for words in told if not any(odd in words for odd in ODD)] == []
            assert summary.state == ("partial" if told else "done")
        _lead_astray(store, port)
        plex.twist = jellyfin.twist = None  # Endless pictures cannot be kept whole to be changed.
        scripts = [server.app.state.faults.script("odd-pictures") for server in (plex, jellyfin)]
        pictures = Pictures(store, Cache(folder / "pictures", 10**8), house.open)
        app = create_app(store, pictures, Entrance(store), desk_of(store, folder / "data"))
        with serving(app) as base:
            servers = {SourceKind.PLEX: plex, SourceKind.JELLYFIN: jellyfin}
            yield Poisoned(base, store, servers, overheard)
        assert sum(script.struck for script in scripts) > len(ODDITIES), "traps were sprung"
    store.close()


def _lead_astray(store: Store, port: int) -> None:
    """Let each source have a picture at every hostile address, however that came in."""
    with store.writing() as db:
        for source in db.execute(select(sources.c.id)).scalars().all():
            refs = [{"source_id": source, "ref": ref.format(port=port)} for ref in PICTURES]
            db.execute(insert(images), refs)


def _overhearing(overheard: list[str]) -> ASGIApp:
    """Somebody on this machine who notes what is asked of them, and gives a picture."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        overheard.append(scope["path"])
        await Response(b"GIF89a", media_type="image/gif")(scope, receive, send)

    return app


def _nobody_but_us(resolve: Callable[..., Any]) -> Callable[..., Any]:
    """Every name of the world means this machine, so that nothing leaves it."""

    def resolved(host: Any, *more: Any, **named: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else str(host)
        return resolve("127.0.0.1" if name.endswith(".example") else host, *more, **named)

    return resolved


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


def test_nobody_else_is_asked_for_a_picture(poisoned: Poisoned) -> None:
    """Nor is anybody shown what lets us in elsewhere."""
    with poisoned.store.reading() as db:
        numbers = list(db.execute(select(images.c.id)).scalars())
    assert len(numbers) > 100
    with httpx2.Client(base_url=poisoned.base, timeout=60) as client:
        for number in numbers:
            assert client.get(f"/image/{number}/{WIDTHS[0]}.webp").status_code in (200, 404)
    assert poisoned.overheard == []
    for kind, server in poisoned.servers.items():
        others = [token for of, token in TOKENS.items() if of is not kind]
        for headers, path, query in server.asked:
            assert not any(token in headers or token in query for token in others), path
            assert ("X-Plex-Token", "stolen") not in parse_qsl(query), path


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
            for width in (390, 1280):
                page.set_viewport_size({"width": width, "height": 900})
                if page.evaluate("document.documentElement.scrollWidth") > width:
                    pytest.fail(f"{path}, {width}: {page.evaluate(STICKS_OUT)}")
    assert wrong == []


def test_a_script_is_shown_as_it_is_written(browser: Browser, poisoned: Poisoned) -> None:
    with poisoned.store.reading() as db:
        like = people.c.name.startswith(TEXTS[0], autoescape=True)
        number, name = db.execute(select(people.c.id, people.c.name).where(like).limit(1)).one()
    with browser.new_page() as page:
        wrong = complaints(page, poisoned.base)
        page.goto(f"{poisoned.base}/person/{number}", wait_until="domcontentloaded")
        assert page.get_by_role("heading", level=1).inner_text() == name
        assert faults(page) == []
        assert wrong == []
