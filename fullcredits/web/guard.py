"""Nothing is shown and nothing done for those who may not: before any route is reached.

Open is what the log-in page needs. Everything else needs a session where there is a password, and
where there is none, somebody at this machine.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fullcredits.access import Entrance
from fullcredits.errors import FullcreditsError
from fullcredits.pages import addresses
from fullcredits.pages.parts import Link
from fullcredits.web import visits
from fullcredits.web.errors import error_page
from fullcredits.web.reach import inside
from fullcredits.web.visits import Visit

LOG_IN = "/log-in"
_SAFE = ("GET", "HEAD", "OPTIONS")
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


class Guard:
    """Stands in front of all routes; knows for every request whose it is."""

    def __init__(self, app: ASGIApp, entrance: Entrance, *, alone: bool) -> None:
        self._app = app
        self._entrance = entrance
        self._alone = alone

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or not."""
        if scope["type"] != "http" or inside(scope).startswith("/static/"):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        if request.method not in _SAFE and not _is_from_here(request):
            refused = error_page(403, "Another site sent this: nothing was done.")
            await refused(scope, receive, send)
            return
        try:
            visit = await run_in_threadpool(self._visit, request)
        except FullcreditsError as error:
            await error_page(error.http_status, str(error))(scope, receive, send)
            return
        visits.begin(visit)

        async def send_more(message: Message) -> None:
            if message["type"] == "http.response.start":
                path = addresses.at("/")
                cookie = visit.cookie(path=path, secure=scope["scheme"] == "https")
                if cookie is not None:
                    MutableHeaders(scope=message).append("Set-Cookie", cookie)
            await send(message)

        answer = self._refusal(request, visit)
        await (answer or self._app)(scope, receive, send_more)

    def _visit(self, request: Request) -> Visit:
        token = visits.token_in(request.headers.get("cookie", ""))
        admission = self._entrance.admission(token)
        visit = Visit(token, admission.session, admission.guarded)
        if token and admission.renewed:
            visit.sign_in(token)
        return visit

    def _refusal(self, request: Request, visit: Visit) -> Response | None:
        if not visit.guarded:
            return self._unlocked(request.headers)
        if visit.session is not None or inside(request.scope) == LOG_IN:
            return None
        if "hx-request" in request.headers:
            shown = urlsplit(request.headers.get("hx-current-url", ""))
            log_in = _log_in(shown.path, shown.query)
            return Response(status_code=401, headers={"HX-Redirect": log_in})
        if request.method not in _SAFE or inside(request.scope).startswith("/image/"):
            came_from = urlsplit(request.headers.get("referer", ""))
            return error_page(
                401,
                "You are signed out, and nothing was done: sign in again, then do it once more.",
                Link("Sign in", _log_in(came_from.path or addresses.at("/"), came_from.query)),
            )
        query = request.scope["query_string"].decode("ascii", "replace")
        return RedirectResponse(_log_in(quote(request.scope["path"]), query), 302)

    def _unlocked(self, headers: Headers) -> Response | None:
        """Without a password, this machine's users only: not who comes through a proxy."""
        if self._alone and not any(name in headers for name in _FORWARDED):
            return None
        return error_page(
            403,
            "These pages can be reached from other machines, and they have no password yet: "
            "set one with “fullcredits password”.",
        )


def _is_from_here(request: Request) -> bool:
    """Whether a browser says that a page of ours sent the request."""
    headers = request.headers
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    # Browsers tell the other only over https. Without https here it may be that of a proxy that
    # does not say so.
    origin = urlsplit(headers.get("origin", ""))
    if request.url.scheme == "https" and origin.scheme != "https":
        return False
    return origin.netloc != "" and origin.netloc == headers.get("host")


def _log_in(path: str, query: str) -> str:
    """The log-in page that then goes on to an address."""
    wanted = f"{path}?{query}" if query else path
    return f"{addresses.at(LOG_IN)}?{urlencode({'next': wanted})}"
