"""Adding a Plex: by its account at plex.tv and by token; found again when it moves."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from starlette.applications import Starlette

from fullcredits.errors import Refused
from fullcredits.simulate import (
    DEFAULT_TOKEN,
    offered_at,
    open_catalogue,
    plex_app,
    plextv_app,
    running,
)
from fullcredits.sources import probe
from fullcredits.sources.plex import client
from tests.cli.running import Machine, Ran
from tests.contract.answering import Scripted, closed_port, said
from tests.plextv import ACCOUNT, PlexTv


class House(NamedTuple):
    """A Plex server, plex.tv, and a user's machine."""

    app: Starlette
    address: str
    tv: PlexTv
    tv_address: str
    machine: Machine

    def run(self, *arguments: str, typed: list[str] | None = None, **variables: str) -> Ran:
        told = {"FULLCREDITS_PLEX_TV": self.tv_address, **variables}
        return self.machine.run(*arguments, typed=typed, **told)

    @property
    def id(self) -> str:
        return str(self.app.state.library.machine_id)

    def listed(self) -> list[dict[str, object]]:
        rows: list[dict[str, object]] = self.run("source", "list", "--json").json
        return rows


@pytest.fixture(scope="module")
def attic() -> Starlette:
    return plex_app(open_catalogue(), share="attic")


@pytest.fixture
def house(attic: Starlette, machine: Machine) -> Iterator[House]:
    tv = PlexTv()
    with running(attic) as address, running(tv) as tv_address:
        yield House(attic, address, tv, tv_address, machine)


def test_by_its_account(house: House) -> None:
    house.tv.has(house.id, DEFAULT_TOKEN, closed_port(), house.address)
    added = house.run("source", "add", "--plex")
    assert added.error is None
    assert "Added Attic." in added.out
    assert "https://app.plex.tv/auth#?clientID=" in added.told
    assert house.listed()[0]["address"] == house.address
    assert ACCOUNT.encode() not in house.machine.database
    assert DEFAULT_TOKEN.encode() not in house.machine.database


