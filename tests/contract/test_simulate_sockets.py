"""The pretend servers' sockets: as recorded, and as the real clients hear them."""

from __future__ import annotations

import json
import queue
import time
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from jellyfin_apiclient_python import JellyfinClient
from plexapi.server import PlexServer
from starlette.applications import Starlette
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

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
from fullcredits.simulate.audience import Audience
from tests.contract.forms.listed import unlisted
from tests.shared_data import shared_path

Frame = dict[str, Any]


@pytest.fixture
def attic(invented: Catalogue) -> Iterator[tuple[Starlette, str]]:
    app = plex_app(invented, share="attic")
    with running(app) as address:
        yield app, address


@pytest.fixture
def cabin(invented: Catalogue) -> Iterator[tuple[Starlette, str]]:
    app = jellyfin_app(invented, share="cabin")
    app.state.notices.gathering = 0.1
    with running(app) as address:
        yield app, address


def socket_at(address: str, path: str, **headers: str) -> ClientConnection:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return connect(f"ws{address.removeprefix('http')}{path}", additional_headers=named)


def user_token(address: str) -> str:
    who = 'MediaBrowser Client="T", Device="T", DeviceId="T", Version="1"'
    body = {"Username": DEFAULT_USER, "Pw": DEFAULT_PASSWORD}
    answer = httpx2.post(
        f"{address}/Users/AuthenticateByName", json=body, headers={"Authorization": who}
    )
    return str(answer.json()["AccessToken"])


def heard(socket: ClientConnection, kind: str) -> Frame:
    """The next frame of a kind."""
    while True:
        frame: Frame = json.loads(socket.recv(timeout=10))
        if frame["MessageType"] == kind:
            return frame


def form(value: Any) -> Any:
    """Names in order and types, not values."""
    if isinstance(value, dict):
        return {name: form(inner) for name, inner in value.items()}
    return [] if isinstance(value, list) else type(value).__name__


def test_frames_of_jellyfin_are_the_recorded_ones(cabin: tuple[Starlette, str]) -> None:
    app, address = cabin
    film = next(i for i in app.state.library.items.values() if i.work.kind == "movie")
    with socket_at(address, f"/socket?ApiKey={user_token(address)}&deviceId=T") as socket:
        frames = {"ForceKeepAlive": heard(socket, "ForceKeepAlive")}
        assert frames["ForceKeepAlive"]["Data"] == 60
        socket.send('{"MessageType":"KeepAlive"}')
        frames["KeepAlive"] = heard(socket, "KeepAlive")
        app.state.notices.progress(app.state.library.views[0].id, 14)
        frames["RefreshProgress"] = heard(socket, "RefreshProgress")
        changes.edit(app.state.library, film.work.id, title="Another")
        frames["LibraryChanged"] = heard(socket, "LibraryChanged")
    assert frames["LibraryChanged"]["Data"]["ItemsUpdated"] == [film.id]
    for kind, frame in frames.items():
        assert unlisted("jellyfin-10.11", kind, [frame]) == []


def test_an_api_key_is_told_of_nothing(cabin: tuple[Starlette, str]) -> None:
    app, address = cabin
    film = next(i for i in app.state.library.items.values() if i.work.kind == "movie")
    with (
        socket_at(
            address, "/socket", Authorization=f'MediaBrowser Token="{DEFAULT_API_KEY}"'
        ) as key,
        socket_at(address, f"/Socket?api_key={user_token(address)}") as user,
    ):
        changes.edit(app.state.library, film.work.id, title="Another")
        heard(user, "LibraryChanged")
        assert json.loads(key.recv(timeout=10))["MessageType"] == "ForceKeepAlive"
        with pytest.raises(TimeoutError):
            key.recv(timeout=0.2)


def test_a_scan_is_told_of_in_one_frame(cabin: tuple[Starlette, str]) -> None:
    app, address = cabin
    items = list(app.state.library.items.values())
    with socket_at(address, f"/socket?ApiKey={user_token(address)}") as socket:
        for item in items:
            changes.refresh(app.state.library, item.work.id)
        data = heard(socket, "LibraryChanged")["Data"]
        assert sorted(data["ItemsUpdated"]) == sorted(item.id for item in items)
        with pytest.raises(TimeoutError):
            socket.recv(timeout=0.3)


def test_who_edits_a_person_tells_nobody(cabin: tuple[Starlette, str]) -> None:
    app, address = cabin
    human = next(iter(app.state.library.persons.values())).told
    with socket_at(address, f"/socket?ApiKey={user_token(address)}") as socket:
        heard(socket, "ForceKeepAlive")
        app.state.library.put_human(human)
        with pytest.raises(TimeoutError):
            socket.recv(timeout=0.3)


