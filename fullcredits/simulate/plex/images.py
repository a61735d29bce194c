"""Pictures: of items behind the token, of people in the open, and the resizing proxy."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from fullcredits.simulate.drawn import Shape, Studio
from fullcredits.simulate.plex.library import PlexLibrary

_JPEG = {"Cache-Control": "public, max-age=31536000"}


class Images:
    """Endpoints that answer with JPEG."""

    def __init__(self, library: PlexLibrary) -> None:
        self._library = library
        self._studio = Studio()

    async def item(self, request: Request) -> Response:
        """``/library/metadata/{key}/thumb|art/{stamp}``; any stamp gives the present picture."""
        return await self._item(request.path_params["key"], request.path_params["what"])

    async def person(self, request: Request) -> Response:
        """A portrait; real ones lie on a public host, so no token is asked for."""
        return await self._person(request.path_params["key"])

    async def transcode(self, request: Request) -> Response:
        """``/photo/:/transcode?url=…&width=…&height=…``: one of our own pictures, resized."""
        query = request.query_params
        parts = urlsplit(query["url"]).path.strip("/").split("/")
        if parts[:2] == ["library", "metadata"] and len(parts) == 5:
            picture = await self._item(int(parts[2]), parts[3])
        elif parts[0] == "people" and len(parts) == 2:
            picture = await self._person(parts[1].removesuffix(".jpg"))
        else:
            raise LookupError(query["url"])
        width, height = int(query["width"]), int(query["height"])
        data = await run_in_threadpool(
            self._studio.resized, bytes(picture.body), width, height, "JPEG"
        )
        return Response(data, media_type="image/jpeg", headers=_JPEG)

    async def _item(self, key: int, what: str) -> Response:
        item = self._library.items[key]
        if what not in ("thumb", "art"):
            raise LookupError(what)
        show = item.parent
        while show and show.parent:
            show = show.parent
        shape: Shape = "still" if item.work.kind == "episode" else "poster"
        if what == "art":
            shape = "backdrop"
        data = await run_in_threadpool(
            self._studio.work, item.work, shape, show.work if show else None
        )
        return Response(data, media_type="image/jpeg", headers=_JPEG)

    async def _person(self, key: str) -> Response:
        human = self._library.tags.by_key[key]
        if not human.portrait:
            raise LookupError(key)
        data = await run_in_threadpool(self._studio.portrait, human)
        return Response(data, media_type="image/jpeg", headers=_JPEG)
