"""What comes for a picture: none, trouble, something else, or too much."""

from __future__ import annotations

import gzip

import pytest

from fullcredits.errors import Busy, Failed, Nonsense, Refused, SourceError, Unreachable
from fullcredits.sources import pictures
from fullcredits.sources.contract import Picture
from fullcredits.sources.trouble import TooMuch
from tests.contract.answering import closed_port, endless, said, scripted
from tests.contract.pictured import NOWHERE, open_to_the_world, refused, shown


@pytest.fixture
def public(monkeypatch: pytest.MonkeyPatch) -> None:
    open_to_the_world(monkeypatch)


@pytest.mark.parametrize("status", [403, 404, 410])
def test_there_is_none(public: None, status: int) -> None:
    with scripted(lambda request: said("gone", status, "text/plain")) as (address, app):
        assert shown(address, f"{address}/a.jpg") is None
        assert shown(NOWHERE, f"{address}/a.jpg") is None
    assert len(app.asked) == 2


@pytest.mark.parametrize(
    ("status", "own", "foreign"),
    [
        (401, Refused, Nonsense),
        (429, Busy, Busy),
        (500, Failed, Failed),
        (502, Unreachable, Unreachable),
        (503, Busy, Busy),
        (504, Unreachable, Unreachable),
    ],
)
def test_trouble(
    public: None, status: int, own: type[SourceError], foreign: type[SourceError]
) -> None:
    with scripted(lambda request: said("oops", status, "text/plain")) as (address, app):
        assert isinstance(refused(address, "/a.jpg"), own)
        assert type(refused(NOWHERE, f"{address}/a.jpg")) is foreign
    assert len(app.asked) == 2


def test_nobody_there(public: None) -> None:
    assert isinstance(refused(closed_port(), "/a.jpg"), Unreachable)
    assert isinstance(refused(NOWHERE, f"{closed_port()}/a.jpg"), Unreachable)


@pytest.mark.parametrize("base", [None, NOWHERE], ids=["own", "foreign"])
@pytest.mark.parametrize("kind", ["text/html", "application/octet-stream", ""])
def test_what_does_not_even_claim_to_be_a_picture(
    public: None, base: str | None, kind: str
) -> None:
    with scripted({"/a.jpg": said("<html>", kind=kind)}) as (address, _):
        error = refused(base or address, f"{address}/a.jpg")
    assert f"gave {kind or 'something'} for a picture" in str(error)


def test_nothing_at_all(public: None) -> None:
    with scripted({"/a.jpg": said(b"", kind="image/jpeg")}) as (address, _):
        assert shown(address, "/a.jpg") is None
        assert shown(NOWHERE, f"{address}/a.jpg") is None


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n"


@pytest.mark.parametrize("base", [None, NOWHERE], ids=["own", "foreign"])
def test_a_body_without_end_is_read_no_further_than_allowed(public: None, base: str | None) -> None:
    with endless(HEAD, b"\xff" * 1_000_000) as (address, sent):
        error = refused(base or address, f"{address}/a.jpg")
    assert isinstance(error, TooMuch)
    assert "more than 20 MB" in str(error)
    assert sum(sent) < 2 * pictures.MOST_BYTES


@pytest.mark.parametrize("base", [None, NOWHERE], ids=["own", "foreign"])
def test_a_body_that_drips_is_given_up(
    monkeypatch: pytest.MonkeyPatch, public: None, base: str | None
) -> None:
    monkeypatch.setattr(pictures, "WITHIN", 0.3)
    with endless(HEAD, b"\xff", pause=0.01) as (address, sent):
        error = refused(base or address, f"{address}/a.jpg")
    assert isinstance(error, TooMuch)
    assert sum(sent) < 1000


@pytest.mark.parametrize("base", [None, NOWHERE], ids=["own", "foreign"])
def test_a_packed_body_is_not_unpacked_beyond_what_is_allowed(
    public: None, base: str | None
) -> None:
    """A foreign one is not unpacked at all: it was asked for as it is."""
    packed = gzip.compress(bytes(pictures.MOST_BYTES + 1))
    bomb = said(packed, kind="image/jpeg", content_encoding="gzip")
    with scripted({"/a.jpg": bomb}) as (address, app):
        if base is None:
            assert isinstance(refused(address, "/a.jpg"), TooMuch)
        else:
            assert shown(base, f"{address}/a.jpg") == Picture(packed, "image/jpeg")
    assert app.asked[0].headers["accept-encoding"] == "identity"
