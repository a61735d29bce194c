"""Whose https certificate is taken for a server's own: by default none that nobody vouches for."""

from __future__ import annotations

import asyncio
import json
import socket
from pathlib import Path
from typing import Any

import pytest

from fullcredits.errors import ConfigError, SourceError, Unreachable
from fullcredits.model import USUAL_TRUST, Trust, Trusted
from fullcredits.sources import certificates, server_at
from fullcredits.sources.http import Http
from fullcredits.sources.plex import ways
from fullcredits.sources.plex.account import PlexServer
from fullcredits.sources.trouble import Untrusted
from tests.contract.answering import TOKEN, closed_port, said, scripted
from tests.contract.secure import Pair, https, made

INFO = b'{"Id":"9","ServerName":"C","Version":"12.0.0","ProductName":"Jellyfin Server"}'
ANY = Trust(Trusted.ANY)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return made(tmp_path_factory.mktemp("own"), "attic")


def asked(address: str, trust: Trust) -> bytes | SourceError:
    async def go() -> bytes:
        http = Http("Attic", address, {"X-Plex-Token": TOKEN}, trust=trust)
        try:
            return await http.get("/System/Info/Public")
        finally:
            await http.close()

    try:
        return asyncio.run(go())
    except SourceError as error:
        return error


def test_a_certificate_of_its_own_making_is_refused_before_anything_is_sent(own: Pair) -> None:
    with https(own, INFO) as (address, heard):
        error = asked(address, USUAL_TRUST)
        with pytest.raises(Untrusted):
            asyncio.run(server_at(address))
    assert isinstance(error, Untrusted)
    assert f"the certificate of {address} is not trusted (self-signed certificate)" in str(error)
    assert "--fingerprint" in str(error)
    assert heard == []


def test_it_is_taken_where_the_owner_says_so(own: Pair) -> None:
    pinned = Trust(Trusted.CERTIFICATE, own.pem)
    with https(own, INFO) as (address, _):
        for trust in (ANY, pinned, certificates.authorities(own.path)):
            assert asked(address, trust) == INFO
            found = asyncio.run(server_at(address, trust))
            assert found is not None
            assert (found.server_id, found.address) == ("9", address)


def test_another_one_is_not(own: Pair, tmp_path: Path) -> None:
    other = made(tmp_path, "attic")
    with https(other, INFO) as (address, heard):
        for trust in (Trust(Trusted.CERTIFICATE, own.pem), certificates.authorities(own.path)):
            assert isinstance(asked(address, trust), Untrusted)
    assert heard == []


def test_a_pinned_certificate_may_be_for_another_name_an_authoritys_may_not(
    tmp_path: Path,
) -> None:
    authority = made(tmp_path, "authority")
    right = made(tmp_path, "right", authority)
    wrong = made(tmp_path, "wrong", authority, host="192.0.2.1")
    trusted = certificates.authorities(authority.path)
    with https(right, INFO) as (address, _):
        assert asked(address, trusted) == INFO
        assert asked(address, Trust(Trusted.CERTIFICATE, right.pem)) == INFO
    with https(wrong, INFO) as (address, _):
        assert isinstance(asked(address, trusted), Untrusted)
        assert asked(address, Trust(Trusted.CERTIFICATE, wrong.pem)) == INFO


def test_a_certificate_is_shown_to_its_owner(own: Pair) -> None:
    with https(own, INFO) as (address, heard):
        shown = asyncio.run(certificates.presented("Attic", address))
        assert asked(address, Trust(Trusted.CERTIFICATE, shown.pem)) == INFO
    assert len(heard) == 1
    assert (shown.subject, shown.issuer) == ("CN=attic", "CN=attic")
    assert shown.fingerprint == own.fingerprint
    blanks = own.fingerprint.replace(":", " ")
    for written in (own.fingerprint, f"sha256:{own.fingerprint.lower()}", blanks):
        assert certificates.same_fingerprint(shown.fingerprint, written)
    assert not certificates.same_fingerprint(shown.fingerprint, "00:11")
    assert not certificates.same_fingerprint("", "")


def test_no_certificate_where_there_is_no_https() -> None:
    with scripted({}) as (address, _):
        for where in (address.replace("http:", "https:"), closed_port()):
            with pytest.raises(Unreachable, match="shows no certificate"):
                asyncio.run(certificates.presented("Attic", where))


def test_files_that_hold_no_certificate(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").touch()
    (tmp_path / "binary.pem").write_bytes(b"\x00\xff" * 40)
    for name, why in (("empty", "holds no"), ("binary", "holds no"), ("gone", "cannot be read")):
        with pytest.raises(ConfigError, match=why):
            certificates.authorities(tmp_path / f"{name}.pem")
    with pytest.raises(ConfigError, match="no usable certificate"):
        Http("Attic", "https://host", {}, trust=Trust(Trusted.CERTIFICATE, "nothing"))


def test_the_owners_trust_ends_at_the_own_server(own: Pair) -> None:
    """A picture on a foreign host is fetched under the usual authorities only."""

    async def go(address: str) -> None:
        http = Http("Attic", "http://127.0.0.1:1", {"X-Plex-Token": TOKEN}, trust=ANY)
        try:
            await http.send("GET", f"{address}/picture.jpg", own=False)
        finally:
            await http.close()

    with https(own, INFO) as (address, heard):
        with pytest.raises(Untrusted):
            asyncio.run(go(address))
        assert heard == []


def test_names_of_plex_direct(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Plex's certificate is for a name below plex.direct, which leads into the own network:
    that name is gone to, never its bare address; where a router hides it, plain http is left.
    """
    authority = made(tmp_path, "authority")
    trusted = certificates.authorities(authority.path)
    direct = made(tmp_path, "direct", authority, host="*.0ab1.plex.direct")
    identity = {"MediaContainer": {"size": 0, "machineIdentifier": "ab12"}}
    resolve = socket.getaddrinfo
    hidden = False

    def resolved(host: Any, *more: Any, **named: Any) -> Any:
        if "plex.direct" in str(host):  # text or bytes
            if hidden:
                raise socket.gaierror(socket.EAI_NONAME, "rebinding")
            host = "127.0.0.1"
        return resolve(host, *more, **named)

    def opened(at: str) -> Http:
        return Http("Attic", at, {}, trust=trusted, at_once=None)

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    with (
        https(direct, json.dumps(identity).encode()) as (bare, heard),
        scripted({"/identity": said(identity)}) as (plain, app),
    ):
        name = f"https://127-0-0-1.0ab1.plex.direct:{bare.rpartition(':')[2]}"
        server = PlexServer("ab12", "Attic", TOKEN, None, "1.43", (bare, name, plain), ())
        assert asyncio.run(ways.working(server, opened)) == name
        assert isinstance(asked(bare, trusted), Untrusted)
        assert [TOKEN.encode() in request for request in heard] == [False]
        hidden = True
        assert asyncio.run(ways.working(server, opened)) == plain
        assert not [request for request in app.asked if TOKEN in str(request.headers)]
