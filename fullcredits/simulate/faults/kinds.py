"""The kinds of faults, by the names they have on the command line."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from fullcredits.simulate.faults import bodies, pictures, wire
from fullcredits.simulate.traffic import Interfere

Commit = Callable[[Request, int], Response | Interfere]
"""What to do to a request, and how often it was done to others before."""

LONGEST_LINE = 8 * 1024
_PORTAL = (
    "<!doctype html><html><head><title>Sign in</title></head><body><form action='/login' "
    "method='post'><input name='user'><input name='password' type='password'></form></body></html>"
)
_NOT_OPEN = '"user is not permitted to access Library Attic."'


def _answering(
    status: int, body: str = "", kind: str = "text/html", headers: dict[str, str] | None = None
) -> Commit:
    return lambda _request, _turn: Response(body, status, headers, kind)


def _bending(bend: Callable[[bytes, int], bytes]) -> Commit:
    return lambda _request, turn: wire.bent(lambda body: bend(body, turn))


def _wrong_type(_request: Request, _turn: int) -> Interfere:
    return wire.bent(lambda body: body, {"Content-Type": "text/plain; charset=utf-8"})


KINDS: dict[str, Commit] = {
    "time-out": lambda _request, _turn: wire.silent,
    "drip": lambda _request, _turn: wire.dripping,
    "reset-head": lambda _request, _turn: wire.reset_in_head,
    "reset-body": lambda _request, _turn: wire.reset_in_body,
    "truncated": _bending(bodies.truncated),
    "malformed": _bending(bodies.malformed),
    "wrong-type": _wrong_type,
    "xml": lambda _request, _turn: wire.unasked,
    "portal": _answering(200, _PORTAL),
    "to-web": lambda _request, _turn: RedirectResponse("/jellyfin/web/", 302),
    "starting": _answering(503, "<html>Starting up</html>", headers={"Retry-After": "005"}),
    "broken": _answering(500, "Error processing request.", "text/plain"),
    "unauthorised": _answering(401),
    "expired": _answering(498),
    "not-open": _answering(401, _NOT_OPEN, "application/json; charset=utf-8"),
    "too-long": _answering(414),
    "empty": _bending(bodies.empty),
    "missing": _bending(bodies.missing),
    "short": _bending(bodies.short),
    "repeated": _bending(bodies.repeated),
    "moving-total": _bending(bodies.moving),
    "huge-field": _bending(bodies.huge),
    "crowd": _bending(bodies.crowd),
    "odd-names": _bending(bodies.odd_names),
    "odd-addresses": _bending(bodies.odd_addresses),
    "no-names": _bending(bodies.no_names),
    "bad-values": _bending(bodies.bad_values),
    "long-keys": _bending(bodies.long_keys),
    "odd-pictures": pictures.odd,
}
"""``too-long`` strikes only request lines that are longer than the script's ``longest``."""
