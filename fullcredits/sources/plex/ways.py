"""Which of a Plex server's addresses works from here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from fullcredits.errors import ConfigError, SourceError, Unreachable
from fullcredits.sources import probe
from fullcredits.sources.http import Http
from fullcredits.sources.plex.account import PlexServer

_NAMED = 2
"""More addresses are not told."""


async def working(server: PlexServer, open_http: Callable[[str], Http]) -> str:
    """The first address at which this very server answers: local, then remote, then relay.

    All of them are asked at once and without a token, so that waiting for dead ones costs time
    once. `open_http` must carry no token. Raises Unreachable.
    """
    for addresses in (server.ways, server.relays):
        address = await _first(addresses, server.id, open_http)
        if address is not None:
            return address
    raise Unreachable(
        server.name,
        "answers at none of the addresses plex.tv knows of it"
        f"{_listed([*server.ways, *server.relays])}: is it on, and signed in to plex.tv?",
    )


def _listed(addresses: Sequence[str]) -> str:
    """Like " (https://a, https://b and 2 more)"; "" for none."""
    shown, more = ", ".join(addresses[:_NAMED]), len(addresses) - _NAMED
    return f" ({shown}{f' and {more} more' if more > 0 else ''})" if addresses else ""


async def _first(
    addresses: Sequence[str], server_id: str, open_http: Callable[[str], Http]
) -> str | None:
    tasks = [asyncio.create_task(_answers(at, server_id, open_http)) for at in addresses]
    try:
        for address, task in zip(addresses, tasks, strict=True):
            if await task:
                return address
        return None
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _answers(address: str, server_id: str, open_http: Callable[[str], Http]) -> bool:
    try:
        http = open_http(address)
    except ConfigError:
        return False
    try:
        return await probe.machine_at(http) == server_id
    except SourceError:
        return False
    finally:
        await http.close()
