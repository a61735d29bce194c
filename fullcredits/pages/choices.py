"""What somebody did, to be chosen from: works, and within them parts, seasons and episodes.

The name of a field says what it means, so a form that was opened before a sync still means that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from fullcredits.model import Department, TitleKind
from fullcredits.pages import spoilers
from fullcredits.pages.addresses import LARGEST_ID
from fullcredits.pages.filmography import Gathered, work
from fullcredits.pages.parts import day
from fullcredits.store.read.people import PersonRow, WorkRow
from fullcredits.text import code, counted, numbered, part_key

WORKS = 200
"""On one page."""
LINES = 400
"""On one page, their parts and episodes counted; of a longer work its own page has all."""


@dataclass(frozen=True, slots=True)
class EpisodeChoice:
    """An episode; or a season or show for as much as is stated of it as a whole."""

    name: str
    """Of its field."""
    code: str
    title: str
    day: str


@dataclass(frozen=True, slots=True)
class SeasonChoice:
    """A season in which somebody did something."""

    name: str
    """Of its field; "" for what is in no season."""
    heading: str
    count: str
    """Like "12 episodes"."""
    episodes: tuple[EpisodeChoice, ...]

    @property
    def names(self) -> list[str]:
        """Of all fields within it."""
        return [episode.name for episode in self.episodes]


@dataclass(frozen=True, slots=True)
class PartChoice:
    """A character, or a job, in a work."""

    name: str
    """Of its field."""
    part: str
    """As the servers have it; "" where they tell none."""
    count: str
    """Like "12 episodes"; "" in a film."""
    sources: tuple[str, ...]
    seasons: tuple[SeasonChoice, ...]
    """Empty where there is nothing to choose from."""

    @property
    def names(self) -> list[str]:
        """Of all fields within it."""
        return [name for season in self.seasons for name in (season.name, *season.names)]


@dataclass(frozen=True, slots=True)
class Choice:
    """A work of a person, to be chosen."""

    name: str
    """Of its field."""
    title: str
    year: str
    detail: str
    sources: tuple[str, ...]
    parts: tuple[PartChoice, ...]
    """Empty where there is nothing to choose from."""

    @property
    def names(self) -> list[str]:
        """Of all fields within it."""
        return [name for part in self.parts for name in (part.name, *part.names)]


@dataclass(frozen=True, slots=True)
class ChoicesIn:
    """The works of a department."""

    heading: str
    choices: tuple[Choice, ...]


def sheets(departments: Mapping[str, Sequence[Gathered]]) -> list[list[Gathered]]:
    """All works in pages that are not too long; none if there is but one thing to choose."""
    works = [item for items in departments.values() for item in items]
    if len(works) < 2 and all(len(_within(work)) == 1 for work in works):
        return []
    found: list[list[Gathered]] = []
    lines = LINES + 1
    for item in works:
        more = len(_within(item))
        if lines + more > LINES or len(found[-1]) == WORKS:
            found.append([])
            lines = 0
        found[-1].append(item)
        lines += more
    return found


def choices(person: PersonRow, works: Iterable[Gathered]) -> tuple[ChoicesIn, ...]:
    """These works by department, each with what can be chosen within it."""
    return tuple(
        ChoicesIn(name, tuple(_choice(item, person) for item in items))
        for name, items in groupby(works, lambda item: item.department)
    )


class Chosen(NamedTuple):
    """What a field means."""

    title: int
    department: str
    part: str | None
    """As `text.part_key` has it; None: all."""
    alone: bool
    """Without what belongs to the title."""


_FIELD = re.compile(r"(work|only)-([0-9]{1,10})-([A-Za-z]+)(?:/(.*))?", re.DOTALL)


def choices_in(fields: Iterable[str]) -> list[Chosen]:
    """What was chosen, by the names of fields."""
    return [
        Chosen(int(found[2]), found[3], found[4], alone=found[1] == "only")
        for found in map(_FIELD.fullmatch, fields)
        if found and found[3] in set(Department) and int(found[2]) <= LARGEST_ID
    ]


def _field(title: int, department: str, part: str | None = None, *, alone: bool = False) -> str:
    of_part = "" if part is None else f"/{part}"
    return f"{'only' if alone else 'work'}-{title}-{department}{of_part}"


def _part(row: WorkRow) -> str:
    return row.character if row.department == Department.ACTING else row.job


def _within(item: Gathered) -> set[tuple[int, str]]:
    """In what a work can be taken apart: titles, and on each the parts."""
    return {(row.title_id, part_key(_part(row))) for row in item.rows}


def _choice(item: Gathered, person: PersonRow) -> Choice:
    whole = work(item, person, 0)
    name = _field(item.top_id, item.department)
    parts = () if spoilers.are_hidden() or len(_within(item)) == 1 else _parts(item)
    return Choice(name, whole.title, whole.year, whole.detail, whole.sources, parts)


def _parts(item: Gathered) -> tuple[PartChoice, ...]:
    by_key: dict[str, list[WorkRow]] = {}
    for row in item.rows:
        by_key.setdefault(part_key(_part(row)), []).append(row)
    return tuple(
        PartChoice(
            name=_field(item.top_id, item.department, key),
            part=_part(rows[0]),
            count=_count(rows),
            sources=tuple(sorted({row.source for row in rows})),
            seasons=_seasons(rows, key) if len({row.title_id for row in rows}) > 1 else (),
        )
        for key, rows in by_key.items()
    )


def _seasons(rows: Iterable[WorkRow], key: str) -> tuple[SeasonChoice, ...]:
    """All in which a part is stated, by season; first what is stated of the show as a whole."""
    by_title: dict[int, WorkRow] = {}
    for row in rows:
        by_title.setdefault(row.title_id, row)
    ordered = sorted(by_title.values(), key=_place)
    return tuple(
        _season(list(group), key) for _, group in groupby(ordered, lambda row: _place(row)[:2])
    )


def _season(rows: Sequence[WorkRow], key: str) -> SeasonChoice:
    first = rows[0]
    numbers = (_season_of(row) for row in rows)
    season = next((number for number in numbers if number is not None), None)
    return SeasonChoice(
        name="" if season is None else _field(season, first.department, key),
        heading=numbered("Season", first.season_number, ""),
        count=_count(rows),
        episodes=tuple(_episode(row, key) for row in rows),
    )


def _episode(row: WorkRow, key: str) -> EpisodeChoice:
    is_one = row.kind == TitleKind.EPISODE
    return EpisodeChoice(
        name=_field(row.title_id, row.department, key, alone=not is_one),
        code=code(row.season_number, row.episode_number) if is_one else "",
        title=row.title if is_one else f"The {row.kind} as a whole",
        day=day(row.released) if is_one and row.released else "",
    )


def _count(rows: Iterable[WorkRow]) -> str:
    many = len({row.title_id for row in rows if row.kind == TitleKind.EPISODE})
    return counted(many, "episode") if many else ""


def _season_of(row: WorkRow) -> int | None:
    """The number of the season's title."""
    season = row.title_id if row.kind == TitleKind.SEASON else row.parent_id
    return None if season == row.show_id or row.show_id is None else season


def _place(row: WorkRow) -> tuple[int, int, int, int]:
    """The show as a whole, then seasons by number; those without one at last."""
    if row.show_id is None:
        return (0, 0, 0, row.title_id)
    number = row.season_number
    season = (2, 0) if number is None else (1, number)
    return (*season, -1 if row.kind == TitleKind.SEASON else row.episode_number or 0, row.title_id)
