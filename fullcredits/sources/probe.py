"""What kind of server answers at an address, found without a token."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from fullcredits.errors import Nonsense
from fullcredits.model import SourceKind
from fullcredits.sources.http import Http
from fullcredits.sources.patience import SMALL
from fullcredits.sources.trouble import Moved, NotSetUp

_PLEX, _JELLYFIN, _EMBY = "Plex", "Jellyfin", "Emby"
_KINDS = {_PLEX: SourceKind.PLEX, _JELLYFIN: SourceKind.JELLYFIN}
_PRODUCT = re.compile(rb'"productName"\s*:\s*"([^"]*)"', re.IGNORECASE)
_MACHINE = re.compile(rb'machineIdentifier"?\s*[:=]\s*"([^"]+)"')
_ID = re.compile(rb'"id"\s*:\s*"([^"]+)"', re.IGNORECASE)
_UNFINISHED = re.compile(rb'"StartupWizardCompleted"\s*:\s*false')
"""In these letters it is true; a server that starts up says so in others, wrongly."""
_HOPS = 3


class Found(NamedTuple):
    """A server that answers, seen without a token."""

    kind: SourceKind
    address: str
    """Where it really is: with the prefix or the https that the user left out."""
    server_id: str
    """As `model.Server.id`."""


async def machine_at(http: Http) -> str | None:
    """The `machineIdentifier` of the Plex that answers, asked once and without a token."""
    identity = await http.send("GET", http.url("/identity"), own=False, within=SMALL)
    machine = _MACHINE.search(identity.content) if identity.status == 200 else None
    return machine[1].decode(errors="replace") if machine else None


async def _found(http: Http) -> tuple[str, str] | None:
    """The product's name and the server's id, from `/identity` (Plex, whatever its format) and
    `/System/Info/Public` (Jellyfin, also while it starts up; Emby, which sends no product name).
    Raises NotSetUp, SourceError.
    """
    machine = await machine_at(http)
    if machine:
        return _PLEX, machine
    url = http.url("/System/Info/Public")
    info = await http.send("GET", url, own=False, within=SMALL)
    if info.status == 200 and info.content.lstrip()[:1] == b"{":
        product, number = _PRODUCT.search(info.content), _ID.search(info.content)
        server_id = number[1].decode(errors="replace") if number else ""
        if _UNFINISHED.search(info.content):
            raise NotSetUp(http.name, http.base)
        if product:
            return (_JELLYFIN if b"jellyfin" in product[1].lower() else _EMBY), server_id
        if b'"ServerName"' in info.content and info.content.rstrip()[-1:] == b"}":
            return _EMBY, server_id
    return None


async def find(http: Http) -> Found | None:
    """Which server answers; None where something else does.

    Raises Busy while the server starts up, NotSetUp where nobody set it up, Moved and Nonsense with
    a way out for redirects, web pages and Emby, Unreachable.
    """
    found = await _found(http)
    if found is None:
        # Says what is in the way; waits for a server that starts up, which then shows itself.
        await http.find("/System/Info/Public", own=False, within=SMALL)
        found = await _found(http)
    if found is None:
        return None
    product, server_id = found
    if product == _EMBY:
        raise _emby(http)
    return Found(_KINDS[product], http.base, server_id)


async def find_moved(open_http: Callable[[str], Http], address: str) -> Found | None:
    """As `find`, looking where the server sends us on to, on its own host. `open_http` must carry
    no token.
    """
    for hop in range(1, _HOPS + 1):
        http = open_http(address)
        try:
            return await find(http)
        except Moved as moved:
            if moved.right is None or hop == _HOPS:
                raise
            address = moved.right
        finally:
            await http.close()
    return None


async def refuse_other_kind(http: Http, wanted: SourceKind) -> None:
    """Raises Nonsense where a server of another kind than the wanted one answers."""
    product, _ = await _found(http) or (None, "")
    if product == _EMBY:
        raise _emby(http)
    if product is not None and _KINDS[product] is not wanted:
        raise Nonsense(
            http.name,
            f"this address is a {product} server, not a {wanted.value.capitalize()}: "
            "add it as a source of its own, with `fullcredits source add`",
        )


def _emby(http: Http) -> Nonsense:
    return Nonsense(
        http.name, "this address is an Emby server; Fullcredits speaks Plex and Jellyfin only"
    )
