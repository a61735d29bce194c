"""The page "Servers", with real requests to pretend servers: every step, and what goes wrong."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import NamedTuple

import pytest
from httpx2 import Response

from fullcredits.model import Trusted
from fullcredits.simulate import (
    DEFAULT_API_KEY,
    DEFAULT_PASSWORD,
    DEFAULT_TOKEN,
    DEFAULT_USER,
    jellyfin_app,
    open_catalogue,
    plex_app,
    running,
)
from fullcredits.store import Store, problems, runs
from fullcredits.store.problems import ProblemRow
from fullcredits.web.keeping import NotKept
from fullcredits.web.servers import unfinished
from tests.contract.answering import closed_port
from tests.contract.secure import https, made
from tests.library import filled
from tests.plextv import ACCOUNT, PlexTv
from tests.web.visitor import PASSWORD, House, Visitor, shown_error

CABIN = jellyfin_app(open_catalogue(), share="cabin")
ATTIC = plex_app(open_catalogue(), share="attic")
SECRETS = (DEFAULT_API_KEY, DEFAULT_PASSWORD, DEFAULT_TOKEN, ACCOUNT, "pa55word")
HTMX = {"HX-Request": "true"}


@pytest.fixture(scope="module")
def cabin() -> Iterator[str]:
    with running(CABIN) as address:
        yield address


class Plex(NamedTuple):
    """A Plex, and the plex.tv that knows of it."""

    address: str
    tv: PlexTv
    tv_address: str

    @property
    def id(self) -> str:
        return str(ATTIC.state.library.machine_id)


@pytest.fixture
def plex() -> Iterator[Plex]:
    tv = PlexTv()
    with running(ATTIC) as address, running(tv) as tv_address:
        yield Plex(address, tv, tv_address)


class Keeper(NotKept):
    """Counts how often it was told of changed sources."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    def wake(self) -> None:
        self._owner.woken += 1


class Owner(Visitor):
    """Somebody at the pages, who never gets to see a secret there."""

    def __init__(self, house: House) -> None:
        visitor = house.visitor("127.0.0.1")
        super().__init__(visitor.client, visitor.base)
        self.house = house
        self.woken = 0
        house.app.state.keeping = Keeper(self)

    def get(self, path: str, **headers: str) -> Response:
        return self._clean(super().get(path, **headers))

    def post(self, path: str, page: str | None = None, **typed: str) -> Response:
        return self._clean(super().post(path, page, **typed))

    def _clean(self, answer: Response) -> Response:
        for secret in SECRETS:
            assert secret not in answer.text + str(answer.headers) + str(answer.url)
        return answer

    def sent_on(self, path: str, page: str | None = None, **typed: str) -> str:
        """Where a form that was taken leads."""
        answer = self.post(path, page, **typed)
        assert answer.status_code == 303, shown_error(answer)
        return answer.headers["location"]

    @property
    def names(self) -> list[str]:
        return [row.name for row in self.house.desk.rows()]

    @property
    def database(self) -> bytes:
        return b"".join(file.read_bytes() for file in self.house.folder.parent.glob("*.db*"))


@pytest.fixture
def owner(sqlite_store: Store) -> Owner:
    return Owner(House(sqlite_store))


@pytest.fixture
def with_account(sqlite_store: Store, plex: Plex) -> Owner:
    return Owner(House(sqlite_store, plex_tv=plex.tv_address, plex_website="http://127.0.0.1:1"))


def heading(answer: Response) -> str:
    found = re.search(r"<h1>(.*?)</h1>", answer.text)
    assert found
    return unescape(re.sub(r"<[^>]+>", "", found[1]))


def text_of(answer: Response) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


