"""The page "Servers" around adding: what is half done, what is shown, what is removed."""

from __future__ import annotations

import logging
from html import unescape

import pytest

from fullcredits.simulate import (
    DEFAULT_API_KEY,
    DEFAULT_PASSWORD,
    DEFAULT_USER,
    jellyfin_app,
    open_catalogue,
    running,
)
from fullcredits.store import Store, problems, runs
from fullcredits.store.problems import ProblemRow
from fullcredits.web.servers import unfinished
from tests.library import filled
from tests.web.servers import SECRETS, Owner, Plex, heading, text_of
from tests.web.visitor import PASSWORD, House, shown_error


def test_answers_to_another_step_than_it_is_at(with_account: Owner, plex: Plex) -> None:
    """As by going back in the browser, or by pressing a button twice."""
    step = with_account.sent_on("/servers/add", how="account")
    for typed in ({"key": "x"}, {"how": "quick"}, {"how": "accept"}, {"user": "x"}, {}):
        assert "this is answered already" in shown_error(with_account.post(step, **typed)).lower()
    assert "no such server" in shown_error(with_account.post(step, how="server", server="x"))
    assert with_account.names == []


def test_what_one_browser_began_no_other_can_see(owner: Owner, cabin: str) -> None:
    step = owner.sent_on("/servers/add", address=cabin)
    other = Owner(owner.house)
    other.token("/servers/add")
    assert other.get(step).status_code == 404
    assert "begin again" in other.get(step).text
    assert owner.get(step).status_code == 200


def test_what_was_begun_is_forgotten(
    owner: Owner, cabin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = owner.sent_on("/servers/add", address=cabin)
    monkeypatch.setattr(unfinished, "_SECONDS", -1)
    assert owner.get(step).status_code == 404


def test_signing_out_forgets_it_too(owner: Owner, cabin: str) -> None:
    owner.house.entrance.set_password(PASSWORD)
    owner.sign_in()
    step = owner.sent_on("/servers/add", address=cabin)
    owner.post("/log-out", "/access")
    owner.sign_in()
    assert owner.get(step).status_code == 404


def test_nothing_secret_is_logged(
    owner: Owner, cabin: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    step = owner.sent_on("/servers/add", address=cabin)
    owner.post(step, user=DEFAULT_USER, password="pa55word", key=DEFAULT_API_KEY)
    owner.sent_on(step, user=DEFAULT_USER, password=DEFAULT_PASSWORD, key=DEFAULT_API_KEY)
    owner.house.entrance.set_password(PASSWORD)
    owner.sign_in("wrong-and-secret")
    owner.sign_in()
    said = caplog.text + "".join(capfd.readouterr())
    assert "httpcore" in said or "httpx" in said, "the libraries were heard"
    for secret in (*SECRETS, PASSWORD, "wrong-and-secret", owner.cookie):
        assert secret not in said


def test_what_a_server_calls_itself_is_only_shown(owner: Owner) -> None:
    name = '<script>alert("`hi`")</script>'
    with running(jellyfin_app(open_catalogue(), share="cabin", name=name)) as address:
        tested = owner.sent_on(owner.sent_on("/servers/add", address=address), key=DEFAULT_API_KEY)
        for path in (tested, "/servers", "/servers/1", "/servers/1/change", "/servers/1/remove"):
            page = owner.get(path)
            assert "<script>alert" not in page.text
            assert name in unescape(page.text), path


def test_removing_says_what_is_lost(sqlite_store: Store) -> None:
    filled(sqlite_store)
    owner = Owner(House(sqlite_store))
    before = owner.names
    page = owner.get("/servers/1/remove")
    assert heading(page) == f"Remove {before[0]}?"
    assert "is forgotten: 1 title, 0 credits, 1 person." in text_of(page)
    assert owner.names == before
    assert owner.sent_on("/servers/1/remove") == "/servers"
    assert owner.names == before[1:]
    assert owner.get("/servers/1").status_code == 404


def test_how_servers_stand(sqlite_store: Store) -> None:
    filled(sqlite_store)
    owner = Owner(House(sqlite_store))
    with sqlite_store.writing() as db:
        run = runs.start_run(db, 1, "somebody", "all")
        runs.end_run(db, run, "failed", {}, "refuses our <token>")
        for number in range(3):
            problems.note_problem(
                db, ProblemRow(1, f"k{number}", "<b>Heat</b>", "fetch", "failed", "broke on it", 1)
            )
    listed = text_of(owner.get("/servers"))
    assert "3 problems" in listed
    assert "Refuses our <token>" in unescape(listed)
    assert "nothing listens: “fullcredits serve” does" in unescape(listed).lower()
    page = owner.get("/servers/1")
    assert "Refuses our <token>" in unescape(page.text)
    assert "<b>Heat</b>" not in page.text
    assert "<b>Heat</b>" in unescape(page.text)
    assert "Broke on it" in page.text


def test_an_empty_house_says_what_to_do(owner: Owner) -> None:
    assert 'href="/servers/add"' in owner.get("/").text
    assert 'href="/servers/add"' in owner.get("/servers").text
    for path in ("/search", "/search?q=heat"):
        page = text_of(owner.get(path))
        assert "Nothing here yet. Add a server" in page
        assert "all titles" not in page


@pytest.mark.parametrize(
    "path",
    [
        "/servers/9", "/servers/9/test", "/servers/9/change", "/servers/9/remove",
        "/servers/add/nope", "/servers/x",
    ],
)  # fmt: skip
def test_no_such_server(owner: Owner, path: str) -> None:
    assert owner.get(path).status_code == 404
