"""What a Plex server tells of changes: which of its many messages mean one."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from fullcredits.errors import Failed, Nonsense
from fullcredits.sources import channel
from fullcredits.sources.contract import Hint
from fullcredits.sources.decoding import decode
from fullcredits.sources.http import Http
from fullcredits.sources.plex.wire import (
    ActivityNotification,
    Notification,
    NotificationAnswer,
    TimelineEntry,
    listed,
)
from fullcredits.sources.trouble import NoSocket, NotOpen
from fullcredits.sources.values import whole, words

_SOCKET = "/:/websockets/notifications?filters=timeline,activity"
_EVENTS = "/:/eventsource/notifications?filters=timeline,activity"
_LIBRARY = "com.plexapp.plugins.library"
"""Recorders and others number their own items: the same numbers mean something else there."""
_TITLES = (1, 2, 3, 4)
_DONE, _DELETED = 5, 9
_GONE = -1
"""The type of an item that is no more; some versions say "done" of its end."""
_SCAN, _REFRESH = "library.update.section", "library.refresh.items"


async def changes(http: Http) -> AsyncGenerator[Hint, None]:
    """By WebSocket, or by server-sent events where none is opened: `contract.Source.changes`.

    Proxies that let none through say all kinds of things, 403 and 502 among them.
    """
    try:
        async with channel.socket(http, _SOCKET) as socket:
            yield Hint(compare=True)
            while True:
                hint = of_message(http.name, await socket.receive())
                if hint is not None:
                    yield hint
    except (NoSocket, NotOpen, Failed):
        pass
    async with channel.events(http, _EVENTS) as events:
        yield Hint(compare=True)
        async for _, data in events:
            hint = of_event(http.name, data)
            if hint is not None:
                yield hint


def of_message(name: str, message: str | bytes) -> Hint | None:
    """A message of the WebSocket; None where it tells of no title."""
    content = message.encode() if isinstance(message, str) else message
    try:
        return _hint(decode(name, content, NotificationAnswer).container)
    except Nonsense:
        return None  # of some other kind: what it may have said, a comparison finds


def of_event(name: str, data: str) -> Hint | None:
    """The data of a server-sent event; None where it tells of no title."""
    try:
        return _hint(decode(name, data.encode(), Notification))
    except Nonsense:
        return None


def _hint(told: Notification) -> Hint | None:
    changed: set[str] = set()
    removed: set[str] = set()
    for entry in listed(told.timeline):
        key = words(entry.item_id)
        if key is None or entry.identifier != _LIBRARY:
            continue
        if _is_gone(entry):
            removed.add(key)
        elif whole(entry.state) == _DONE and whole(entry.type) in _TITLES:
            changed.add(key)
    scanning = None
    for step in listed(told.activities):
        kind = step.activity.type if step.activity else None
        if kind == _SCAN:
            scanning = step.event != "ended"
        elif kind == _REFRESH and step.event == "ended":
            changed.update(_refreshed(step))
    if changed or removed or scanning is not None:
        return Hint(frozenset(changed), frozenset(removed), scanning=scanning)
    return None


def _is_gone(entry: TimelineEntry) -> bool:
    """Versions differ: state 9, "deleted" in words, or the end of an item without a type."""
    state, kind = whole(entry.state), whole(entry.type)
    return (
        (state == _DELETED and kind in (*_TITLES, _GONE))
        or (entry.metadata_state == "deleted" and kind in (*_TITLES, _GONE))
        or (state == _DONE and kind == _GONE)
    )


def _refreshed(step: ActivityNotification) -> set[str]:
    """The key in "/library/metadata/123"."""
    context = step.activity.context if step.activity else None
    before, _, key = ((context.key if context else None) or "").rpartition("/")
    return {key} if before == "/library/metadata" and key else set()
