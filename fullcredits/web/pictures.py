"""Pictures by number and width."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path
from typing import Protocol

from fastapi import Request
from starlette.responses import FileResponse, Response

from fullcredits.pages.parts import WIDTHS
from fullcredits.web.headers import FOREVER

_NOTHING = b64decode("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
"""One clear pixel: browsers show it in place of their sign for a broken picture, so the initials
behind stay to be seen."""


class Picture(Protocol):
    """A picture ready to be sent."""

    @property
    def path(self) -> Path:
        """The file it is in."""

    @property
    def etag(self) -> str:
        """As the header wants it, quotes included."""

    @property
    def media_type(self) -> str:
        """Such as "image/webp"."""


class Pictures(Protocol):
    """Where pictures come from."""

    async def picture(self, image_id: int, width: int) -> Picture | None:
        """The picture, at most that wide; None when there is none or it cannot be had now."""


async def picture(request: Request, image_id: int, width: int) -> Response:
    """Send a picture. One that cannot be had is asked for again after a while, not each time."""
    pictures: Pictures = request.app.state.pictures
    found = await pictures.picture(image_id, width) if width in WIDTHS else None
    if found is None:
        headers = {"Cache-Control": "max-age=600"}
        return Response(_NOTHING, status_code=404, headers=headers, media_type="image/webp")
    headers = {"ETag": found.etag, "Cache-Control": f"private, {FOREVER}"}
    if request.headers.get("if-none-match") == found.etag:
        return Response(status_code=304, headers=headers)
    return FileResponse(found.path, media_type=found.media_type, headers=headers)
