"""Addresses as people give them: the prefix or the https they forgot is found out."""

from __future__ import annotations

import asyncio
import threading

import pytest
from starlette.requests import Request
from starlette.responses import Response

from fullcredits.errors import Nonsense
from fullcredits.model import SourceKind
from fullcredits.sources import probe, redirects, server_at
from fullcredits.sources.trouble import Moved, TooSlow
from tests.contract.answering import Answer, said, scripted

INFO = {"Id": "9", "ServerName": "C", "Version": "12.0.0", "ProductName": "Jellyfin Server"}


def below(prefix: str) -> Answer:
    """A Jellyfin with a base path, which sends all else to its web client."""

    def answer(request: Request) -> Response:
        path = request.url.path
        if path == f"{prefix}/System/Info/Public":
            return said(INFO)
        if path.startswith(f"{prefix}/"):
            return said("", 404, "")
        return said("", 302, "", location=f"{prefix}/web/")

    return answer


@pytest.mark.parametrize("typed", ["", "/", "/web", "/web/index.html#!/home.html", "/jelly/web/"])
def test_a_forgotten_prefix_is_found_out(typed: str) -> None:
    with scripted(below("/jelly")) as (address, app):
        found = asyncio.run(server_at(f"{address}{typed}"))
    assert found is not None
    assert (found.kind, found.address) == (SourceKind.JELLYFIN, f"{address}/jelly")
    assert found.server_id == "9"
    assert not any(path.endswith("/web/") for path in app.paths)
    for request in app.asked:
        assert not {"authorization", "x-plex-token"} & set(request.headers)


def test_who_does_not_answer_is_not_waited_for_as_long_as_a_sync_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Somebody sits there and waits; all that is asked is who it is."""
    monkeypatch.setattr(probe, "SMALL", 0.2)
    enough = threading.Event()

    def never(_: Request) -> Response:
        enough.wait(60)
        return said(INFO)

    with scripted(never) as (address, app):
        with pytest.raises(TooSlow, match="may be busy"):
            asyncio.run(server_at(address))
        enough.set()
    assert len(app.asked) == 1


def test_redirects_that_go_round_are_followed_no_further() -> None:
    def answer(request: Request) -> Response:
        first = request.url.path.split("/")[1]
        return said("", 302, "", location=f"/{'b' if first == 'a' else 'a'}/web/")

    with scripted(answer) as (address, app):
        with pytest.raises(Moved):
            asyncio.run(server_at(address))
        assert len(app.asked) <= 10


def test_a_portal_on_another_host_is_never_asked() -> None:
    with scripted({}) as (elsewhere, portal):
        there = elsewhere.replace("127.0.0.1", "localhost")
        moved = said("", 302, "", location=f"{there}/login?token=abc")
        with scripted(lambda request: moved) as (address, _):
            with pytest.raises(Nonsense, match="is a log-in portal in front") as portal_found:
                asyncio.run(server_at(address))
            assert "abc" not in str(portal_found.value)
        assert portal.asked == []


BASE = "http://nas:8096"


@pytest.mark.parametrize(
    ("base", "location", "right"),
    [
        (BASE, "/jelly/web/", f"{BASE}/jelly"),
        (BASE, "/jelly/web/index.html", f"{BASE}/jelly"),
        (BASE, f"{BASE}/media/x", f"{BASE}/media"),
        (BASE, "https://nas/x", "https://nas"),
        (BASE, "https://nas:8920/jelly/web/", "https://nas:8920/jelly"),
        (f"{BASE}/old", "/new/web/", f"{BASE}/new"),
        (BASE, "/web/", None),
        (BASE, "/x", None),
        (BASE, "/login", None),
        (BASE, "http://nas:9091/portal/x", None),
        ("https://nas", "http://nas/x", None),
        (BASE, "https://elsewhere/x", None),
        (BASE, "", None),
        (BASE, "http://[broken", None),
    ],
)
def test_what_a_redirect_tells(base: str, location: str, right: str | None) -> None:
    told = redirects.read(base, "/x", location, 302)
    assert told.right == right
    assert told.reason.startswith("sends us on to ")
