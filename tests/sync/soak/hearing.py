"""A run over a pretend server that is listened to meanwhile, and that may be killed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import Any, NoReturn
from unittest import mock

from fullcredits.sources.contract import Hint
from fullcredits.store import runs
from fullcredits.sync.live import Ear, Heard
from fullcredits.sync.meanwhile import Meanwhile
from fullcredits.sync.watch import Summary
from tests.sync.soak.shelf import Shelf

Run = Callable[[Callable[[], Meanwhile]], Summary]
"""A run, given what makes its `Meanwhile` in its event loop."""


def hears(shelf: Shelf, dies: int, run: Run) -> Heard:
    """Let a run hear what its server tells of, as `serve` does, and be killed at so many requests
    from now (0 or less: never): it ends there, and nobody notes that it did. Returns what is left
    to the next one: of a run that was killed, nothing.
    """
    with ExitStack() as stack:
        hearing = _Hearing(shelf, dies, stack)
        with suppress(asyncio.CancelledError):
            run(hearing.begin)
            return hearing.left()
    return Heard()


class _Hearing:
    def __init__(self, shelf: Shelf, dies: int, stack: ExitStack) -> None:
        self._shelf = shelf
        self._dies = dies
        self._stack = stack

    def begin(self) -> Meanwhile:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()
        self._ear = Ear(_nobody, None, lambda: None)  # type: ignore[arg-type]
        self._meanwhile = Meanwhile(self._ear)
        watchers: list[Any] = self._shelf.library.watchers
        watchers.append(self._hear)
        self._stack.callback(watchers.remove, self._hear)
        if self._dies > 0:
            self._shelf.during(self._dies, self._die)
            self._stack.callback(self._shelf.never, self._die)
        return self._meanwhile

    def left(self) -> Heard:
        self._meanwhile.end()
        return self._ear.take()

    def _hear(self, verb: str, item: Any) -> None:
        key = frozenset([self._shelf.key(item)])
        hint = Hint(removed=key) if verb == "removed" else Hint(key)
        self._loop.call_soon_threadsafe(self._ear._hear, hint)

    def _die(self) -> None:
        assert self._task is not None
        self._stack.enter_context(mock.patch.object(runs, "end_run"))
        self._loop.call_soon_threadsafe(self._task.cancel)


def _nobody(_: object) -> NoReturn:
    raise AssertionError("nobody listens by it")
