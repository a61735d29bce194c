"""Media servers: what they say, in our words. One folder per dialect, one contract for all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from fullcredits.errors import ConfigError
from fullcredits.model import USUAL_TRUST, SourceKind, Trust
from fullcredits.sources import probe
from fullcredits.sources.address import normalised
from fullcredits.sources.contract import Source
from fullcredits.sources.http import Http
from fullcredits.sources.jellyfin import client as jellyfin
from fullcredits.sources.jellyfin import sign_in
from fullcredits.sources.plex import client as plex
from fullcredits.sources.plex import xml
from fullcredits.sources.probe import Found

__all__ = [
    "AT_ONCE",
    "Found",
    "Source",
    "jellyfin_door",
    "normalised",
    "open_source",
    "server_at",
]

AT_ONCE = {SourceKind.PLEX: 4, SourceKind.JELLYFIN: 2}
"""A Jellyfin serves people one credit after another: more requests at once gain nothing there."""


def open_source(
    kind: SourceKind,
    name: str,
    address: str,
    token: str,
    client_id: str,
    *,
    server_id: str | None = None,
    user_token: str | None = None,
    trust: Trust = USUAL_TRUST,
    limit: int | None = None,
    share: int = 100,
) -> Source:
    """A source to read from; nothing is asked of the server yet.

    `client_id` names this installation and stays the same for ever. `server_id`: who is meant to
    answer, None for whoever does: another is not shown the token by `server`. `user_token` is that
    of a Jellyfin user beside an API key: only users are told of changes. At most `limit` requests
    are under way at once; never more than this kind of server can use. It is kept busy for `share`
    per cent of the time at most. Raises ConfigError for an
    address or a token that cannot be one.
    """
    token = token.strip()
    if not token:
        raise ConfigError(f"{name}: there is no token")
    at_once = min(limit or AT_ONCE[kind], AT_ONCE[kind])
    match kind:
        case SourceKind.PLEX:
            headers = plex.headers(token, client_id)
            return plex.PlexSource(
                Http(
                    name,
                    address,
                    headers,
                    trust=trust,
                    at_once=at_once,
                    share=share,
                    from_xml=xml.as_json,
                ),
                server_id,
            )
        case SourceKind.JELLYFIN:
            headers = sign_in.headers(token, client_id)
            user = sign_in.headers(user_token, client_id) if user_token else None
            return jellyfin.JellyfinSource(
                Http(name, address, headers, trust=trust, at_once=at_once, share=share),
                user,
                server_id,
            )


async def server_at(address: str, trust: Trust = USUAL_TRUST) -> Found | None:
    """Which server answers at an address, and where it really is; None for something else.

    Asks without a token, so redirects on the same host may be looked after. The host stands for
    the source's name in errors. Raises ConfigError for what is no address, Untrusted for an https
    certificate nobody vouches for, Unreachable, Busy while the server starts up, Nonsense with a
    way out for a redirect elsewhere, a web page or an Emby server.
    """
    address = normalised(address)
    name = urlsplit(address).netloc
    return await probe.find_moved(lambda at: Http(name, at, {}, trust=trust, at_once=None), address)


@asynccontextmanager
async def jellyfin_door(
    name: str, address: str, client_id: str, trust: Trust = USUAL_TRUST
) -> AsyncIterator[Http]:
    """A connection without a token, for the functions of `jellyfin.sign_in`."""
    headers = sign_in.headers(None, client_id)
    http = Http(name, normalised(address), headers, trust=trust, at_once=None)
    try:
        yield http
    finally:
        await http.close()