def test_who_is_silent_is_dropped(cabin: tuple[Starlette, str]) -> None:
    app, address = cabin
    app.state.notices.lost_after = 0.5
    with socket_at(address, f"/socket?ApiKey={user_token(address)}") as socket:
        heard(socket, "ForceKeepAlive")
        heard(socket, "ForceKeepAlive")  # reminded once
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=10)


def test_a_jellyfin_that_shuts_down_says_so(cabin: tuple[Starlette, str]) -> None:
    app, address = cabin
    with socket_at(address, f"/socket?ApiKey={user_token(address)}") as socket:
        heard(socket, "ForceKeepAlive")
        app.state.notices.shut_down()
        ending = heard(socket, "ServerShuttingDown")
        assert unlisted("jellyfin-12.0", "ServerShuttingDown", [ending]) == []
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=10)


def test_strangers_get_no_socket(
    attic: tuple[Starlette, str], cabin: tuple[Starlette, str]
) -> None:
    for address, path, status in [
        (cabin[1], "/socket?ApiKey=wrong", 403),
        (cabin[1], "/socket", 403),
        (attic[1], "/:/websockets/notifications", 401),
    ]:
        with pytest.raises(InvalidStatus) as refused:
            socket_at(address, path)
        assert refused.value.response.status_code == status


def test_plex_is_heard_by_python_plexapi(attic: tuple[Starlette, str]) -> None:
    app, address = attic
    library = app.state.library
    film = next(i for i in library.items.values() if i.work.kind == "movie")
    told: queue.Queue[Frame] = queue.Queue()
    plex = PlexServer(address, DEFAULT_TOKEN)  # type: ignore[no-untyped-call]
    listener = plex.startAlertListener(told.put)  # type: ignore[no-untyped-call]
    try:
        _until_listened(app)
        changes.edit(library, film.work.id, title="Another")
        kinds = [told.get(timeout=10)["type"] for _ in range(7)]
        assert kinds == ["activity", "activity", *["timeline"] * 5]
        changes.delete(library, film.work.id)
        ending = told.get(timeout=10)["TimelineEntry"][0]
        assert (ending["itemID"], ending["type"], ending["state"]) == (str(film.key), -1, 5)
        library.put(film.work)
        frames = [told.get(timeout=10) for _ in range(156)]
        settled = [f for f in frames if f["TimelineEntry"][0]["state"] == 5]
        assert len(settled) == 2
        with pytest.raises(queue.Empty):
            told.get(timeout=0.2)
    finally:
        listener.stop()
        listener.join(5)
        plex._session.close()


def test_the_recorded_frame_of_plex(attic: tuple[Starlette, str]) -> None:
    app, address = attic
    film = next(i for i in app.state.library.items.values() if i.work.kind == "movie")
    recorded = json.loads(shared_path("recordings", "plex", "ws_timeline_settled.json").read_text())
    entry = recorded["NotificationContainer"]["TimelineEntry"][0]
    with socket_at(address, "/:/websocket/notifications", X_Plex_Token=DEFAULT_TOKEN) as socket:
        changes.edit(app.state.library, film.work.id, title="Another")
        while True:
            told = json.loads(socket.recv(timeout=10))["NotificationContainer"]
            ours = told.get("TimelineEntry", [{}])[0]
            if ours.get("state") == 5 and "mediaState" not in ours:
                break
    assert form(entry).items() <= form(ours).items()
    assert ours["metadataState"] == entry["metadataState"]


def test_jellyfin_is_heard_by_its_own_client(cabin: tuple[Starlette, str]) -> None:
    app, address = cabin
    film = next(i for i in app.state.library.items.values() if i.work.kind == "movie")
    told: queue.Queue[tuple[str, Any]] = queue.Queue()
    client = JellyfinClient(allow_multiple_clients=True)
    client.config.app("Test", "1", "desk", "device-9")
    client.config.data["auth.ssl"] = False
    client.auth.connect_to_address(address)
    client.auth.login(address, DEFAULT_USER, DEFAULT_PASSWORD)
    client.authenticate(client.auth.credentials.get_credentials(), discover=False)
    client.callback = lambda kind, data: told.put((kind, data))
    client.callback_ws = client.callback
    client.start(websocket=True)
    try:
        _until_listened(app)
        changes.edit(app.state.library, film.work.id, title="Another")
        while (frame := told.get(timeout=10))[0] != "LibraryChanged":
            pass
        assert frame[1]["ItemsUpdated"] == [film.id]
    finally:
        client.stop()


def _until_listened(app: Starlette) -> None:
    notices = app.state.notices
    audience: Audience = notices.audience if hasattr(notices, "audience") else notices.users
    for _ in range(500):
        if audience.size:
            return
        time.sleep(0.02)
    raise AssertionError("nobody listens")
