"""What is held, by what it has in common: a fault over hundreds of titles is one thing to say yes
or no to.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from fullcredits.store.holds import ODDITIES, Hold
from fullcredits.text import NAMED, some_of, title_named


class Alike(NamedTuple):
    """Titles that came back alike from a server, where they are many; all else by itself."""

    holds: Sequence[Hold]
    """By rising numbers."""

    @property
    def words(self) -> str:
        """What is held, in a sentence without an end."""
        first = self.holds[0]
        if len(self.holds) == 1:
            return first.words
        names = [title_named(hold.title or "") for hold in self.holds[:NAMED]]
        return f"{some_of(names, len(self.holds))} came back with {_CAUSES[_cause(first)]}"


def alike(found: Sequence[Hold]) -> list[Alike]:
    """What is held, by rising numbers; the groups of the lowest numbers first."""
    by_kind: dict[object, list[Hold]] = {}
    for hold in found:
        kind = kind_of(hold)
        by_kind.setdefault((hold.source_id, kind) if kind else hold.id, []).append(hold)
    groups: list[Alike] = []
    for many in by_kind.values():
        groups += [Alike(many)] if len(many) > NAMED else [Alike([one]) for one in many]
    return sorted(groups, key=lambda group: group.holds[0].id)


def kind_of(hold: Hold) -> str:
    """What a hold has in common with others of its source, the owner's word included; "" for
    vanished titles, which are by themselves.
    """
    return "" if hold.library is not None else f"{_cause(hold)}-{hold.word or 'open'}"


def those(found: Sequence[Hold], kind: str, last: int) -> list[int]:
    """The numbers of a kind, up to the last that somebody saw: others may have come since."""
    return [hold.id for hold in found if kind and kind_of(hold) == kind and hold.id <= last]


_CAUSES = {
    "crowd": "far more credits than they had",
    "nobody": "no credits",
    "few": "less than half of their credits",
    **{odd.value: words for odd, words in ODDITIES.items()},
}


def _cause(hold: Hold) -> str:
    if hold.odd is not None:
        return hold.odd
    if hold.missing < 0:
        return "crowd"
    return "nobody" if hold.missing == hold.whole else "few"
