"""Faults below JSON: answers that never come, break off, or are bent on their way."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable, Mapping
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fullcredits.simulate.traffic import Interfere

PAUSE = 0.1
"""Seconds between the bytes of an answer that drips."""
_RESET = struct.pack("ii", 1, 0)


def silent(_app: ASGIApp) -> ASGIApp:
    """Never answer; ends when the client gives up."""

    async def answer(_scope: Scope, receive: Receive, _send: Send) -> None:
        await until_left(receive)

    return answer


def dripping(app: ASGIApp) -> ASGIApp:
    """Give the real answer byte by byte, with pauses; ends when the client gives up."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        start, body = await _answered(app, scope, receive)
        await send(start)
        left = asyncio.ensure_future(until_left(receive))
        for at in range(len(body)):
            await send({"type": "http.response.body", "body": body[at : at + 1], "more_body": True})
            if (await asyncio.wait({left}, timeout=PAUSE))[0]:
                return
        await send({"type": "http.response.body", "body": b""})

    return answer


def reset_in_head(_app: ASGIApp) -> ASGIApp:
    """Reset the connection instead of answering."""

    async def answer(_scope: Scope, receive: Receive, _send: Send) -> None:
        _reset(receive)
        await until_left(receive)

    return answer


def reset_in_body(app: ASGIApp) -> ASGIApp:
    """Reset the connection after half of the real answer."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        start, body = await _answered(app, scope, receive)
        await send(start)
        half = body[: len(body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        _reset(receive)
        await until_left(receive)

    return answer


def unasked(app: ASGIApp) -> ASGIApp:
    """As a proxy that drops the `Accept` header: a Plex then speaks XML."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(name, value) for name, value in scope["headers"] if name != b"accept"]
        await app({**scope, "headers": headers}, receive, send)

    return answer


def bent(bend: Callable[[bytes], bytes], headers: Mapping[str, str] | None = None) -> Interfere:
    """The real answer with another body, where it is a 200; ``headers`` replace its own."""

    def around(app: ASGIApp) -> ASGIApp:
        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            start, body = await _answered(app, scope, receive)
            if start["status"] == 200:
                body = bend(body)
                told = MutableHeaders(raw=start["headers"])
                told.update({"Content-Length": str(len(body)), **(headers or {})})
            await send(start)
            await send({"type": "http.response.body", "body": body})

        return answer

    return around


async def _answered(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[dict[str, Any], bytes]:
    """What the server says: the message that starts its answer, and the whole body."""
    start: dict[str, Any] = {}
    body = bytearray()

    async def keep(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message, headers=list(message["headers"]))
        else:
            body.extend(message.get("body", b""))

    await app(scope, receive, keep)
    return start, bytes(body)


async def until_left(receive: Receive) -> None:
    """Wait until the client goes away."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _reset(receive: Receive) -> None:
    """Close the connection with a reset.

    Raises:
        TypeError: not served by uvicorn, whose ``receive`` alone knows the connection.

    """
    cycle = getattr(receive, "__self__", None)
    if cycle is None:
        raise TypeError("only uvicorn's connections can be reset")
    transport = cycle.transport
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    transport.abort()