class TestJellyfin:
    def test_by_a_key(self, owner: Owner, cabin: str) -> None:
        step = owner.sent_on("/servers/add", address=f"{cabin}/web/index.html", name="Hut")
        assert heading(owner.get(step)) == "Sign in to your Jellyfin"
        tested = owner.sent_on(step, key=DEFAULT_API_KEY)
        assert tested == "/servers/1/test?added="
        page = owner.get(tested)
        assert heading(page) == "Hut is added"
        assert "It is read from now on" in text_of(page)
        assert owner.woken == 1
        assert "o user stands behind an API key: it sees every library" in text_of(page)
        assert DEFAULT_API_KEY.encode() not in owner.database
        assert "10.11" in text_of(owner.get("/servers"))
        assert "An API key is told of no changes" in text_of(owner.get("/servers/1"))

    def test_by_password_and_a_key_beside(self, owner: Owner, cabin: str) -> None:
        step = owner.sent_on("/servers/add", address=cabin)
        wrong = owner.post(step, user=DEFAULT_USER, password="pa55word", key=DEFAULT_API_KEY)
        assert wrong.status_code == 422
        assert "name or password is wrong" in shown_error(wrong)
        assert f'value="{DEFAULT_USER}"' in wrong.text
        assert owner.names == []
        both = {"user": DEFAULT_USER, "password": DEFAULT_PASSWORD, "key": DEFAULT_API_KEY}
        owner.sent_on(step, **both)
        page = text_of(owner.get("/servers/1"))
        assert "an API key, and a user who is told of changes" in page
        assert "is told of no changes" not in page

    def test_quick_connect(self, owner: Owner, cabin: str) -> None:
        step = owner.sent_on("/servers/add", address=cabin)
        assert owner.sent_on(step, how="quick") == step
        page = owner.get(step)
        code = re.search(r'class="code"[^>]*>(\d+)<', page.text)
        assert code
        assert '<noscript><meta http-equiv="refresh"' in page.text
        waiting = owner.get(step, **HTMX)
        assert (waiting.status_code, "hx-redirect" in waiting.headers) == (204, False)
        assert CABIN.state.gate.authorize(code[1])
        assert owner.get(step, **HTMX).headers["hx-redirect"] == step
        assert owner.get(step).headers["location"] == "/servers/1/test?added="
        assert DEFAULT_USER in text_of(owner.get("/servers/1"))

    def test_another_way_than_quick_connect(self, owner: Owner, cabin: str) -> None:
        step = owner.sent_on("/servers/add", address=cabin)
        owner.sent_on(step, how="quick")
        owner.sent_on(step, how="stop")
        assert heading(owner.get(step)) == "Sign in to your Jellyfin"

    def test_a_code_that_is_too_old(self, owner: Owner, cabin: str) -> None:
        step = owner.sent_on("/servers/add", address=cabin)
        owner.sent_on(step, how="quick")
        CABIN.state.gate._waiting.clear()
        assert owner.get(step, **HTMX).headers["hx-redirect"] == step
        page = owner.get(step)
        assert "the code is no longer valid: begin again" in shown_error(page)
        assert heading(page) == "Sign in to your Jellyfin"
        assert shown_error(owner.get(step)) == ""

    def test_what_cannot_be(self, owner: Owner, cabin: str) -> None:
        for typed, wrong in (
            ({"address": ""}, "The address is empty"),
            ({"address": "ftp://x"}, "must begin with http"),
            ({"address": closed_port()}, "nothing listens"),
            ({"address": cabin, "trust": "authority", "ca": "x"}, "no certificate in PEM form"),
        ):
            answer = owner.post("/servers/add", **typed)
            assert (answer.status_code, wrong in shown_error(answer)) == (422, True), wrong
            assert f'value="{typed["address"]}"' in answer.text
        step = owner.sent_on("/servers/add", address=cabin)
        assert "give a user name" in shown_error(owner.post(step)).lower()
        assert "is it the right one?" in shown_error(owner.post(step, key="pa55word"))
        assert owner.names == []

    def test_one_server_once(self, owner: Owner, cabin: str) -> None:
        owner.sent_on(owner.sent_on("/servers/add", address=cabin), key=DEFAULT_API_KEY)
        again = owner.post("/servers/add", address=cabin)
        assert "already there as Cabin" in shown_error(again)

    def test_signing_in_again(self, owner: Owner, cabin: str) -> None:
        owner.sent_on(owner.sent_on("/servers/add", address=cabin), key=DEFAULT_API_KEY)
        step = owner.sent_on("/servers/1/sign-in", "/servers/1")
        assert heading(owner.get(step)) == "Sign in to Cabin"
        tested = owner.sent_on(step, user=DEFAULT_USER, password=DEFAULT_PASSWORD)
        assert tested == "/servers/1/test"
        page = text_of(owner.get("/servers/1"))
        assert "an API key, and a user who is told of changes" in page

    def test_changing(self, owner: Owner, cabin: str) -> None:
        owner.sent_on(owner.sent_on("/servers/add", address=cabin), key=DEFAULT_API_KEY)
        assert f'value="{cabin}"' in owner.get("/servers/1/change").text
        owner.sent_on("/servers/1/change", address=f"{cabin}/web", limit="1")
        (row,) = owner.house.desk.rows()
        assert (row.address, row.at_once) == (cabin, 1)
        assert '<option value="1" selected>' in owner.get("/servers/1/change").text
        dead = owner.post("/servers/1/change", address=closed_port(), limit="2")
        assert "nothing listens" in shown_error(dead)
        other = jellyfin_app(open_catalogue(), name="Other", share="attic")
        other.state.library.server_id = "0" * 32
        with running(other) as elsewhere:
            wrong = owner.post("/servers/1/change", address=elsewhere)
        assert "another server than Cabin answers at" in shown_error(wrong).lower().replace(
            "cabin", "Cabin"
        )
        (row,) = owner.house.desk.rows()
        assert (row.address, row.at_once) == (cabin, 1)

    def test_testing_one_that_is_off(self, owner: Owner, cabin: str) -> None:
        with running(CABIN) as for_now:
            owner.sent_on(owner.sent_on("/servers/add", address=for_now), key=DEFAULT_API_KEY)
        page = owner.get("/servers/1/test")
        assert heading(page) == "It does not answer as it should"
        assert "nothing listens" in text_of(page)


