"""Listening to pretend servers that tests may change: the hints that come, as they come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager
from typing import Any

from starlette.applications import Starlette

from fullcredits.model import SourceKind
from fullcredits.simulate import (
    DEFAULT_API_KEY,
    DEFAULT_PASSWORD,
    DEFAULT_TOKEN,
    DEFAULT_USER,
    Catalogue,
    jellyfin_app,
    plex_app,
    running,
)
from fullcredits.sources import jellyfin_door, open_source
from fullcredits.sources.contract import Hint, Source
from fullcredits.sources.jellyfin.sign_in import by_password

COMPARE = Hint(compare=True)


class Told:
    """The hints of a source as they come."""

    def __init__(self, hints: AsyncIterator[Hint]) -> None:
        self._hints = hints
        self.all: list[Hint] = []

    async def until(self, wanted: Callable[[Hint], bool]) -> Hint:
        async with asyncio.timeout(10):
            while True:
                hint = await anext(self._hints)
                self.all.append(hint)
                if wanted(hint):
                    return hint


@asynccontextmanager
async def listening(source: Source) -> AsyncIterator[Told]:
    """Listened to, the first hint heard."""
    try:
        async with aclosing(source.changes()) as hints:
            told = Told(hints)
            assert await told.until(lambda hint: True) == COMPARE
            yield told
    finally:
        await source.close()


def plex(address: str, token: str = DEFAULT_TOKEN, **how: Any) -> Source:
    return open_source(SourceKind.PLEX, "Attic", address, token, "client-1", **how)


async def jellyfin_user(address: str, *, beside_a_key: bool = False) -> Source:
    async with jellyfin_door("Cabin", address, "client-1") as door:
        token = await by_password(door, DEFAULT_USER, DEFAULT_PASSWORD)
    own, user = (DEFAULT_API_KEY, token) if beside_a_key else (token, None)
    return open_source(SourceKind.JELLYFIN, "Cabin", address, own, "client-1", user_token=user)


@contextmanager
def own_plex(invented: Catalogue) -> Iterator[tuple[Starlette, str]]:
    """A Plex of a test's own."""
    app = plex_app(invented, share="attic")
    with running(app) as address:
        yield app, address


@contextmanager
def own_jellyfin(invented: Catalogue) -> Iterator[tuple[Starlette, str]]:
    """A Jellyfin of a test's own, which tells of changes soon."""
    app = jellyfin_app(invented, share="cabin")
    app.state.notices.gathering = 0.05
    with running(app) as address:
        yield app, address
