"""How much is asked of a server at once: it follows the time and the bytes that answers take.

Pure. The titles of a request are the fine control, the requests at once the coarse one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from fullcredits.sources.contract import Pace

TARGET_SECONDS = 0.5
"""How long a request for full records should take: long enough that its overhead vanishes, short
enough that a title somebody looks at is read soon, and that a killed run repeats little."""

TARGET_BYTES = 8 * 2**20
"""How large its answer should be at most: what is read is held in memory several times over."""

PATIENCE = 3.0
"""A request for no more than `pace.whole` titles may take so many times as long."""

TOO_HARD = 4.0
"""An answer that takes so many times the target, in time or in bytes, shows that the server is
slow, whatever the size of a request."""

USUAL = 2
"""Requests at once where nothing speaks for more or less: one is on its way while another is
answered."""


class Taker(Enum):
    """What whoever takes the answers is at when one comes."""

    WAITS = auto()
    """It waits for this one, or does meanwhile what can be left."""
    BUSY = auto()
    """It has the one before still to deal with."""
    BEHIND = auto()
    """Others wait for it already: what is asked for at once more than one is asked for too early,
    and once more if the run is killed."""


@dataclass(frozen=True, slots=True)
class Stride:
    """What to ask next: so many titles a request, so many requests at once."""

    titles: float
    parallel: int

    def after(
        self,
        pace: Pace,
        titles: int,
        seconds: float,
        size: int,
        *,
        distance: float = 0.0,
        trouble: bool = False,
        taker: Taker = Taker.WAITS,
    ) -> Stride:
        """When so many titles came. `distance`: the seconds that any answer takes, so that fewer
        titles would not make it quicker. `trouble`: the server also broke off, took too long or
        asked to wait meanwhile.

        The size comes nearer to the target time or the target bytes, whichever comes first; at
        most twice as large or half as large at a time; up to `pace.whole` titles may take PATIENCE
        times the target time. One request more at once where titles enough came within the target
        and the `taker` waits, one less where they were far from it or it is behind, half as many
        after trouble.
        """
        hard = max(seconds / TARGET_SECONDS, size / TARGET_BYTES, 0.001)
        slow, large = (seconds - distance) / TARGET_SECONDS, size / TARGET_BYTES
        bearable = titles / max(slow, large, 0.001)
        patient = min(pace.whole, titles / max(slow / PATIENCE, large, 0.001))
        fitting = min(max(bearable, patient, self.titles / 2, 1.0), self.titles * 2)
        parallel = self.parallel
        if trouble:
            parallel //= 2
        elif hard > TOO_HARD or taker is Taker.BEHIND:
            parallel -= 1
        elif taker is Taker.WAITS and hard <= 1 and (parallel < USUAL or titles >= pace.titles):
            parallel += 1
        return Stride(min(fitting, float(pace.most_titles)), _within(parallel, pace))

    def broken(self, titles: int, *, trouble: bool) -> Stride:
        """When a request for so many titles failed, `trouble` as in `after`."""
        parallel = max(1, self.parallel // 2) if trouble else self.parallel
        return Stride(max(1.0, min(self.titles, titles // 2)), parallel)


def first(pace: Pace) -> Stride:
    """Before anything is known of the server."""
    return Stride(float(pace.titles), _within(USUAL, pace))


def _within(parallel: int, pace: Pace) -> int:
    return max(1, min(parallel, pace.parallel))
