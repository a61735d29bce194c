"""Adding servers on the page "Servers": every step for each kind, and what goes wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from fullcredits.model import Trusted
from fullcredits.simulate import (
    DEFAULT_API_KEY,
    DEFAULT_PASSWORD,
    DEFAULT_TOKEN,
    DEFAULT_USER,
    jellyfin_app,
    open_catalogue,
    running,
)
from fullcredits.store import Store
from tests.contract.answering import closed_port
from tests.contract.secure import https, made
from tests.plextv import ACCOUNT
from tests.web.servers import CABIN, HTMX, Owner, Plex, heading, text_of
from tests.web.visitor import House, shown_error


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
        assert "An API key, and a user who is told of changes" in page
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
            ({"address": closed_port()}, "Nothing listens"),
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

    def test_more_at_once_than_a_jellyfin_is_given(self, owner: Owner, cabin: str) -> None:
        assert '<option value="3">3 (Plex only)</option>' in owner.get("/servers/add").text
        refused = owner.post("/servers/add", address=cabin, limit="3")
        assert "3 requests at once are too many for a Jellyfin" in shown_error(refused)

    def test_signing_in_again(self, owner: Owner, cabin: str) -> None:
        owner.sent_on(owner.sent_on("/servers/add", address=cabin), key=DEFAULT_API_KEY)
        step = owner.sent_on("/servers/1/sign-in", "/servers/1")
        assert heading(owner.get(step)) == "Sign in to Cabin"
        tested = owner.sent_on(step, user=DEFAULT_USER, password=DEFAULT_PASSWORD)
        assert tested == "/servers/1/test"
        page = text_of(owner.get("/servers/1"))
        assert "An API key, and a user who is told of changes" in page

    def test_changing(self, owner: Owner, cabin: str) -> None:
        owner.sent_on(owner.sent_on("/servers/add", address=cabin), key=DEFAULT_API_KEY)
        assert f'value="{cabin}"' in owner.get("/servers/1/change").text
        owner.sent_on("/servers/1/change", address=f"{cabin}/web", limit="1")
        (row,) = owner.house.desk.rows()
        assert (row.address, row.at_once) == (cabin, 1)
        assert '<option value="1" selected>' in owner.get("/servers/1/change").text
        assert '<option value="3"' not in owner.get("/servers/1/change").text
        many = owner.post("/servers/1/change", address=cabin, limit="4")
        assert "too many for a Jellyfin" in shown_error(many)
        dead = owner.post("/servers/1/change", address=closed_port(), limit="2")
        assert "Nothing listens" in shown_error(dead)
        other = jellyfin_app(open_catalogue(), name="Other", share="attic")
        other.state.library.server_id = "0" * 32
        with running(other) as elsewhere:
            wrong = owner.post("/servers/1/change", address=elsewhere)
        assert "another server than Cabin answers at" in shown_error(wrong).lower().replace(
            "cabin", "Cabin"
        )
        (row,) = owner.house.desk.rows()
        assert (row.address, row.at_once) == (cabin, 1)

    def test_where_links_lead(self, owner: Owner, cabin: str) -> None:
        owner.sent_on(owner.sent_on("/servers/add", address=cabin), key=DEFAULT_API_KEY)
        owner.sent_on(
            "/servers/1/change", address=cabin, link_address=" tv.example:8096/web/index.html "
        )
        (row,) = owner.house.desk.rows()
        assert (row.address, row.link_address) == (cabin, "http://tv.example:8096")
        assert 'value="http://tv.example:8096"' in owner.get("/servers/1/change").text
        assert "http://tv.example:8096" in text_of(owner.get("/servers/1"))
        refused = owner.post("/servers/1/change", address=cabin, link_address="ftp://tv.example")
        assert "Links cannot lead there" in shown_error(refused)
        owner.sent_on("/servers/1/change", address=cabin, link_address="")
        assert owner.house.desk.rows()[0].link_address is None

    def test_where_links_lead_from_the_beginning(self, owner: Owner, cabin: str) -> None:
        typed = {"address": cabin, "link_address": "ftp://tv.example"}
        refused = owner.post("/servers/add", **typed)
        assert "Links cannot lead there" in shown_error(refused)
        assert 'value="ftp://tv.example"' in refused.text
        assert '<details class="more-fields" open>' in refused.text
        typed["link_address"] = "tv.example:8096"
        owner.sent_on(owner.sent_on("/servers/add", **typed), key=DEFAULT_API_KEY)
        assert owner.house.desk.rows()[0].link_address == "http://tv.example:8096"

    def test_what_a_server_need_not_be_asked_for(self, owner: Owner) -> None:
        """It may be off, or hang: links and the limit are kept without it."""
        with running(CABIN) as cabin:
            owner.sent_on(owner.sent_on("/servers/add", address=cabin), key=DEFAULT_API_KEY)
        links = "http://tv.example:8096"
        typed = {"address": f"{cabin}/web/", "link_address": links, "limit": "1", "trust": "ask"}
        woken = owner.woken
        assert owner.sent_on("/servers/1/change", **typed) == "/servers/1"
        (row,) = owner.house.desk.rows()
        assert (row.address, row.link_address, row.at_once) == (cabin, links, 1)
        assert owner.woken > woken
        other_trust = owner.post("/servers/1/change", **{**typed, "trust": "any", "limit": "2"})
        assert "Nothing listens" in shown_error(other_trust)
        assert owner.house.desk.rows()[0].at_once == 1

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
        assert "Shared by bob" in text_of(page)
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
        assert fingerprint in page.text.replace("<wbr>", "")
        assert "<bdi>secure</bdi>" in page.text
        owner.sent_on(owner.sent_on(step, how="accept"), key="x")
        (row,) = owner.house.desk.rows()
        assert row.trust.mode is Trusted.CERTIFICATE
        assert "Exactly one certificate" in text_of(owner.get("/servers/1"))
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
