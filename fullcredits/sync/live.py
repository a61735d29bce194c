"""Listening to a source: its hints gathered until they are worth a sync, the line kept open."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import dataclass, field
from typing import NoReturn

import structlog

from fullcredits.errors import ConfigError, Refused, SourceError
from fullcredits.sources.contract import Hint, Source
from fullcredits.store.sources import SourceRow

Connect = Callable[[SourceRow], AbstractAsyncContextManager[Source]]

QUIET = 0.5
"""Seconds without a further hint after which what was gathered is worth a sync …"""
MOST = 3.0
"""… and seconds after the first one, however many come: one film makes a hundred messages."""
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 300.0
_REFUSED_PAUSE = 900.0
"""Who refuses us will do so until its owner did something."""
_STEADY = 60.0
"""A line that held for so many seconds was a good one: the next pause is short again."""

log = structlog.get_logger()


@dataclass(slots=True)
class Heard:
    """What was gathered."""

    changed: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    compare: bool = False

    def __bool__(self) -> bool:
        return bool(self.changed or self.removed or self.compare)

    def add(self, hint: Hint) -> None:
        """Of a title that is both, the later word counts; in the end the server is asked."""
        self.changed = (self.changed - hint.removed) | hint.changed
        self.removed = (self.removed - hint.changed) | hint.removed
        self.compare |= hint.compare


class Ear:
    """Listens to one source; `told` is called whenever there may be something new to do."""

    def __init__(
        self,
        connect: Connect,
        row: SourceRow,
        told: Callable[[], None],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._connect = connect
        self._row = row
        self._told = told
        self._sleep = sleep
        self._heard = Heard()
        self._first = self._last = 0.0
        self._loop = asyncio.get_running_loop()
        self.trouble: str | None = "not yet listened to"
        """Why nothing is heard; None while the line is open."""
        self.scanning = False
        """Whether the server said last that it looks through its folders."""

    def ready_in(self) -> float | None:
        """Seconds until what was gathered is worth a sync; None where there is nothing."""
        if not self._heard:
            return None
        now = self._loop.time()
        return max(0.0, min(self._last + QUIET, self._first + MOST) - now)

    def take(self) -> Heard:
        """What was gathered, which is then forgotten."""
        heard, self._heard = self._heard, Heard()
        return heard

    def put_back(self, heard: Heard) -> None:
        """What was taken could not be dealt with."""
        later = self._heard
        self._heard = heard
        self._heard.add(Hint(frozenset(later.changed), frozenset(later.removed), later.compare))
        self._first = self._last = self._loop.time()

    async def listen(self) -> NoReturn:
        """Keep a line open until cancelled; a broken one is explained once, and opened again with
        longer and longer pauses.
        """
        pause = _FIRST_PAUSE
        while True:
            began = self._loop.time()
            try:
                await self._on_the_line()
            except (SourceError, ConfigError) as error:
                problem = error.problem if isinstance(error, SourceError) else str(error)
                if self.trouble != problem:
                    log.warning("not told of changes", source=self._row.name, why=problem)
                self.trouble, self.scanning = problem, False
                self._told()
                if self._loop.time() - began > _STEADY:
                    pause = _FIRST_PAUSE
                if isinstance(error, Refused):
                    pause = _REFUSED_PAUSE
            await self._sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _on_the_line(self) -> None:
        async with self._connect(self._row) as source, aclosing(source.changes()) as hints:
            async for hint in hints:
                if self.trouble is not None:
                    log.info("told of changes", source=self._row.name)
                    self.trouble = None
                self._hear(hint)

    def _hear(self, hint: Hint) -> None:
        now = self._loop.time()
        if not self._heard:
            self._first = now
        self._last = now
        self._heard.add(hint)
        if hint.scanning is not None:
            self.scanning = hint.scanning
        self._told()
