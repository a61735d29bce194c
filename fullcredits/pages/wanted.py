"""Which works of a filmography are wanted, and what there is to choose from.

Pure. A filter offers what is left by all the others, with how many works each choice leaves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import partial

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


def _department(work: Gathered) -> Iterable[tuple[str, str]]:
    yield fold(work.entry.department), work.entry.department


def _kind(work: Gathered) -> Iterable[tuple[str, str]]:
    yield str(work.kind), _KINDS.get(work.kind, "Episodes")


def _decade(work: Gathered) -> Iterable[tuple[str, str]]:
    for decade in work.decades:
        yield str(decade), f"{decade}s"


def _genre(work: Gathered) -> Iterable[tuple[str, str]]:
    for genre in dict.fromkeys(work.first.genres):
        yield genre, genre


def _source(work: Gathered) -> Iterable[tuple[str, str]]:
    for number, name in work.sources.items():
        yield str(number), name


_Values = Callable[[Gathered], Iterable[tuple[str, str]]]
"""The (value, text) pairs that a work has of a filter."""

_FILTERS: Mapping[str, tuple[str, _Values]] = {
    "department": ("Department", _department),
    "kind": ("Kind", _kind),
    "decade": ("Decade", _decade),
    "genre": ("Genre", _genre),
    "source": ("Server", _source),
}


def wanted_of(works: Iterable[Gathered], wanted: Wanted) -> list[Gathered]:
    """Those that pass every filter, in their order."""
    asked = _asked(wanted)
    return [
        work
        for work in works
        if all(value in dict(_FILTERS[name][1](work)) for name, value in asked.items())
    ]


def _asked(wanted: Wanted) -> dict[str, str]:
    return {name: value for name, value in asdict(wanted).items() if value}


def choosers(works: list[Gathered], wanted: Wanted, base: str) -> tuple[Chooser, ...]:
    """The filters that have something to choose. Raises NotFound for a choice there is not."""
    state = State(asdict(wanted), partial(addresses.filtered, base))
    told = {name: [tuple(values(work)) for work in works] for name, (_, values) in _FILTERS.items()}
    asked = _asked(wanted)
    made = []
    for name, (label, _) in _FILTERS.items():
        texts = dict(pair for pairs in told[name] for pair in pairs)
        others = [(told[other], value) for other, value in asked.items() if other != name]
        numbers = Counter(
            value
            for place, pairs in enumerate(told[name])
            if all(chosen in dict(every[place]) for every, chosen in others)
            for value, _ in pairs
        )
        chosen = asked.get(name, "")
        choices = [
            (value, f"{text} ({numbers[value]:,})")
            for value, text in _sorted(name, texts)
            if numbers[value] or value == chosen
        ]
        if len(choices) > 1 or chosen:
            made.append(state.chooser(name, label, [("", "All"), *choices]))
    return tuple(made)


def _sorted(name: str, texts: Mapping[str, str]) -> list[tuple[str, str]]:
    """As they come in works for departments; the newest decade first; else by their texts."""
    if name == "department":
        return list(texts.items())
    return sorted(texts.items(), key=lambda pair: pair[1], reverse=name == "decade")
