"""Signing in to the simulated Jellyfin, tokens in every form, and a real client."""

from __future__ import annotations

import httpx2
import pytest

from fullcredits.simulate import (
    DEFAULT_API_KEY,
    DEFAULT_PASSWORD,
)
from tests.contract.conftest import Simulated, sign_in
from tests.contract.forms.known import known
from tests.contract.forms.listed import unlisted


def test_signing_in_looks_as_recorded(cabin: Simulated) -> None:
    with httpx2.Client(base_url=cabin.address) as client:
        answer = sign_in(client, DEFAULT_PASSWORD, device="other").json()
        assert unlisted("jellyfin-10.11", "signed in", [answer]) == []
        token = {"Authorization": f'MediaBrowser Token="{answer["AccessToken"]}"'}
        me = client.get("/Users/Me", headers=token).json()
        assert me["Policy"] == answer["User"]["Policy"]
        sign_in(client, DEFAULT_PASSWORD, device="other")
        assert client.get("/Users/Me", headers=token).status_code == 401
        wrong = sign_in(client, "no")
        assert (wrong.status_code, wrong.text) == (401, "Error processing request.")
        assert known("jellyfin-12.0")["a wrong password"].answered(wrong)


def test_quick_connect_lets_in(cabin: Simulated, signed_in: httpx2.Client) -> None:
    who = 'MediaBrowser Client="Test", Device="tv", DeviceId="tv1", Version="1"'
    with httpx2.Client(base_url=cabin.address, headers={"Authorization": who}) as client:
        waiting = client.post("/QuickConnect/Initiate").json()
        assert unlisted("jellyfin-12.0", "a code", [waiting]) == []
        state = {"secret": waiting["Secret"]}
        still = client.get("/QuickConnect/Connect", params=state).json()
        assert not still["Authenticated"]
        code = {"code": waiting["Code"]}
        assert signed_in.post("/QuickConnect/Authorize", params=code).json() is True
        allowed = client.get("/QuickConnect/Connect", params=state).json()
        assert allowed["Authenticated"]
        assert unlisted("jellyfin-12.0", "a code that waits", [still, allowed]) == []
        body = {"Secret": waiting["Secret"]}
        token = client.post("/Users/AuthenticateWithQuickConnect", json=body).json()["AccessToken"]
        assert client.get("/Users/Me", params={"ApiKey": token}).status_code == 200
        missing = client.get("/QuickConnect/Connect", params={"secret": "0" * 64})
        assert (missing.status_code, missing.json()) == (404, "Unknown secret")
        assert known("jellyfin-12.0")["a code that is none"].answered(missing)


@pytest.mark.parametrize(
    ("headers", "query", "status"),
    [
        ({}, {}, 401),
        ({"Authorization": 'MediaBrowser Token="wrong"'}, {}, 401),
        ({"Authorization": f"MediaBrowser Token={DEFAULT_API_KEY}"}, {}, 200),
        ({"Authorization": f'mediabrowser Client="a, b", token="{DEFAULT_API_KEY}"'}, {}, 200),
        ({}, {"apikey": DEFAULT_API_KEY}, 200),
        ({}, {"api_key": DEFAULT_API_KEY}, 200),
        ({"X-Emby-Token": DEFAULT_API_KEY}, {}, 200),
        ({"X-Emby-Authorization": f'Emby Token="{DEFAULT_API_KEY}"'}, {}, 200),
    ],
)
def test_tokens_are_taken_in_every_form_of_10_11(
    cabin: Simulated, headers: dict[str, str], query: dict[str, str], status: int
) -> None:
    for path in ("/Items", "/emby/Items", "/MediaBrowser/items"):
        answer = httpx2.get(cabin.address + path, headers=headers, params=query)
        assert answer.status_code == status
        assert answer.content if status == 200 else not answer.content
