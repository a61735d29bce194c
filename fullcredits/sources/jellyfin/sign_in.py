"""How we introduce ourselves to a Jellyfin server, and how a user signs in there."""

from __future__ import annotations

from urllib.parse import quote

import msgspec

from fullcredits import __version__
from fullcredits.errors import Nonsense, Refused
from fullcredits.model import SourceKind
from fullcredits.sources import probe
from fullcredits.sources.decoding import decode
from fullcredits.sources.http import Http
from fullcredits.sources.jellyfin.wire import QuickConnect, QuickSignIn, SignedIn, SignIn


def headers(token: str | None, client_id: str) -> dict[str, str]:
    """The `Authorization` that every version takes.

    `client_id` is the `DeviceId`: a user who signs in again from one device is signed out there
    before, so an installation keeps one and shares it with nobody.
    """
    parts = {"Client": "Fullcredits", "Device": "Fullcredits", "DeviceId": client_id}
    parts["Version"] = __version__
    if token:
        parts["Token"] = token
    values = ", ".join(f'{key}="{quote(value, safe="")}"' for key, value in parts.items())
    return {"Authorization": f"MediaBrowser {values}"}


async def by_password(http: Http, username: str, password: str) -> str:
    """The token for a user's name and password. `http` must carry no token.

    Raises Refused for a wrong password and for a locked account.
    """
    body = msgspec.json.encode(SignIn(username, password))
    try:
        content = await http.post("/Users/AuthenticateByName", body)
    except Refused:
        await probe.refuse_other_kind(http, SourceKind.JELLYFIN)
        raise Refused(
            http.name,
            "does not let this user in: the name or password is wrong, or the account is disabled "
            "there (Dashboard → Users)",
        ) from None
    except Nonsense:
        await probe.refuse_other_kind(http, SourceKind.JELLYFIN)
        raise
    assert content is not None
    return _token(http, content)


async def begin_quick_connect(http: Http) -> QuickConnect:
    """Ask for a code that a signed-in user then types. `http` must carry no token.

    Raises Refused where Quick Connect is switched off.
    """
    try:
        content = await http.post("/QuickConnect/Initiate", absent=(404, 405))
        if content is None:  # 10.8
            content = await http.get("/QuickConnect/Initiate")
    except Refused:
        raise Refused(
            http.name,
            "has Quick Connect switched off: sign in with name and password, or switch it on in "
            "the dashboard",
        ) from None
    except Nonsense:
        await probe.refuse_other_kind(http, SourceKind.JELLYFIN)
        raise
    return decode(http.name, content, QuickConnect)


async def end_quick_connect(http: Http, secret: str) -> str | None:
    """The token, once the code was typed; None until then. Raises Refused for a code too old."""
    content = await http.find("/QuickConnect/Connect", {"secret": secret})
    if content is None:
        raise Refused(http.name, "the code is no longer valid: begin again")
    if not decode(http.name, content, QuickConnect).authenticated:
        return None
    body = msgspec.json.encode(QuickSignIn(secret))
    content = await http.post("/Users/AuthenticateWithQuickConnect", body)
    assert content is not None
    return _token(http, content)


def _token(http: Http, content: bytes) -> str:
    token = decode(http.name, content, SignedIn).access_token
    if not token.isprintable():
        raise Nonsense(http.name, "gave a token that nobody could send back")
    return token
