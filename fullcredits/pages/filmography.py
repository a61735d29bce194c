"""What a person did: credits of several sources as one line per title, by department.

Pure: rows in, works out. Episodes and seasons stand under their show.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from fullcredits.model import Department, TitleKind
from fullcredits.pages import addresses
from fullcredits.pages.credits import Entry
from fullcredits.pages.parts import Picture, age, code, counted, picture, years
from fullcredits.store.read.credits import CreditRow, Person
from fullcredits.store.read.people import PersonRow, WorkRow

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
    """Like "aged 34", in the year of a movie; "" where a date is missing."""
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


@dataclass(slots=True)
class Gathered:
    """A work in the making: one title, or one show with its episodes, in one department."""

    first: WorkRow
    entry: Entry
    episodes: dict[int, tuple[WorkRow, Entry]] = field(default_factory=dict)
    billing: int = 0
    own_year: int | None = None

    @property
    def years(self) -> list[int]:
        """Those of the episodes, where there are any: a show began before many who came to it."""
        dated = [year for row, _ in self.episodes.values() if (year := _year(row))]
        return dated or ([self.own_year] if self.own_year else [])

    @property
    def newest(self) -> int:
        """The year it is sorted by."""
        return max(self.years, default=_UNDATED)

    @property
    def top_id(self) -> int:
        """The id of the movie or show."""
        return self.first.show_id or self.first.title_id


def gather_works(person: PersonRow, rows: Iterable[WorkRow]) -> dict[str, list[Gathered]]:
    """Works by department, in the order of departments; in each the newest first."""
    who = Person(person.id, person.name, person.portrait_id)
    found: dict[tuple[str, int], Gathered] = {}
    for row in rows:
        key = (row.department, row.show_id or row.title_id)
        work = found.get(key)
        if work is None:
            entry = Entry(who, row.department)
            work = found[key] = Gathered(row, entry, billing=row.billing)
        credit = _credit(who, row)
        work.entry.state(credit)
        work.billing = min(work.billing, row.billing)
        work.own_year = work.own_year or _year(row)
        if row.show_id is not None:
            part = work.episodes.setdefault(row.title_id, (row, Entry(who, row.department)))
            part[1].state(credit)
    departments: dict[str, list[Gathered]] = {}
    for (department, _), work in found.items():
        departments.setdefault(department, []).append(work)
    for works in departments.values():
        works.sort(key=lambda w: (-w.newest, w.billing, w.first.show_title or w.first.title))
    return dict(sorted(departments.items(), key=lambda item: _ORDER[Department(item[0])]))


def work(gathered: Gathered, person: PersonRow, episodes: int) -> Work:
    """A work as the person's page shows it, with at most that many of its episodes."""
    first = gathered.first
    is_show = first.show_id is not None or first.kind == TitleKind.SHOW
    name = first.show_title or first.title
    kind = TitleKind.SHOW if is_show else first.kind
    line = gathered.entry.line()
    parts = sorted(gathered.episodes.values(), key=lambda part: _place(part[0]))
    dated = gathered.years
    count = sum(row.kind == TitleKind.EPISODE for row, _ in parts)
    return Work(
        title=name,
        address=addresses.of(kind, gathered.top_id, name),
        kind=kind,
        year=years(min(dated, default=None), max(dated, default=None)),
        poster=picture("poster", first.show_poster_id if first.show_id else first.poster_id, name),
        detail=line.detail,
        credited_as=line.credited_as,
        age="" if is_show else _aged(person, first.released),
        count=counted(count, "episode") if count else "",
        episodes=tuple(_episode(row, entry) for row, entry in parts[:episodes]),
        more=_all_episodes(person, gathered.top_id) if len(parts) > episodes else None,
        sources=line.sources,
    )


def known_for(departments: dict[str, list[Gathered]], limit: int) -> list[Gathered]:
    """The works that name the person first, newest first among equals; each title once."""
    best: dict[int, Gathered] = {}
    for works in departments.values():
        for item in works:
            rival = best.get(item.top_id)
            if rival is None or item.billing < rival.billing:
                best[item.top_id] = item
    ranked = sorted(best.values(), key=lambda item: (item.billing, -item.newest))
    return ranked[:limit]


def _all_episodes(person: PersonRow, show_id: int) -> str:
    return addresses.appearances(addresses.of("person", person.id, person.name), show_id)


def _aged(person: PersonRow, released: dt.date | None) -> str:
    """Nobody ages before birth or after death, whatever year a film came out."""
    if not person.born or not released or not person.born <= released <= (person.died or released):
        return ""
    return f"aged {age(person.born, released)}"


def _episode(row: WorkRow, entry: Entry) -> EpisodeOf:
    return EpisodeOf(
        code=code(row.season_number, row.episode_number),
        title=row.title,
        address=addresses.of(row.kind, row.title_id, row.title),
        detail=entry.line().detail,
    )


def _credit(who: Person, row: WorkRow) -> CreditRow:
    return CreditRow(
        who, 0, row.source, False, row.department, row.job, row.character, row.credited_as
    )


def _year(row: WorkRow) -> int | None:
    if row.released and row.show_id is not None:
        return row.released.year
    return row.year or (row.released.year if row.released else None)


def _place(row: WorkRow) -> tuple[int, int]:
    return (row.season_number or 0, row.episode_number or 0)
