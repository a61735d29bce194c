"""Names, folders and proxies."""

from __future__ import annotations

import re

import pytest

from fullcredits.store import Store
from fullcredits.web.reach import Reach
from tests.library import filled
from tests.web.visitor import PASSWORD, House

BASE = "https://films.example.org"
PROXY = "10.1.2.3"
OUTSIDE = Reach(("films.example.org",), "/full/credits", ("10.1.0.0/16",), alone=False)


@pytest.fixture
def house(sqlite_store: Store) -> House:
    made = House(sqlite_store, OUTSIDE, BASE)
    made.entrance.set_password(PASSWORD)
    return made


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("films.example.org", 302), ("FILMS.example.org:8443", 302), ("192.168.1.5:8484", 302),
        ("[2001:db8::1]:8484", 302), ("localhost", 302), ("127.0.0.1", 302),
        ("evil.example", 400), ("films.example.org.evil.example", 400), ("", 400), ("[", 400),
    ],
)  # fmt: skip
def test_names_that_are_answered(house: House, host: str, status: int) -> None:
    answer = house.visitor().get("/full/credits/people", Host=host)
    assert answer.status_code == status
    if status == 400:
        assert "hosts" in answer.text


def test_numbers_of_others_are_not_answered_where_one_is_alone(sqlite_store: Store) -> None:
    visitor = House(sqlite_store).visitor("127.0.0.1")
    assert visitor.get("/", Host="192.168.1.5").status_code == 400
    assert visitor.get("/", Host="[::1]:8484").status_code == 200


def _addresses(page: str) -> set[str]:
    found = set(re.findall(r'(?:href|src|action|hx-get)="([^"]*)"', page))
    for srcset in re.findall(r'srcset="([^"]*)"', page):
        found |= {part.split()[0] for part in srcset.split(",")}
    return found


@pytest.mark.parametrize("front", ["/full/credits", ""])
def test_everything_is_below_the_folder(house: House, sqlite_store: Store, front: str) -> None:
    """Whether the proxy leaves the folder in front of the path or takes it off."""
    ids = filled(sqlite_store)
    visitor = house.visitor()
    asked = visitor.get(f"{front}/people?letter=q").headers["location"]
    assert asked == "/full/credits/log-in?next=%2Ffull%2Fcredits%2Fpeople%3Fletter%3Dq"
    token = visitor.token(f"{front}/log-in")
    assert visitor.client.cookies.jar
    answer = visitor.client.post(
        "/full/credits/log-in",
        data={"form_token": token, "password": PASSWORD, "next": "/full/credits/people?letter=q"},
        headers={"Origin": BASE},
    )
    assert answer.headers["location"] == "/full/credits/people?letter=q"
    assert "Path=/full/credits/;" in answer.headers["set-cookie"]
    visitor.client.headers["Cookie"] = f"fullcredits={visitor.cookie}"
    moved = visitor.get(f"{front}/movie/{ids.movie}").headers["location"]
    assert moved == f"/full/credits/movie/{ids.movie}-the-harbour"
    paths = ("/", "/people", "/titles", f"/movie/{ids.movie}-the-harbour", "/search?q=ada",
             f"/show/{ids.show}-long-nights", f"/person/{ids.lead}-ada-quill", "/access",
             "/search/instant?q=ada", "/library/1", "/nope")  # fmt: skip
    for path in paths:
        page = visitor.get(f"{front}{path}")
        assert page.status_code == (404 if path == "/nope" else 200), path
        inside = [a for a in _addresses(page.text) if not a.startswith(("https://", "#"))]
        assert inside
        assert [a for a in inside if not a.startswith(("/full/credits/", "http://"))] == []
    style = next(a for a in _addresses(page.text) if ".css" in a)
    assert "immutable" in visitor.get(style).headers["cache-control"]


def test_the_folder_alone_leads_into_it(house: House) -> None:
    assert house.visitor().get("/full/credits").headers["location"] == "/full/credits/"


def test_it_leads_nowhere_outside_the_folder(house: House) -> None:
    visitor = house.visitor()
    token = visitor.token("/full/credits/log-in")
    for wanted in ("/", "/other/app", "/full/credits/../other", "/full/creditsx"):
        typed = {"form_token": token, "password": PASSWORD, "next": wanted}
        answer = visitor.client.post("/full/credits/log-in", data=typed, headers={"Origin": BASE})
        assert answer.headers["location"] == "/full/credits/"
        token = house.visitor().token("/full/credits/log-in")
        visitor = house.visitor()
        token = visitor.token("/full/credits/log-in")


def test_only_trusted_proxies_say_who_is_behind_them(house: House, sqlite_store: Store) -> None:
    told = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
    through = house.visitor(PROXY, "http://films.example.org")
    assert "Secure" in through.get("/full/credits/log-in", **told).headers["set-cookie"]
    liar = house.visitor("192.0.2.1", "http://films.example.org")
    assert "Secure" not in liar.get("/full/credits/log-in", **told).headers["set-cookie"]
