"""What fails in a run, in sentences that name the source, what of it, why and what to do; things
that fail alike are one sentence. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from fullcredits.errors import SourceError

Phase = Literal["listing", "records", "people"]

_NAMED = 3
"""So many of those that failed alike are named."""
_LONGEST = 50
_REMEDIES: dict[Phase, str] = {
    "records": "tried again later, and at once by `fullcredits sync`",
    "listing": "tried again at the next sync",
    "people": "tried again at the next sync",
}


@dataclass(slots=True)
class _Alike:
    """What failed in one way."""

    phase: Phase
    why: str
    named: list[str] = field(default_factory=list)
    count: int = 0


class Troubles:
    """What failed in a run of one source."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._found: dict[tuple[Phase, str], _Alike] = {}

    def note(self, phase: Phase, key: str, what: str, error: SourceError) -> str | None:
        """The sentence to tell at once; None where the same was told of something else.

        `what` is a title's name, or a thing like "the list of movies in Films".
        """
        why = error.problem.replace(f"/{key}", "/…") if key else error.problem
        alike = self._found.setdefault((phase, why), _Alike(phase, why))
        alike.count += 1
        if len(alike.named) < _NAMED:
            alike.named.append(what)
        return None if alike.count > 1 else self._sentence(alike)

    def again(self) -> list[str]:
        """A sentence for all that failed alike, where it is more than was told at once."""
        return [self._sentence(alike) for alike in self._found.values() if alike.count > 1]

    def sentences(self) -> list[str]:
        """A sentence for each way of failing, in the order of the first."""
        return [self._sentence(alike) for alike in self._found.values()]

    def _sentence(self, alike: _Alike) -> str:
        more = alike.count - len(alike.named)
        names = [*alike.named, *([f"{more:,} more"] if more else [])]
        who = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
        again = _REMEDIES[alike.phase]
        was = "was" if alike.count == 1 else "were"
        return f"{who} {was} not read from {self._source}: {alike.why} ({again})"


def title_named(title: str) -> str:
    """A title's name as it stands in a sentence."""
    return f"“{title if len(title) <= _LONGEST else title[: _LONGEST - 1] + '…'}”"


def odd_form(why: str) -> str:
    """For what came and has not the form we know, by the sentence of the decoder."""
    return f"it has not the form we know ({why}): refresh its metadata on the server"
