"""What fails in a run, or is not believed, in sentences that name the source, what of it, why and
what to do; things that are alike are one sentence. Pure.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Literal

from fullcredits.errors import SourceError
from fullcredits.text import NAMED, some_of

Phase = Literal["listing", "records", "people"]

_REMEDY = "tried again later, and at once by `fullcredits sync`"


@dataclass(slots=True)
class _Alike:
    """What failed in one way: how its sentence goes on for one, and for several."""

    one: str
    many: str
    named: list[str] = field(default_factory=list)
    count: int = 0


class Troubles:
    """What failed, or is not believed, in a run of one source."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._found: dict[Hashable, _Alike] = {}

    def note(self, phase: Phase, key: str, what: str, error: SourceError) -> str | None:
        """The sentence to tell at once; None where the same was told of something else.

        `what` is a title's name, or a thing like "the list of movies in Films".
        """
        why = error.problem.replace(f"/{key}", "/…") if key else error.problem
        rest = f"not read from {self._source}: {why} ({_REMEDY})"
        return self.tell_of((phase, why), what, f"was {rest}", f"were {rest}")

    def tell_of(self, kind: Hashable, what: str, one: str, many: str) -> str | None:
        """As `note`, of anything of a kind; `one` and `many` are how a sentence goes on about one
        thing of that kind, and about several.
        """
        alike = self._found.setdefault(kind, _Alike(one, many))
        alike.count += 1
        if len(alike.named) < NAMED and what not in alike.named:
            alike.named.append(what)
        return None if alike.count > 1 else _sentence(alike)

    def again(self) -> list[str]:
        """A sentence for all that failed alike, where it is more than was told at once."""
        return [_sentence(alike) for alike in self._found.values() if alike.count > 1]

    def sentences(self) -> list[str]:
        """A sentence for each way of failing, in the order of the first."""
        return [_sentence(alike) for alike in self._found.values()]


def odd_form(why: str) -> str:
    """For what came and has not the form we know, by the sentence of the decoder."""
    return f"it has not the form we know ({why}): refresh its metadata on the server"


def _sentence(alike: _Alike) -> str:
    rest = alike.one if alike.count == 1 else alike.many
    return f"{some_of(alike.named, alike.count)} {rest}"
