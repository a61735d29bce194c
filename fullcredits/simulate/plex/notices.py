"""What a Plex server tells of itself, unasked: over WebSockets, or as server-sent events.

One film that is added makes 156 messages, one that is refreshed about ten; among them are those
of recorders, whose numbers mean something else, and each settled item is told of twice.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.websockets import WebSocket, WebSocketDisconnect

from fullcredits.simulate.audience import Audience, Listener, Verb
from fullcredits.simulate.plex.answers import error
from fullcredits.simulate.plex.library import Item

_TYPES = {"movie": 1, "show": 2, "season": 3, "episode": 4}
_IDENTIFIER = "com.plexapp.plugins.library"
_ENTRIES = {"timeline": "TimelineEntry", "activity": "ActivityNotification"}
_MESSAGES_OF_AN_ADDITION = 156


class Notices:
    """Says what happens to items; ``wordless_ends``: an item's end has no type and is "done"."""

    def __init__(self, token: str, *, wordless_ends: bool) -> None:
        self.audience = Audience()
        self._token = token
        self._wordless_ends = wordless_ends

    def changed(self, verb: Verb, item: object) -> None:
        """Tell of a change, in as many messages as the real server."""
        assert isinstance(item, Item)
        match verb:
            case "added":
                self._added(item)
            case "updated":
                self._refreshed(item)
            case "removed":
                self._removed(item)

    def say(self, kind: str, entry: dict[str, Any]) -> None:
        """Send one message of a kind, like "timeline" or "playing"."""
        name = _ENTRIES.get(kind, "PlaySessionStateNotification")
        told = {"NotificationContainer": {"type": kind, "size": 1, name: [entry]}}
        self.audience.tell(json.dumps(told))

    def scan(self, section: int, event: str) -> None:
        """Tell that a section's folders are looked through: "started", "updated" or "ended"."""
        activity = {
            "uuid": f"scan-{section}",
            "type": "library.update.section",
            "cancellable": True,
            "userID": 1,
            "title": "Scanning",
            "subtitle": "",
            "progress": 0,
            "Context": {"librarySectionID": str(section)},
        }
        self.say("activity", {"event": event, "uuid": f"scan-{section}", "Activity": activity})

    def _added(self, item: Item) -> None:
        self.say("timeline", self._entry(item, 0, "created", identifier="tv.plex.providers.epg"))
        self.say("timeline", self._entry(item, 0, "created"))
        for _ in range(_MESSAGES_OF_AN_ADDITION - 7):
            self.say("timeline", self._entry(item, 1, "queued"))
        self._settle(item)

    def _refreshed(self, item: Item) -> None:
        for event in ("started", "ended"):
            activity = {
                "uuid": f"refresh-{item.key}",
                "type": "library.refresh.items",
                "cancellable": False,
                "userID": 1,
                "title": "Refreshing",
                "subtitle": item.work.title,
                "progress": 100 if event == "ended" else 0,
                "Context": {
                    "accessible": True,
                    "exists": True,
                    "key": f"/library/metadata/{item.key}",
                    "refreshed": event == "ended",
                },
            }
            told = {"event": event, "uuid": f"refresh-{item.key}", "Activity": activity}
            self.say("activity", told)
        self._settle(item)

    def _settle(self, item: Item) -> None:
        self.say("timeline", self._entry(item, 2, "matching"))
        self.say("timeline", self._entry(item, 3, "downloading"))
        self.say("timeline", self._entry(item, 4, "processing"))
        self.say("timeline", {**self._entry(item, 5, "created"), "mediaState": "analyzing"})
        self.say("timeline", self._entry(item, 5, "created"))

    def _removed(self, item: Item) -> None:
        if self._wordless_ends:
            self.say("timeline", {**self._entry(item, 5, "deleted"), "type": -1})
        else:
            self.say("timeline", self._entry(item, 9, "deleted"))

    def _entry(
        self, item: Item, state: int, words: str, identifier: str = _IDENTIFIER
    ) -> dict[str, Any]:
        return {
            "identifier": identifier,
            "sectionID": str(item.section.key),
            "itemID": str(item.key),
            "type": _TYPES[item.work.kind],
            "title": item.work.title,
            "state": state,
            "metadataState": words,
            "updatedAt": item.updated,
        }

    async def socket(self, websocket: WebSocket) -> None:
        """``/:/websockets/notifications``."""
        if self.audience.blocked:
            await websocket.send_denial_response(error(400))
            return
        if not self._knows(websocket):
            await websocket.send_denial_response(error(401))
            return
        kinds = _kinds(websocket)
        await websocket.accept()
        with self.audience.seat() as listener:
            hearing = asyncio.create_task(_until_left(websocket, listener))
            try:
                while (message := await listener.next()) is not None:
                    if _wanted(message, kinds):
                        await websocket.send_text(message)
                await websocket.close()
            except WebSocketDisconnect:
                pass
            finally:
                hearing.cancel()

    async def events(self, request: Request) -> Response:
        """``/:/eventsource/notifications``."""
        if not self._knows(request):
            return error(401)
        return StreamingResponse(self._streamed(_kinds(request)), media_type="text/event-stream")

    async def _streamed(self, kinds: frozenset[str]) -> AsyncIterator[str]:
        with self.audience.seat() as listener:
            yield ": hello\n\n"
            while (message := await listener.next()) is not None:
                if _wanted(message, kinds):
                    for line in _as_event(message):
                        yield line

    def _knows(self, asking: Request | WebSocket) -> bool:
        given = asking.headers.get("X-Plex-Token") or asking.query_params.get("X-Plex-Token")
        return given == self._token


def _kinds(asking: Request | WebSocket) -> frozenset[str]:
    """The kinds that ``filters`` chooses; none: all."""
    return frozenset(k for k in asking.query_params.get("filters", "").split(",") if k)


def _wanted(message: str, kinds: frozenset[str]) -> bool:
    return not kinds or json.loads(message)["NotificationContainer"]["type"] in kinds


def _as_event(message: str) -> Iterator[str]:
    """As a server-sent event: without the container, one entry by itself."""
    told = json.loads(message)["NotificationContainer"]
    kind = told.pop("type")
    told.pop("size")
    ((name, (entry,)),) = told.items()
    yield f"event: {kind}\ndata: {json.dumps({name: entry})}\n\n"


async def _until_left(websocket: WebSocket, listener: Listener) -> None:
    try:
        while True:
            await websocket.receive_text()
    except WebSocketDisconnect:
        listener.tell(None)
