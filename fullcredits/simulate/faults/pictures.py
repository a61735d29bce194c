"""Faults of pictures: dead ones, and what is none although it says so."""

from __future__ import annotations

import asyncio
import functools
import gzip
import re
import struct
import zlib
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from fullcredits.simulate.faults.wire import until_left
from fullcredits.simulate.traffic import Interfere

_PICTURE = re.compile(r"/images/|/(?:thumb|art)/|^/people/[^/]+\.jpg$", re.IGNORECASE)
_SVG = (
    "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'>"
    "<script>alert(1)</script><image href='http://127.0.0.1/'/></svg>"
)
_HTML = "<!doctype html><script>alert(1)</script><title>Not found</title>"
_INSIDE = "http://127.0.0.1:9/admin/delete?all=true"
_BOMB_SIDE = 30_000
_CHUNK = b"\xff" * 65_536


def odd(request: Request, turn: int) -> Response | Interfere:
    """Of requests for pictures each gets another oddity, in turn; other requests pass."""
    if not _PICTURE.search(request.url.path):
        return lambda app: app
    return ODDITIES[list(ODDITIES)[turn % len(ODDITIES)]]()


@functools.cache
def bomb() -> bytes:
    """A PNG of a few kilobytes that unpacks to 2.7 GB."""
    header = struct.pack(">IIBBBBB", _BOMB_SIDE, _BOMB_SIDE, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(name, body) for name, body in ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    )


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def endless(_app: ASGIApp) -> ASGIApp:
    """Send for ever; ends when the client gives up."""

    async def answer(_scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"image/jpeg")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        left = asyncio.ensure_future(until_left(receive))
        while not left.done():
            await send({"type": "http.response.body", "body": _CHUNK, "more_body": True})
            await asyncio.sleep(0)

    return answer


@functools.cache
def packed_bomb() -> bytes:
    """64 MB, packed into some kilobytes."""
    return gzip.compress(bytes(64 * 2**20))


def _saying(
    body: bytes | str, kind: str = "image/jpeg", status: int = 200
) -> Callable[[], Response]:
    return lambda: Response(body, status, media_type=kind)


ODDITIES: dict[str, Callable[[], Response | Interfere]] = {
    "gone": _saying('"It does not have an image of type Primary"', "application/json", 404),
    "broken": _saying("Error processing request.", "text/plain", 500),
    "forbidden": _saying("", "text/plain", 403),
    "svg": _saying(_SVG, "image/svg+xml"),
    "html": _saying(_HTML, "text/html"),
    "lying svg": _saying(_SVG),
    "lying html": _saying(_HTML),
    "nothing": _saying(b""),
    "cut off": _saying(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01"),
    "bomb": lambda: Response(bomb(), media_type="image/png"),
    "packed bomb": lambda: Response(
        packed_bomb(), headers={"Content-Encoding": "gzip"}, media_type="image/jpeg"
    ),
    "endless": lambda: endless,
    "led inside": lambda: RedirectResponse(_INSIDE, 302),
}
"""What a picture's address may give that is no picture."""
