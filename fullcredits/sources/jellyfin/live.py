"""What a Jellyfin server tells of changes: to users over a socket, to an API key when asked."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping

from fullcredits.errors import Nonsense
from fullcredits.sources import channel
from fullcredits.sources.channel import Socket
from fullcredits.sources.contract import Hint
from fullcredits.sources.decoding import Page, decode
from fullcredits.sources.http import Http, Params
from fullcredits.sources.jellyfin.translate import KINDS
from fullcredits.sources.jellyfin.wire import Item, ItemsAnswer, LibraryChanged, Message
from fullcredits.sources.values import whole

_KEEP_ALIVE = '{"MessageType":"KeepAlive"}'
_ALIVE_FOR = 60.0
"""Seconds of silence after which the server drops a socket, where it does not say."""
EVERY = 60.0
"""Seconds between two questions with an API key."""
_OVERLAP = dt.timedelta(minutes=2)
"""A title is saved before its people are: what was saved so shortly before is looked at again."""
_MOST = 500


async def changes(http: Http, headers: Mapping[str, str] | None) -> AsyncGenerator[Hint, None]:
    """Over `/socket`, seen with a user's token; `headers` in place of the source's own."""
    async with channel.socket(http, "/socket", headers) as socket:
        yield Hint(compare=True)
        every = _ALIVE_FOR / 2
        while True:
            message = await _next(socket, every)
            if message is None:
                continue
            if message.message_type == "ForceKeepAlive":
                every = (whole(bytes(message.data).decode()) or _ALIVE_FOR) / 2
                await socket.say(_KEEP_ALIVE)
            hint = _hint(http.name, message)
            if hint is not None:
                yield hint


async def _next(socket: Socket, every: float) -> Message | None:
    """The next message, the server being told meanwhile that we are there; None for one that is
    none.
    """
    while True:
        try:
            async with asyncio.timeout(every):
                received = await socket.receive()
        except TimeoutError:
            await socket.say(_KEEP_ALIVE)
            continue
        content = received.encode() if isinstance(received, str) else received
        try:
            return decode("", content, Message)
        except Nonsense:
            return None


def _hint(name: str, message: Message) -> Hint | None:
    match message.message_type:
        case "LibraryChanged":
            return of_library(name, bytes(message.data))
        case "RefreshProgress":
            return Hint(scanning=True)
    return None


def of_library(name: str, data: bytes) -> Hint:
    """What changed. Ids of folders, box sets and music are among those of titles."""
    try:
        told = decode(name, data, LibraryChanged)
    except Nonsense:
        return Hint(compare=True)
    changed = frozenset(told.items_added) | frozenset(told.items_updated)
    removed = frozenset(told.items_removed)
    return Hint(changed - removed, removed, compare=not changed and not removed)


class Polling:
    """Asks now and then what was saved lately; `ask` gives a page of `/Items`, `clock` the
    server's time at its last answer.
    """

    def __init__(
        self,
        ask: Callable[[Params], Awaitable[Page[ItemsAnswer, Item]]],
        clock: Callable[[], dt.datetime | None],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._ask = ask
        self._clock = clock
        self._sleep = sleep
        self._held: int | None = None
        self._known: frozenset[tuple[str, str | None]] = frozenset()

    async def changes(self) -> AsyncGenerator[Hint, None]:
        """Hints by asking, a minute apart."""
        await self._count()
        since = self._clock()
        yield Hint(compare=True)
        while True:
            await self._sleep(EVERY)
            hint = await self._look(since)
            since = self._clock()
            if hint is not None:
                yield hint

    async def _look(self, since: dt.datetime | None) -> Hint | None:
        after = (since or dt.datetime.now(dt.UTC)) - _OVERLAP
        page = await self._ask(
            {
                **_TITLES,
                "fields": "Etag",
                # the only one of the two date filters that works in every version
                "minDateLastSavedForUser": f"{after:%Y-%m-%dT%H:%M:%SZ}",
                "limit": _MOST,
            }
        )
        fewer = await self._count()
        saved = frozenset((row.id, row.etag) for row in page.rows)
        fresh = frozenset(key for key, _ in saved - self._known)
        self._known = saved
        many = (whole(page.container.total_record_count) or 0) > len(page.rows)
        if fresh or fewer or many:
            return Hint(fresh, compare=fewer or many)
        return None

    async def _count(self) -> bool:
        """Whether there are fewer titles than before: nothing else tells of those removed."""
        page = await self._ask({**_TITLES, "limit": 1})
        before, self._held = self._held, whole(page.container.total_record_count)
        return before is not None and self._held is not None and self._held < before


_TITLES: dict[str, str | int] = {
    "recursive": "true",
    "includeItemTypes": ",".join(KINDS),
    "collapseBoxSetItems": "false",
    "enableUserData": "false",
    "enableImages": "false",
    "sortBy": "SortName",
    "startIndex": 0,
}
