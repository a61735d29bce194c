"""What a server sends unasked: the messages of a WebSocket, or server-sent events.

As in `http`: the token goes in a header and to the source's own address only, redirects are not
followed, and whatever goes wrong is one of our errors.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx2
from websockets.asyncio import client
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from fullcredits import __version__
from fullcredits.errors import SourceError, Unreachable
from fullcredits.sources import certificates, trouble
from fullcredits.sources.http import Http
from fullcredits.sources.trouble import Answer, NoSocket

_AGENT = f"Fullcredits/{__version__}"
_OPENING = 10.0
_PING = 20.0
"""Seconds between questions whether the other end is still there, and of waiting for the answer."""
_MOST_MESSAGE = 32 * 1024 * 1024
"""A scan of a large library names every title in one message."""
_SILENCE = 900.0
"""Seconds without any event after which the other end counts as gone: here nobody can be asked."""


class Socket:
    """An open WebSocket."""

    def __init__(self, name: str, connection: client.ClientConnection) -> None:
        self._name = name
        self._connection = connection

    async def receive(self) -> str | bytes:
        """The next message; may be cancelled without losing one. Raises Unreachable at the end."""
        try:
            return await self._connection.recv()
        except ConnectionClosed:
            raise _ended(self._name) from None

    async def say(self, message: str) -> None:
        """Send a message. Raises Unreachable at the end."""
        try:
            await self._connection.send(message)
        except ConnectionClosed:
            raise _ended(self._name) from None


@asynccontextmanager
async def socket(
    http: Http, path: str, headers: Mapping[str, str] | None = None
) -> AsyncIterator[Socket]:
    """A WebSocket at a path of the server; `headers` in place of the source's own.

    An end that is dead without saying so is noticed within 40 seconds. Raises NoSocket where
    something answers without opening one, and other SourceErrors.
    """
    address = f"ws{http.base.removeprefix('http')}{path}"
    opening = _Straight(
        address,
        additional_headers=dict(http.headers if headers is None else headers),
        user_agent_header=_AGENT,
        ssl=certificates.context(http.name, http.trust) if address.startswith("wss:") else None,
        open_timeout=_OPENING,
        ping_interval=_PING,
        ping_timeout=_PING,
        close_timeout=1.0,
        max_size=_MOST_MESSAGE,
    )
    try:
        connection = await opening
    except InvalidStatus as error:
        raise _refused(http, path, error) from None
    except InvalidHandshake:
        raise NoSocket(http.name, "answers with something that is no WebSocket") from None
    except OSError as error:
        raise trouble.from_transport(http.name, http.base, error) from None
    async with connection:
        yield Socket(http.name, connection)


@asynccontextmanager
async def events(http: Http, path: str) -> AsyncIterator[AsyncIterator[tuple[str, str]]]:
    """Server-sent events at a path of the server: (name, data). Raises SourceErrors, also while
    they are read.
    """
    timeout = httpx2.Timeout(_OPENING, read=_SILENCE)
    headers = {**http.headers, "User-Agent": _AGENT}
    async with httpx2.AsyncClient(
        headers=headers,
        verify=certificates.context(http.name, http.trust),
        timeout=timeout,
        follow_redirects=False,
    ) as asking:
        try:
            async with asking.sse(http.url(path)) as stream:
                answer = Answer(stream.response.status_code, stream.response.headers, b"")
                if answer.status != 200:
                    raise trouble.from_status(http.name, http.base, path.partition("?")[0], answer)
                if answer.media_type != "text/event-stream":
                    raise trouble.not_json(http.name, answer)
                yield _events(http.name, stream)
        except httpx2.HTTPError as error:
            raise trouble.from_transport(http.name, http.base, error) from None


async def _events(name: str, stream: httpx2.EventSource) -> AsyncIterator[tuple[str, str]]:
    async for event in stream:
        yield event.event, event.data
    raise _ended(name)


class _Straight(client.connect):
    """Goes where it was told to, or nowhere."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        """Redirects are refusals: on the way elsewhere the token would go along."""
        return exc


def _refused(http: Http, path: str, error: InvalidStatus) -> SourceError:
    response = error.response
    headers = httpx2.Headers(list(response.headers.raw_items()))
    answer = Answer(response.status_code, headers, bytes(response.body or b""))
    if answer.status in (401, 403, 407, 429, 498) or answer.status >= 500:
        return trouble.from_status(http.name, http.base, path.partition("?")[0], answer)
    return NoSocket(
        http.name,
        f"opens no WebSocket (HTTP {answer.status}): does a proxy in front pass them on?",
    )


def _ended(name: str) -> Unreachable:
    return Unreachable(name, "no longer tells of changes: is it restarting?")
