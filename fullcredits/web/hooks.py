"""Webhooks of Plex: somebody says that something was added. A hint, never believed for content.

Plex signs nothing and knows no password of ours, so the address has a part that cannot be guessed;
whoever knows it can make us look at a server of ours again, and nothing else.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from fullcredits.model import SourceKind
from fullcredits.store import Store, sources
from fullcredits.web.keeping import Keeping, keeping
from fullcredits.web.reach import inside

PATH = "/hook/"
_MOST_BYTES = 8 * 2**20
"""A message with its picture."""
_NEWS = frozenset({"library.new"})
"""The rest tells of who watches what."""


class Hooks:
    """Takes the messages; everything else is passed on."""

    def __init__(self, app: ASGIApp, store: Store, word: Callable[[], str]) -> None:
        self._app = app
        self._store = store
        self._word = word

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one message, or pass a request on."""
        if scope["type"] != "http" or not inside(scope).startswith(PATH):
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        answer = Response(status_code=await self._taken(request))
        await answer(scope, receive, send)

    async def _taken(self, request: Request) -> int:
        given = inside(request.scope).removeprefix(PATH)
        if not hmac.compare_digest(given.encode(), self._word().encode()):
            return 404
        if request.method != "POST":
            return 405
        body = bytearray()
        try:
            async for part in request.stream():
                body += part
                if len(body) > _MOST_BYTES:
                    return 413
        except ClientDisconnect:
            return 400
        told = _payload(request.headers.get("content-type", ""), bytes(body))
        if told is None:
            return 400
        if told.get("event") in _NEWS:
            await run_in_threadpool(self._pass_on, told, keeping(request))
        return 204

    def _pass_on(self, told: dict[str, Any], keeping: Keeping) -> None:
        """To who keeps the server in step that it is from."""
        server, title = told.get("Server"), told.get("Metadata")
        machine = server.get("uuid") if isinstance(server, dict) else None
        key = title.get("ratingKey") if isinstance(title, dict) else None
        keys = [str(key)] if isinstance(key, str | int) else []
        with self._store.reading() as db:
            rows = sources.list_sources(db)
        for row in rows:
            if row.kind is SourceKind.PLEX and machine and row.server_id == machine:
                keeping.tell(row.id, keys)


def _payload(kind: str, body: bytes) -> dict[str, Any] | None:
    """The JSON in the part `payload` of a form; None where there is none."""
    head = f"Content-Type: {kind}\r\n\r\n".encode("ascii", "replace")
    form = BytesParser(policy=HTTP).parsebytes(head + body)
    for part in form.iter_parts() if form.is_multipart() else ():
        if part.get_param("name", header="content-disposition") != "payload":
            continue
        content = part.get_payload(decode=True)
        try:
            told = json.loads(content if isinstance(content, bytes) else b"")
        except (ValueError, RecursionError):
            return None
        return told if isinstance(told, dict) else None
    return None
