"""The facts identity looks at, and what speaks for two records being one human: named clues."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Literal, NamedTuple

from fullcredits.model import Department, ExternalId
from fullcredits.text import counted, fold, played


class Person(NamedTuple):
    """What identity looks at in a source person."""

    id: int
    source: int
    name: str
    """Folded."""
    by_name: bool
    """Known by name only: namesakes on that source are fused in this one record."""
    ids: tuple[ExternalId, ...]
    """Including ("plex", tagKey) for a person of a Plex server."""
    born: dt.date | None = None


class Credit(NamedTuple):
    """What identity looks at in a credit."""

    id: int
    person: int
    """The source person's id."""
    title: int
    work: int
    """The film, or the show that the title belongs to."""
    department: Department
    parts: frozenset[str]
    """The characters played or the job done, folded; empty where the server is silent."""
    year: int | None


@lru_cache(maxsize=65536)
def parts_of(part: str, acting: bool) -> frozenset[str]:
    """What a credit's text says was played or done; equal texts give one and the same set."""
    if not acting:
        return frozenset((fold(part),)) if part else frozenset()
    return frozenset(folded for name in played(part).characters if (folded := fold(name)))


class Clue(NamedTuple):
    """One thing that speaks for (positive weight) or against two records being one human.

    Weights are natural logarithms of odds, so they add up.
    """

    kind: Literal[
        "id",
        "titles",
        "episodes",
        "fits",
        "companions",
        "rarity",
        "department",
        "years",
        "career",
        "record",
        "spelling",
        "born",
    ]
    weight: float
    number: int = 0
    out_of: int = 0
    word: str = ""
    """Of an id its scheme, of a spelling how alike the names are (`spellings.Likeness`)."""


class Link(NamedTuple):
    """Two source persons and all that speaks for and against their being one human."""

    one: int
    other: int
    clues: tuple[Clue, ...]

    @property
    def score(self) -> float:
        """The odds of being one human, as a natural logarithm."""
        return sum(clue.weight for clue in self.clues)


_CATALOGUES = {"plex": "Plex", "tmdb": "TMDB", "imdb": "IMDb", "tvdb": "TVDB"}


_SPELLINGS = {
    "words": "the same words in both names",
    "spelling": "names that differ in spelling",
    "script": "names in different scripts",
    "word": "names with one word in common",
    "none": "different names",
}


def sentence(clue: Clue) -> str:
    """A clue in words."""
    number = clue.number
    match clue.kind:
        case "id":
            return f"same {_CATALOGUES.get(clue.word, clue.word)} id"
        case "titles" if not number:
            return "of all so named, whose other works these fit"
        case "titles":
            films = "1 shared title" if number == 1 else f"{number} shared titles"
            return f"{films}, {clue.out_of} with the same part" if clue.out_of else films
        case "episodes":
            return f"other episodes of {'a show' if number == 1 else f'{number} shows'} of theirs"
        case "fits":
            works = "1 work" if number == 1 else f"{number} works"
            return f"{works} that, of all so named, {'fits' if number == 1 else 'fit'} theirs best"
        case "companions":
            people = "1 person" if number == 1 else f"{number} people"
            return f"{people} credited beside both"
        case "rarity" if clue.weight <= 0:
            return f"a name that {number:,} people may have"
        case "rarity":
            bearers = f", which may be that of {number:,} people" if number > 1 else ""
            return f"the same name{bearers}"
        case "department":
            return "the same kind of work" if clue.weight > 0 else "different kinds of work"
        case "born":
            return "born on the same day" if clue.weight > 0 else "other days of birth"
        case "spelling":
            return _SPELLINGS[clue.word]
        case "record":
            works = "1 other work" if number == 1 else f"{number} other works"
            return f"{works} of the same record"
        case "years":
            return f"{counted(number, 'year')} between their works"
        case _:
            return f"a career of {number} years"


class SameId(NamedTuple):
    """Two source persons have an external id in common."""

    one: int
    other: int
    external_id: ExternalId


def same_ids(
    persons: Iterable[Person], key: Callable[[Person], tuple[object, ...]]
) -> list[SameId]:
    """Every shared external id, as links from its first bearer to each other one.

    `key` says who is first.
    """
    bearers: dict[ExternalId, list[Person]] = defaultdict(list)
    for person in persons:
        for external_id in person.ids:
            bearers[external_id].append(person)
    shared = {external_id: there for external_id, there in bearers.items() if len(there) > 1}
    found: list[SameId] = []
    for external_id, there in sorted(shared.items()):
        first, *others = sorted(there, key=key) if len(there) > 2 else there
        found += [SameId(first.id, other.id, external_id) for other in others]
    return found
