"""How much of a sync is still ahead, told in credits: a server takes its time over each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from fullcredits.model import TitleKind
from fullcredits.store.plan import Queue, Waiting

USUAL = {TitleKind.MOVIE: 30, TitleKind.SHOW: 30, TitleKind.SEASON: 10, TitleKind.EPISODE: 10}
"""Credits of a title, where none of its kind was read yet in this run …"""
_AS_MANY = 300
"""… and as if so many had been: the first few of a kind say little of the others."""


class Ahead:
    """The credits that wait to be read, as far as can be told: those of a title read before are as
    many as it had, of others as many as titles of their kind had in this run.

    Each title counts as one credit more, for what it takes beside its people.
    """

    def __init__(self, waiting: Iterable[Queue] = ()) -> None:
        self._unread: Counter[TitleKind] = Counter()
        self._known = 0
        self._titles: Counter[TitleKind] = Counter()
        self._credits: Counter[TitleKind] = Counter()
        self.done = 0
        """Credits read, with the one more of each title."""
        for queue in waiting:
            self._unread[queue.kind] += queue.unread
            self._known += queue.credits + queue.titles - queue.unread

    def take(self, titles: Iterable[Waiting], credits: Mapping[str, int]) -> None:
        """These were read, or failed; `credits` by the keys of those that were given."""
        for title in titles:
            if title.read_at is None:
                self._unread[title.kind] -= 1
            else:
                self._known -= title.credit_count + 1
            if title.key in credits:
                self._titles[title.kind] += 1
                self._credits[title.kind] += credits[title.key]
                self.done += credits[title.key] + 1

    @property
    def left(self) -> float:
        """What still waits, counted as `done` is."""
        unread = sum(
            titles * (self._mean(kind) + 1) for kind, titles in self._unread.items() if titles > 0
        )
        return max(self._known, 0) + unread

    def _mean(self, kind: TitleKind) -> float:
        credits = self._credits[kind] + USUAL[kind] * _AS_MANY
        return credits / (self._titles[kind] + _AS_MANY)
