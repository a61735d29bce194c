"""A server that is not there yet: what it answers, stage by stage, before it is ready."""

from __future__ import annotations

import time
from typing import Literal

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from fullcredits.simulate.jellyfin import documents
from fullcredits.simulate.jellyfin.dialect import Dialect
from fullcredits.simulate.jellyfin.errors import as_json
from fullcredits.simulate.jellyfin.library import JellyfinLibrary

Stage = Literal["setup", "half", "ready"]
_PAGE = "<html><body>Server is starting up</body></html>"
_PUBLIC = "/system/info/public"


class Startup:
    """In which stage the server is.

    ``setup``: 503 for everything. ``half``: /System/Info/Public is answered in camel case and
    speaks of an unfinished wizard, which is not true. Set ``stage``, or let it pass by itself.
    """

    def __init__(self) -> None:
        self._stage: Stage = "ready"
        self._half_at = self._ready_at = 0.0

    @property
    def stage(self) -> Stage:
        """Where we are now."""
        now = time.monotonic()
        if now < self._half_at:
            return "setup"
        return "half" if now < self._ready_at else self._stage

    @stage.setter
    def stage(self, stage: Stage) -> None:
        self._half_at = self._ready_at = 0.0
        self._stage = stage

    def begin(self, seconds: float) -> None:
        """Start anew: four fifths of the time in ``setup``, the rest in ``half``."""
        now = time.monotonic()
        self._stage = "ready"
        self._half_at, self._ready_at = now + seconds * 0.8, now + seconds


class StartupMiddleware:
    """Answers in the place of a server that is not ready."""

    def __init__(
        self, app: ASGIApp, startup: Startup, library: JellyfinLibrary, dialect: Dialect
    ) -> None:
        self._app = app
        self._startup = startup
        self._library = library
        self._dialect = dialect

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        stage = self._startup.stage
        if scope["type"] != "http" or stage == "ready":
            await self._app(scope, receive, send)
            return
        answer = self._answer(scope["path"].lower(), stage, _address(scope))
        await answer(scope, receive, send)

    def _answer(self, path: str, stage: Stage, address: str) -> Response:
        if path == _PUBLIC and stage == "half":
            told = documents.public_info(self._library, self._dialect.version, address)
            told["StartupWizardCompleted"] = False
            return as_json({name[0].lower() + name[1:]: value for name, value in told.items()})
        wait = {"Retry-After": "005"} if self._dialect.setup_server else {}
        if path == "/health":
            return Response("Degraded", media_type="text/plain")
        if path == _PUBLIC and self._dialect.setup_server:
            return Response(b"", 503, wait)
        return Response(_PAGE, 503, wait, "text/html")


def _address(scope: Scope) -> str:
    host, port = scope.get("server") or ("127.0.0.1", 8096)
    return f"http://{host}:{port}"
