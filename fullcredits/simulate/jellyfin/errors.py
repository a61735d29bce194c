"""Refusals as ASP.NET and Jellyfin's own middleware word them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

import msgspec
from starlette.responses import Response

_JSON = "application/json; charset=utf-8"
_SECTIONS = {400: "15.5.1", 404: "15.5.5"}
_TITLES = {400: "Bad Request", 404: "Not Found"}


class Refused(Exception):
    """Ends the handling of a request with an answer.

    Raised where the fault is found; the outermost handler sends ``answer``.
    """

    def __init__(self, answer: Response) -> None:
        super().__init__(answer.status_code)
        self.answer = answer


def as_json(value: object, status: int = 200) -> Response:
    """A JSON answer with the headers of the real one."""
    return json_bytes(msgspec.json.encode(value), status)


def json_bytes(body: bytes, status: int = 200) -> Response:
    """A JSON answer of encoded bytes."""
    return Response(body, status, {"Content-Type": _JSON, "Vary": "Accept-Encoding"})


def empty(status: int) -> Response:
    """No body at all: 401 and 403 of the gate, 404 of an unknown path, 414."""
    return Response(b"", status)


def failed(status: int) -> Response:
    """An exception inside the server: the same text whatever went wrong."""
    return Response("Error processing request.", status, {"Content-Type": "text/plain"})


def problem(status: int, errors: Mapping[str, list[str]] | None = None) -> Response:
    """Problem details, sent as plain application/json; ``errors`` for arguments of wrong form."""
    title = "One or more validation errors occurred." if errors else _TITLES[status]
    body: dict[str, object] = {
        "type": f"https://tools.ietf.org/html/rfc9110#section-{_SECTIONS[status]}",
        "title": title,
        "status": status,
    }
    if errors:
        body["errors"] = errors
    body["traceId"] = f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-00"
    return as_json(body, status)


def invalid(name: str, value: str) -> Refused:
    """An argument whose value has the wrong form."""
    return Refused(problem(400, {name: [f"The value '{value}' is not valid."]}))
