"""What a person did: credits of several sources as one line per title, by department.

Pure: rows in, works out. Episodes and seasons stand under their show.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import chain
from operator import attrgetter, itemgetter
from typing import Any

from fullcredits.model import Department, TitleKind
from fullcredits.pages import addresses, spoilers
from fullcredits.pages.credits import Entry, characters_in, characters_in_text
from fullcredits.pages.parts import Picture, age, day, picture, years
from fullcredits.store.read.credits import Person
from fullcredits.store.read.people import PersonRow, WorkRow
from fullcredits.text import code, counted, fold

_ORDER = {department: place for place, department in enumerate(Department)}
_UNDATED = 9999
"""Works without a year are announced ones: they come first."""


@dataclass(frozen=True, slots=True)
class EpisodeOf:
    """One of a person's episodes of a show."""

    code: str
    """Like "S02E05"; "" for a season as a whole."""
    title: str
    address: str
    day: str
    """When it was first shown; "" where unknown."""
    detail: str
    """What they did there."""


@dataclass(frozen=True, slots=True)
class Work:
    """One title of a filmography; of a show, all that the person did in it."""

    title: str
    address: str
    kind: str
    year: str
    """Like "1995", or "2011–14" over the episodes; "" where unknown."""
    poster: Picture
    detail: str
    """All characters and jobs, as one text."""
    credited_as: str
    age: str
    """Like "aged 34" when a movie came out, "aged 34–41" over episodes; "" where unknown."""
    count: str
    """Like "12 episodes"; "" for a movie."""
    episodes: tuple[EpisodeOf, ...]
    """The first of them, in their order."""
    more: str | None
    """Where all of them are, if these are not."""
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WorksIn:
    """A department of a filmography, newest first."""

    anchor: str
    heading: str
    total: int
    works: tuple[Work, ...]
    more: str | None
    """Where all of it is, if this is not."""


