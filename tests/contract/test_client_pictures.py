"""Pictures: the token goes to the source alone, and nobody is led into the private network."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from fullcredits.errors import Failed, Nonsense, SourceError, Unreachable
from fullcredits.sources import pictures
from fullcredits.sources.contract import Picture
from fullcredits.sources.http import Http
from fullcredits.sources.trouble import TooMuch
from tests.contract.answering import TOKEN, said, scripted

JPEG = said(b"\xff\xd8\xff", kind="image/jpeg")


def shown(base: str, ref: str) -> Picture | None:
    async def go() -> Picture | None:
        http = Http("Attic", base, {"X-Plex-Token": TOKEN})
        try:
            return await pictures.fetch(http, ref)
        finally:
            await http.close()

    return asyncio.run(go())


def refused(base: str, ref: str) -> SourceError:
    with pytest.raises(SourceError) as refusal:
        shown(base, ref)
    assert str(refusal.value).startswith("Attic: ")
    assert TOKEN not in str(refusal.value)
    return refusal.value


def test_a_path_of_the_server_with_its_prefix() -> None:
    with scripted({"/jellyfin/Items/1/Images/Primary": JPEG}) as (address, app):
        picture = shown(f"{address}/jellyfin", "/Items/1/Images/Primary?tag=abc")
    assert picture == Picture(b"\xff\xd8\xff", "image/jpeg")
    assert app.asked[0].headers["x-plex-token"] == TOKEN
    assert app.asked[0].url.query == "tag=abc"


def test_an_absolute_address_of_the_server_itself() -> None:
    with scripted({"/people/1.jpg": JPEG}) as (address, app):
        assert shown(address, f"{address}/people/1.jpg?X-Plex-Token=old") is not None
    assert app.asked[0].headers["x-plex-token"] == TOKEN
    assert app.asked[0].url.query == ""


@pytest.mark.parametrize(
    "ref",
    [
        "http://127.0.0.1:{other}/a.jpg",
        "http://localhost:{other}/a.jpg",
        "http://[::1]:{other}/a.jpg",
        "http://[::ffff:127.0.0.1]:{other}/a.jpg",
        "http://0.0.0.0:{other}/a.jpg",
        "http://127.1:{other}/a.jpg",
        "http://2130706433:{other}/a.jpg",
        "http://10.0.0.1/a.jpg",
        "http://192.168.1.10/a.jpg",
        "http://172.16.0.1/a.jpg",
        "http://169.254.169.254/latest/meta-data",
        "http://100.64.0.1/a.jpg",
        "http://224.0.0.1/a.jpg",
        "http://[fe80::1%25eth0]/a.jpg",
        "http://[fd00::1]/a.jpg",
        "https://user:pw@127.0.0.1:{other}/a.jpg",
    ],
)
def test_no_foreign_address_in_a_private_network(ref: str) -> None:
    with scripted({"/a.jpg": JPEG}) as (other, app):
        error = refused("http://127.0.0.1:1", ref.format(other=other.rpartition(":")[2]))
    assert isinstance(error, Nonsense | Unreachable)
    assert app.asked == []


@pytest.mark.parametrize("ref", ["file:///etc/passwd", "//host/a.jpg", "ftp://h/a", "a.jpg", ""])
def test_only_http(ref: str) -> None:
    assert isinstance(refused("http://127.0.0.1:1", ref), Nonsense)


@pytest.mark.parametrize("ref", ["http://[oops/a.jpg", "http://host:port/a.jpg", "http:///a.jpg"])
def test_broken_addresses(ref: str) -> None:
    assert isinstance(refused("http://127.0.0.1:1", ref), Nonsense | Unreachable)


def resolved_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Every name is at these addresses, as far as the picture fetcher asks."""

    async def found(self: Any, host: str, port: int, **more: Any) -> list[Any]:
        kind = socket.AF_INET6
        return [(kind, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", found)


def test_one_private_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    resolved_to(monkeypatch, "93.184.216.34", "192.168.1.4")
    error = refused("http://127.0.0.1:1", "https://cdn.example.org/a.jpg")
    assert "inside a private network (cdn.example.org)" in str(error)


def test_a_foreign_host_never_learns_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted({"/a.jpg": JPEG}) as (other, app):
        monkeypatch.setattr(pictures, "_is_public", lambda address: True)
        port = other.rpartition(":")[2]
        assert shown("http://127.0.0.1:1", f"http://localhost:{port}/a.jpg?size=2") is not None
    request = app.asked[0]
    assert "x-plex-token" not in request.headers
    assert TOKEN not in str(request.headers)
    assert request.headers["host"] == f"localhost:{port}"
    assert request.url.query == "size=2"


@pytest.mark.parametrize(("status", "own", "foreign"), [
    (404, None, None),
    (410, None, None),
    (403, "HTTP 403", None),
    (500, "HTTP 500", "HTTP 500"),
    (302, "sends us on", "HTTP 302"),
])  # fmt: skip
def test_no_picture(
    monkeypatch: pytest.MonkeyPatch, status: int, own: str | None, foreign: str | None
) -> None:
    monkeypatch.setattr(pictures, "_is_public", lambda address: True)
    answer = said("gone", status, "text/plain", location="http://127.0.0.1:1/")
    with scripted(lambda request: answer) as (address, app):
        for base, sentence in ((address, own), ("http://127.0.0.1:1", foreign)):
            if sentence is None:
                assert shown(base, f"{address}/a.jpg") is None
            else:
                error = refused(base, f"{address}/a.jpg")
                assert sentence in str(error)
                assert isinstance(error, Failed) == (status == 500)
    assert len(app.asked) == 2  # redirects are not followed


def test_what_is_no_picture() -> None:
    with scripted({"/a.jpg": said("<html>", kind="text/html")}) as (address, _):
        assert "gave text/html for a picture" in str(refused(address, "/a.jpg"))
    with scripted({"/a.jpg": said(b"", kind="image/jpeg")}) as (address, _):
        assert shown(address, "/a.jpg") is None


def test_too_large_a_picture() -> None:
    huge = said(b"\xff" * (pictures.MOST_BYTES + 1), kind="image/jpeg")
    with scripted({"/a.jpg": huge}) as (address, _):
        error = refused(address, "/a.jpg")
    assert isinstance(error, TooMuch)
    assert "more than 20 MB" in str(error)