def test_it_says_that_it_waits_for_plex_tv(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fullcredits.sync.silence._LOOK", 0.0005)
    monkeypatch.setattr("fullcredits.sync.silence.LONG", 0.0)
    house.tv.has(house.id, DEFAULT_TOKEN, house.address)
    added = house.run("source", "add", "--plex")
    assert "Waiting for plex.tv to answer, 0 s …" in added.told
    assert "Waiting for Attic to answer, 0 s …" in added.told
    assert "Waiting" not in added.out


def test_asked_step_by_step(house: House) -> None:
    house.tv.has("other", "x", closed_port(), name="Aaa")
    house.tv.has(house.id, DEFAULT_TOKEN, house.address, name="Zzz")
    added = house.run("source", "add", typed=["2", "2"])
    assert added.error is None
    assert [row["name"] for row in house.listed()] == ["Zzz"]


def test_by_address_and_account(house: House) -> None:
    house.tv.has(house.id, DEFAULT_TOKEN, house.address)
    assert house.run("source", "add", house.address, typed=["1"]).error is None
    house.run("source", "remove", "Attic", "--yes")
    house.tv.servers.clear()
    refused = house.run("source", "add", house.address, "--plex")
    assert refused.problem == f"this Plex account may not use the server at {house.address}"


def test_by_address_and_token(house: House) -> None:
    added = house.run(
        "source", "add", f"{house.address}/web/index.html#!/", typed=["2", DEFAULT_TOKEN]
    )
    assert added.error is None
    assert "Plex's agent tells actors" in added.out
    assert "whose token this is, the server does not tell" in added.out
    wrong = house.run("source", "add", house.address, "--user", "anna")
    assert "this server is already there as Attic" in wrong.problem
    house.run("source", "remove", "Attic", "--yes")
    wrong = house.run("source", "add", house.address, "--user", "anna")
    assert "only a Jellyfin takes a user name" in wrong.problem
    assert "give --plex to sign in" in house.run("source", "add", house.address).problem


def test_a_mistyped_token_is_asked_again(house: House) -> None:
    added = house.run("source", "add", house.address, typed=["2", "pa55word", DEFAULT_TOKEN])
    assert added.error is None
    assert "this Plex does not take this token: is it the right one?" in added.told


def test_which_server(house: House) -> None:
    assert "has no server" in house.run("source", "add", "--plex").problem
    house.tv.has(house.id, DEFAULT_TOKEN, house.address)
    house.tv.has("two", "x", closed_port(), name="Cellar")
    unsaid = house.run("source", "add", "--plex").problem
    assert unsaid == "say which one with --server: Attic, Cellar"
    wrong = house.run("source", "add", "--plex", "--server", "Roof").problem
    assert "no one server named 'Roof'; it has: Attic, Cellar" in wrong
    off = house.run("source", "add", "--plex", "--server", "cellar").problem
    assert off.startswith("Cellar: answers at none of the addresses")
    assert house.run("source", "add", "--plex", "--server", "attic").error is None


def test_what_needs_an_address_is_refused_beside_an_account(house: House) -> None:
    for flags in (("--insecure",), ("--token", "x"), ("--user", "anna")):
        refused = house.run("source", "add", "--plex", *flags)
        assert refused.problem.startswith(f"{flags[0]} can only be had with the server's address")


def test_a_new_token_is_no_new_address(house: House) -> None:
    """Where its owner chose the way to it, and it answers there, it is not gone to otherwise."""
    with running(house.app) as chosen:
        house.tv.has(house.id, DEFAULT_TOKEN, house.address)
        assert house.run("source", "add", chosen, "--plex", "--insecure").error is None
    house.tv.servers.clear()
    house.tv.has(house.id, "fresh-token", house.address)
    renewed = plex_app(open_catalogue(), share="attic", token="fresh-token")
    with running(renewed, port=int(chosen.rpartition(":")[2])):
        assert house.run("source", "test", "Attic").error is None
    (row,) = house.listed()
    assert (row["address"], row["certificates"]) == (chosen, "any")


def test_a_certificate_taken_by_choice_holds_where_the_server_was(house: House) -> None:
    """Where it is found again the usual authorities vouch for it, or there is no https."""
    with running(house.app) as old:
        house.tv.has(house.id, DEFAULT_TOKEN, old)
        assert house.run("source", "add", old, "--plex", "--insecure").error is None
        assert house.listed()[0]["certificates"] == "any"
    house.tv.servers.clear()
    house.tv.has(house.id, DEFAULT_TOKEN, house.address)
    assert house.run("source", "test", "Attic").error is None
    assert house.listed()[0]["certificates"] == "system"


def test_found_again_where_it_moved(house: House) -> None:
    house.tv.has(house.id, DEFAULT_TOKEN, house.address)
    house.run("source", "add", "--plex")
    house.tv.servers.clear()
    with running(house.app) as moved:
        house.tv.has(house.id, DEFAULT_TOKEN, moved)
        assert house.run("source", "set", "Attic", "--address", moved).error is None
    house.tv.servers.clear()
    house.tv.has(house.id, DEFAULT_TOKEN, house.address)
    checked = house.run("source", "test", "Attic", "--json")
    assert checked.error is None
    assert checked.json["address"] == house.address == house.listed()[0]["address"]


@pytest.mark.parametrize("settled", ["a web page", "a Plex", "a Jellyfin"])
def test_found_again_although_its_address_is_somebody_elses(house: House, settled: str) -> None:
    """Who lives there now is not shown the token."""
    with running(house.app) as address:
        house.tv.has(house.id, DEFAULT_TOKEN, address)
        assert house.run("source", "add", "--plex").error is None
    house.tv.servers.clear()
    house.tv.has(house.id, DEFAULT_TOKEN, house.address)
    identity = {"MediaContainer": {"machineIdentifier": "another", "version": "1.43"}}
    info = {"Id": "another", "ServerName": "A", "ProductName": "Jellyfin Server"}
    says = {
        "a web page": Scripted(lambda request: said("<html></html>", 200, "text/html")),
        "a Plex": Scripted({"/identity": said(identity)}),
        "a Jellyfin": Scripted({"/System/Info/Public": said(info)}),
    }
    stranger = says[settled]
    with running(stranger, port=int(address.rpartition(":")[2])):
        checked = house.run("source", "test", "Attic", "--json")
    assert checked.error is None
    assert checked.json["address"] == house.address == house.listed()[0]["address"]
    assert stranger.asked
    assert not [request for request in stranger.asked if DEFAULT_TOKEN in str(request.headers)]


def test_it_moved_and_the_account_is_signed_out(house: House) -> None:
    """Where it was looked for, why not elsewhere, and what to do; once signed in it is found."""
    with running(house.app) as address:
        house.tv.has(house.id, DEFAULT_TOKEN, address)
        assert house.run("source", "add", "--plex", "--name", "My Attic").error is None
        (before,) = house.run("sync", "--json").json
    house.tv.servers.clear()
    house.tv.has(house.id, DEFAULT_TOKEN, house.address)
    house.tv.account = "another-t0ken"
    (synced,) = house.run("sync", "--json").json
    held = ("titles_held", "credits_held", "people_held")
    assert [synced[what] for what in held] == [before[what] for what in held]
    assert synced["titles_held"] > 0
    checked = house.run("source", "test", "My Attic")
    for told in (checked.problem, synced["error"]):
        assert f"nothing listens at {address}" in told
        assert "Plex.tv, which could tell where it is now, no longer knows our sign-in" in told
        assert "fullcredits source sign-in 'My Attic' --plex" in told
    assert (synced["state"], synced["exit_code"]) == ("failed", 4)
    assert house.run("source", "sign-in", "My Attic", "--plex").error is None
    assert house.listed()[0]["address"] == house.address


def test_it_moved_and_plex_tv_cannot_tell_where(house: House) -> None:
    with running(house.app) as address:
        house.tv.has(house.id, DEFAULT_TOKEN, address)
        assert house.run("source", "add", "--plex").error is None
    dead = closed_port()
    away = {"FULLCREDITS_PLEX_TV": dead}
    told = house.machine.run("source", "test", "Attic", **away).problem
    assert f"nothing listens at {address}" in told
    assert (
        f"It was looked for through its Plex account, too: plex.tv: nothing listens at {dead}"
        in told
    )
    told = house.run("source", "test", "Attic").problem
    assert f"nothing listens at {address}" in told
    assert "too: Attic: answers at none of the addresses plex.tv knows of it (" in told
    house.tv.servers.clear()
    told = house.run("source", "test", "Attic").problem
    assert f"nothing listens at {address}" in told
    assert "The Plex account it was found with has no such server any more" in told


def test_found_again_although_something_hangs_at_its_address(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (client, probe):
        monkeypatch.setattr(module, "SMALL", 0.5)
    with running(house.app) as address:
        house.tv.has(house.id, DEFAULT_TOKEN, address)
        assert house.run("source", "add", "--plex").error is None
    house.tv.servers.clear()
    house.tv.has(house.id, DEFAULT_TOKEN, house.address)
    with socket.create_server(("127.0.0.1", int(address.rpartition(":")[2]))):
        checked = house.run("source", "test", "Attic", "--json")
    assert checked.error is None
    assert checked.json["address"] == house.address == house.listed()[0]["address"]


def test_another_server_at_its_address_is_not_read(house: House) -> None:
    with running(plex_app(open_catalogue(), share="attic", name="Attic")) as address:
        house.tv.has(house.id, DEFAULT_TOKEN, address)
        assert house.run("source", "add", "--plex").error is None
    house.tv.servers.clear()
    other = plex_app(open_catalogue(), share="attic", name="Another")
    assert other.state.library.machine_id != house.id
    with running(other, port=int(address.rpartition(":")[2])):
        checked = house.run("source", "test", "Attic")
        (synced,) = house.run("sync", "Attic", "--json").json
    assert f"another server answers at {address}" in checked.problem
    assert f"another server answers at {address}" in synced["error"]
    assert synced["titles"] == 0
    assert house.listed()[0]["last_run"]["state"] == "failed"  # type: ignore[index]


def test_a_token_that_expired_is_replaced_through_the_account(house: House) -> None:
    def attic(token: str) -> Starlette:
        return plex_app(open_catalogue(), share="attic", token=token)

    with running(attic("old-t0ken")) as address:
        house.tv.has(house.id, "old-t0ken", address)
        assert house.run("source", "add", "--plex").error is None
    house.tv.servers.clear()
    house.tv.has(house.id, "new-t0ken", address)
    with running(attic("new-t0ken"), port=int(address.rpartition(":")[2])):
        assert house.run("source", "test", "Attic").error is None
        house.tv.servers.clear()
        assert house.run("source", "test", "Attic").error is None
        house.tv.account = "withdrawn"
        assert house.run("source", "test", "Attic").error is None


def test_signing_in_again(house: House) -> None:
    house.run("source", "add", house.address, FULLCREDITS_TOKEN=DEFAULT_TOKEN)
    house.tv.has(house.id, DEFAULT_TOKEN, house.address)
    signed = house.run("source", "sign-in", "Attic", "--plex")
    assert signed.error is None
    assert "Signed in to Attic." in signed.out
    house.tv.account = "withdrawn"
    checked = house.run("source", "test", "Attic", "--json")
    (remark,) = [r for r in checked.json["remarks"] if r["code"] == "account"]
    assert "plex.tv: refuses our token (HTTP 401): sign in again" in remark["text"]
    wrong = house.run("source", "sign-in", "Attic", "--token", "pa55word")
    assert isinstance(wrong.error, Refused)
    assert wrong.problem == "Attic: this Plex does not take this token: is it the right one?"
    assert house.run("source", "test", "Attic").error is None


def test_one_name_for_ever(house: House) -> None:
    """plex.tv knows an installation by its id: another one would have to be allowed again."""
    house.tv.has(house.id, DEFAULT_TOKEN, house.address)
    house.run("source", "add", "--plex")
    house.run("source", "test", "Attic")
    house.run("source", "sign-in", "Attic", "--plex")
    known = {request.headers["x-plex-client-identifier"] for request in house.tv.asked}
    assert len(known) == 1
    assert (house.machine.folder / "client-id").read_text().strip() in known


def test_plex_tv_is_away(house: House) -> None:
    house.tv.has(house.id, DEFAULT_TOKEN, house.address)
    house.run("source", "add", "--plex")
    away = {"FULLCREDITS_PLEX_TV": closed_port()}
    checked = house.machine.run("source", "test", "Attic", "--json", **away)
    assert checked.error is None
    (remark,) = [r for r in checked.json["remarks"] if r["code"] == "account"]
    assert "the Plex account was not asked: plex.tv: nothing listens at" in remark["text"]


def test_what_an_account_may_not_see(house: House) -> None:
    house.tv.has(house.id, DEFAULT_TOKEN, house.address, owned=False, sourceTitle="bob")
    house.tv.user["restricted"] = True
    added = house.run("source", "add", "--plex", "--json").json
    remarks = {remark["code"]: remark for remark in added["remarks"]}
    assert "titles may be hidden from it" in remarks["managed-account"]["text"]
    assert "belongs to bob and is shared with Anna" in remarks["shared-server"]["text"]
    assert remarks["shared-server"]["limits"] is True


@pytest.mark.parametrize("managed", [False, True])
def test_all_the_way_with_the_simulated_plex_tv(house: House, managed: bool) -> None:
    site = plextv_app([offered_at(house.address, DEFAULT_TOKEN)], managed=managed)
    account = site.state.account

    def allow() -> None:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            if any(account.authorise(pin.code) for pin in list(account.pins.values())):
                return
            time.sleep(0.02)

    with running(site) as tv:
        somebody = threading.Thread(target=allow)
        somebody.start()
        told = {"FULLCREDITS_PLEX_TV": tv, "FULLCREDITS_PLEX_WEBSITE": tv}
        added = house.machine.run("source", "add", "--plex", **told)
        somebody.join()
        assert added.error is None
        assert f"{tv}/auth#?clientID=" in added.told
        checked = house.machine.run("source", "test", "Attic", **told)
        assert "seen as owner" in checked.out
        assert ("titles may be hidden from it" in checked.out.replace("\n", " ")) == managed
        as_json = house.machine.run("source", "test", "Attic", "--json", **told).json
        assert as_json["account"] == "owner"
        for token in list(account.tokens):
            account.expire(token)
        checked = house.machine.run("source", "test", "Attic", "--json", **told)
    texts = [remark["text"] for remark in checked.json["remarks"]]
    assert any("says our token has expired (HTTP 498): sign in again with" in t for t in texts)
