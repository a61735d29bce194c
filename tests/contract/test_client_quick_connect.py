"""Quick Connect: a code typed by somebody signed in, in the ways of each version."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest
from starlette.requests import Request
from starlette.responses import Response

from fullcredits.errors import Nonsense, Refused
from fullcredits.simulate import DEFAULT_USER
from fullcredits.sources import jellyfin_door
from fullcredits.sources.http import Http
from fullcredits.sources.jellyfin.sign_in import begin_quick_connect, end_quick_connect
from tests.contract.answering import said, scripted
from tests.contract.conftest import Simulated
from tests.contract.recorded import recorded

T = TypeVar("T")
STARTED = {"Authenticated": False, "Secret": "s3cret", "Code": "699923"}


def at_door(address: str, ask: Callable[[Http], Awaitable[T]]) -> T:
    async def go() -> T:
        async with jellyfin_door("Cabin", address, "client-1") as door:
            return await ask(door)

    return asyncio.run(go())


def test_from_code_to_token(cabin: Simulated) -> None:
    async def go(door: Http) -> str | None:
        quick = await begin_quick_connect(door)
        assert len(quick.code) == 6
        assert await end_quick_connect(door, quick.secret) is None
        assert cabin.app.state.gate.authorize(quick.code)
        return await end_quick_connect(door, quick.secret)

    token = at_door(cabin.address, go)
    headers = {"Authorization": f'MediaBrowser Token="{token}"'}
    assert cabin.client.get("/Users/Me", headers=headers).json()["Name"] == DEFAULT_USER


def test_what_was_recorded() -> None:
    flows = recorded("jellyfin", "12.0-rc5", "sign_in_flows.json")
    answers = [said(flow["body"], flow["status"]) for flow in flows]
    by_path: dict[str, list[Response]] = {}
    for flow, answer in zip(flows, answers, strict=True):
        by_path.setdefault(flow["request"].split()[1].partition("?")[0], []).append(answer)

    async def go(door: Http) -> None:
        quick = await begin_quick_connect(door)
        assert (quick.code, quick.secret, quick.authenticated) == ("699923", "REDACTED", False)
        assert await end_quick_connect(door, quick.secret) is None
        assert await end_quick_connect(door, quick.secret) == "REDACTED"
        with pytest.raises(Refused, match="the code is no longer valid: begin again"):
            await end_quick_connect(door, quick.secret)

    with scripted(lambda request: by_path[request.url.path].pop(0)) as (address, app):
        at_door(address, go)
    for request in app.asked:
        told = request.headers["authorization"]
        assert told.startswith('MediaBrowser Client="Fullcredits", Device="Fullcredits"')
        assert 'DeviceId="client-1"' in told
        assert "Token" not in told


@pytest.mark.parametrize("status", [404, 405])
def test_10_8_is_asked_with_get(status: int) -> None:
    def answer(request: Request) -> Response:
        return said(STARTED) if request.method == "GET" else said("", status, "")

    with scripted(answer) as (address, _):
        assert at_door(address, begin_quick_connect).code == "699923"


@pytest.mark.parametrize("status", [401, 403])
def test_quick_connect_switched_off(status: int) -> None:
    off = pytest.raises(Refused, match="has Quick Connect switched off: sign in with name")
    with scripted(lambda request: said("", status, "")) as (address, _), off:
        at_door(address, begin_quick_connect)


def test_a_plex_has_none(attic: Simulated) -> None:
    with pytest.raises(Nonsense, match="is a Plex server, not a Jellyfin"):
        at_door(attic.address, begin_quick_connect)
