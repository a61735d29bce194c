"""The page behind a number of episodes: exactly those that somebody worked on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby

from fullcredits.errors import NotFound
from fullcredits.model import TitleKind
from fullcredits.pages import addresses, spoilers
from fullcredits.pages.choosers import Chooser, State
from fullcredits.pages.filmography import EpisodeOf, episode_of, gather_works
from fullcredits.pages.parts import Link, Pages, paged
from fullcredits.pages.people import address_of, find
from fullcredits.store import Connection
from fullcredits.store.read import people as read
from fullcredits.store.read.people import WorkRow
from fullcredits.text import counted, fold, numbered

PAGE_SIZE = 150


@dataclass(frozen=True, slots=True)
class SeasonOf:
    """A person's episodes of a season."""

    season: Link
    count: str
    """Like "3 episodes", of them on all pages."""
    episodes: tuple[EpisodeOf, ...]


@dataclass(frozen=True, slots=True)
class AppearancesPage:
    """A person's episodes of a show in one department, by season."""

    address: str
    heading: str
    """The person's name."""
    person: Link
    show: Link
    hidden: bool
    """Spoilers are hidden, and all that this page has to tell is one."""
    count: str
    """Like "12 episodes"; "" while hidden."""
    always: str
    """What they did in each of them, where that is the same and all are on this page; else ""."""
    departments: Chooser
    seasons: Chooser
    by_season: tuple[SeasonOf, ...]
    pages: Pages


def appearances(
    db: Connection,
    person_id: int,
    show_id: int,
    department: str = "",
    season: str = "",
    page: int = 1,
) -> AppearancesPage:
    """A page of their episodes of that show; of the first department, if none is named.

    Raises NotFound, Moved.
    """
    person = find(db, person_id)
    base = address_of(person)
    works = gather_works(person, read.works_of(db, person.id))
    found = {fold(d): w for d, items in works.items() for w in items if w.top_id == show_id}
    if not found or not any(work.parts() for work in found.values()):
        raise NotFound("This person is in no episode of such a show.")
    department = department or next(name for name, work in found.items() if work.parts())
    address = partial(addresses.appearances, base, show_id)
    state = State({"department": department, "season": season}, address)
    departments = state.chooser(
        "department", "Department", [(name, w.department) for name, w in found.items()]
    )
    work = found[department]
    parts = work.parts()
    seasons = state.chooser(
        "season", "Season", [("", "All"), *{_season(p[0]): _heading(p[0]) for p in parts}.items()]
    )
    hidden = spoilers.are_hidden()
    if hidden:
        departments, seasons = replace(departments, choices=()), replace(seasons, choices=())
        parts = []
    parts = [rows for rows in parts if season in ("", _season(rows[0]))]
    pages = paged(len(parts), PAGE_SIZE, page, lambda number: state.address(page=number))
    by_season = tuple(
        SeasonOf(
            Link(_heading(shown[0][0]), _season_page(shown[0][0])),
            _count([rows for rows in parts if _season(rows[0]) == number]),
            tuple(episode_of(work.person, rows) for rows in shown),
        )
        for number, group in groupby(pages.cut(parts, PAGE_SIZE), lambda p: _season(p[0]))
        if (shown := list(group))
    )
    details = {episode.detail for season in by_season for episode in season.episodes}
    return AppearancesPage(
        address=address(),
        heading=person.name,
        person=Link(person.name, base),
        show=Link(work.name, addresses.of(work.kind, show_id, work.name)),
        hidden=hidden,
        count="" if hidden else _count(parts),
        always=details.pop() if len(details) == 1 and pages.last == 1 else "",
        departments=departments,
        seasons=seasons,
        by_season=by_season,
        pages=pages,
    )


def _count(parts: list[list[WorkRow]]) -> str:
    return counted(sum(rows[0].kind == TitleKind.EPISODE for rows in parts), "episode")


def _season(row: WorkRow) -> str:
    """As addresses have it."""
    return "none" if row.season_number is None else str(row.season_number)


def _heading(row: WorkRow) -> str:
    return numbered("Season", row.season_number, "") or "In no season"


def _season_page(row: WorkRow) -> str | None:
    season = row.title_id if row.kind == TitleKind.SEASON else row.parent_id
    if season in (None, row.show_id) or row.season_number is None:
        return None
    return addresses.of(TitleKind.SEASON, season or 0, f"Season {row.season_number}")
