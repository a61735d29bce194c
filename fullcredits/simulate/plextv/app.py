"""The addresses of plex.tv that a client asks on its way to a server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from fullcredits.simulate.faults import Faults
from fullcredits.simulate.plex.wire import record_xml
from fullcredits.simulate.plextv.account import DEFAULT_ACCOUNT_TOKEN, Account, Offered
from fullcredits.simulate.traffic import Traffic, TrafficMiddleware

_PAGE = """<!doctype html><meta charset="utf-8"><title>Sign in</title>
<h1>Let this program use your account?</h1>
<form method="post"><label>Code <input name="code" required></label> <button>Allow</button></form>
<script>
const code = new URLSearchParams(location.hash.replace(/^#\\?/, "")).get("code");
if (code) document.querySelector("input").value = code;
</script>"""
_NO_CLIENT = (1000, "X-Plex-Client-Identifier is missing")
_NOBODY = (1001, "User could not be authenticated")
_NO_CODE = (1020, "Code not found or expired")


def plextv_app(
    servers: Iterable[Offered] = (),
    *,
    token: str = DEFAULT_ACCOUNT_TOKEN,
    name: str = "owner",
    managed: bool = False,
) -> Starlette:
    """A pretend plex.tv with one account that may use these servers, ``managed`` or not.

    ``app.state.account`` (an `Account`) may be changed while it is served; it allows codes
    (`authorise`), as do people on the page ``/auth``. ``app.state.requests`` and
    ``app.state.faults`` are as those of the other servers.
    """
    account = Account(list(servers), name, managed, {token}, secret=token)
    traffic = Traffic(Faults())
    site = _Site(account)
    app = Starlette(
        routes=[
            Route("/api/v2/pins", site.begin, methods=["POST"]),
            Route("/api/v2/pins/{pin:int}", site.pin),
            Route("/api/v2/user", site.user),
            Route("/api/v2/resources", site.resources),
            Route("/auth", site.page, methods=["GET"]),
            Route("/auth", site.allow, methods=["POST"]),
        ],
        middleware=[Middleware(TrafficMiddleware, traffic=traffic)],
    )
    app.state.account = account
    app.state.requests = traffic.requests
    app.state.faults = traffic.faults
    return app


class _Site:
    """The endpoints."""

    def __init__(self, account: Account) -> None:
        self._account = account

    async def begin(self, request: Request) -> Response:
        """``POST /api/v2/pins``: a code; ``strong`` asks for a long one."""
        client = _told(request, "X-Plex-Client-Identifier")
        if not client:
            return _refused(request, 400, *_NO_CLIENT)
        strong = (_told(request, "strong") or "").lower() in ("true", "1")
        if not strong:
            form = parse_qs((await request.body()).decode("latin-1"))
            strong = form.get("strong", [""])[0].lower() in ("true", "1")
        product = _told(request, "X-Plex-Product") or "0"
        pin = self._account.begin(client, product, strong=strong)
        return _answer(request, "pin", pin.record(), 201)

    async def pin(self, request: Request) -> Response:
        """``GET /api/v2/pins/{id}``, by the client that began it, while the code lives."""
        pin = self._account.pins.get(request.path_params["pin"])
        if pin is None or pin.over or pin.client != _told(request, "X-Plex-Client-Identifier"):
            return _refused(request, 404, *_NO_CODE)
        return _answer(request, "pin", pin.record())

    async def user(self, request: Request) -> Response:
        """``GET /api/v2/user``: whether a token is good, and whose it is."""
        token = _told(request, "X-Plex-Token") or ""
        return self._not_let_in(request, token) or _answer(
            request, "user", self._account.user(token)
        )

    async def resources(self, request: Request) -> Response:
        """``GET /api/v2/resources``: servers with the ways to them."""
        token = _told(request, "X-Plex-Token") or ""
        refused = self._not_let_in(request, token)
        if refused:
            return refused
        wanted = {
            name: request.query_params.get(f"include{word}") == "1"
            for name, word in (("https", "Https"), ("relay", "Relay"), ("ipv6", "IPv6"))
        }
        rows = [server.record(**wanted) for server in self._account.servers]
        if _wants_json(request):
            return JSONResponse(rows)
        ways = [row | {"connections": {"connection": row["connections"]}} for row in rows]
        body = b"".join(record_xml("resource", row) for row in ways)
        return Response(b"<resources>" + body + b"</resources>", media_type="application/xml")

    async def page(self, _request: Request) -> Response:
        """``/auth``: where the browser is sent to; the code stands behind the ``#``."""
        return HTMLResponse(_PAGE)

    async def allow(self, request: Request) -> Response:
        """``POST /auth``: the owner says yes."""
        code = parse_qs((await request.body()).decode("latin-1")).get("code", [""])[0]
        if self._account.authorise(code.strip()):
            return HTMLResponse("<p>Done. You can close this window.</p>")
        return HTMLResponse("<p>There is no such code, or it is too old.</p>", 404)

    def _not_let_in(self, request: Request, token: str) -> Response | None:
        if token in self._account.expired:
            return _refused(request, 498, *_NOBODY)
        return None if self._account.knows(token) else _refused(request, 401, *_NOBODY)


def _told(request: Request, name: str) -> str | None:
    """A header, which may stand in the query too."""
    return request.headers.get(name) or request.query_params.get(name)


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


def _answer(request: Request, name: str, record: Mapping[str, Any], status: int = 200) -> Response:
    if _wants_json(request):
        return JSONResponse(dict(record), status)
    return Response(record_xml(name, record), status, media_type="application/xml")


def _refused(request: Request, status: int, code: int, message: str) -> Response:
    error = {"code": code, "message": message, "status": status}
    if _wants_json(request):
        return JSONResponse({"errors": [error]}, status)
    return Response(record_xml("error", error), status, media_type="application/xml")
