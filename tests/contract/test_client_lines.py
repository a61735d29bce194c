"""The lines over which changes are told: how they open, whom they let in, how they end."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette

from fullcredits.errors import Nonsense, Refused, Unreachable
from fullcredits.model import SourceKind, Trust, Trusted
from fullcredits.simulate import (
    DEFAULT_TOKEN,
    Catalogue,
    changes,
    plex_app,
    running,
)
from fullcredits.sources import channel, open_source
from fullcredits.sources.http import Http
from fullcredits.sources.plex.client import headers
from fullcredits.sources.trouble import Untrusted
from tests.contract.answering import closed_port, raw
from tests.contract.listening import jellyfin_user, listening, own_jellyfin, own_plex, plex
from tests.contract.secure import https, made


@pytest.fixture
def attic(invented: Catalogue) -> Iterator[tuple[Starlette, str]]:
    with own_plex(invented) as found:
        yield found


@pytest.fixture
def cabin(invented: Catalogue) -> Iterator[tuple[Starlette, str]]:
    with own_jellyfin(invented) as found:
        yield found


def test_no_address_holds_a_token(invented: Catalogue) -> None:
    asked: list[str] = []
    app = plex_app(invented, share="attic")

    async def noting(scope: Any, receive: Any, send: Any) -> None:
        asked.append(scope["path"] + "?" + scope["query_string"].decode())
        await app(scope, receive, send)

    async def go(address: str) -> None:
        async with listening(plex(address)):
            pass

    with running(noting) as address:
        asyncio.run(go(address))
    assert asked == ["/:/websockets/notifications?filters=timeline,activity"]


@pytest.mark.parametrize("kind", list(SourceKind))
def test_a_wrong_token_is_refused(
    attic: tuple[Starlette, str], cabin: tuple[Starlette, str], kind: SourceKind
) -> None:
    _, address = attic if kind is SourceKind.PLEX else cabin

    async def go() -> None:
        async with listening(open_source(kind, "It", address, "wrong", "client-1")):
            pass

    with pytest.raises(Refused, match="refuses our token"):
        asyncio.run(go())


def test_a_revoked_user_beside_a_key(cabin: tuple[Starlette, str]) -> None:
    app, address = cabin

    async def go() -> None:
        source = await jellyfin_user(address, beside_a_key=True)
        app.state.gate._tokens.clear()
        async with listening(source):
            pass

    with pytest.raises(Refused):
        asyncio.run(go())


def test_nobody_listens_there() -> None:
    async def go() -> None:
        async with listening(plex(closed_port())):
            pass

    with pytest.raises(Unreachable, match="nothing listens at"):
        asyncio.run(go())


def test_a_server_that_hangs_up(attic: tuple[Starlette, str]) -> None:
    app, address = attic

    async def go() -> None:
        async with listening(plex(address)) as told:
            app.state.notices.audience.tell(None)
            await told.until(lambda h: True)

    with pytest.raises(Unreachable, match="no longer tells of changes"):
        asyncio.run(go())


def test_events_that_end(attic: tuple[Starlette, str]) -> None:
    app, address = attic
    app.state.notices.audience.blocked = True

    async def go() -> None:
        async with listening(plex(address)) as told:
            app.state.notices.audience.tell(None)
            await told.until(lambda h: True)

    with pytest.raises(Unreachable, match="no longer tells of changes"):
        asyncio.run(go())


def test_a_portal_opens_no_socket_and_tells_no_events() -> None:
    page = b"<html>Sign in</html>"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n"

    async def go(address: str) -> None:
        async with listening(plex(address)):
            pass

    with (
        raw(head + b"Content-Length: %d\r\n\r\n" % len(page) + page) as address,
        pytest.raises(Nonsense, match="a web page"),
    ):
        asyncio.run(go(address))


@pytest.mark.parametrize("status", [200, 400, 403, 404, 426, 501, 502])
def test_a_proxy_that_lets_no_socket_through(attic: tuple[Starlette, str], status: int) -> None:
    """Whatever it says of them: a Plex tells the same by events."""
    app, _ = attic

    async def proxy(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "websocket":
            await app(scope, receive, send)
            return
        start = {"type": "websocket.http.response.start", "status": status, "headers": []}
        await send(start)
        await send({"type": "websocket.http.response.body", "body": b""})

    async def go(address: str) -> None:
        async with listening(plex(address)) as told:
            film = next(i for i in app.state.library.items.values() if i.work.kind == "movie")
            changes.edit(app.state.library, film.work.id, title="Another name")
            await told.until(lambda hint: str(film.key) in hint.changed)

    with running(proxy) as address:
        asyncio.run(go(address))


def test_a_redirect_is_not_followed(attic: tuple[Starlette, str]) -> None:
    _, elsewhere = attic
    away = f"HTTP/1.1 302 Found\r\nLocation: {elsewhere}/:/websockets/notifications\r\n"

    async def go(address: str) -> None:
        http = Http("Attic", address, headers(DEFAULT_TOKEN, "client-1"))
        async with channel.socket(http, "/:/websockets/notifications"):
            pass

    with (
        raw(f"{away}Content-Length: 0\r\n\r\n".encode()) as address,
        pytest.raises(Nonsense, match="no WebSocket"),
    ):
        asyncio.run(go(address))


def test_a_dead_end_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other end opens the socket and is never heard of again."""
    monkeypatch.setattr(channel, "_PING", 0.2)

    async def go(address: str) -> None:
        http = Http("Attic", address, headers(DEFAULT_TOKEN, "client-1"))
        async with channel.socket(http, "/:/websockets/notifications") as opened:
            async with asyncio.timeout(20):
                await opened.receive()

    with speechless() as address, pytest.raises(Unreachable, match="no longer tells"):
        asyncio.run(go(address))


def test_trust_holds_for_sockets_too(tmp_path: Path) -> None:
    own = made(tmp_path, "own")

    async def go(address: str, trust: Trust) -> None:
        async with listening(plex(address, trust=trust)):
            pass

    with https(own, b"{}") as (address, heard):
        with pytest.raises(Untrusted):
            asyncio.run(go(address, Trust()))
        assert heard == []
        with pytest.raises(Nonsense, match="not JSON"):
            asyncio.run(go(address, Trust(Trusted.CERTIFICATE, own.pem)))
        assert [b"Upgrade: websocket" in request for request in heard] == [True, False]


@contextlib.contextmanager
def speechless() -> Iterator[str]:
    """Opens WebSockets, and then neither says nor hears anything."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            head = connection.recv(65536).decode()
            key = next(
                line.split(": ")[1]
                for line in head.split("\r\n")
                if line.lower().startswith("sec-websocket-key")
            )
            accept = base64.b64encode(
                hashlib.sha1(f"{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode()).digest()
            ).decode()
            connection.sendall(
                f"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                f"Connection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n".encode()
            )
            over.wait(30)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        over.set()
        listener.close()
        thread.join(5)
