"""The conductor in a thread of its own, beside the pages: theirs must stay quick while it works."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from types import TracebackType

from fullcredits.store import Store
from fullcredits.store.progress import Holder
from fullcredits.sync.conductor import Conductor
from fullcredits.sync.live import Connect, Heard
from fullcredits.sync.rules import USUAL, Rules

_START = 10.0


class Background:
    """Keeps all sources in step for as long as it is open; a context manager.

    Every method may be called from any thread.
    """

    def __init__(
        self, store: Store, connect: Connect, holder: Holder, rules: Rules = USUAL
    ) -> None:
        self._store = store
        self._connect = connect
        self._holder = holder
        self._rules = rules
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="conductor")
        self._loop: asyncio.AbstractEventLoop
        self._task: asyncio.Task[None]
        self._conductor: Conductor

    def __enter__(self) -> Background:
        self._thread.start()
        self._ready.wait(_START)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop whatever is under way: what is stored stays, the rest is done by the next run."""
        self._store.hurry()
        self._call(self._task.cancel)
        self._thread.join()

    def wake(self) -> None:
        """Something changed in the database that concerns the conductor."""
        self._call(self._conductor.wake)

    def tell(self, source_id: int, keys: Collection[str]) -> None:
        """Somebody says that titles of a source changed; without keys: that something did."""
        heard = Heard(changed=set(keys), compare=not keys)
        self._call(lambda: self._conductor.hint(source_id, heard))

    def trouble(self, source_id: int) -> str | None:
        """Why a source's changes are not heard of; None while they are."""
        return self._conductor.trouble(source_id)

    def _call(self, what: Callable[[], object]) -> None:
        with suppress(RuntimeError):  # it has stopped
            self._loop.call_soon_threadsafe(what)

    def _run(self) -> None:
        asyncio.run(self._conducted())

    async def _conducted(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._conductor = Conductor(self._store, self._connect, self._holder, self._rules)
        self._task = asyncio.create_task(self._conductor.run())
        self._ready.set()
        await asyncio.gather(self._task, return_exceptions=True)
