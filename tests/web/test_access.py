"""Who gets in: the password, sessions, guesses, and what is open without them."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from fullcredits.access import entrance, throttle
from fullcredits.store import Store
from fullcredits.store import access as stored
from fullcredits.store.schema import passwords, sessions, sign_in_places
from fullcredits.web.reach import Reach
from tests.web.visitor import PASSWORD, House, shown_error


@pytest.fixture
def house(sqlite_store: Store) -> House:
    """With a password, reached from everywhere."""
    made = House(sqlite_store, Reach(hosts=("films.example.org",), alone=False))
    made.entrance.set_password(PASSWORD)
    return made


class Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.time = dt.datetime(2026, 1, 1)

    def __call__(self) -> dt.datetime:
        return self.time

    def pass_(self, **time: float) -> None:
        self.time += dt.timedelta(**time)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    for module in (entrance, stored):
        monkeypatch.setattr(module, "now", clock)
    return clock


@pytest.mark.parametrize("path", ["/", "/people?sort=credits", "/movie/1", "/nope", "/access"])
def test_nothing_is_shown_before_the_password(house: House, path: str) -> None:
    answer = house.visitor().get(path)
    assert answer.status_code == 302
    place, _, wanted = answer.headers["location"].partition("?next=")
    assert (place, wanted) == (
        "/log-in",
        path.replace("/", "%2F").replace("?", "%3F").replace("=", "%3D"),
    )


def test_pictures_are_refused_and_static_files_are_not(house: House) -> None:
    visitor = house.visitor()
    assert visitor.get("/image/1/240.webp").status_code == 401
    assert visitor.get("/static/fullcredits.css").status_code == 200
    assert visitor.get("/log-in").status_code == 200


def test_htmx_is_sent_to_the_log_in_page_whole(house: House) -> None:
    answer = house.visitor().get(
        "/search/instant?q=a",
        **{"HX-Request": "true", "HX-Current-URL": "http://127.0.0.1/people?letter=b"},
    )
    assert answer.status_code == 401
    assert answer.headers["hx-redirect"] == "/log-in?next=%2Fpeople%3Fletter%3Db"


def test_a_form_sent_after_having_been_signed_out_leads_on_to_its_page(house: House) -> None:
    visitor = house.visitor()
    visitor.sign_in()
    token = visitor.token("/access")
    house.entrance.sign_out_everywhere()
    answer = visitor.client.post(
        "/sync/1/now",
        data={"form_token": token},
        headers={"Origin": visitor.base, "Referer": f"{visitor.base}/people?letter=q"},
    )
    assert answer.status_code == 401
    assert 'href="/log-in?next=%2Fpeople%3Fletter%3Dq">Sign in</a>' in answer.text
    answer = visitor.client.post("/sync/1/now", headers={"Origin": visitor.base})
    assert 'href="/log-in?next=%2F">Sign in</a>' in answer.text


def test_the_password_leads_to_where_one_wanted_to_go(house: House) -> None:
    visitor = house.visitor()
    log_in = visitor.get("/people?letter=q").headers["location"]
    assert 'name="next" value="/people?letter=q"' in visitor.get(log_in).text
    answer = visitor.sign_in(wanted="/people?letter=q")
    assert (answer.status_code, answer.headers["location"]) == (303, "/people?letter=q")
    assert visitor.get("/people?letter=q").status_code == 200
    assert visitor.get("/log-in?next=/titles").headers["location"] == "/titles"


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)",
        "evil", "/a\r\nSet-Cookie: b=c", "/\t/evil.example", "", "/../x",
    ],
)  # fmt: skip
def test_it_leads_nowhere_else(house: House, wanted: str) -> None:
    assert house.visitor().sign_in(wanted=wanted).headers["location"] == "/"


def test_a_wrong_password_is_said_to_be_one_and_not_shown_again(house: House) -> None:
    visitor = house.visitor()
    answer = visitor.sign_in("wrong-and-secret", "/titles")
    assert answer.status_code == 403
    assert shown_error(answer) == "That is not the password"
    assert "wrong-and-secret" not in answer.text
    assert 'name="next" value="/titles"' in answer.text
    assert visitor.get("/").status_code == 302


def test_the_cookie(house: House) -> None:
    visitor = house.visitor()
    before = visitor.token("/log-in")
    first = visitor.cookie
    header = visitor.sign_in().headers["set-cookie"]
    for part in ("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=2592000"):
        assert part in header
    assert "Secure" not in header
    assert visitor.cookie != first, "an id known before signing in is worth nothing after"
    assert visitor.token("/access") != before
    secure = house.visitor(base="https://films.example.org")
    assert "Secure" in secure.sign_in().headers["set-cookie"]


def test_only_digests_are_kept(house: House, sqlite_store: Store) -> None:
    visitor = house.visitor()
    visitor.sign_in()
    with sqlite_store.reading() as db:
        kept = [*db.execute(select(sessions)).one(), *db.execute(select(passwords)).one()]
    assert all(visitor.cookie not in str(value) and PASSWORD not in str(value) for value in kept)
    assert any(str(value).startswith("$argon2id$") for value in kept)


def test_a_session_lasts_while_it_is_used(house: House, clock: Clock) -> None:
    visitor = house.visitor()
    visitor.sign_in()
    for _ in range(4):
        clock.pass_(days=20)
        answer = visitor.get("/")
        assert answer.status_code == 200
        assert "Max-Age=2592000" in answer.headers["set-cookie"]
    assert "set-cookie" not in visitor.get("/").headers
    clock.pass_(days=31)
    assert visitor.get("/").status_code == 302


def test_no_page_waits_for_who_writes(house: House, clock: Clock, sqlite_store: Store) -> None:
    """That a session was used is noted with a later page."""
    visitor = house.visitor()
    visitor.sign_in()
    clock.pass_(hours=2)
    began = time.monotonic()
    with sqlite_store.writing():
        answer = visitor.get("/")
    assert time.monotonic() - began < 5
    assert (answer.status_code, "set-cookie" in answer.headers) == (200, False)
    assert "set-cookie" in visitor.get("/").headers


def test_signing_out(house: House) -> None:
    visitor, other = house.visitor(), house.visitor()
    visitor.sign_in()
    other.sign_in()
    stolen = visitor.cookie
    answer = visitor.post("/log-out", "/access")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "Max-Age=0" in answer.headers["set-cookie"]
    visitor.client.cookies.set("fullcredits", stolen)
    assert visitor.get("/").status_code == 302
    assert other.get("/").status_code == 200


def test_devices_are_listed_and_signed_out(house: House) -> None:
    agents = {
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0": "Firefox on Linux",
        "<script>alert(1)</script>": "&lt;script&gt;alert(1)&lt;",
    }
    visitors = []
    for agent in agents:
        visitors.append(house.visitor())
        visitors[-1].client.headers["User-Agent"] = agent
        visitors[-1].sign_in()
    page = visitors[0].get("/access").text
    for name in agents.values():
        assert name in page
    number = page.partition('action="/access/devices/')[2].partition("/")[0]
    assert visitors[0].post(f"/access/devices/{number}/log-out", "/access").status_code == 303
    assert visitors[0].get("/").status_code == 200
    assert visitors[1].get("/").status_code == 302


def test_signing_out_everywhere(house: House) -> None:
    visitors = [house.visitor() for _ in range(3)]
    for visitor in visitors:
        visitor.sign_in()
    visitors[0].post("/access/log-out-everywhere", "/access")
    assert [visitor.get("/").status_code for visitor in visitors] == [302] * 3


def test_changing_the_password_signs_everybody_else_out(house: House) -> None:
    visitor, other = house.visitor(), house.visitor()
    visitor.sign_in()
    other.sign_in()
    new = "another fine password"
    wrong = visitor.post("/access", password="guessed", new=new, again=new)
    assert (wrong.status_code, shown_error(wrong)) == (403, "That is not the password")
    other_again = visitor.post("/access", password=PASSWORD, new=new, again="x")
    assert shown_error(other_again) == "The two new passwords are not the same"
    short = visitor.post("/access", password=PASSWORD, new="short", again="short")
    assert "8 characters or more" in shown_error(short)
    assert new not in other_again.text
    assert visitor.post("/access", password=PASSWORD, new=new, again=new).status_code == 303
    assert visitor.get("/").status_code == 200
    assert other.get("/").status_code == 302
    assert house.visitor().sign_in().status_code == 403
    assert house.visitor().sign_in(new).status_code == 303


def test_the_same_letters_typed_otherwise(house: House) -> None:
    house.entrance.set_password("Amélie Poulain")
    assert house.visitor().sign_in("Ame\u0301lie Poulain").status_code == 303


def test_guesses_from_one_place_are_slowed_down(house: House, clock: Clock) -> None:
    visitor, neighbour = house.visitor("2001:db8:1:2::5"), house.visitor("2001:db8:1:2:ffff::9")
    for _ in range(throttle.ONE_PLACE.at_once):
        assert shown_error(visitor.sign_in("guess")) == "That is not the password"
    refused = neighbour.sign_in()
    assert shown_error(refused) == "Too many wrong passwords: try again in 60 seconds"
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")
    assert house.visitor("2001:db8:1:3::5").sign_in().status_code == 303
    clock.pass_(seconds=61)
    assert neighbour.sign_in().status_code == 303
    assert visitor.sign_in("guess").status_code == 403


def test_it_is_remembered_over_a_restart(house: House, sqlite_store: Store, clock: Clock) -> None:
    for _ in range(throttle.ONE_PLACE.at_once):
        house.visitor().sign_in("guess")
    again = House(sqlite_store, Reach(alone=False))
    assert "Too many" in shown_error(again.visitor().sign_in())


def test_guesses_from_everywhere_keep_strangers_waiting_only(house: House, clock: Clock) -> None:
    owner = house.visitor("198.51.100.1")
    owner.sign_in()
    for number in range(throttle.EVERYWHERE.at_once):
        house.visitor(f"203.0.113.{number}").sign_in("guess")
    stranger = house.visitor("203.0.113.200")
    assert "try again in 6 seconds" in shown_error(stranger.sign_in())
    assert house.visitor("198.51.100.1").sign_in().status_code == 303
    clock.pass_(seconds=7)
    assert stranger.sign_in().status_code == 303


def test_what_is_known_of_places_is_forgotten(
    house: House, sqlite_store: Store, clock: Clock
) -> None:
    house.visitor("203.0.113.1").sign_in("guess")
    clock.pass_(days=1)
    house.visitor("203.0.113.2").sign_in()
    with sqlite_store.reading() as db:
        assert set(db.execute(select(sign_in_places.c.place)).scalars()) == {"", "203.0.113.2"}


def test_a_hash_of_older_days_is_made_anew(house: House, sqlite_store: Store) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=32, parallelism=1).hash(PASSWORD)
    with sqlite_store.writing() as db:
        db.execute(update(passwords).values(hash=weak))
    assert house.visitor().sign_in().status_code == 303
    with sqlite_store.reading() as db:
        assert stored.password_hash(db) != weak
    assert house.visitor().sign_in().status_code == 303


def test_on_loopback_all_is_open_until_a_password_is_set(sqlite_store: Store) -> None:
    house = House(sqlite_store)
    visitor = house.visitor("127.0.0.1")
    assert visitor.get("/").status_code == 200
    assert visitor.get("/log-in").headers["location"] == "/"
    set_ = visitor.post("/access", new=PASSWORD, again=PASSWORD)
    assert set_.status_code == 303
    assert visitor.get("/").status_code == 200
    assert house.visitor("127.0.0.1").get("/").status_code == 302


def test_who_comes_through_a_proxy_is_not_at_this_machine(sqlite_store: Store) -> None:
    house = House(sqlite_store, Reach(proxies=("127.0.0.1",)))
    for header in ("X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Forwarded-Host"):
        answer = house.visitor("127.0.0.1").get("/", **{header: "192.0.2.9"})
        assert answer.status_code == 403
        assert "fullcredits password" in answer.text


def test_without_a_password_nothing_is_open_to_others(sqlite_store: Store) -> None:
    answer = House(sqlite_store, Reach(alone=False)).visitor().get("/")
    assert answer.status_code == 403
    assert "no password yet" in answer.text
