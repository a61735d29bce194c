"""The socket of a Jellyfin server: keep-alives for everybody, changes for users only.

As recorded of 10.11.11 and 12.0: changes are gathered and told in one message some time after the
last of them; an API key's socket is never told of any; editing a person tells nobody.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
import uuid
from typing import Any

from starlette.responses import Response
from starlette.websockets import WebSocket, WebSocketDisconnect

from fullcredits.simulate.audience import Audience, Listener, Verb
from fullcredits.simulate.jellyfin.gate import Gate
from fullcredits.simulate.jellyfin.library import Item

GATHERING = 30.0
"""Seconds after the last change until the changes are told of: LibraryUpdateDuration."""
LOST_AFTER = 60.0
"""Seconds of silence after which a socket is dropped."""
_REMIND = 0.8
_LISTS: dict[Verb, str] = {
    "added": "ItemsAdded",
    "removed": "ItemsRemoved",
    "updated": "ItemsUpdated",
}


class Notices:
    """The audience of one server. ``gathering`` and ``lost_after`` may be set shorter."""

    def __init__(self, gate: Gate) -> None:
        self.users = Audience()
        self.keys = Audience()
        self.gathering = GATHERING
        self.lost_after = LOST_AFTER
        self._gate = gate
        self._lock = threading.Lock()
        self._gathered: dict[Verb, dict[str, None]] = {}
        self._last = 0.0
        self._timer: threading.Timer | None = None

    def changed(self, verb: Verb, item: object) -> None:
        """Gather a change."""
        assert isinstance(item, Item)
        with self._lock:
            self._gathered.setdefault(verb, {})[item.id] = None
            self._last = time.monotonic()
            if self._timer is None:
                self._wait(self.gathering)

    def progress(self, item_id: str, percent: float) -> None:
        """Tell how far the scan of a folder is."""
        told = {"ItemId": item_id, "Progress": f"{percent:g}"}
        self.users.tell(_message("RefreshProgress", told))

    def shut_down(self) -> None:
        """Say good-bye and hang up."""
        for audience in (self.users, self.keys):
            audience.tell(_message("ServerShuttingDown", ""))
            audience.tell(None)

    def _wait(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._tell)
        self._timer.daemon = True
        self._timer.start()

    def _tell(self) -> None:
        with self._lock:
            left = self._last + self.gathering - time.monotonic()
            if left > 0:
                self._wait(left)
                return
            gathered, self._gathered = self._gathered, {}
            self._timer = None
        told: dict[str, Any] = {"FoldersAddedTo": [], "FoldersRemovedFrom": []}
        told |= {name: list(gathered.get(verb, ())) for verb, name in _LISTS.items()}
        told |= {"CollectionFolders": [], "IsEmpty": False}
        self.users.tell(_message("LibraryChanged", told))

    async def socket(self, websocket: WebSocket) -> None:
        """``/socket``."""
        caller = self._gate.read(websocket)
        known = caller.user is not None or caller.token in self._gate.api_keys
        if self.users.blocked or not known:
            await websocket.send_denial_response(Response(status_code=404 if known else 403))
            return
        await websocket.accept()
        audience = self.keys if caller.user is None else self.users
        with audience.seat() as listener:
            await websocket.send_text(self._reminder())
            hearing = asyncio.create_task(self._hear(websocket, listener))
            try:
                while (message := await listener.next()) is not None:
                    await websocket.send_text(message)
                await websocket.close()
            except WebSocketDisconnect:
                pass
            finally:
                hearing.cancel()

    async def _hear(self, websocket: WebSocket, listener: Listener) -> None:
        """Answer keep-alives, ask for them, and drop who gives none."""
        heard = time.monotonic()
        reminded = False
        try:
            while True:
                silence = time.monotonic() - heard
                limit = self.lost_after * (1.0 if reminded else _REMIND)
                try:
                    async with asyncio.timeout(max(0.0, limit - silence)):
                        said = json.loads(await websocket.receive_text())
                except TimeoutError:
                    if reminded:
                        break
                    listener.tell(self._reminder())
                    reminded = True
                    continue
                heard, reminded = time.monotonic(), False
                if said.get("MessageType") == "KeepAlive":
                    listener.tell(_message("KeepAlive"))
        except WebSocketDisconnect:
            pass
        listener.tell(None)

    def _reminder(self) -> str:
        seconds = self.lost_after
        whole = int(seconds) if seconds == int(seconds) else seconds
        return _message("ForceKeepAlive", whole)


def _message(kind: str, data: Any = None) -> str:
    told: dict[str, Any] = {"MessageId": uuid.uuid4().hex}
    if data is not None:
        told["Data"] = data
    return json.dumps({**told, "MessageType": kind})
