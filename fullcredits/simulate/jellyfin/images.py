"""Pictures of items and persons; nobody is asked for a token."""

from __future__ import annotations

from email.utils import formatdate

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from fullcredits.simulate.drawn import Shape, Studio
from fullcredits.simulate.jellyfin.errors import Refused, as_json, problem
from fullcredits.simulate.jellyfin.ids import UNIX_EPOCH_TICKS
from fullcredits.simulate.jellyfin.library import Item, JellyfinLibrary, Person
from fullcredits.simulate.jellyfin.query import Arguments, read_guid

_FORMATS = {"jpg": ("JPEG", "image/jpeg"), "png": ("PNG", "image/png"),
            "webp": ("WEBP", "image/webp")}  # fmt: skip
_HUGE = 10_000


class Images:
    """The image endpoints of one server."""

    def __init__(self, library: JellyfinLibrary) -> None:
        self._library = library
        self._studio = Studio()

    async def of_item(self, request: Request) -> Response:
        """``/Items/{id}/Images/{type}``."""
        key = read_guid(request.path_params["id"]) or ""
        row = self._library.items.get(key) or self._library.persons.get(key)
        return await self._answer(request, row)

    async def of_person(self, request: Request) -> Response:
        """``/Persons/{name}/Images/{type}``."""
        name = request.path_params["name"]
        people = self._library.persons.values()
        found = next((p for p in people if p.name.lower() == name), None)
        return await self._answer(request, found)

    async def _answer(self, request: Request, row: Item | Person | None) -> Response:
        if row is None:
            raise Refused(problem(404))
        image = request.path_params["type"].capitalize()
        arguments = Arguments.of(request)
        headers = _headers(row, tagged=arguments.text("tag") is not None)
        if request.headers.get("If-Modified-Since") == headers["Last-Modified"]:
            return Response(b"", 304, headers)
        picture = await run_in_threadpool(self._picture, row, image)
        if picture is None:
            name = row.name if isinstance(row, Person) else row.work.title
            raise Refused(as_json(f"{name} does not have an image of type {image}", 404))
        wanted = (arguments.text("format") or "").lower()
        kind, media_type = _FORMATS.get(wanted, _FORMATS["jpg"])
        width, height = _size(arguments)
        data = picture
        if kind != "JPEG" or width < _HUGE or height < _HUGE:
            data = await run_in_threadpool(self._studio.resized, picture, width, height, kind)
        return Response(data, media_type=media_type, headers=headers)

    def _picture(self, row: Item | Person, image: str) -> bytes | None:
        if isinstance(row, Person):
            human = row.pictured if image == "Primary" else None
            return self._studio.portrait(human) if human else None
        work = row.work
        if image == "Backdrop" and work.kind in ("movie", "show"):
            return self._studio.work(work, "backdrop")
        if image != "Primary":
            return None
        shape: Shape = "still" if work.kind == "episode" else "poster"
        return self._studio.work(work, shape, row.series.work if row.series else None)


def _size(arguments: Arguments) -> tuple[int, int]:
    """The box to fit into; missing sides are no limit."""
    sides = []
    for side in ("Width", "Height"):
        asked = (arguments.number(f"{how}{side}") for how in ("max", "fill", ""))
        sides.append(min((n for n in asked if n and n > 0), default=_HUGE))
    return sides[0], sides[1]


def _headers(row: Item | Person, *, tagged: bool) -> dict[str, str]:
    when = row.saved if isinstance(row, Person) else row.created
    return {
        "Cache-Control": "public, max-age=31536000" if tagged else "public",
        "Last-Modified": formatdate((when - UNIX_EPOCH_TICKS) // 10_000_000, usegmt=True),
        "Vary": "Accept",
        "Content-Disposition": "attachment",
    }
