"""The pages of a show and of a season."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fullcredits.model import TitleKind
from fullcredits.pages import addresses
from fullcredits.pages.groups import CastAndCrew, Limits, people_of
from fullcredits.pages.parts import (
    Card,
    Link,
    Pages,
    Picture,
    day,
    given,
    paged,
    paragraphs,
    picture,
    run,
    runtime,
)
from fullcredits.pages.titles import About, about, address_of, find
from fullcredits.store import Connection
from fullcredits.store.read import titles as read
from fullcredits.store.read.titles import SeasonRow, TitleRow
from fullcredits.text import code, counted, numbered

_LIMITS = Limits(first=60)
EPISODES = 60
"""On one page."""


@dataclass(frozen=True, slots=True)
class EpisodeItem:
    """An episode in the list of its season."""

    title: str
    address: str
    number: str
    """Like "5", or "" where it has none."""
    code: str
    """Like "S02E05"."""
    facts: tuple[str, ...]
    overview: tuple[str, ...]
    still: Picture


@dataclass(frozen=True, slots=True)
class ShowPage:
    """A show with its seasons, and the cast and crew of all of it."""

    address: str
    heading: str
    about: About
    seasons: tuple[Card, ...]
    episodes: tuple[EpisodeItem, ...]
    """Those in no season, a page of them; empty for most shows."""
    pages: Pages
    people: CastAndCrew


@dataclass(frozen=True, slots=True)
class SeasonPage:
    """A season with its episodes, and the cast and crew of all of them."""

    address: str
    heading: str
    about: About
    show: Link | None
    seasons: tuple[Link, ...]
    """All seasons of the show, this one too."""
    before: Link | None
    after: Link | None
    """The seasons before and after this one; specials stand beside none."""
    episodes: tuple[EpisodeItem, ...]
    """A page of them."""
    pages: Pages
    people: CastAndCrew


def show(db: Connection, title_id: int, page: int = 1) -> ShowPage:
    """The page of that show, with that page of its episodes. Raises NotFound, Moved."""
    row = find(db, title_id, TitleKind.SHOW)
    seasons = read.seasons_of(db, row.id)
    episodes = read.episodes_of(db, row.id)
    count = len(episodes) + sum(season.episodes for season in seasons)
    facts = given(
        run(row.year, row.ended),
        counted(len(seasons), "season") if seasons else None,
        counted(count, "episode") if count else None,
        row.content_rating,
    )
    head = about(db, row, facts, None)
    pages = _pages(episodes, head.address, page)
    return ShowPage(
        address=head.address,
        heading=row.title,
        about=head,
        seasons=tuple(_season_card(season, row) for season in seasons),
        episodes=_items(pages.cut(episodes, EPISODES)),
        pages=pages,
        people=people_of(db, row).shown(db, head.address, _LIMITS),
    )


def season(db: Connection, title_id: int, page: int = 1) -> SeasonPage:
    """The page of that season, with that page of its episodes. Raises NotFound, Moved."""
    row = find(db, title_id, TitleKind.SEASON)
    show_row = read.title_by_id(db, row.show_id) if row.show_id else None
    seasons = read.seasons_of(db, row.show_id) if row.show_id else []
    episodes = read.episodes_of(db, row.id)
    year = str(row.year) if row.year else None
    facts = given(year, counted(len(episodes), "episode") if episodes else None)
    head = about(db, row, facts, show_row)
    pages = _pages(episodes, head.address, page)
    told = [season for season in seasons if season.season_number or season.id == row.id]
    place = next((n for n, season in enumerate(told) if season.id == row.id), len(told))
    return SeasonPage(
        address=head.address,
        heading=numbered("Season", row.season_number, row.title),
        about=head,
        show=Link(show_row.title, address_of(show_row)) if show_row else None,
        seasons=tuple(_season_link(season) for season in seasons),
        before=next((_season_link(s) for s in reversed(told[:place])), None),
        after=next((_season_link(s) for s in told[place + 1 :]), None),
        episodes=_items(pages.cut(episodes, EPISODES)),
        pages=pages,
        people=people_of(db, row).shown(db, head.address, _LIMITS),
    )


def _season_card(season: SeasonRow, show_row: TitleRow) -> Card:
    """A season without a poster wears the show's."""
    link = _season_link(season)
    return Card(
        title=link.text,
        address=link.address or "",
        kind=TitleKind.SEASON,
        year=" · ".join(given(str(season.year or ""), counted(season.episodes, "episode"))),
        poster=picture("poster", season.poster_id or show_row.poster_id, link.text),
    )


def _season_link(season: SeasonRow) -> Link:
    name = numbered("Season", season.season_number, season.title)
    return Link(name, addresses.of(TitleKind.SEASON, season.id, season.title))


def _pages(episodes: Sequence[TitleRow], address: str, page: int) -> Pages:
    return paged(len(episodes), EPISODES, page, lambda n: addresses.episodes(address, page=n))


def _items(episodes: Sequence[TitleRow]) -> tuple[EpisodeItem, ...]:
    return tuple(
        EpisodeItem(
            title=row.title,
            address=address_of(row),
            number="" if row.episode_number is None else str(row.episode_number),
            code=code(row.season_number, row.episode_number),
            facts=given(day(row.released) if row.released else None, runtime(row.runtime)),
            overview=paragraphs(row.overview),
            still=picture("still", row.poster_id, row.title),
        )
        for row in episodes
    )
