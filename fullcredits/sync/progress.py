"""How far a sync is, for whoever looks on: kept with its run, read by pages and commands."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

from fullcredits.store.plan import Queue, Waiting
from fullcredits.store.progress import Progress
from fullcredits.sync.ahead import Ahead
from fullcredits.sync.watch import Summary, Watch

_STEP = 5
"""Seconds: what is kept with a run is written for each change."""


class Meter:
    """Watches a sync, tells another watch what it hears, and knows the present `Progress`."""

    def __init__(self, watch: Watch, clock: Callable[[], float] = time.monotonic) -> None:
        self._watch = watch
        self._clock = clock
        self._listed: dict[str, tuple[int, int]] = {}
        self._reading_since = 0.0
        self._ahead = Ahead()
        self.now = Progress()

    def waiting(self, name: str, why: str) -> None:
        """A source has to wait."""
        self._watch.waiting(name, why)

    def source(self, name: str, server: str) -> None:
        """Begin with a source."""
        self.now = Progress("listing titles")
        self._listed.clear()
        self._watch.source(name, server)

    def listed(self, listing: str, titles: int, total: int) -> None:
        """So many titles are listed."""
        self._listed[listing] = (titles, max(titles, total))
        done, whole = (sum(numbers) for numbers in zip(*self._listed.values(), strict=True))
        self.now = self.now._replace(doing="listing titles", done=done, total=whole)
        self._watch.listed(listing, titles, total)

    def planned(self, waiting: Sequence[Queue]) -> None:
        """So much will be read."""
        self._reading_since = self._clock()
        self._ahead = Ahead(waiting)
        titles = sum(queue.titles for queue in waiting)
        if titles:
            self.now = self.now._replace(doing="reading titles", done=0, total=titles)
        self._watch.planned(titles)

    def stored(self, titles: Sequence[Waiting], credits: Mapping[str, int]) -> None:
        """One batch is stored: these titles, and by key how many credits they had; without those
        that failed.
        """
        now, more = self.now, sum(credits.values())
        read = now.credits + more
        seconds = max(self._clock() - self._reading_since, 0.001)
        self._ahead.take(titles, credits)
        done = self._ahead.done
        self.now = now._replace(
            doing="reading titles",
            done=now.done + len(titles),
            credits=read,
            credits_a_second=round(read / seconds, 1),
            left=round(seconds / done * self._ahead.left, 1) if done else None,
        )
        self._watch.stored(len(titles), more)

    def people(self, persons: int) -> None:
        """One page of persons is stored."""
        self.now = self.now._replace(doing="reading people", done=persons, total=None, left=None)
        self._watch.people(persons)

    def step(self, words: str) -> None:
        """Another part of the work begins."""
        self.now = self.now._replace(doing=words, done=0, total=None, left=None)
        self._watch.step(words)

    def silent(self, name: str, seconds: float, asked: str) -> None:
        """Nothing came for so long."""
        steps = int(seconds // _STEP * _STEP)
        self.now = self.now._replace(silent=steps, asked=asked if steps else "")
        self._watch.silent(name, seconds, asked)

    def problem(self, message: str) -> None:
        """Something failed and was noted."""
        self.more_problems()
        self.tell(message)

    def more_problems(self) -> None:
        """Something failed as others did: it is counted, and told with them."""
        self.now = self.now._replace(problems=self.now.problems + 1)

    def tell(self, message: str) -> None:
        """What failed alike, of which each was counted."""
        self._watch.problem(message)

    def finished(self, summary: Summary) -> None:
        """The source is done."""
        self._watch.finished(summary)
