"""Pictures by number and width."""

from __future__ import annotations

from base64 import b64decode
from typing import Final, Protocol

from fastapi import Request
from starlette.responses import Response

from fullcredits.web.headers import FOREVER

MEDIA_TYPE: Final = "image/webp"

_FOR_GOOD = f"private, {FOREVER}"
_FOR_NOW = "private, max-age=600"
_FOR_A_MOMENT = "private, max-age=60"
_NOTHING = b64decode("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
"""One clear pixel: shown, it leaves the initials behind to be seen."""


class Picture(Protocol):
    """A picture ready to be sent: WebP."""

    @property
    def content(self) -> bytes:
        """The whole of it."""

    @property
    def etag(self) -> str:
        """As the header wants it, quotes included."""

    @property
    def lasting(self) -> bool:
        """The address will always mean this picture; else another stands in for it."""


class Pictures(Protocol):
    """Where pictures come from."""

    async def picture(self, image_id: int, width: int) -> Picture | None:
        """The picture, at most that wide; None for other widths than those of pages, and when
        there is none or it cannot be had now.
        """


async def picture(request: Request, image_id: int, width: int) -> Response:
    """Send a picture. One that cannot be had is asked for again after a while, not each time.

    Browsers, which ask for pictures by name, get a clear one then: they would show a sign for a
    broken one, and print an error. Whoever else asks is told 404.
    """
    pictures: Pictures = request.app.state.pictures
    found = await pictures.picture(image_id, width)
    if found is None:
        shown = "image/" in request.headers.get("accept", "")
        headers = {"Cache-Control": _FOR_A_MOMENT, "Vary": "Accept"}
        return Response(_NOTHING, 200 if shown else 404, headers, MEDIA_TYPE)
    headers = {"ETag": found.etag, "Cache-Control": _FOR_GOOD if found.lasting else _FOR_NOW}
    if request.headers.get("if-none-match") == found.etag:
        return Response(status_code=304, headers=headers)
    return Response(found.content, media_type=MEDIA_TYPE, headers=headers)
