"""plex.tv: signing in by a code, and which servers an account may use.

The address of plex.tv is a setting, so that another may stand in for it. Functions take a
connection to it: without a token for the code, with the account's token for the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote

import msgspec
from msgspec import Struct, field

from fullcredits.errors import Nonsense, Refused
from fullcredits.sources.decoding import Key, Line, Scalar, decode
from fullcredits.sources.http import Http
from fullcredits.sources.plex.wire import listed
from fullcredits.sources.values import whole, words

_PINS = "/api/v2/pins"
_MINUTES_15 = 900


class _Pin(Struct, rename="camel"):
    id: Key
    code: Line
    expires_in: Scalar = None
    auth_token: Line | None = None


class _Connection(Struct, rename="camel"):
    uri: Line = ""
    address: Line = ""
    port: Scalar = None
    local: Scalar = False
    relay: Scalar = False


class _Resource(Struct, rename="camel"):
    client_identifier: Line
    name: Scalar = None
    provides: Line = ""
    owned: Scalar = False
    source_title: Scalar = None
    access_token: Line | None = None
    product_version: Scalar = None
    https_required: Scalar = False
    public_address_matches: Scalar = False
    connections: list[_Connection] | _Connection | None = field(default=None)


class _User(Struct, rename="camel"):
    username: Scalar = None
    title: Scalar = None
    restricted: Scalar = False


class Pin(NamedTuple):
    """A code that waits for its user."""

    id: str
    code: str
    page: str
    """Where the user signs in and confirms it."""
    seconds: int
    """How long it is good for."""


class PlexServer(NamedTuple):
    """A server an account may use."""

    id: str
    """`machineIdentifier`."""
    name: str
    token: str
    """For this server only."""
    owner: str | None
    """Whose server it is; None for the account's own."""
    version: str
    ways: tuple[str, ...]
    """Addresses in the order to be tried: in the same network, then from outside."""
    relays: tuple[str, ...]
    """Through plex.tv's own relay, slow: when nothing else works."""


class Account(NamedTuple):
    """Whose token it is."""

    name: str
    managed: bool
    """One of a Plex Home's, with restrictions: titles may be hidden."""


async def begin_pin(http: Http, website: str, client_id: str) -> Pin:
    """Ask for a code. `website` is where its user is sent to (app.plex.tv)."""
    content = await http.post(_PINS, params={"strong": "true"})
    assert content is not None
    pin = decode(http.name, content, _Pin)
    _sayable(http, pin.code)
    told = {"clientID": client_id, "code": pin.code, "context[device][product]": "Fullcredits"}
    query = "&".join(f"{quote(key)}={quote(value, safe='')}" for key, value in told.items())
    page = f"{website.rstrip('/')}/auth#?{query}"
    return Pin(str(pin.id), pin.code, page, whole(pin.expires_in) or _MINUTES_15)


async def end_pin(http: Http, pin_id: str) -> str | None:
    """The account's token, once its user confirmed the code; None until then.

    Raises Refused for a code too old.
    """
    content = await http.find(f"{_PINS}/{quote(pin_id, safe='')}")
    if content is None:
        raise Refused(http.name, "the code is no longer valid: begin again")
    token = decode(http.name, content, _Pin).auth_token or None
    _sayable(http, token or "")
    return token


def _sayable(http: Http, code: str) -> None:
    if not code.isprintable():
        raise Nonsense(http.name, "gave a code that nobody could send back")


async def account(http: Http) -> Account:
    """Whose token it is. Raises Refused for one that is withdrawn or too old."""
    user = decode(http.name, await http.get("/api/v2/user"), _User)
    return Account(words(user.title) or words(user.username) or "", _is(user.restricted))


async def servers(http: Http) -> list[PlexServer]:
    """The Plex Media Servers this account may use, its own first."""
    content = await http.get(
        "/api/v2/resources", {"includeHttps": 1, "includeRelay": 1, "includeIPv6": 1}
    )
    try:
        found = decode(http.name, content, list[_Resource])
    except Nonsense:
        return _tolerated(http.name, content)
    return _sorted(found)


def _tolerated(source: str, content: bytes) -> list[PlexServer]:
    """Where one device of the account is odd, the others are taken."""
    found = []
    for raw in decode(source, content, list[dict[str, object]]):
        try:
            found.append(msgspec.convert(raw, _Resource))
        except ValueError:
            continue
    return _sorted(found)


def _sorted(resources: Sequence[_Resource]) -> list[PlexServer]:
    found = [
        _server(resource)
        for resource in resources
        if "server" in resource.provides.split(",") and resource.access_token
    ]
    return sorted(found, key=lambda server: (server.owner is not None, server.name.casefold()))


def _server(resource: _Resource) -> PlexServer:
    known = [one for one in listed(resource.connections) if one.uri]
    near = [one for one in known if _is(one.local) and not _is(one.relay)]
    far = [one.uri for one in known if not _is(one.local) and not _is(one.relay)]
    far.sort(key=lambda uri: not uri.startswith("https:"))
    plain = [
        f"http://{one.address}:{whole(one.port) or 32400}"
        for one in near
        if one.address and ":" not in one.address and one.uri.startswith("https:")
    ]
    # Routers that block plex.direct names leave plain http; only where plex.tv sees us in the
    # server's own network, or the token would go to whoever has that address elsewhere.
    usable = _is(resource.public_address_matches) and not _is(resource.https_required)
    ways = [*(one.uri for one in near), *(plain if usable else ()), *far]
    return PlexServer(
        id=resource.client_identifier,
        name=words(resource.name) or resource.client_identifier,
        token=resource.access_token or "",
        owner=None if _is(resource.owned) else words(resource.source_title) or "somebody else",
        version=words(resource.product_version) or "",
        ways=tuple(dict.fromkeys(ways)),
        relays=tuple(dict.fromkeys(one.uri for one in known if _is(one.relay))),
    )


def _is(value: Scalar) -> bool:
    """A truth told as true, 1 or "1"."""
    return str(value).lower() in ("true", "1", "1.0")
