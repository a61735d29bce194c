"""Everything that changes something is refused unless a page of ours, in this browser, sent it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute
from starlette.routing import Route

from fullcredits.store import Store
from fullcredits.web.app import PARTS
from tests.web.visitor import PASSWORD, House, Visitor


@pytest.fixture
def house(sqlite_store: Store) -> House:
    return House(sqlite_store)


@pytest.fixture
def visitor(house: House) -> Visitor:
    visitor = house.visitor("127.0.0.1")
    visitor.token("/access")
    return visitor


def changing(house: House) -> Iterator[str]:
    """The path of every route that takes more than reading."""
    for part in PARTS:
        for route in part.routes.router.routes:
            assert isinstance(route, APIRoute)
            assert route.methods
            if route.methods != {"GET", "HEAD"}:
                assert route.methods == {"POST"}
                yield re.sub(r"{\w+}", "1", route.path)


def test_no_route_is_made_elsewhere(house: House) -> None:
    others = [route for route in house.app.routes if isinstance(route, Route)]
    assert all(route.methods == {"GET", "HEAD"} for route in others)


def test_no_route_changes_anything_without_the_token_of_a_form(
    house: House, visitor: Visitor
) -> None:
    paths = list(changing(house))
    assert len(paths) >= 5
    for path in paths:
        for token in ({}, {"form_token": ""}, {"form_token": "0" * 64}, {"form_token": "é"}):
            answer = visitor.client.post(path, data=token, headers={"Origin": visitor.base})
            assert answer.status_code == 403, path
            assert "This form was opened before" in answer.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://127.0.0.1:81"}, 403),
        ({"Origin": "http://127.0.0.1.evil.example"}, 403),
        ({"Origin": "http://127.0.0.1"}, 303),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
    ],
)
def test_where_a_form_comes_from(visitor: Visitor, headers: dict[str, str], status: int) -> None:
    typed = {"form_token": visitor.token("/access"), "new": PASSWORD, "again": PASSWORD}
    assert visitor.client.post("/access", data=typed, headers=headers).status_code == status


@pytest.mark.parametrize(
    ("served_at", "origin", "status"),
    [
        ("https://127.0.0.1", "https://127.0.0.1", 303),
        ("https://127.0.0.1", "http://127.0.0.1", 403),
        # A proxy may keep the https to itself.
        ("http://127.0.0.1", "https://127.0.0.1", 303),
    ],
)
def test_of_which_scheme_a_form_comes(
    house: House, served_at: str, origin: str, status: int
) -> None:
    visitor = house.visitor("127.0.0.1", served_at)
    typed = {"form_token": visitor.token("/access"), "new": PASSWORD, "again": PASSWORD}
    answer = visitor.client.post("/access", data=typed, headers={"Origin": origin})
    assert answer.status_code == status


def test_a_token_is_for_one_browser_and_one_session(house: House, visitor: Visitor) -> None:
    other = house.visitor("127.0.0.1")
    stolen = other.token("/access")
    typed = {"form_token": stolen, "new": PASSWORD, "again": PASSWORD}
    origin = {"Origin": visitor.base}
    assert visitor.client.post("/access", data=typed, headers=origin).status_code == 403
    assert not house.entrance.guarded()
    before = visitor.token("/access")
    visitor.post("/access", new=PASSWORD, again=PASSWORD)
    signed_in = {"form_token": before}
    assert visitor.client.post("/log-out", data=signed_in, headers=origin).status_code == 403


def test_tokens_are_in_forms_only_and_need_no_cookie_before(house: House) -> None:
    visitor = house.visitor("127.0.0.1")
    assert "set-cookie" not in visitor.get("/").headers
    assert "HttpOnly" in visitor.get("/access").headers["set-cookie"]


@pytest.mark.parametrize("body", [b"x" * (1 << 19), b"%ff=%fe", b"a=1&" * 1000, b"\xff\xfe"])
def test_what_is_no_form(visitor: Visitor, body: bytes) -> None:
    headers = {"Origin": visitor.base, "Content-Type": "application/x-www-form-urlencoded"}
    assert visitor.client.post("/access", content=body, headers=headers).status_code == 403
