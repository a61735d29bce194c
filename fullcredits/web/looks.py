"""Choosing how pages look in one browser: dark or light, and whether spoilers are hidden."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from fastapi import Request
from starlette.responses import Response

from fullcredits.pages import addresses
from fullcredits.web.remembered import THEMES, Looks, current
from fullcredits.web.routing import Routes, Submitted, on_to, shown

routes = Routes()


@dataclass(frozen=True, slots=True)
class LooksPage:
    """What there is to choose, and the keys."""

    address: str
    heading: str
    themes: dict[str, str]


@routes.get("/look")
def look(request: Request) -> Response:
    """Choose how pages look."""
    return shown(request, "look.html", LooksPage(addresses.look(), "Look and keys", THEMES))


@routes.post("/look")
def remember(request: Request, form: Submitted) -> Response:
    """Remember what was chosen, and go back to where it was."""
    chosen = {name: form.values.get(name, now) for name, now in asdict(current()).items()}
    response = on_to(addresses.own(form["back"]) if form["back"] else addresses.look())
    for cookie in Looks.said(**chosen).cookies(secure=request.url.scheme == "https"):
        response.headers.append("Set-Cookie", cookie)
    return response
