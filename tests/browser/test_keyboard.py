"""With a keyboard alone: everything is reached, is seen to be, and can be used."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Served
from tests.browser.reaching import MOST_STEPS, unreached


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
        assert unreached(page) == ([], [])


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


def test_a_filtered_list_has_an_address_and_is_there_after_a_step_back(
    browser: Browser, served: Served
) -> None:
    with browser.new_page() as page:
        page.goto(served.addresses["crowd"], wait_until="networkidle")
        page.get_by_label("Filter cast and crew").fill("passer by 17")
        link = page.get_by_role("region", name="Found").get_by_role(
            "link", name="Extra Number 0017"
        )
        link.wait_for()
        address = page.url
        assert address.endswith("?q=passer+by+17")
        link.click()
        page.get_by_role("heading", level=1, name="Extra Number 0017").wait_for()
        page.go_back()
        link.wait_for()
        assert page.get_by_label("Filter cast and crew").input_value() == "passer by 17"
        page.goto(served.base)
        page.goto(address)
        link.wait_for()
        page.get_by_label("Filter cast and crew").fill("")
        page.locator(".department").first.wait_for()
        assert "?" not in page.url


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
