"""Being told of changes: which messages of a server become which hints, and how lines end."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette

from fullcredits.errors import Nonsense, Refused, Unreachable
from fullcredits.model import SourceKind, Trust, Trusted
from fullcredits.simulate import (
    DEFAULT_API_KEY,
    DEFAULT_PASSWORD,
    DEFAULT_TOKEN,
    DEFAULT_USER,
    Catalogue,
    changes,
    jellyfin_app,
    plex_app,
    running,
)
from fullcredits.sources import channel, jellyfin_door, open_source
from fullcredits.sources.contract import Hint, Source
from fullcredits.sources.http import Http
from fullcredits.sources.jellyfin.live import Polling
from fullcredits.sources.jellyfin.sign_in import by_password
from fullcredits.sources.plex.client import headers
from fullcredits.sources.trouble import Untrusted
from tests.contract.answering import closed_port, raw
from tests.contract.secure import https, made

COMPARE = Hint(compare=True)
FILM = "film-001"


class Told:
    """The hints of a source as they come."""

    def __init__(self, hints: AsyncIterator[Hint]) -> None:
        self._hints = hints
        self.all: list[Hint] = []

    async def until(self, wanted: Callable[[Hint], bool]) -> Hint:
        async with asyncio.timeout(10):
            while True:
                hint = await anext(self._hints)
                self.all.append(hint)
                if wanted(hint):
                    return hint


@asynccontextmanager
async def listening(source: Source) -> AsyncIterator[Told]:
    """Listened to, the first hint heard."""
    try:
        async with aclosing(source.changes()) as hints:
            told = Told(hints)
            assert await told.until(lambda hint: True) == COMPARE
            yield told
    finally:
        await source.close()


def plex(address: str, token: str = DEFAULT_TOKEN, **how: Any) -> Source:
    return open_source(SourceKind.PLEX, "Attic", address, token, "client-1", **how)


async def jellyfin_user(address: str, *, beside_a_key: bool = False) -> Source:
    async with jellyfin_door("Cabin", address, "client-1") as door:
        token = await by_password(door, DEFAULT_USER, DEFAULT_PASSWORD)
    own, user = (DEFAULT_API_KEY, token) if beside_a_key else (token, None)
    return open_source(SourceKind.JELLYFIN, "Cabin", address, own, "client-1", user_token=user)


@pytest.fixture
def attic(invented: Catalogue) -> Iterator[tuple[Starlette, str]]:
    app = plex_app(invented, share="attic")
    with running(app) as address:
        yield app, address


@pytest.fixture
def cabin(invented: Catalogue) -> Iterator[tuple[Starlette, str]]:
    app = jellyfin_app(invented, share="cabin")
    app.state.notices.gathering = 0.05
    with running(app) as address:
        yield app, address


@pytest.mark.parametrize("blocked", [False, True], ids=["socket", "events"])
@pytest.mark.parametrize("version", ["1.42", "1.43"])
def test_plex_tells_of_edits_additions_and_ends(
    invented: Catalogue, version: str, blocked: bool
) -> None:
    app = plex_app(invented, share="attic", version=version)
    app.state.notices.audience.blocked = blocked
    library = app.state.library
    film = next(i for i in library.items.values() if i.work.kind == "movie")
    missing = next(w for w in invented.held() if w.kind == "movie" and w.id not in _held(library))

    async def go(address: str) -> list[Hint]:
        async with listening(plex(address)) as told:
            changes.edit(library, film.work.id, title="Another name")
            assert await told.until(lambda h: bool(h.changed)) == Hint(frozenset({str(film.key)}))
            key = str(library.put(missing))
            await told.until(lambda h: key in h.changed)
            changes.delete(library, missing.id)
            assert await told.until(lambda h: bool(h.removed)) == Hint(removed=frozenset({key}))
            return told.all

    with running(app) as address:
        asyncio.run(go(address))
    asked = [a.path for a in app.state.requests]
    assert asked == (["/:/eventsource/notifications"] if blocked else [])


def test_most_of_what_plex_says_is_no_hint(attic: tuple[Starlette, str]) -> None:
    app, address = attic
    library = app.state.library
    missing = next(w for w in app_works(app) if w.kind == "movie")
    changes.delete(library, missing.id)

    async def go() -> list[Hint]:
        async with listening(plex(address)) as told:
            key = str(library.put(missing))
            app.state.notices.scan(1, "ended")
            await told.until(lambda h: h.scanning is False)
            assert {k for h in told.all for k in h.changed} == {key}
            return told.all

    hints = asyncio.run(go())
    assert len(hints) == 4  # to compare, the settled item twice, the end of the scan


def test_recorders_number_their_own_items(attic: tuple[Starlette, str]) -> None:
    app, address = attic

    async def go() -> list[Hint]:
        async with listening(plex(address)) as told:
            other = {"identifier": "tv.plex.providers.epg", "itemID": "1001", "type": 1}
            app.state.notices.say("timeline", {**other, "state": 5})
            app.state.notices.say("playing", {"ratingKey": "1001", "state": "playing"})
            app.state.notices.say("timeline", {"state": 5})
            app.state.notices.scan(2, "started")
            await told.until(lambda h: h.scanning is True)
            return told.all

    assert asyncio.run(go()) == [COMPARE, Hint(scanning=True)]


@pytest.mark.parametrize("beside_a_key", [False, True])
def test_jellyfin_tells_users_once_for_many_changes(
    cabin: tuple[Starlette, str], beside_a_key: bool
) -> None:
    app, address = cabin
    library = app.state.library
    films = [i for i in library.items.values() if i.work.kind == "movie"][:40]

    async def go() -> None:
        source = await jellyfin_user(address, beside_a_key=beside_a_key)
        async with listening(source) as told:
            app.state.notices.progress(library.views[0].id, 14)
            for film in films:
                changes.refresh(library, film.work.id)
            changes.delete(library, films[0].work.id)
            hint = await told.until(lambda h: bool(h.changed))
            assert hint.changed == {film.id for film in films[1:]}
            assert hint.removed == {films[0].id}
            assert told.all == [COMPARE, Hint(scanning=True), hint]

    asyncio.run(go())


def test_jellyfin_is_told_that_we_are_there(cabin: tuple[Starlette, str]) -> None:
    app, address = cabin
    film = next(i for i in app.state.library.items.values() if i.work.kind == "movie")
    app.state.notices.lost_after = 1  # second; a silent socket is dropped then

    async def go() -> None:
        async with listening(await jellyfin_user(address)) as told:
            heard = asyncio.create_task(told.until(lambda h: film.id in h.changed))
            await asyncio.sleep(1.8)
            changes.refresh(app.state.library, film.work.id)
            await heard

    asyncio.run(go())


def test_an_api_key_alone_is_told_nothing_so_it_asks(cabin: tuple[Starlette, str]) -> None:
    app, address = cabin
    library = app.state.library
    films = [i for i in library.items.values() if i.work.kind == "movie"]
    steps: list[Callable[[], None]] = [
        lambda: None,
        lambda: changes.edit(library, films[0].work.id, title="Another name"),
        lambda: None,
        lambda: changes.delete(library, films[1].work.id),
    ]

    async def step(_: float) -> None:
        if steps:
            steps.pop(0)()
        else:
            raise asyncio.CancelledError

    async def go() -> list[Hint]:
        source = open_source(SourceKind.JELLYFIN, "Cabin", address, DEFAULT_API_KEY, "client-1")
        told = Told(Polling(source._items, lambda: source.clock, sleep=step).changes())  # type: ignore[attr-defined]
        with contextlib.suppress(asyncio.CancelledError):
            await told.until(lambda hint: False)
        await source.close()
        return told.all

    assert asyncio.run(go()) == [COMPARE, Hint(frozenset({films[0].id})), COMPARE]
    asked = [a.query for a in app.state.requests if a.path == "/Items"]
    assert len(asked) == 1 + 2 * 4


def test_an_api_key_alone_opens_no_socket(cabin: tuple[Starlette, str]) -> None:
    app, address = cabin

    async def go() -> None:
        key = DEFAULT_API_KEY
        async with listening(open_source(SourceKind.JELLYFIN, "Cabin", address, key, "client-1")):
            assert not app.state.notices.keys.size

    asyncio.run(go())


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


def _held(library: Any) -> set[str]:
    return {item.work.id for item in library.items.values()}


def app_works(app: Starlette) -> list[Any]:
    return [item.work for item in app.state.library.items.values()]


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
