"""Encoded answers: every item is worded and encoded once per shape and kept until it changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from fullcredits.simulate.plex import wire
from fullcredits.simulate.plex.dialect import Dialect
from fullcredits.simulate.plex.library import Item, PlexLibrary
from fullcredits.simulate.plex.records import full_record, listed_record

Head = dict[str, Any]

_HEADERS = {"X-Plex-Protocol": "1.0", "Cache-Control": "no-cache"}
_ERRORS = {
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    405: "Method Not Allowed",
}
_TO_SIGN_IN = (
    "<script>window.location = "
    r"window.location.href.match(/(^.+\/)[^\/]*$/)[1] + 'web/index.html';</script>"
)


def error(status: int, *, redirect: bool = False) -> Response:
    """An error as PMS words it: HTML, whatever was asked for.

    ``redirect`` adds the script that sends a browser which opened "/" to the sign-in page.
    """
    title = _ERRORS[status]
    script = _TO_SIGN_IN if redirect else ""
    body = (
        f"<html><head>{script}<title>{title}</title></head>"
        f"<body><h1>{status} {title}</h1></body></html>"
    )
    return Response(body, status, media_type="text/html", headers=dict(_HEADERS))


def wants_json(request: Request) -> bool:
    """PMS speaks XML unless JSON is asked for."""
    return _dialect(request).speaks_json and "application/json" in request.headers.get("accept", "")


def _dialect(request: Request) -> Dialect:
    found: Dialect = request.app.state.dialect
    return found


class Answers:
    """Words and encodes for one library."""

    def __init__(self, library: PlexLibrary) -> None:
        self._library = library
        self._kept: dict[tuple[object, ...], tuple[int, bytes]] = {}

    def full(self, request: Request, items: Iterable[Item]) -> list[bytes]:
        """Full records in the format that was asked for; honours ``excludeElements``."""
        origin = f"{request.url.scheme}://{request.url.netloc}"
        counts = _dialect(request).tag_counts
        named = request.query_params.get("excludeElements", "").split(",")
        left_out = tuple(sorted(named)) if _dialect(request).excludes else ()

        def word(item: Item) -> Mapping[str, Any]:
            record = full_record(self._library, item, origin, counts=counts)
            return {k: v for k, v in record.items() if k not in left_out or not _nested(v)}

        return self._encoded(items, ("full", origin, left_out), request, word)

    def listed(self, request: Request, items: Iterable[Item]) -> list[bytes]:
        """Listing records in the format that was asked for; honours ``includeGuids``."""
        guids = request.query_params.get("includeGuids") == "1"
        return self._encoded(
            items,
            ("listed", guids),
            request,
            lambda item: listed_record(self._library, item, guids=guids),
        )

    def _encoded(
        self,
        items: Iterable[Item],
        shape: tuple[object, ...],
        request: Request,
        word: Callable[[Item], Mapping[str, Any]],
    ) -> list[bytes]:
        rows = []
        json, worded = wants_json(request), _dialect(request).worded
        for item in items:
            place = (item.key, json, *shape)
            version, row = self._kept.get(place, (-1, b""))
            if version != item.version:
                record = word(item)
                row = (
                    wire.record_json(worded(record))
                    if json
                    else wire.record_xml("Metadata", record)
                )
                self._kept[place] = (item.version, row)
            rows.append(row)
        return rows


def container(
    request: Request,
    head: Head,
    rows: Sequence[bytes] = (),
    *,
    name: str = "Metadata",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A 200 answer around encoded rows, which must be in the format that was asked for."""
    if not _dialect(request).totals:
        head = {name: value for name, value in head.items() if name != "totalSize"}
        headers = {}
    if wants_json(request):
        dialect = _dialect(request)
        single = dialect.single_objects
        body = wire.container_json(dialect.worded(head), name, rows, single=single)
        media_type = "application/json"
    else:
        plain = {key: value for key, value in head.items() if not _nested(value)}
        nested = [
            wire.record_xml(key, child)
            for key, value in head.items()
            if _nested(value)
            for child in (value if isinstance(value, list) else [value])
        ]
        body, media_type = wire.container_xml(plain, [*nested, *rows]), "text/xml;charset=utf-8"
    return Response(body, media_type=media_type, headers=_HEADERS | dict(headers or {}))


def encoded(request: Request, name: str, records: Iterable[Mapping[str, Any]]) -> list[bytes]:
    """Small records of other kinds, encoded without being kept."""
    if wants_json(request):
        worded = _dialect(request).worded
        return [wire.record_json(worded(record)) for record in records]
    return [wire.record_xml(name, record) for record in records]


def _nested(value: object) -> bool:
    return isinstance(value, list | dict)
