"""What kind of server answers at an address, found without a token."""

from __future__ import annotations

import re

from fullcredits.errors import Nonsense
from fullcredits.model import SourceKind
from fullcredits.sources.http import Http

_PLEX, _JELLYFIN, _EMBY = "Plex", "Jellyfin", "Emby"
_KINDS = {_PLEX: SourceKind.PLEX, _JELLYFIN: SourceKind.JELLYFIN}
_PRODUCT = re.compile(rb'"productName"\s*:\s*"([^"]*)"', re.IGNORECASE)


async def _found(http: Http) -> str | None:
    """The product's name, from `/identity` (Plex, whatever its format) and `/System/Info/Public`
    (Jellyfin, also while it starts up; Emby, which sends no product name).
    """
    identity = await http.send("GET", http.url("/identity"), own=False)
    if identity.status == 200 and b"machineIdentifier" in identity.content:
        return _PLEX
    info = await http.send("GET", http.url("/System/Info/Public"), own=False)
    if info.status == 200 and info.content.lstrip()[:1] == b"{":
        product = _PRODUCT.search(info.content)
        if product:
            return _JELLYFIN if b"jellyfin" in product[1].lower() else _EMBY
        if b'"ServerName"' in info.content and info.content.rstrip()[-1:] == b"}":
            return _EMBY
    return None


async def kind_of(http: Http) -> SourceKind | None:
    """Which dialect answers; None where something else does.

    Raises Busy while the server starts up, Nonsense with a way out for redirects, web pages and
    Emby, Unreachable.
    """
    found = await _found(http)
    if found == _EMBY:
        raise _emby(http)
    if found is None:
        await http.find("/System/Info/Public")
        return None
    return _KINDS[found]


async def refuse_other_kind(http: Http, wanted: SourceKind) -> None:
    """Raises Nonsense where a server of another kind than the wanted one answers."""
    found = await _found(http)
    if found == _EMBY:
        raise _emby(http)
    if found is not None and _KINDS[found] is not wanted:
        raise Nonsense(
            http.name,
            f"this address is a {found} server, not a {wanted.value.capitalize()}: "
            f"add it with --kind {_KINDS[found].value}",
        )


def _emby(http: Http) -> Nonsense:
    return Nonsense(
        http.name, "this address is an Emby server; Fullcredits speaks Plex and Jellyfin only"
    )