class Gathered:
    """One title, or one show with its episodes, in one department.

    There may be hundreds: what only those need that are shown is made when it is asked for, and
    what one credit tells is told without a loop.
    """

    __slots__ = ("billing", "department", "first", "kind", "newest", "person", "rows", "sources",
                 "top_id", "years")  # fmt: skip

    def __init__(self, person: Person, rows: list[WorkRow]) -> None:
        """Of all that is stated of it; at least one row."""
        first = rows[0]
        self.person = person
        self.rows = rows
        self.first = first
        self.department = first.department
        self.top_id = first.show_id or first.title_id
        """The id of the movie or show."""
        self.kind = first.kind if first.show_id is None else TitleKind.SHOW
        """A movie or a show; of an episode whose show nobody knows, an episode."""
        self.billing: int
        self.years: Sequence[int]
        """Those of the episodes, where there are any: a show began before many who came to it."""
        self.sources: Collection[tuple[int, str]]
        """The ids and names of those that state it, each once."""
        self.newest: int
        """The year it is sorted by."""
        if len(rows) == 1:
            year = _year(first)
            self.billing, self.years = first.billing, (year,) if year else ()
            self.newest = year or _UNDATED
            self.sources = ((first.source_id, first.source),)
        else:
            self.billing, self.years = min(row.billing for row in rows), _years(rows)
            self.newest = max(self.years, default=_UNDATED)
            self.sources = dict.fromkeys((row.source_id, row.source) for row in rows)

    @property
    def name(self) -> str:
        """Of the movie or show."""
        return self.first.show_title or self.first.title

    @property
    def genres(self) -> Sequence[str]:
        """Those of the movie or show, each once."""
        return self.first.genres

    @property
    def decades(self) -> Collection[int]:
        """Those in which anything of it is from."""
        if len(self.years) == 1:
            return (self.years[0] // 10 * 10,)
        return {year // 10 * 10 for year in self.years}

    @property
    def characters(self) -> Mapping[str, str]:
        """All of them, by their folded names."""
        if len(self.rows) == 1:
            return characters_in_text(self.first.character)
        return characters_in([row.character for row in self.rows])

    @property
    def episodes(self) -> int:
        """How many of a show are stated, each once; 0 for a movie."""
        return len({row.title_id for row in self.rows if row.kind == TitleKind.EPISODE})

    def entry(self) -> Entry:
        """All that is stated of it, as one."""
        return Entry(self.person, self.department, list(self.rows))

    def parts(self) -> list[list[WorkRow]]:
        """What is stated of its episodes and seasons that the person worked on, in their order."""
        found: dict[int, list[WorkRow]] = {}
        for row in self.rows:
            if row.show_id is not None:
                found.setdefault(row.title_id, []).append(row)
        return sorted(found.values(), key=lambda rows: _place(rows[0]))


def gather_works(person: PersonRow, rows: Iterable[WorkRow]) -> dict[str, list[Gathered]]:
    """Works by department, in the order of departments; in each the newest first."""
    who = Person(person.id, person.name, person.portrait_id)
    found: dict[tuple[str, int], list[WorkRow]] = {}
    for row in rows:
        found.setdefault((row.department, row.show_id or row.title_id), []).append(row)
    departments: dict[str, list[Gathered]] = {}
    for (department, _), stated in found.items():
        if len(stated) > 1:
            stated.sort(key=_stated_first)
        departments.setdefault(department, []).append(Gathered(who, stated))
    for works in departments.values():
        works.sort(key=_newest_first)
    return dict(sorted(departments.items(), key=lambda item: _ORDER[Department(item[0])]))


def _newest_first(work: Gathered) -> tuple[Any, ...]:
    first = work.first
    return (-work.newest, work.billing, first.show_title or first.title, first[:3])


_stated_first = attrgetter("media_item_id", "billing", "id")


def work(gathered: Gathered, person: PersonRow, episodes: int) -> Work:
    """A work as the person's page shows it, with at most that many of its episodes."""
    first = gathered.first
    entry = gathered.entry()
    parts = gathered.parts()
    dated = gathered.years
    later = not spoilers.are_hidden()
    count = sum(rows[0].kind == TitleKind.EPISODE for rows in parts)
    released = [rows[0].released for rows in parts] if parts else [first.released]
    poster = first.show_poster_id if first.show_id else first.poster_id
    return Work(
        title=gathered.name,
        address=addresses.of(gathered.kind, gathered.top_id, gathered.name),
        kind=gathered.kind,
        year=years(min(dated, default=None), max(dated, default=None) if later else None),
        poster=picture("poster", poster, gathered.name),
        detail=entry.detail(),
        credited_as=entry.aliases(),
        age=_aged(person, released if later else released[:1]),
        count=counted(count, "episode") if count and later else "",
        episodes=tuple(
            episode_of(gathered.person, rows) for rows in (parts[:episodes] if later else ())
        ),
        more=_all_episodes(person, gathered) if later and len(parts) > episodes else None,
        sources=entry.sources(),
    )


def episode_of(who: Person, rows: list[WorkRow]) -> EpisodeOf:
    """One of a work's parts, as it is listed."""
    row = rows[0]
    return EpisodeOf(
        code=code(row.season_number, row.episode_number),
        title=row.title,
        address=addresses.of(row.kind, row.title_id, row.title),
        day=day(row.released) if row.released else "",
        detail=Entry(who, row.department, list(rows)).detail(),
    )


def known_for(departments: dict[str, list[Gathered]], limit: int) -> list[Gathered]:
    """The works that name the person first, newest first among equals; each title once."""
    every = (item for works in departments.values() for item in works)
    best: dict[int, Gathered] = {}
    # Each title may be there once in each department; of the works on it the first one counts.
    enough = limit * len(departments)
    for item in nsmallest(enough, every, key=lambda item: (item.billing, -item.newest)):
        best.setdefault(item.top_id, item)
        if len(best) == limit:
            break
    return list(best.values())


_NOBODY = frozenset(
    {"self", "himself", "herself", "themselves", "themself", "host", "narrator", "presenter"}
)
"""Who plays these plays nobody."""


def again_and_again(works: Iterable[Gathered]) -> list[tuple[str, int]]:
    """The characters of more than one of these works, with of how many; most first."""
    played = [item.characters for item in works]
    numbers = Counter(chain.from_iterable(played))
    again = [(n, folded) for folded, n in numbers.items() if n > 1 and folded not in _NOBODY]
    again.sort(key=itemgetter(0), reverse=True)
    names: dict[str, str] = {}
    for characters in reversed(played):
        names.update(characters)
    return [(names[folded], n) for n, folded in again]


def _all_episodes(person: PersonRow, gathered: Gathered) -> str:
    base = addresses.of("person", person.id, person.name)
    department = fold(gathered.department)
    return addresses.appearances(base, gathered.top_id, department=department)


def _aged(person: PersonRow, released: Iterable[dt.date | None]) -> str:
    """Nobody ages before birth or after death, whatever year a film came out."""
    if not person.born:
        return ""
    alive = [d for d in released if d and person.born <= d <= (person.died or d)]
    ages = sorted({age(person.born, date) for date in (min(alive), max(alive))} if alive else ())
    return f"aged {'–'.join(map(str, ages))}" if ages else ""


def _years(rows: Iterable[WorkRow]) -> list[int]:
    of_parts = [year for row in rows if row.show_id is not None and (year := _year(row))]
    return of_parts or [year for row in rows if (year := _year(row))]


def _year(row: WorkRow) -> int | None:
    if row.released and row.show_id is not None:
        return row.released.year
    return row.year or (row.released.year if row.released else None)


def _place(row: WorkRow) -> tuple[int, int]:
    return (row.season_number or 0, row.episode_number or 0)
