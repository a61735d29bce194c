"""Every page in a real browser, wide and narrow, light and dark."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route

from fullcredits.access import Entrance
from fullcredits.store import Store
from fullcredits.web.app import create_app
from tests.browser.axe import faults
from tests.browser.conftest import PlainPictures, Served
from tests.browser.serving import serving
from tests.desks import desk_of

NAMES = (
    "home", "library", "movie", "crowd", "show", "season", "episode", "credits", "person",
    "hostile", "appearances", "search", "nothing found", "closest", "character",
    "people", "titles", "filmography", "filtered", "collaborators", "together", "look",
    "quality", "wrong", "identity", "review", "suspects", "decisions",
)  # fmt: skip
PATHS = {"sync": "sync", "servers": "servers", "add": "servers/add"}
LARGE_TEXT = "html { font-size: 32px; }"
# Texts of which some is out of the window, or out of what cuts them and is not there to be scrolled
# or to show a beginning.
CUT = """
() => {
  const cut = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    const own = range.getBoundingClientRect();
    const said = texts.currentNode.textContent.trim();
    const parent = texts.currentNode.parentElement;
    if (!own.width || !said || !parent.checkVisibility({visibilityProperty: true})) continue;
    let left = 0, right = innerWidth, over = parent;
    for (; over !== document.body; over = over.parentElement) {
      const {overflowX, webkitLineClamp} = getComputedStyle(over);
      if (over.matches(".hidden, .skip, .box") || webkitLineClamp !== "none") break;
      if (overflowX === "auto") break;
      const edges = over.getBoundingClientRect();
      if (edges.width < 2) break;
      if (overflowX !== "visible") {
        left = Math.max(left, edges.left);
        right = Math.min(right, edges.right);
      }
    }
    if (over === document.body && (own.left < left - 1 || own.right > right + 1)) cut.push(said);
  }
  return cut;
}
"""


def _opened(page: Page, served: Served, name: str) -> list[str]:
    """Open a page; gives what the browser complained about or asked elsewhere."""
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type != "log" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "request",
        lambda asked: None if asked.url.startswith(served.base) else wrong.append(asked.url),
    )
    page.goto(served.addresses[name], wait_until="networkidle")
    return wrong


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("width", [320, 1440])
def test_a_page_looks_right(
    browser: Browser, served: Served, name: str, scheme: Literal["dark", "light"], width: int
) -> None:
    with browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme) as page:
        assert _opened(page, served, name) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert faults(page) == []
        levels = [int(level) for level in page.evaluate(
            "[...document.querySelectorAll('h1,h2,h3,h4')].map(h => h.tagName[1])"
        )]  # fmt: skip
        assert levels.count(1) == 1
        assert all(b - a <= 1 for a, b in zip([1, *levels], levels, strict=False))


def test_everything_works_without_javascript(browser: Browser, served: Served) -> None:
    with browser.new_page(java_script_enabled=False) as page:
        page.goto(served.base)
        page.get_by_role("searchbox").fill("ada quill")
        page.get_by_role("searchbox").press("Enter")
        page.get_by_role("link", name="Ada Quill").first.click()
        assert page.get_by_role("heading", level=1).inner_text() == "Ada Quill"
        page.get_by_text("60 episodes", exact=True).click()
        page.get_by_role("link", name="Night 60").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Night 60"


def test_slash_goes_to_the_search_box(browser: Browser, served: Served) -> None:
    with browser.new_page() as page:
        page.goto(served.base)
        page.keyboard.press("/")
        page.keyboard.type("a/b")
        assert page.get_by_role("searchbox").input_value() == "a/b"


def test_finds_appear_while_one_types_and_the_arrows_reach_them(
    browser: Browser, served: Served
) -> None:
    with browser.new_page() as page:
        page.goto(served.base)
        page.keyboard.press("/")
        page.keyboard.type("vinter")
        finds = page.get_by_role("region", name="Finds")
        finds.get_by_text("Inspector Vinter").wait_for()
        page.keyboard.press("Escape")
        assert not finds.is_visible()
        page.keyboard.type(" ")
        page.keyboard.press("Backspace")
        finds.get_by_text("Inspector Vinter").wait_for()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url("**/character?name=Inspector+Vinter")
        assert page.get_by_role("heading", level=1).inner_text() == "Inspector Vinter"


def test_what_is_typed_while_the_page_still_loads_is_looked_for(
    browser: Browser, served: Served
) -> None:
    """Over a slow line the scripts come when somebody has begun to type."""
    with browser.new_page() as page:
        held: list[Route] = []
        page.route("**/*.js*", lambda route: held.append(route))
        with page.expect_request("**/*.js*"):
            page.goto(served.base, wait_until="commit")
        page.get_by_role("searchbox").click()
        page.keyboard.type("vinter")
        for route in held:
            route.continue_()
        finds = page.get_by_role("region", name="Finds")
        finds.get_by_text("Inspector Vinter").wait_for()


def test_what_is_hostile_does_nothing_among_the_finds(browser: Browser, served: Served) -> None:
    with browser.new_page() as page:
        wrong = _opened(page, served, "home")
        page.get_by_role("searchbox").fill("alert hello")
        page.get_by_role("region", name="Finds").get_by_text('<script>alert("hello")').wait_for()
        assert wrong == []


def test_the_first_tab_skips_to_the_content(browser: Browser, served: Served) -> None:
    with browser.new_page() as page:
        page.goto(served.addresses["movie"])
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"


def test_pictures_do_not_move_what_is_around_them(browser: Browser, served: Served) -> None:
    with browser.new_page() as page:
        page.route("**/*.webp", lambda route: route.abort())
        page.goto(served.addresses["movie"])
        without = page.evaluate("document.documentElement.scrollHeight")
        page.unroute_all()
        page.goto(served.addresses["movie"], wait_until="networkidle")
        assert page.evaluate("document.documentElement.scrollHeight") == without


def test_the_chosen_of_many_tabs_is_in_sight(browser: Browser, served: Served) -> None:
    with browser.new_page(viewport={"width": 320, "height": 700}) as page:
        page.goto(f"{served.base}/people?letter=w")
        chosen = page.locator(".letters [aria-current]")
        assert chosen.inner_text() == "W"
        box = chosen.bounding_box()
        assert box is not None
        assert 0 <= box["x"] <= 320 - box["width"]
        assert page.evaluate("scrollY") == 0


def _with_large_text(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text() + LARGE_TEXT)


@pytest.mark.parametrize("name", [*NAMES, *PATHS])
def test_text_twice_as_large_is_read_whole_on_a_phone(
    browser: Browser, served: Served, name: str
) -> None:
    with browser.new_page(viewport={"width": 390, "height": 844}) as page:
        page.route("**/fullcredits.css?*", _with_large_text)
        address = served.addresses.get(name, f"{served.base}/{PATHS.get(name)}")
        page.goto(address, wait_until="networkidle")
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        assert page.evaluate(CUT) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_paper_has_what_the_page_shows_and_nothing_to_press(
    browser: Browser, served: Served
) -> None:
    with browser.new_page() as page:
        page.goto(served.addresses["crowd"], wait_until="networkidle")
        page.emulate_media(media="print")
        assert page.locator(".credits li").first.is_visible()
        assert page.get_by_text(re.compile(r"^The first [0-9]+ of [0-9]+$")).first.is_visible()
        assert page.locator(".button:visible, input:visible, summary:visible").count() == 0
        page.goto(served.addresses["person"], wait_until="networkidle")
        page.emulate_media(media="print")
        assert page.locator(".works li").first.is_visible()
        assert page.locator(".button:visible, input:visible, select:visible").count() == 0


def test_nothing_to_choose_from_before_there_is_anything(
    browser: Browser, tmp_path: Path, sqlite_store: Store
) -> None:
    desk = desk_of(sqlite_store, tmp_path / "data")
    app = create_app(sqlite_store, PlainPictures(), Entrance(sqlite_store), desk)
    with serving(app) as base, browser.new_page() as page:
        for path in ("/titles", "/people"):
            page.goto(base + path)
            assert page.locator(".tabs, .filters").count() == 0
            page.get_by_role("main").get_by_role("link", name="Add a server").click()
            assert page.url == f"{base}/servers/add"


WRITTEN = """
() => {
  const found = [];
  for (const e of document.querySelectorAll(".hero-text *, .hero-more *")) {
    const own = [...e.childNodes].filter((n) => n.nodeType === Node.TEXT_NODE && n.data.trim());
    if (!own.length || e.closest(".chip, .button, .pill")) continue;
    const range = document.createRange();
    range.selectNodeContents(e);
    const style = getComputedStyle(e);
    const box = range.getBoundingClientRect();
    found.push({ text: e.textContent.slice(0, 40), colour: style.color,
                 large: parseFloat(style.fontSize) >= 24,
                 box: [box.left, box.top + scrollY, box.right, box.bottom + scrollY] });
  }
  for (const e of document.querySelectorAll(".hero *")) e.style.color = "transparent";
  return found;
}
"""


@pytest.mark.parametrize("name", ["movie", "show", "season", "episode"])
@pytest.mark.parametrize(("scheme", "colour"), [("light", "black"), ("dark", "white")])
@pytest.mark.parametrize("width", [390, 820, 1440, 2200])
def test_what_stands_on_a_backdrop_can_be_read(
    browser: Browser,
    served: Served,
    name: str,
    scheme: Literal["dark", "light"],
    colour: str,
    width: int,
) -> None:
    """On the worst of all pictures."""
    file = io.BytesIO()
    Image.new("RGB", (64, 36), colour).save(file, "PNG")
    with browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme) as page:
        page.route(
            "**/image/**",
            lambda route: route.fulfill(body=file.getvalue(), content_type="image/png"),
        )
        page.goto(served.addresses[name], wait_until="networkidle")
        assert page.locator(".backdrop").count() == 1
        written = page.evaluate(WRITTEN)
        shown = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
    faint = [
        (text["text"], round(found, 1))
        for text in written
        if (found := _least_contrast(shown, text)) < (3 if text["large"] else 4.5)
    ]
    assert faint == []


def _least_contrast(shown: Image.Image, text: dict[str, Any]) -> float:
    """Between a text and what is behind it, wherever it is least."""
    colour = _light([int(part) for part in re.findall(r"\d+", text["colour"])[:3]])
    left, top, right, bottom = map(round, text["box"])
    behind = shown.crop((max(0, left), top, min(shown.width, right), bottom))
    pixels = {behind.getpixel((x, y)) for x in range(behind.width) for y in range(behind.height)}
    lights = {_light(one) for one in pixels if isinstance(one, tuple)}
    return min((max(colour, one) + 0.05) / (min(colour, one) + 0.05) for one in lights)


def _light(colour: Sequence[int]) -> float:
    """How bright a colour is, as WCAG reckons it."""
    parts = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
