"""Deciding who is who with the keyboard."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Request, Route

from tests.browser.conftest import Served


@pytest.mark.parametrize(("key", "same"), [("y", "yes"), ("n", "no")])
@pytest.mark.parametrize("pair", [0, 1])
def test_a_key_decides_the_pair_in_focus_or_the_first(
    browser: Browser, served: Served, key: str, same: str, pair: int
) -> None:
    sent: list[Request] = []

    def keep(route: Route) -> None:
        if route.request.method == "GET":
            route.continue_()
        else:
            sent.append(route.request)
            route.fulfill(status=204)

    with browser.new_page() as page:
        page.route("**/review", keep)
        page.goto(served.addresses["review"])
        pairs = page.locator("[data-keys]")
        wanted = pairs.nth(pair).locator("[name=other]").input_value()
        if pair:
            pairs.nth(pair).get_by_role("link").first.focus()
        with page.expect_request(lambda request: request.method == "POST"):
            page.keyboard.press(key)
        page.get_by_role("searchbox").press(key)
    (request,) = sent
    values = parse_qs(request.post_data or "")
    assert (values["same"], values["other"]) == ([same], [wanted])
