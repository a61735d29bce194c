"""What one browser remembers of how pages look: dark or light, and whether spoilers are hidden.

Both are in cookies that say nothing else, so they hold without JavaScript and without being
signed in.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from http.cookies import SimpleCookie

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Receive, Scope, Send

from fullcredits.pages import addresses, spoilers

THEMES = {"": "As this device has it", "light": "Light", "dark": "Dark"}
_HIDE = "hide"
_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Looks:
    """As remembered; what makes no sense is not."""

    theme: str = ""
    """A key of THEMES."""
    spoilers: str = ""
    """"hide", or "" to tell everything."""

    @classmethod
    def said(cls, theme: str, spoilers: str) -> Looks:
        """What of it makes sense."""
        return cls(theme if theme in THEMES else "", spoilers if spoilers == _HIDE else "")

    def cookies(self, *, secure: bool) -> list[str]:
        """The headers that make a browser remember them."""
        made = []
        for name, value in (("theme", self.theme), ("spoilers", self.spoilers)):
            cookie: SimpleCookie = SimpleCookie({name: value})
            morsel = cookie[name]
            morsel["path"], morsel["samesite"], morsel["httponly"] = addresses.at("/"), "Lax", True
            morsel["secure"] = secure
            morsel["max-age"] = _YEAR if value else 0
            made.append(morsel.OutputString())
        return made


_USUAL = Looks()
_current: ContextVar[Looks] = ContextVar("looks", default=_USUAL)


def current() -> Looks:
    """Of the browser whose request is being answered."""
    return _current.get()


_origin: ContextVar[str] = ContextVar("origin", default="")


def origin() -> str:
    """As which site the browser knows us: "https://films.example"."""
    return _origin.get()


class Remembered:
    """Reads from every request what its browser remembers, and as whom it knows us."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            cookies = cookie_parser(headers.get("cookie", ""))
            looks = Looks.said(cookies.get("theme", ""), cookies.get("spoilers", ""))
            _current.set(looks)
            _origin.set(f"{scope['scheme']}://{headers.get('host', '')}")
            spoilers.hide(hidden=looks.spoilers == _HIDE)
        await self._app(scope, receive, send)