class TestPlex:
    def test_by_a_token(self, owner: Owner, plex: Plex) -> None:
        step = owner.sent_on("/servers/add", address=plex.address)
        assert heading(owner.get(step)) == "Sign in to your Plex"
        assert "is it the right one?" in shown_error(owner.post(step, key="pa55word"))
        owner.sent_on(step, key=DEFAULT_TOKEN)
        assert owner.names == ["Attic"]

    def test_by_its_account(self, with_account: Owner, plex: Plex) -> None:
        owner = with_account
        plex.tv.has(plex.id, DEFAULT_TOKEN, closed_port(), plex.address)
        plex.tv.confirmed_after = 4
        step = owner.sent_on("/servers/add", how="account")
        page = owner.get(step)
        assert re.search(
            r'href="http://127.0.0.1:1/auth#\?clientID=[^"]*" target="_blank"', page.text
        )
        assert owner.get(step, **HTMX).status_code == 204
        while (seen := owner.get(step, **HTMX)).status_code == 204:
            if "hx-redirect" in seen.headers:
                break
        assert owner.get(step).headers["location"] == "/servers/1/test?added="
        assert owner.names == ["Attic"]
        assert ACCOUNT.encode() not in owner.database

    def test_one_of_several(self, with_account: Owner, plex: Plex) -> None:
        owner = with_account
        plex.tv.has(plex.id, DEFAULT_TOKEN, plex.address, name="Zzz")
        plex.tv.has("other", "x", closed_port(), name="Aaa", owned=False, sourceTitle="bob")
        plex.tv.confirmed_after = 0
        step = owner.sent_on("/servers/add", how="account")
        page = owner.get(step)
        assert heading(page) == "Which server?"
        assert "shared by bob" in text_of(page)
        off = owner.post(step, how="server", server="other")
        assert "answers at none of" in shown_error(off)
        none = owner.post(step, how="server", server="nobody")
        assert "no such server" in shown_error(none)
        owner.sent_on(step, how="server", server=plex.id)
        assert owner.names == ["Zzz"]

    def test_an_account_without_it(self, with_account: Owner, plex: Plex) -> None:
        owner = with_account
        plex.tv.confirmed_after = 0
        step = owner.sent_on("/servers/add", address=plex.address)
        owner.sent_on(step, how="account")
        page = owner.get(step)
        assert "may not use the server at" in shown_error(page)
        assert owner.names == []
        plex.tv.has(plex.id, DEFAULT_TOKEN, plex.address)
        owner.sent_on(step, how="account")
        assert owner.get(step).headers["location"] == "/servers/1/test?added="

    def test_signing_in_again_by_account(self, with_account: Owner, plex: Plex) -> None:
        owner = with_account
        owner.sent_on(owner.sent_on("/servers/add", address=plex.address), key=DEFAULT_TOKEN)
        plex.tv.has(plex.id, DEFAULT_TOKEN, plex.address)
        plex.tv.confirmed_after = 0
        step = owner.sent_on("/servers/1/sign-in", "/servers/1")
        owner.sent_on(step, how="account")
        assert owner.get(step).headers["location"] == "/servers/1/test"
        (row,) = owner.house.desk.rows()
        assert row.account_secret is not None

    def test_plex_tv_is_away(self, sqlite_store: Store) -> None:
        owner = Owner(House(sqlite_store, plex_tv=closed_port()))
        answer = owner.post("/servers/add", how="account")
        assert answer.status_code == 422
        assert "nothing listens" in shown_error(answer)


