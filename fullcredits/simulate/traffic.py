"""What went over the wire, and faults put in its way."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from email.utils import formatdate
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fullcredits.simulate.clock import Clock

Interfere = Callable[[ASGIApp], ASGIApp]
"""Makes of the server an app that answers one request in its place, with or without its help."""

Fault = Callable[[Request], Response | Interfere | None]


class Asked(NamedTuple):
    """One request that was answered: ``query`` as it stood in the URL, ``bytes`` of the body;
    ``beside`` others that were not yet answered when it came.
    """

    method: str
    path: str
    query: str
    status: int
    bytes: int
    beside: int


class Traffic:
    """Shared between a server's middleware and the tests that watch it.

    ``requests`` lists what was answered, in the order in which answers ended; a request that got
    no answer has the status 0. ``faults`` are tried in order before the server sees a request:
    the first that does not return None answers it, or changes how it is answered. ``delay`` is
    how many seconds every answer takes longer; ``underway`` requests have no answer yet. ``clock``
    dates the answers.
    """

    def __init__(self, faults: list[Fault] | None = None, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.requests: list[Asked] = []
        self.faults: list[Fault] = [] if faults is None else faults
        self.delay = 0.0
        self.underway = 0
        self.lock = threading.Lock()


class TrafficMiddleware:
    """Records every answer in a `Traffic` and lets its faults speak first."""

    def __init__(self, app: ASGIApp, traffic: Traffic) -> None:
        self._app = app
        self._traffic = traffic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; anything but HTTP passes through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, size = 0, 0

        async def counted(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                date = formatdate(self._traffic.clock.time(), usegmt=True)
                message = {**message, "headers": [*message["headers"], (b"date", date.encode())]}
            elif message["type"] == "http.response.body":
                size += len(message.get("body", b""))
            await send(message)

        traffic = self._traffic
        with traffic.lock:
            beside = traffic.underway
            traffic.underway += 1
        answer = self._answering(Request(scope))
        path, query = scope["path"], scope["query_string"].decode("latin-1")
        try:
            if traffic.delay:
                await asyncio.sleep(traffic.delay)
            await answer(scope, receive, counted)
        finally:
            with traffic.lock:
                traffic.underway -= 1
                asked = Asked(scope["method"], path, query, status, size, beside)
                traffic.requests.append(asked)

    def _answering(self, request: Request) -> ASGIApp:
        for fault in tuple(self._traffic.faults):
            found = fault(request)
            if isinstance(found, Response):
                return found
            if found is not None:
                return found(self._app)
        return self._app
