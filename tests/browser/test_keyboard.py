"""With a keyboard alone: everything is reached, is seen to be, and can be used."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Served

MOST_STEPS = 400

# What can be used and is seen, each marked with a number, so that it is known again. Of choices
# that exclude each other one is reached so, the others by the arrows.
_MARK = """
() => {
  const all = [...document.querySelectorAll("a[href], button, input, select, summary, textarea")];
  const shown = all.filter((e) => e.type !== "hidden" && e.tabIndex >= 0 && e.checkVisibility()
    && (e.type !== "radio" || e.checked || !document.querySelector(`[name="${e.name}"]:checked`)));
  shown.forEach((e, place) => { e.dataset.place = place; });
  return shown.map((e) => e.outerHTML.slice(0, 160));
}
"""
# Which of them has the focus, and whether that is to be seen.
_FOCUS = """
() => {
  const e = document.activeElement;
  const style = getComputedStyle(e);
  const ring = (s) => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0;
  const box = e.getBoundingClientRect();
  const near = box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight;
  return { place: e.dataset.place ?? "", seen: near && ring(style) };
}
"""


@pytest.mark.parametrize(
    "name",
    ["home", "movie", "show", "season", "episode", "person", "credits", "people", "titles",
     "search", "together", "character", "review", "suspects", "decisions", "identity", "look"],
)  # fmt: skip
def test_the_tab_key_reaches_everything_in_sight(
    browser: Browser, served: Served, name: str
) -> None:
    # Without motion, what has the focus is in sight at once.
    with browser.new_page(viewport={"width": 390, "height": 844}, reduced_motion="reduce") as page:
        page.goto(served.addresses[name], wait_until="networkidle")
        everything = page.evaluate(_MARK)
        reached: list[int] = []
        unseen: list[str] = []
        for _ in range(min(len(everything) + 5, MOST_STEPS)):
            page.keyboard.press("Tab")
            focus = page.evaluate(_FOCUS)
            if focus["place"] == "":
                continue
            if int(focus["place"]) in reached:
                break
            reached.append(int(focus["place"]))
            if not focus["seen"]:
                unseen.append(everything[reached[-1]])
        wanted = range(min(len(everything), MOST_STEPS - 5))
        assert [everything[n] for n in wanted if n not in reached] == []
        assert unseen == []


def test_from_the_front_page_to_a_character_by_keys(browser: Browser, served: Served) -> None:
    with browser.new_page(viewport={"width": 1440, "height": 900}) as page:
        page.goto(served.base)
        page.keyboard.press("/")
        page.keyboard.type("the crowd")
        finds = page.get_by_role("region", name="Finds")
        finds.get_by_role("link", name="The Crowd Film").wait_for()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url("**/movie/*-crowd")
        _tab_to(page, "Filter cast and crew")
        page.keyboard.type("passer by 17")
        found = page.get_by_role("region", name="Found")
        found.get_by_text("Extra Number 0017").wait_for()
        assert page.evaluate("document.activeElement.id") == "sieve"
        _tab_to(page, "Extra Number 0017")
        page.keyboard.press("Enter")
        page.wait_for_url("**/person/*-extra-number-0017")
        _tab_to(page, "Passer-by 17", any_text=True)


def test_the_menu_opens_and_closes_by_keys(browser: Browser, served: Served) -> None:
    with browser.new_page() as page:
        page.goto(served.base)
        _tab_to(page, "More")
        page.keyboard.press("Enter")
        servers = page.get_by_role("link", name="Servers", exact=True)
        assert servers.is_visible()
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Servers"
        page.keyboard.press("Escape")
        assert not servers.is_visible()
        assert page.evaluate("document.activeElement.ariaLabel") == "More"


def test_back_is_where_one_was(browser: Browser, served: Served) -> None:
    with browser.new_page(viewport={"width": 390, "height": 844}) as page:
        page.goto(served.addresses["crowd"], wait_until="networkidle")
        link = page.get_by_role("link", name="Extra Number 0091")
        link.scroll_into_view_if_needed()
        before = page.evaluate("scrollY")
        link.click()
        page.get_by_role("heading", level=1, name="Extra Number 0091").wait_for()
        page.go_back(wait_until="networkidle")
        assert before > 1_000
        assert abs(page.evaluate("scrollY") - before) < 5


def _tab_to(page: Page, name: str, *, any_text: bool = False) -> None:
    """Press the tab key until what is called so has the focus."""
    called = """(e) => (e.ariaLabel || [...(e.labels || [])].map((l) => l.textContent).join(" ")
        || e.textContent).trim()"""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        text: str = page.evaluate(f"({called})(document.activeElement)")
        if text == name or (any_text and name in text):
            return
    pytest.fail(f"the tab key does not reach {name}")
