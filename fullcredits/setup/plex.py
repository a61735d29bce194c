"""The way to a Plex server through its owner's account at plex.tv."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2

from fullcredits.config import Config
from fullcredits.errors import SourceError
from fullcredits.sources import trouble
from fullcredits.sources.http import Http
from fullcredits.sources.patience import SMALL
from fullcredits.sources.plex import account, client, ways
from fullcredits.sources.plex.account import Account, Pin, PlexServer
from fullcredits.sources.remarks import Remark

_PATIENCE = httpx2.Timeout(SMALL, connect=10.0)
"""For plex.tv: what it is asked is small."""
_SHORT = httpx2.Timeout(4.0)
"""Of the addresses of a server, most answer at once or never."""

WHOSE_TOKEN = Remark(
    "whose-token",
    "whose token this is, the server does not tell: where it is not the owner's, titles may be "
    "hidden",
)


class PlexTv:
    """plex.tv, or what stands in for it."""

    def __init__(self, config: Config, client_id: str) -> None:
        self._config = config
        self._client_id = client_id

    async def begin_pin(self) -> Pin:
        """A code to be confirmed on a page of Plex's. Raises SourceError."""
        async with self._door(None) as http:
            return await account.begin_pin(http, self._config.plex_website, self._client_id)

    async def end_pin(self, pin_id: str) -> str | None:
        """The account's token; None until the code is confirmed. Raises Refused for an old one."""
        async with self._door(None) as http:
            return await account.end_pin(http, pin_id)

    async def servers(self, token: str) -> list[PlexServer]:
        """The servers of an account. Raises SourceError."""
        async with self._door(token) as http:
            return await account.servers(http)

    async def account(self, token: str) -> Account:
        """Whose token it is. Raises SourceError."""
        async with self._door(token) as http:
            return await account.account(http)

    async def address_of(self, server: PlexServer) -> str:
        """Where the server answers from here. Raises Unreachable."""
        headers = client.headers(None, self._client_id)
        return await ways.working(
            server, lambda at: Http(server.name, at, headers, timeout=_SHORT, at_once=None)
        )

    async def seen_as(self, token: str, server_id: str) -> tuple[str | None, list[Remark]]:
        """The account's name, None where it cannot be asked; and what may be missing of what it
        sees.
        """
        try:
            owner, servers = await self.account(token), await self.servers(token)
        except SourceError as error:
            text = f"the Plex account was not asked: {error}"
            return None, [Remark("account", text, limits=True)]
        found = []
        if owner.managed:
            text = (
                f"the account {owner.name} is a managed one: titles may be hidden from it; sign "
                "in with the server owner's account to see all"
            )
            found.append(Remark("managed-account", text, limits=True))
        shared = next((s for s in servers if s.id == server_id and s.owner), None)
        if shared:
            text = (
                f"the server belongs to {shared.owner} and is shared with {owner.name}: only "
                "shared libraries are seen, and titles may be hidden"
            )
            found.append(Remark("shared-server", text, limits=True))
        return owner.name or None, found

    @asynccontextmanager
    async def _door(self, token: str | None) -> AsyncIterator[Http]:
        headers = client.headers(token, self._client_id)
        http = Http(trouble.PLEX_TV, self._config.plex_tv, headers, timeout=_PATIENCE)
        try:
            yield http
        finally:
            await http.close()
