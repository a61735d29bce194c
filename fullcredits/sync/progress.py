"""How far a sync is, for whoever looks on: kept with its run, read by pages and commands."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

from fullcredits.store.plan import Named, Queue, Waiting
from fullcredits.store.progress import Progress
from fullcredits.sync.ahead import Ahead
from fullcredits.sync.rate import Rate
from fullcredits.sync.watch import Summary, Watch

_STEP = 5
"""Seconds: what is kept with a run is written for each change."""


class Meter:
    """Watches a sync, tells another watch what it hears, and knows the present `Progress`."""

    def __init__(self, watch: Watch, clock: Callable[[], float] = time.monotonic) -> None:
        self._watch = watch
        self._clock = clock
        self._listed: dict[str, tuple[int, int]] = {}
        self._read_at = 0.0
        self._ahead = Ahead()
        self._rate, self._credit_rate = Rate(), Rate()
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
        self._read_at = self._clock()
        self._ahead = Ahead(waiting)
        self._rate, self._credit_rate = Rate(), Rate()
        titles = sum(queue.titles for queue in waiting)
        if titles:
            self.now = self.now._replace(doing="reading titles", done=0, total=titles)
        self._watch.planned(titles)

    def more(self, titles: Sequence[Named]) -> None:
        """These will be read, too."""
        if titles:
            self._ahead.more(titles)
            self.now = self.now._replace(total=(self.now.total or 0) + len(titles))

    def stored(self, titles: Sequence[Waiting], credits: Mapping[str, int]) -> None:
        """One batch is stored: these titles, and by key how many credits they had; without those
        that failed. What is left takes as long as as much took lately.
        """
        now, more = self.now, sum(credits.values())
        at, done = self._clock(), self._ahead.done
        self._ahead.take(titles, credits)
        self._rate.note(at - self._read_at, self._ahead.done - done)
        self._credit_rate.note(at - self._read_at, more)
        self._read_at, rate = at, self._rate.now
        left = round(self._ahead.left / rate, 1) if rate else None
        self.now = now._replace(
            doing="reading titles",
            done=now.done + len(titles),
            credits=now.credits + more,
            credits_a_second=round(self._credit_rate.now, 1),
            left=left,
        )
        self._watch.stored(len(titles), more, left)

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
        if steps != self.now.silent:  # each change is written to the database
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
