"""Requests to hosts that are nobody's own server: without any token, and to public addresses only.

A name is resolved where the connection is made, and what is connected to is the very address
that was checked: no name can mean a public address to the check and a private one a moment later.
Nothing goes through a proxy, which would resolve the name once more.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from typing import Any

import httpcore2
import httpx2

from fullcredits import __version__
from fullcredits.errors import Nonsense, Unreachable
from fullcredits.sources.address import origin
from fullcredits.sources.gate import gate_of
from fullcredits.sources.trouble import Answer, TooMuch

AT_ONCE = 4
"""Requests under way at one host at most, whoever of us asks: as a browser does, or fewer."""
_ALIVE = 20.0
"""Seconds that an unused connection is kept."""
_CONNECT = 3.0
"""Seconds for each of a host's addresses: where one family leads nowhere, the next one counts."""
_MOST_ADDRESSES = 4
_SILENCE = 15.0

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class Strangers:
    """Connections to other hosts that a source names; `source` is named in errors."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._pool: httpcore2.AsyncConnectionPool | None = None

    async def get(self, url: str, *, most: int, within: float, first: bool = False) -> Answer:
        """One request, whatever the status; redirects are not followed.

        The answer may take `within` seconds in all and have `most` bytes; `first`: before others
        that wait for the host. Raises Nonsense for a private address or a broken one, TooMuch,
        Unreachable.
        """
        try:
            scheme, host, port = origin(url)
            address = httpx2.URL(url)
        except (ValueError, httpx2.InvalidURL):
            raise Nonsense(self._source, "names a picture at a broken address") from None
        if scheme not in ("http", "https") or not host:
            raise Nonsense(self._source, "names a picture that is not at an http address")
        async with gate_of(f"{scheme}://{host}:{port}", AT_ONCE).place(first=first):
            try:
                async with asyncio.timeout(within):
                    return await self._exchange(address, most)
            except (TimeoutError, httpcore2.ReadTimeout):
                raise TooMuch(
                    self._source, f"names a picture whose host ({host}) takes too long to send it"
                ) from None
            except (
                httpcore2.NetworkError,
                httpcore2.ProtocolError,
                httpcore2.TimeoutException,
            ):
                raise Unreachable(
                    self._source, f"names a picture whose host ({host}) does not answer"
                ) from None

    async def _exchange(self, url: httpx2.URL, most: int) -> Answer:
        target = httpcore2.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
        )
        headers = [
            (b"Host", url.netloc),
            (b"Accept", b"image/*"),
            (b"Accept-Encoding", b"identity"),
            (b"User-Agent", f"Fullcredits/{__version__}".encode()),
        ]
        timeouts = {"connect": None, "read": _SILENCE, "write": _SILENCE, "pool": None}
        async with self._opened().stream(
            "GET", target, headers=headers, extensions={"timeout": timeouts}
        ) as response:
            content = bytearray()
            async for chunk in response.aiter_stream():
                content += chunk
                if len(content) > most:
                    raise TooMuch(self._source, f"names a picture of more than {most >> 20} MB")
            return Answer(response.status, httpx2.Headers(response.headers), bytes(content))

    def _opened(self) -> httpcore2.AsyncConnectionPool:
        if self._pool is None:
            self._pool = httpcore2.AsyncConnectionPool(
                ssl_context=httpx2.create_ssl_context(),
                max_keepalive_connections=2 * AT_ONCE,
                keepalive_expiry=_ALIVE,
                network_backend=_InPublic(self._source),
            )
        return self._pool

    async def close(self) -> None:
        """Let go of connections."""
        if self._pool is not None:
            await self._pool.aclose()


class _InPublic(httpcore2.AsyncNetworkBackend):
    """Connects to public addresses and no others."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._network = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  the signature is the library's
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """A connection to the first address of the host that answers."""
        addresses = await self._public(host, port)
        last: Exception | None = None
        for address in addresses[:_MOST_ADDRESSES]:
            try:
                return await self._network.connect_tcp(str(address), port, _CONNECT)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                last = error
        raise httpcore2.ConnectError(str(last)) from last

    async def _public(self, host: str, port: int) -> list[Address]:
        """The host's addresses, all of which must be public: one inside is enough to refuse."""
        try:
            found = await asyncio.get_running_loop().getaddrinfo(
                host, port, type=socket.SOCK_STREAM
            )
        except (OSError, UnicodeError):
            raise Unreachable(
                self._source, f"names a picture at a host nobody knows ({host})"
            ) from None
        addresses = list(dict.fromkeys(_address(entry[4]) for entry in found))
        if not addresses or not all(map(is_public, addresses)):
            raise Nonsense(
                self._source, f"names a picture inside a private network ({host}): not asked"
            )
        return addresses


def _address(entry: tuple[Any, ...]) -> Address:
    return ipaddress.ip_address(str(entry[0]).partition("%")[0])


def is_public(address: Address) -> bool:
    """Whether packets to it leave for the internet: also what is wrapped in it must do so."""
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not address.is_multicast
    if address.ipv4_mapped:
        return is_public(address.ipv4_mapped)
    if address in _NAT64:
        return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    inner = [address.sixtofour, *(address.teredo or ())]
    return address in _UNICAST and address.is_global and all(is_public(one) for one in inner if one)
