"""Where a server sends us on to: never gone to with a token, but often the right address."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urljoin, urlsplit, urlunsplit


class Redirect(NamedTuple):
    """What to make of a redirect."""

    reason: str
    """For the error, without anything behind the path."""
    right: str | None
    """The address that was meant, on the same host; None where the redirect tells of none."""


def read(base: str, path: str, location: str, status: int) -> Redirect:
    """A redirect that came for a path of the server at `base`.

    Servers below a prefix send who forgets it to their web client ("/jellyfin/web/"), proxies
    send http to https; both name the right address. Anything else is a log-in portal's.
    """
    try:
        to, own = urlsplit(urljoin(f"{base}{path}", location)), urlsplit(base)
        same_place = to.port == own.port or (own.scheme, to.scheme) == ("http", "https")
    except ValueError:
        location = ""
    if not location:
        return Redirect(f"sends us on to nowhere (HTTP {status})", None)
    shown = location.partition("?")[0].partition("#")[0]
    if to.hostname != own.hostname:
        there = f"{to.scheme}://{to.hostname}"
        return Redirect(f"sends us on to {there}: is a log-in portal in front?", None)
    prefix = _prefix(to.path, path, own.path)
    right = urlunsplit((to.scheme, to.netloc, prefix, "", "")) if same_place else None
    if to.scheme == "https" and own.scheme == "http":
        reason = f"sends us on to https: begin the address with https://{to.netloc}"
        return Redirect(reason, right)
    if prefix != own.path:
        return Redirect(f"sends us on to {shown}: add {prefix} to the address", right)
    return Redirect(f"sends us on to {shown}: is a log-in portal or proxy in front?", None)


def _prefix(to: str, asked: str, own: str) -> str:
    """The path below which the server seems to be; `own` where nothing new is learned."""
    before, web, _ = to.partition("/web")
    found = before if web else to.removesuffix(asked)
    return found if found and found != to else own
