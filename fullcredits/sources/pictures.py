"""Pictures of a source: from its own address with our token, from others without and with care.

A server may name any address as a portrait's. So a foreign one is asked only at a public address,
at the very one that was checked, and never learns our token.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from urllib.parse import urlsplit, urlunsplit

from fullcredits.errors import Failed, Nonsense, SourceError, Unreachable
from fullcredits.sources import trouble
from fullcredits.sources.address import origin, without_secrets
from fullcredits.sources.contract import Picture
from fullcredits.sources.http import Http
from fullcredits.sources.trouble import Answer

MOST_BYTES = 20 * 1024 * 1024


async def fetch(http: Http, ref: str) -> Picture | None:
    """The picture at a path of the server or at an absolute address; None where there is none."""
    clean = without_secrets(ref)
    if clean is None:
        raise Nonsense(http.name, "names a picture that is not at an http address")
    if clean.startswith("/"):
        return _picture(http, await _own(http, http.url(clean)), own=True)
    try:
        own = origin(clean) == origin(http.base)
    except ValueError:
        raise Nonsense(http.name, "names a picture at a broken address") from None
    if own:
        return _picture(http, await _own(http, clean), own=True)
    return _picture(http, await _foreign(http, clean), own=False)


async def _own(http: Http, url: str) -> Answer:
    headers = {"Accept": "image/*"}
    return await http.send("GET", url, headers=headers, most=MOST_BYTES, first=True)


async def _foreign(http: Http, url: str) -> Answer:
    parts = urlsplit(url)
    _, host, port = origin(url)
    address = await _public_address(http.name, host, port)
    pinned = f"[{address}]" if address.version == 6 else str(address)
    return await http.send(
        "GET",
        urlunsplit(parts._replace(netloc=f"{pinned}:{port}", fragment="")),
        headers={"Accept": "image/*", "Host": parts.netloc.rpartition("@")[2]},
        own=False,
        most=MOST_BYTES,
        extensions={"sni_hostname": host},
    )


async def _public_address(
    source: str, host: str, port: int
) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """An address of the host, all of whose addresses must be public ones."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable(source, "names a picture at a host nobody knows") from None
    addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if not addresses or not all(map(_is_public, addresses)):
        raise Nonsense(source, f"names a picture inside a private network ({host}): not asked")
    return addresses[0]


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address.is_global and not address.is_multicast


def _picture(http: Http, answer: Answer, *, own: bool) -> Picture | None:
    if answer.status in (404, 410) or (answer.status == 403 and not own):
        return None
    if answer.status != 200:
        raise _no_picture(http, answer, own=own)
    if not answer.media_type.startswith("image/"):
        raise Nonsense(http.name, f"gave {answer.media_type or 'something'} for a picture")
    if not answer.content:
        return None
    return Picture(answer.content, answer.media_type)


def _no_picture(http: Http, answer: Answer, *, own: bool) -> SourceError:
    if own:
        return trouble.from_status(http.name, http.base, "picture", answer)
    kind = Failed if answer.status >= 500 else Nonsense
    return kind(http.name, f"names a picture whose host answers HTTP {answer.status}")
