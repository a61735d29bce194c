"""Which works of a filmography are wanted, and what there is to choose from.

Pure. A filter offers what is left by all the others, with how many works each choice leaves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from itertools import chain
from operator import attrgetter
from typing import Any, NamedTuple

from fullcredits.model import TitleKind
from fullcredits.pages import addresses
from fullcredits.pages.choosers import Chooser, State
from fullcredits.pages.filmography import Gathered
from fullcredits.text import fold

_KINDS = {TitleKind.MOVIE: "Films", TitleKind.SHOW: "Shows", TitleKind.EPISODE: "Episodes"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters as the address has them; "" for what does not matter."""

    department: str = ""
    kind: str = ""
    decade: str = ""
    genre: str = ""
    source: str = ""

    def __bool__(self) -> bool:
        """Whether anything is filtered."""
        return any(asdict(self).values())


class _Filter(NamedTuple):
    label: str
    of: Callable[[Gathered], Any]
    """What a work has of it."""
    several: bool
    """A work may have several."""
    value: Callable[[Any], str]
    """The same as addresses have it."""
    text: Callable[[Any], str]

    def each(self, works: Iterable[Gathered]) -> Iterable[Hashable]:
        """All that these works have of it."""
        found = map(self.of, works)
        return chain.from_iterable(found) if self.several else found

    def passes(self, work: Gathered, chosen: str) -> bool:
        """Whether that is what a work has."""
        return any(self.value(one) == chosen for one in self.each((work,)))


_FILTERS: Mapping[str, _Filter] = {
    "department": _Filter("Department", attrgetter("department"), False, fold, str),
    "kind": _Filter("Kind", attrgetter("kind"), False, str, lambda k: _KINDS.get(k, "Episodes")),
    "decade": _Filter("Decade", attrgetter("decades"), True, str, lambda decade: f"{decade}s"),
    "genre": _Filter("Genre", attrgetter("genres"), True, str, str),
    "source": _Filter(
        "Server",
        attrgetter("sources"),
        True,
        lambda source: str(source[0]),
        lambda source: str(source[1]),
    ),
}


def wanted_of(works: Iterable[Gathered], wanted: Wanted) -> list[Gathered]:
    """Those that pass every filter, in their order."""
    return _passing(works, _asked(wanted))


def _asked(wanted: Wanted) -> dict[str, str]:
    return {name: value for name, value in asdict(wanted).items() if value}


def _passing(works: Iterable[Gathered], asked: Mapping[str, str]) -> list[Gathered]:
    found = list(works)
    for name, chosen in asked.items():
        found = [work for work in found if _FILTERS[name].passes(work, chosen)]
    return found


def choosers(works: list[Gathered], wanted: Wanted, base: str) -> tuple[Chooser, ...]:
    """The filters that have something to choose. Raises NotFound for a choice there is not."""
    state = State(asdict(wanted), partial(addresses.filtered, base))
    asked = _asked(wanted)
    made = []
    for name, sort in _FILTERS.items():
        chosen = asked.get(name, "")
        left = _passing(works, {other: asked[other] for other in asked if other != name})
        numbers = Counter(sort.each(left))
        every = dict.fromkeys(sort.each(works)) if asked else numbers
        texts = {sort.value(one): (sort.text(one), numbers[one]) for one in every}
        choices = [
            (one, f"{words} ({number:,})")
            for one, (words, number) in _sorted(name, texts)
            if number or one == chosen
        ]
        if len(choices) > 1 or chosen:
            made.append(state.chooser(name, sort.label, [("", "All"), *choices]))
    return tuple(made)


def _sorted(
    name: str, texts: Mapping[str, tuple[str, int]]
) -> Iterable[tuple[str, tuple[str, int]]]:
    """As they come in works for departments; the newest decade first; else by their texts."""
    if name == "department":
        return texts.items()
    return sorted(texts.items(), key=lambda choice: choice[1][0], reverse=name == "decade")
