"""Bad input and broken servers: one clear sentence, an exit code, and what was synced stays."""

from __future__ import annotations

import re
import socket

import pytest
from sqlalchemy import func, select
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

from fullcredits.model import SourceKind
from fullcredits.store.schema import media_items, media_people
from tests.sync.conftest import Simulated
from tests.sync.household import Household, asked
from tests.sync.scene import KINDS, WRONG_TOKEN, Scene, fails
from tests.sync.twisting import asks_records

pytestmark = pytest.mark.usefixtures("no_pause")


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_token(
    sqlite_house: Household, attic: Simulated, cabin: Simulated, kind: SourceKind
) -> None:
    address = attic.address if kind is SourceKind.PLEX else cabin.address
    sqlite_house.add("Shelf", kind, address, WRONG_TOKEN)
    fails(sqlite_house, "Shelf", 4, "refuses our token", "sign in again")


@pytest.mark.parametrize("kind", KINDS)
def test_a_port_where_nothing_listens(sqlite_house: Household, kind: SourceKind) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        sqlite_house.add("Shelf", kind, address)
        fails(sqlite_house, "Shelf", 3, f"nothing listens at {address}", "port")


def test_a_web_page_where_json_is_due(scene: Scene) -> None:
    scene.fault(lambda _: HTMLResponse("<!doctype html><title>Log in</title>"))
    fails(scene.house, "Shelf", 3, "a web page, not JSON", "portal or proxy")


def test_a_server_of_the_other_kind(
    sqlite_house: Household, attic: Simulated, cabin: Simulated
) -> None:
    sqlite_house.add("One", SourceKind.JELLYFIN, attic.address)
    fails(sqlite_house, "One", 3, "is a Plex server, not a Jellyfin", "source add")
    sqlite_house.add("Other", SourceKind.PLEX, cabin.address)
    fails(sqlite_house, "Other", 3, "is a Jellyfin server, not a Plex", "source add")


def test_a_token_that_is_withdrawn_between_two_runs(scene: Scene) -> None:
    assert scene.sync().state == "done"
    before = scene.stored()
    scene.fault(lambda _: Response(status_code=401))
    fails(scene.house, "Shelf", 4, "sign in again")
    assert scene.stored() == before
    scene.mend()
    assert scene.sync().state == "done"


class BrokenOff(Response):
    """Begins an answer and stops in the middle of it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"application/json"), (b"content-length", b"1000")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"Items":[', "more_body": True})


@pytest.mark.parametrize("broken", [BrokenOff(), Response(status_code=503)])
def test_a_server_that_stops_halfway(scene: Scene, broken: Response) -> None:
    """What came is stored and decided; the next run asks for the rest only."""
    answered = 0

    def stop(request: Request) -> Response | None:
        nonlocal answered
        answered += asks_records(request)
        return broken if answered > 1 else None

    scene.fault(stop)
    fails(scene.house, "Shelf", 3)
    scene.mend()
    half, whole = scene.stored(), scene.served()
    assert 0 < half.total() < whole.total()
    assert half <= whole
    nobody = select(func.count()).where(media_people.c.person_id.is_(None))
    assert scene.house.rows(nobody) == [(0,)]
    read = {
        row.key
        for row in scene.house.rows(
            select(media_items.c.key).where(media_items.c.read_at.is_not(None))
        )
    }
    with asked(scene.server.app) as paths:
        assert scene.sync().state == "done"
    records = [p for p in paths if "/library/metadata/" in p or "&ids=" in p]
    assert records
    assert not read & {key for path in records for key in re.split(r"[,/?&=]", path)}
    assert scene.stored() == whole
