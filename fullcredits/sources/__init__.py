"""Media servers: what they say, in our words. One folder per dialect, one contract for all."""

from __future__ import annotations

from urllib.parse import urlsplit

from fullcredits.errors import ConfigError
from fullcredits.model import SourceKind
from fullcredits.sources import probe
from fullcredits.sources.address import normalised
from fullcredits.sources.contract import Source
from fullcredits.sources.http import Http
from fullcredits.sources.jellyfin import client as jellyfin
from fullcredits.sources.jellyfin import sign_in
from fullcredits.sources.plex import client as plex

__all__ = ["Source", "kind_at", "normalised", "open_source", "sign_in_jellyfin"]


def open_source(kind: SourceKind, name: str, address: str, token: str, client_id: str) -> Source:
    """A source to read from; nothing is asked of the server yet.

    `client_id` names this installation and stays the same for ever. Raises ConfigError for an
    address or a token that cannot be one.
    """
    token = token.strip()
    if not token:
        raise ConfigError(f"{name}: there is no token")
    match kind:
        case SourceKind.PLEX:
            return plex.PlexSource(Http(name, address, plex.headers(token, client_id)))
        case SourceKind.JELLYFIN:
            headers = sign_in.headers(token, client_id)
            return jellyfin.JellyfinSource(Http(name, address, headers))


async def kind_at(address: str) -> SourceKind | None:
    """Which kind of server answers at an address; None for something else.

    The host stands for the source's name in errors. Raises ConfigError for what is no address,
    Unreachable, Busy while the server starts up, Nonsense with a way out for a redirect, a web
    page or an Emby server.
    """
    http = Http(urlsplit(normalised(address)).netloc, address, {})
    try:
        return await probe.kind_of(http)
    finally:
        await http.close()


async def sign_in_jellyfin(
    name: str, address: str, username: str, password: str, client_id: str
) -> str:
    """The token for a Jellyfin user's name and password; the password is not kept.

    Raises Refused for a wrong password and for a locked account, and what `server` raises.
    """
    http = Http(name, address, sign_in.headers(None, client_id))
    try:
        return await sign_in.by_password(http, username, password)
    finally:
        await http.close()
