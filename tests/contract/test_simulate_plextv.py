"""The simulated plex.tv, held against recorded answers."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest
from typer.testing import CliRunner

from fullcredits.cli.commands import cli
from fullcredits.errors import ConfigError
from fullcredits.simulate import (
    DEFAULT_TOKEN,
    Offered,
    Way,
    offered_at,
    plextv_app,
    running,
    simulated,
)
from tests.contract.answering import closed_port
from tests.contract.conftest import Simulated
from tests.contract.forms.listed import unlisted

TOKEN = "account-token"
RESOURCES = "/api/v2/resources?includeHttps=1&includeRelay=1&includeIPv6=1"


@pytest.fixture
def site(attic: Simulated) -> Iterator[Simulated]:
    """A plex.tv that knows the attic, and a shared server that is away."""
    ways = (
        Way(attic.address),
        Way("https://attic.example.org:443", local=False),
        Way("https://198-51-100-2.abc.plex.direct:8443", local=False, relay=True),
        Way("https://[2001:db8::2]:32400", local=False),
    )
    own = Offered("Attic", attic.app.state.library.machine_id, DEFAULT_TOKEN, ways)
    shared = Offered("Barn", "b" * 40, "barn-token", (Way("http://192.0.2.9:32400"),), "neighbour")
    app = plextv_app([own, shared], token=TOKEN)
    headers = {"Accept": "application/json", "X-Plex-Client-Identifier": "tests"}
    with running(app) as address, httpx2.Client(base_url=address, headers=headers) as client:
        yield Simulated(app, address, client)


def test_a_code_becomes_a_token(site: Simulated) -> None:
    new = site.client.post("/api/v2/pins", params={"strong": "true"})
    assert new.status_code == 201
    pin = new.json()
    assert unlisted("plex", "a new code", [pin]) == []
    assert (len(pin["code"]), pin["clientIdentifier"], pin["expiresIn"]) == (25, "tests", 1800)
    assert site.get(f"/api/v2/pins/{pin['id']}")["authToken"] is None
    assert site.client.post("/auth", data={"code": "nobody's"}).status_code == 404
    assert site.client.post("/auth", data={"code": pin["code"]}).status_code == 200
    linked = site.get(f"/api/v2/pins/{pin['id']}")
    assert unlisted("plex", "a code that was allowed", [linked]) == []
    user = site.client.get("/api/v2/user", headers={"X-Plex-Token": linked["authToken"]})
    assert (user.status_code, user.json()["username"]) == (200, "owner")


def test_codes_that_are_not_given(site: Simulated) -> None:
    weak = site.client.post("/api/v2/pins").json()
    assert (len(weak["code"]), weak["expiresIn"]) == (4, 900)
    stranger = {"X-Plex-Client-Identifier": "somebody else"}
    other = site.client.get(f"/api/v2/pins/{weak['id']}", headers=stranger)
    assert (other.status_code, other.json()["errors"][0]["code"]) == (404, 1020)
    assert httpx2.post(f"{site.address}/api/v2/pins").status_code == 400
    site.app.state.account.pins[weak["id"]].lives = 0
    assert site.client.get(f"/api/v2/pins/{weak['id']}").status_code == 404
    assert not site.app.state.account.authorise(weak["code"])


def test_servers_look_as_recorded(site: Simulated) -> None:
    rows = site.client.get(RESOURCES, headers={"X-Plex-Token": TOKEN}).json()
    assert unlisted("plex", "servers of an account", [rows]) == []
    ways = [(w["local"], w["relay"], w["IPv6"]) for w in rows[0]["connections"]]
    assert ways == [
        (True, False, False), (False, False, False), (False, True, False), (False, False, True)
    ]  # fmt: skip
    assert [row["accessToken"] for row in rows] == [DEFAULT_TOKEN, "barn-token"]
    assert [(row["owned"], row["sourceTitle"]) for row in rows] == [
        (True, None), (False, "neighbour")
    ]  # fmt: skip
    plain = site.client.get("/api/v2/resources", headers={"X-Plex-Token": TOKEN}).json()
    assert [len(row["connections"]) for row in plain] == [1, 1]


def test_the_way_leads_to_the_server(site: Simulated) -> None:
    row = site.client.get(RESOURCES, headers={"X-Plex-Token": TOKEN}).json()[0]
    told = {"X-Plex-Token": row["accessToken"], "Accept": "application/json"}
    identity = httpx2.get(f"{row['connections'][0]['uri']}/", headers=told).json()
    assert identity["MediaContainer"]["machineIdentifier"] == row["clientIdentifier"]


def test_tokens_that_are_no_longer_good(site: Simulated) -> None:
    account = site.app.state.account

    def status(path: str) -> int:
        return site.client.get(path, headers={"X-Plex-Token": TOKEN}).status_code

    assert [status(path) for path in ("/api/v2/user", RESOURCES)] == [200, 200]
    account.expire(TOKEN)
    assert [status(path) for path in ("/api/v2/user", RESOURCES)] == [498, 498]
    account.expired.clear()
    assert [status(path) for path in ("/api/v2/user", RESOURCES)] == [401, 401]
    account.tokens.add(TOKEN)
    account.withdraw(TOKEN)
    assert status("/api/v2/user") == 401


def test_xml_for_those_who_do_not_ask_for_json(site: Simulated) -> None:
    told = {"X-Plex-Token": TOKEN, "Accept": "*/*"}
    answer = site.client.get(RESOURCES, headers=told)
    assert answer.headers["content-type"].startswith("application/xml")
    assert b'<resource name="Attic"' in answer.content
    assert site.client.post("/api/v2/pins", headers={"Accept": "*/*"}).content[:5] == b"<pin "
    refused = site.client.get("/api/v2/user", headers={"Accept": "*/*"})
    assert (refused.status_code, refused.content[:7]) == (401, b"<error ")


def test_a_running_server_is_offered(attic: Simulated) -> None:
    offered = offered_at(f"{attic.address}/", DEFAULT_TOKEN)
    library = attic.app.state.library
    assert (offered.name, offered.machine_id) == (library.name, library.machine_id)
    assert [way.uri for way in offered.ways] == [attic.address]


def test_a_running_server_is_offered_by_several_ways(attic: Simulated) -> None:
    """One of them may be dead; whichever answers says who it is."""
    dead, far = closed_port(), attic.address.replace("127.0.0.1", "localhost")
    offered = offered_at(f"{dead},remote={attic.address},relay={far}/", DEFAULT_TOKEN)
    assert offered.machine_id == attic.app.state.library.machine_id
    assert [(way.uri, way.local, way.relay) for way in offered.ways] == [
        (dead, True, False), (attic.address, False, False), (far, False, True)
    ]  # fmt: skip
    with pytest.raises(ValueError, match="'near' is no kind of address"):
        offered_at(f"near={attic.address}", DEFAULT_TOKEN)


def test_a_client_stays_signed_in_over_a_restart() -> None:
    """Until the account's token is another one."""
    before, after = (plextv_app(token=TOKEN).state.account for _ in range(2))
    pin = before.begin("tests", "0", strong=True)
    assert before.authorise(pin.code)
    assert pin.token is not None
    assert (before.knows(pin.token), after.knows(pin.token)) == (True, True)
    assert not plextv_app(token="another").state.account.knows(pin.token)
    other = before.begin("somebody else", "0", strong=True)
    assert before.authorise(other.code)
    assert other.token != pin.token
    after.withdraw(pin.token)
    assert not after.knows(pin.token)
    after.expire(other.token)
    assert not after.knows(other.token)


def test_another_name_is_another_server() -> None:
    ids = [simulated("plex", name=name).state.library.machine_id for name in ("A", "B", "A", None)]
    assert ids[0] == ids[2]
    assert len(set(ids)) == 3
    assert ids[3] == simulated("plex").state.library.machine_id


def test_two_servers_that_are_one_are_refused(attic: Simulated) -> None:
    far = attic.address.replace("127.0.0.1", "localhost")
    ran = CliRunner().invoke(
        cli, ["simulate", "plextv", "--server", attic.address, "--server", far]
    )
    assert "two of --server are the same one: give each a --name" in str(ran.exception)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--version", "3"], "nobody plays plextv 3; there are no versions of it"),
        (["--server", closed_port()], "a --server cannot be offered: "),
    ],
)
def test_what_the_command_line_refuses(arguments: list[str], sentence: str) -> None:
    result = CliRunner().invoke(cli, ["simulate", "plextv", *arguments])
    assert isinstance(result.exception, ConfigError)
    assert sentence in str(result.exception)
