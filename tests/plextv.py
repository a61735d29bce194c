"""A small plex.tv: codes, accounts and the servers they may use, after the recorded answers."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

ACCOUNT = "acc0unt-t0ken"


class PlexTv:
    """An ASGI app; what it serves may be changed while it is served."""

    def __init__(self) -> None:
        self.servers: list[dict[str, Any]] = []
        self.user: dict[str, Any] = {"username": "anna", "title": "Anna", "restricted": False}
        self.account = ACCOUNT
        self.confirmed_after = 2
        """Looks after which the code is confirmed."""
        self.asked: list[Request] = []
        self._looks = 0

    def has(self, machine: str, token: str, *uris: str, **more: Any) -> None:
        """Let the account use a server at these addresses."""
        connections = [
            {
                "protocol": uri.partition(":")[0],
                "address": "127.0.0.1",
                "port": int(uri.rpartition(":")[2]),
                "uri": uri,
                "local": True,
                "relay": False,
                "IPv6": False,
            }
            for uri in uris
        ]
        self.servers.append(
            {
                "name": "Attic",
                "product": "Plex Media Server",
                "productVersion": "1.43.2.1-abc",
                "clientIdentifier": machine,
                "provides": "server",
                "ownerId": None,
                "sourceTitle": None,
                "accessToken": token,
                "owned": True,
                "httpsRequired": False,
                "publicAddressMatches": True,
                "connections": connections,
                **more,
            }
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        self.asked.append(request)
        await self._answer(request)(scope, receive, send)

    def _answer(self, request: Request) -> Response:
        if request.headers.get("accept") != "application/json":
            return Response("<xml/>", media_type="application/xml")
        if not request.headers.get("x-plex-client-identifier"):
            return JSONResponse({"errors": [{"code": 1000}]}, 400)
        path = request.url.path
        if path == "/api/v2/pins" and request.method == "POST":
            return JSONResponse(self._pin(), 201)
        if path == "/api/v2/pins/111222333":
            self._looks += 1
            return JSONResponse(self._pin())
        if path.startswith("/api/v2/pins"):
            return JSONResponse({"errors": [{"code": 1020, "message": "not found"}]}, 404)
        if request.headers.get("x-plex-token") != self.account:
            return JSONResponse({"errors": [{"code": 1001, "message": "no"}]}, 401)
        found = {"/api/v2/resources": self.servers, "/api/v2/user": self.user}
        return JSONResponse(found[path])

    def _pin(self) -> dict[str, Any]:
        confirmed = self._looks >= self.confirmed_after
        return {
            "id": 111222333,
            "code": "l0ng+code",
            "product": "0",
            "trusted": False,
            "clientIdentifier": "ClientId",
            "expiresIn": 900,
            "authToken": self.account if confirmed else None,
            "newRegistration": None,
        }
