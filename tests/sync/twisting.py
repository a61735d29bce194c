"""A simulated server whose JSON answers are changed on their way out."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Message, Receive, Scope, Send

Twist = Callable[[Request, Any], None]
"""Given a request and the decoded answer, which it may change in place."""


class Twisting:
    """Lets `twist` at every JSON answer of an application, if there is one now."""

    def __init__(self, app: Starlette) -> None:
        self.app = app
        self.twist: Twist | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        twist = self.twist
        if twist is None:
            await self.app(scope, receive, send)
            return
        sent: list[Message] = []

        async def keep(message: Message) -> None:
            sent.append(message)

        await self.app(scope, receive, keep)
        body = b"".join(message.get("body", b"") for message in sent)
        if not body.startswith((b"{", b"[")):
            for message in sent:
                await send(message)
            return
        content = json.loads(body)
        twist(Request(scope), content)
        clock = {"Date": told} if (told := Headers(raw=sent[0]["headers"]).get("date")) else None
        await JSONResponse(content, sent[0]["status"], clock)(scope, receive, send)


def asks_records(request: Request) -> bool:
    """Whether full records are asked for."""
    return "/library/metadata/" in request.url.path or "ids" in request.query_params


def keys_of(request: Request) -> set[str]:
    """Whose full records are asked for."""
    if "ids" in request.query_params:
        return set(request.query_params["ids"].split(","))
    return set(request.url.path.rpartition("/")[2].split(","))


def rows_of(content: Any) -> list[dict[str, Any]]:
    """The titles (or libraries, or persons) in an answer of either kind; may be changed."""
    if not isinstance(content, dict):
        return []
    holder = content.get("MediaContainer", content)
    rows: list[dict[str, Any]] = holder.get("Metadata", holder.get("Items", []))
    return rows


def key_of(row: dict[str, Any]) -> str:
    """A row's key on its server."""
    return str(row.get("ratingKey") or row.get("Id"))