class TestCertificates:
    INFO = b'{"Id":"9","ServerName":"C","Version":"12.0.0","ProductName":"Jellyfin Server"}'

    @pytest.fixture
    def secure(self, tmp_path: Path) -> Iterator[tuple[str, str, Path]]:
        pair = made(tmp_path, "secure")
        with https(pair, self.INFO, b"[]", b'{"Id":"1","Name":"anna"}') as (address, _):
            yield address, pair.fingerprint, pair.path

    def test_shown_and_accepted(self, owner: Owner, secure: tuple[str, str, Path]) -> None:
        address, fingerprint, _ = secure
        step = owner.sent_on("/servers/add", address=address)
        page = owner.get(step)
        assert heading(page) == "Is this your server?"
        assert fingerprint in page.text
        assert "CN=secure" in page.text
        owner.sent_on(owner.sent_on(step, how="accept"), key="x")
        (row,) = owner.house.desk.rows()
        assert row.trust.mode is Trusted.CERTIFICATE
        assert "exactly one certificate" in text_of(owner.get("/servers/1"))
        owner.sent_on("/servers/1/change", address=address, trust="kept", limit="1")
        assert owner.house.desk.rows()[0].trust == row.trust

    def test_changed_to_one_that_must_be_accepted(
        self, owner: Owner, secure: tuple[str, str, Path]
    ) -> None:
        address = secure[0]
        owner.sent_on(owner.sent_on("/servers/add", address=address, trust="any"), key="x")
        assert owner.house.desk.rows()[0].trust.mode is Trusted.ANY
        step = owner.sent_on("/servers/1/change", address=address, trust="ask")
        assert owner.house.desk.rows()[0].trust.mode is Trusted.ANY
        assert owner.post(step, how="accept").headers["location"] == "/servers/1/test"
        assert owner.house.desk.rows()[0].trust.mode is Trusted.CERTIFICATE

    def test_an_authority_of_ones_own(self, owner: Owner, secure: tuple[str, str, Path]) -> None:
        address, _, path = secure
        step = owner.sent_on(
            "/servers/add", address=address, trust="authority", ca=path.read_text()
        )
        owner.sent_on(step, key="x")
        assert owner.house.desk.rows()[0].trust.mode is Trusted.AUTHORITY


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
    assert "3 problems" in text_of(owner.get("/servers"))
    page = owner.get("/servers/1")
    assert "Refuses our <token>" in unescape(page.text)
    assert "<b>Heat</b>" not in page.text
    assert "<b>Heat</b>" in unescape(page.text)
    assert "Broke on it" in page.text


def test_an_empty_house_says_what_to_do(owner: Owner) -> None:
    assert 'href="/servers/add"' in owner.get("/").text
    assert 'href="/servers/add"' in owner.get("/servers").text


@pytest.mark.parametrize(
    "path",
    [
        "/servers/9", "/servers/9/test", "/servers/9/change", "/servers/9/remove",
        "/servers/add/nope", "/servers/x",
    ],
)  # fmt: skip
def test_no_such_server(owner: Owner, path: str) -> None:
    assert owner.get(path).status_code == 404
