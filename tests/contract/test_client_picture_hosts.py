"""Which hosts pictures come from: the token goes to the source alone, and nobody is led into the
private network.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from fullcredits.errors import Nonsense, Unreachable
from fullcredits.sources import strangers
from fullcredits.sources.address import origin
from fullcredits.sources.contract import Picture
from fullcredits.sources.strangers import is_public
from tests.contract import secure
from tests.contract.answering import TOKEN, Scripted, said, scripted
from tests.contract.pictured import CONTENT, JPEG, NOWHERE, open_to_the_world, refused, shown


@pytest.fixture
def public(monkeypatch: pytest.MonkeyPatch) -> None:
    open_to_the_world(monkeypatch)


def resolving(monkeypatch: pytest.MonkeyPatch, name: str, *answers: Collection[str]) -> list[str]:
    """The name is at these addresses, another set at each question; gives what was asked for."""
    asked: list[str] = []
    real = asyncio.base_events.BaseEventLoop.getaddrinfo

    async def found(self: Any, host: str | bytes, port: int, **more: Any) -> Any:
        host = host.decode() if isinstance(host, bytes) else host
        if host != name:
            return await real(self, host, port, **more)
        addresses = answers[min(len(asked), len(answers) - 1)]
        asked.append(host)
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses
        ]

    monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", found)
    return asked


@pytest.fixture(scope="module")
def inner() -> Iterator[tuple[str, Scripted]]:
    """A server inside the private network, that nobody should ask."""
    with scripted({"/a.jpg": JPEG}) as (address, app):
        yield port_of(address), app


def port_of(address: str) -> str:
    return address.rpartition(":")[2]


# The source's own pictures


def test_a_path_of_the_server_with_its_prefix() -> None:
    with scripted({"/jellyfin/Items/1/Images/Primary": JPEG}) as (address, app):
        picture = shown(f"{address}/jellyfin", "/Items/1/Images/Primary?tag=abc")
    assert picture == Picture(CONTENT, "image/jpeg")
    assert app.asked[0].headers["x-plex-token"] == TOKEN
    assert app.asked[0].url.query == "tag=abc"


def test_an_absolute_address_of_the_server_itself() -> None:
    with scripted({"/people/1.jpg": JPEG}) as (address, app):
        assert shown(address, f"{address}/people/1.jpg?X-Plex-Token=old") is not None
    assert app.asked[0].headers["x-plex-token"] == TOKEN
    assert app.asked[0].url.query == ""


def test_another_server_of_the_user_is_asked_without_any_token() -> None:
    with scripted({"/Items/1/Images/Primary": JPEG}) as (other, app):
        ref = f"{other}/Items/1/Images/Primary"
        assert isinstance(refused(NOWHERE, ref), Nonsense)
        assert shown(NOWHERE, ref, homes={origin(other)}) is not None
    assert len(app.asked) == 1
    assert "x-plex-token" not in app.asked[0].headers
    assert TOKEN not in str(app.asked[0].headers)


# Where nobody may be led


@pytest.mark.parametrize(
    "ref",
    [
        "http://127.0.0.1:{other}/a.jpg",
        "http://localhost:{other}/a.jpg",
        "http://localhost.:{other}/a.jpg",
        "http://[::1]:{other}/a.jpg",
        "http://[::ffff:127.0.0.1]:{other}/a.jpg",
        "http://0.0.0.0:{other}/a.jpg",
        "http://127.1:{other}/a.jpg",
        "http://2130706433:{other}/a.jpg",
        "http://0x7f000001:{other}/a.jpg",
        "http://10.0.0.1/a.jpg",
        "http://192.168.1.10/a.jpg",
        "http://172.16.0.1/a.jpg",
        "http://169.254.169.254/latest/meta-data",
        "http://100.64.0.1/a.jpg",
        "http://224.0.0.1/a.jpg",
        "http://[fe80::1%25eth0]/a.jpg",
        "http://[fd00::1]/a.jpg",
        "http://[fec0::1]/a.jpg",
        "http://[64:ff9b::7f00:1]:{other}/a.jpg",
        "http://[2002:7f00:1::1]:{other}/a.jpg",
        "https://user:pw@127.0.0.1:{other}/a.jpg",
    ],
)
def test_no_foreign_address_in_a_private_network(ref: str, inner: tuple[str, Scripted]) -> None:
    port, app = inner
    assert isinstance(refused(NOWHERE, ref.format(other=port)), Nonsense | Unreachable)
    assert app.asked == []


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:4700::6810:1", True),
        ("64:ff9b::5db8:d822", True),
        ("64:ff9b::a00:1", False),
        ("2002:5db8:d822::1", True),
        ("2002:c0a8:101::1", False),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", False),
        ("::ffff:93.184.216.34", True),
        ("::192.168.1.1", False),
        ("fec0::1", False),
        ("192.0.2.1", False),
        ("198.18.0.1", False),
        ("255.255.255.255", False),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(ipaddress.ip_address(address)) is public


@pytest.mark.parametrize("ref", ["file:///etc/passwd", "//host/a.jpg", "ftp://h/a", "a.jpg", ""])
def test_only_http(ref: str) -> None:
    assert isinstance(refused(NOWHERE, ref), Nonsense)


@pytest.mark.parametrize("ref", ["http://[oops/a.jpg", "http://host:port/a.jpg", "http:///a.jpg"])
def test_broken_addresses(ref: str) -> None:
    assert isinstance(refused(NOWHERE, ref), Nonsense | Unreachable)


def test_a_name_that_means_a_private_address(
    monkeypatch: pytest.MonkeyPatch, inner: tuple[str, Scripted]
) -> None:
    port, app = inner
    resolving(monkeypatch, "cdn.example.org", ["127.0.0.1"])
    error = refused(NOWHERE, f"http://cdn.example.org:{port}/a.jpg")
    assert "inside a private network (cdn.example.org)" in str(error)
    assert app.asked == []


def test_one_private_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, "cdn.example.org", ["93.184.216.34", "192.168.1.4"])
    error = refused(NOWHERE, "https://cdn.example.org/a.jpg")
    assert "inside a private network (cdn.example.org)" in str(error)


def test_a_name_that_changes_its_meaning_is_asked_once(
    monkeypatch: pytest.MonkeyPatch, public: None
) -> None:
    """DNS rebinding: public for the check, private a moment later."""
    with scripted({"/a.jpg": JPEG}) as (outside, app):
        asked = resolving(monkeypatch, "cdn.example.org", ["127.0.0.1"], ["127.0.0.2"])
        assert shown(NOWHERE, f"http://cdn.example.org:{port_of(outside)}/a.jpg") is not None
    assert asked == ["cdn.example.org"]
    assert len(app.asked) == 1


def test_the_next_address_of_a_host_counts_where_the_first_is_down(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(strangers, "is_public", lambda address: True)
    with scripted({"/a.jpg": JPEG}) as (outside, app):
        resolving(monkeypatch, "cdn.example.org", ["127.0.0.9", "127.0.0.1"])
        assert shown(NOWHERE, f"http://cdn.example.org:{port_of(outside)}/a.jpg") is not None
    assert len(app.asked) == 1


def test_a_host_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    async def unknown(*args: Any, **more: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", unknown)
    assert isinstance(refused(NOWHERE, "https://gone.example.org/a.jpg"), Unreachable)


def test_a_foreign_host_never_learns_the_token(public: None) -> None:
    with scripted({"/a.jpg": JPEG}) as (other, app):
        assert shown(NOWHERE, f"{other}/a.jpg?size=2&token={TOKEN}") is not None
    request = app.asked[0]
    assert "x-plex-token" not in request.headers
    assert TOKEN not in str(request.headers)
    assert request.headers["host"] == other.removeprefix("http://")
    assert request.url.query == "size=2"


def test_a_foreign_host_proves_its_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, public: None
) -> None:
    """The certificate is held against the name in the address, not the address connected to."""
    pair = secure.made(tmp_path, "somebody")
    monkeypatch.setenv("SSL_CERT_FILE", str(pair.path))
    resolving(monkeypatch, "cdn.example.org", ["127.0.0.1"])
    with secure.https(pair, b"{}") as (address, heard):
        assert isinstance(refused(NOWHERE, f"{address}/a.jpg"), Nonsense)  # what it says is JSON
        error = refused(NOWHERE, f"https://cdn.example.org:{port_of(address)}/a.jpg")
    assert "does not answer" in str(error)
    assert len(heard) == 1


# Where redirects lead


def leading(to: str | Callable[[Request], str], status: int = 302) -> Any:
    """Answers that send on; "/a.jpg" is the picture."""

    def answer(request: Request) -> Response:
        if request.url.path == "/a.jpg":
            return JPEG
        return said("", status, "", location=to if isinstance(to, str) else to(request))

    return answer


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_foreign_host_may_send_us_on_to_another(public: None, status: int) -> None:
    with scripted(leading("/a.jpg", status)) as (other, app):
        assert shown(NOWHERE, f"{other}/old.jpg") is not None
    assert app.paths == ["/old.jpg", "/a.jpg"]


def test_nobody_is_sent_on_for_ever(public: None) -> None:
    with scripted(leading(lambda request: f"{request.url.path}x")) as (other, app):
        assert "HTTP 302" in str(refused(NOWHERE, f"{other}/b.jpg"))
    assert len(app.asked) == 4


@pytest.mark.parametrize(
    "to",
    [
        "http://127.0.0.2:{inside}/a.jpg",
        "http://localhost:{inside}/a.jpg",
        "//127.0.0.2:{inside}/a.jpg",
        "http://10.0.0.1/a.jpg",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "ftp://127.0.0.1/a.jpg",
        "http://[oops/",
    ],
)
def test_no_redirect_leads_into_the_private_network(
    monkeypatch: pytest.MonkeyPatch, public: None, to: str, inner: tuple[str, Scripted]
) -> None:
    port, trap = inner
    resolving(monkeypatch, "localhost", ["127.0.0.2"])
    with scripted(leading(to.format(inside=port))) as (other, app):
        assert isinstance(refused(NOWHERE, f"{other}/b.jpg"), Nonsense)
    assert len(app.asked) == 1
    assert trap.asked == []


def test_no_redirect_leads_back_to_a_server_of_the_user(public: None) -> None:
    with scripted({"/a.jpg": JPEG}) as (own, mine), scripted({"/a.jpg": JPEG}) as (second, too):
        for target in (own, second):
            with scripted(leading(f"{target}/a.jpg")) as (other, _):
                error = refused(own, f"{other}/b.jpg", homes={origin(second)})
            assert "leads back to your own server" in str(error)
    assert mine.asked == too.asked == []


def test_a_redirect_of_the_server_itself_is_told(public: None) -> None:
    with scripted(leading("/a.jpg")) as (address, app):
        assert "sends us on" in str(refused(address, "/b.jpg"))
    assert len(app.asked) == 1


# What is no picture
