"""Titles whose pages are open and wait to be read: noted beside the pages, which wait for nothing.

Whoever writes may have the database for long, and to note a wish takes a turn like any write.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import NamedTuple

import structlog

from fullcredits.errors import StoreError
from fullcredits.store import Store
from fullcredits.store.plan import ask_for

MOST = 50
"""Wishes that wait at once; the oldest are dropped."""
GIVEN_UP = 120.0
"""Seconds after which a wish is dropped that could not be noted: nobody looks any more."""
TRY = 2.0
"""Seconds that one is tried for before whichever came last is."""

_PAUSE = 0.2

_log = structlog.get_logger(__name__)


class _Wish(NamedTuple):
    title_id: int
    at: float
    noted: Callable[[], None]


class Wishes:
    """Of all pages; every method may be called from any thread."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._waiting: dict[int, _Wish] = {}
        """The last one last."""
        self._noting: threading.Thread | None = None

    def add(self, title_id: int, noted: Callable[[], None]) -> None:
        """Let a title be read before all others, as soon as that can be noted; then tell."""
        with self._lock:
            self._waiting.pop(title_id, None)
            self._waiting[title_id] = _Wish(title_id, time.monotonic(), noted)
            while len(self._waiting) > MOST:
                del self._waiting[next(iter(self._waiting))]
            if self._noting is None:
                # It must not keep the program from ending: what is not noted is asked for again.
                self._noting = threading.Thread(target=self._note, name="wishes", daemon=True)
                self._noting.start()

    def settle(self) -> None:
        """Return when nothing waits any more."""
        if noting := self._noting:
            noting.join()

    def _note(self) -> None:
        while wish := self._last():
            try:
                if ask_for(self._store, wish.title_id, TRY):
                    wish.noted()
            except StoreError as error:
                _log.debug("what somebody looks at is not noted yet", reason=str(error))
                time.sleep(_PAUSE)
                continue
            except Exception:
                _log.exception("what somebody looks at cannot be noted")
            with self._lock:
                if self._waiting.get(wish.title_id) is wish:
                    del self._waiting[wish.title_id]

    def _last(self) -> _Wish | None:
        """The wish that came last; None: there is none, and nobody notes any more."""
        with self._lock:
            latest = time.monotonic() - GIVEN_UP
            self._waiting = {n: wish for n, wish in self._waiting.items() if wish.at > latest}
            if not self._waiting:
                self._noting = None
                return None
            return next(reversed(self._waiting.values()))
