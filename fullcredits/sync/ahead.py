"""How much of a sync is still ahead, told in credits: a server takes its time over each of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from fullcredits.model import TitleKind
from fullcredits.store.plan import Named, Queue, Turn, Waiting

USUAL = {TitleKind.MOVIE: 30, TitleKind.SHOW: 30, TitleKind.SEASON: 10, TitleKind.EPISODE: 10}
"""Credits of a title, where none of its kind was read yet in this run …"""
_AS_MANY = 30
"""… and as if so many had been: the first few of a kind say little of the others."""
_NEARER = 6
"""The less of a sample is left, the more what was read just now speaks for what comes next: as much
as all of the sample times this power of the part that is read."""
_LATELY = 200
"""Titles: what was read so long ago counts for a third of what is read now."""


class _Kind:
    """Titles of a kind that were never read, and what is known of their credits.

    Where a sample is read first, it speaks for the others, which come in the same order: of those
    that are left, its later part.
    """

    def __init__(self, kind: TitleKind) -> None:
        self._whole = 0
        self.unread = 0
        self._sampling = 0
        self._sample: list[int] = []
        self._titles = float(_AS_MANY)
        self._credits = float(_AS_MANY * USUAL[kind])

    def add(self, titles: int, *, sample: bool) -> None:
        """So many wait."""
        self.unread += titles
        if sample:
            self._sampling += titles
        else:
            self._whole += titles

    def take(self, turn: Turn, credits: int | None) -> None:
        """One was read, or failed (None)."""
        self.unread -= 1
        if turn is Turn.SAMPLE:
            self._sampling -= 1
        if credits is None:
            return
        if turn is Turn.SAMPLE:
            self._sample.append(credits)
        fades = turn is not Turn.SAMPLE and bool(self._sample)
        faded = math.exp(-1 / _LATELY) if fades else 1.0
        self._titles = self._titles * faded + 1
        self._credits = self._credits * faded + credits

    @property
    def left(self) -> float:
        """Their credits, and one more for each."""
        return max(self.unread, 0) * (self._mean + 1)

    @property
    def _mean(self) -> float:
        """Of one that is left."""
        near = self._credits / self._titles
        if not self._sample:
            return near
        read = 1 - (self.unread - self._sampling) / max(self._whole, 1)
        rest = self._sample[int(len(self._sample) * read) :]
        as_many = 1 + len(self._sample) * read**_NEARER
        return (sum(rest) + near * as_many) / (len(rest) + as_many)


class Ahead:
    """The credits that wait to be read, as far as can be told: those of a title read before are as
    many as it had, of others as many as titles of their kind had in this run.

    Each title counts as one credit more, for what it takes beside its people.
    """

    def __init__(self, waiting: Iterable[Queue] = ()) -> None:
        self._kinds = {kind: _Kind(kind) for kind in TitleKind}
        self._known = 0
        self.done = 0
        """Credits read, with the one more of each title."""
        for queue in waiting:
            self._kinds[queue.kind].add(queue.unread, sample=queue.turn is Turn.SAMPLE)
            self._known += queue.credits + queue.titles - queue.unread

    def more(self, titles: Iterable[Named]) -> None:
        """These wait, too."""
        self._known += sum(title.credit_count + 1 for title in titles if title.read_at)

    def take(self, titles: Iterable[Waiting], credits: Mapping[str, int]) -> None:
        """These were read, or failed; `credits` by the keys of those that were given."""
        for title in titles:
            given = credits.get(title.key)
            if title.read_at is None:
                self._kinds[title.kind].take(title.turn, given)
            else:
                self._known -= title.credit_count + 1
            if given is not None:
                self.done += given + 1

    @property
    def left(self) -> float:
        """What still waits, counted as `done` is."""
        return max(self._known, 0) + sum(kind.left for kind in self._kinds.values())
