"""plex.tv: signing in by a code, the servers of an account, and the way to them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar

import httpx2
import pytest

from fullcredits.errors import Nonsense, Refused, Unreachable
from fullcredits.simulate import running
from fullcredits.sources.http import Http
from fullcredits.sources.plex import account, ways
from fullcredits.sources.plex.account import PlexServer
from fullcredits.sources.plex.client import headers
from tests.contract.answering import Answer, closed_port, raw, said, scripted
from tests.contract.conftest import Simulated
from tests.contract.recorded import recorded
from tests.plextv import ACCOUNT, PlexTv

T = TypeVar("T")


@pytest.fixture
def plex_tv() -> PlexTv:
    return PlexTv()


@pytest.fixture
def address(plex_tv: PlexTv) -> Iterator[str]:
    with running(plex_tv) as address:
        yield address


def at(address: str, ask: Callable[[Http], Awaitable[T]], token: str | None = None) -> T:
    async def go() -> T:
        http = Http("plex.tv", address, headers(token, "client-1"))
        try:
            return await ask(http)
        finally:
            await http.close()

    return asyncio.run(go())


def test_signing_in_by_a_code(address: str, plex_tv: PlexTv) -> None:
    async def go(http: Http) -> str | None:
        pin = await account.begin_pin(http, "https://app.plex.tv/", "client-1")
        assert pin.seconds == 900
        assert pin.page == (
            "https://app.plex.tv/auth#?clientID=client-1&code=l0ng%2Bcode"
            "&context%5Bdevice%5D%5Bproduct%5D=Fullcredits"
        )
        assert await account.end_pin(http, pin.id) is None
        return await account.end_pin(http, pin.id)

    assert at(address, go) == ACCOUNT
    assert plex_tv.asked[0].query_params["strong"] == "true"
    assert {r.headers["x-plex-client-identifier"] for r in plex_tv.asked} == {"client-1"}
    assert not any("x-plex-token" in request.headers for request in plex_tv.asked)


def test_recorded_codes() -> None:
    new = recorded("plex", "rs_plextv_pins_new.json")
    linked = recorded("plex", "rs_plextv_pins_linked.json")
    left = [said(new), said(linked)]

    async def go(http: Http) -> None:
        assert (await account.begin_pin(http, "https://app.plex.tv", "c")).code == "CODE"
        assert await account.end_pin(http, "111222333") is None
        assert await account.end_pin(http, "111222333") == "REDACTED"

    with scripted(lambda r: said(new, 201) if r.method == "POST" else left.pop(0)) as (where, _):
        at(where, go)


def test_a_code_too_old(address: str) -> None:
    with pytest.raises(Refused, match=r"plex\.tv: the code is no longer valid: begin again"):
        at(address, lambda http: account.end_pin(http, "9"))


@pytest.mark.parametrize(("status", "word"), [(401, "HTTP 401"), (498, "expired")])
def test_an_expired_account(status: int, word: str) -> None:
    with scripted(lambda request: said("", status, "")) as (where, _):
        with pytest.raises(Refused, match=word) as refused:
            at(where, account.servers, "old-t0ken")
        assert "sign in again with `fullcredits source sign-in`" in str(refused.value)
        assert "old-t0ken" not in str(refused.value)


def test_recorded_servers() -> None:
    served = recorded("plex", "plextv_resources.json")
    with scripted({"/api/v2/resources": said(served)}) as (where, app):
        servers = at(where, account.servers, ACCOUNT)
    assert app.asked[0].url.query == "includeHttps=1&includeRelay=1&includeIPv6=1"
    assert len(servers) == len(served) == 7
    assert servers[0] == PlexServer(
        id="8276c3fa6bc24e44b347e19c71fbb98b9287c1e9",
        name="StreamMaster",
        token="REDACTED",
        owner=None,
        version="1.50.7.9541-913b34e21",
        ways=(
            "https://192-168-1-150.fc6b48db927de7394036856ade1760b9.plex.direct:32400",
            "https://www.streammaster.com:45678",
            "https://54-231-109-34.fc6b48db927de7394036856ade1760b9.plex.direct:45678",
        ),
        relays=("https://162-243-175-222.fc6b48db927de7394036856ade1760b9.plex.direct:8443",),
    )
    owners = {server.name: server.owner for server in servers}
    assert owners["PirateBay"] == "kingpirate123"


def connection(uri: str, **more: Any) -> dict[str, Any]:
    return {"uri": uri, "address": "192.168.1.5", "port": "32400", **more}


def resource(**more: Any) -> dict[str, Any]:
    plain = {"clientIdentifier": "m1", "name": "Attic", "provides": "server", "owned": "1"}
    return {**plain, "accessToken": "t1", **more}


def told(*resources: Any) -> list[PlexServer]:
    with scripted({"/api/v2/resources": said(list(resources))}) as (where, _):
        return at(where, account.servers, ACCOUNT)


def test_local_before_remote_before_relay() -> None:
    (server,) = told(
        resource(
            connections=[
                connection("https://relay:1", relay=1),
                connection("http://far:2"),
                connection("https://far:3", local="0"),
                connection("https://near:4", local="1"),
                connection(""),
            ],
            publicAddressMatches="1",
        )
    )
    assert server.ways == (
        "https://near:4",
        "http://192.168.1.5:32400",
        "https://far:3",
        "http://far:2",
    )
    assert server.relays == ("https://relay:1",)


@pytest.mark.parametrize(
    "more", [{"publicAddressMatches": False}, {"publicAddressMatches": 1, "httpsRequired": "1"}]
)
def test_plain_http_only_in_the_servers_own_network(more: dict[str, Any]) -> None:
    (server,) = told(resource(connections=connection("https://near:4", local=True), **more))
    assert server.ways == ("https://near:4",)


def test_other_devices_and_odd_ones_are_left_out() -> None:
    assert [s.name for s in told(
        resource(name="B"),
        resource(provides="client,player"),
        resource(provides="client,server", name="A"),
        resource(accessToken=None),
        {"name": "no id"},
        resource(connections="?"),
    )] == ["A", "B"]  # fmt: skip
    with pytest.raises(Nonsense):
        told("?")


def test_whose_account(address: str, plex_tv: PlexTv) -> None:
    assert at(address, account.account, ACCOUNT) == ("Anna", False)
    plex_tv.user = {"username": "kid", "title": "", "restricted": "1"}
    assert at(address, account.account, ACCOUNT) == ("kid", True)


def way(server_id: str, *near: str, relays: tuple[str, ...] = ()) -> str:
    server = PlexServer(server_id, "Attic", "t0ken", None, "1.43", near, relays)

    def open_http(at: str) -> Http:
        return Http("Attic", at, headers(None, "c"), timeout=httpx2.Timeout(1.0))

    return asyncio.run(ways.working(server, open_http))


def identity(machine: str) -> Answer:
    body = {"MediaContainer": {"size": 0, "machineIdentifier": machine, "version": "1.43"}}
    return lambda request: said(body)


def test_the_first_address_that_is_this_server(attic: Simulated) -> None:
    machine = attic.app.state.library.machine_id
    seen = len(attic.app.state.requests)
    with scripted(identity("another")) as (other, app), scripted(identity(machine)) as (relay, _):
        dead = closed_port()
        assert way(machine, dead, other, attic.address, relays=(relay,)) == attic.address
        assert way(machine, relay, attic.address) == relay
        assert way(machine, dead, other, "https://[broken", relays=(relay,)) == relay
        assert not any("x-plex-token" in request.headers for request in app.asked)
    with pytest.raises(Unreachable, match=r"answers at none of the addresses plex.tv knows"):
        way(machine, closed_port(), relays=(closed_port(),))
    assert {request.path for request in attic.app.state.requests[seen:]} == {"/identity"}


def test_a_dead_address_costs_no_patience_where_a_better_one_answers(attic: Simulated) -> None:
    machine = attic.app.state.library.machine_id
    with raw(b"") as silent:
        assert way(machine, attic.address, silent) == attic.address
