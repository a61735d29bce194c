"""The page of an episode."""

from __future__ import annotations

from dataclasses import dataclass

from fullcredits.model import TitleKind
from fullcredits.pages.groups import CastAndCrew, Limits, people_of
from fullcredits.pages.parts import Link, day, given, runtime
from fullcredits.pages.titles import About, about, address_of, find
from fullcredits.store import Connection
from fullcredits.store.read import titles as read
from fullcredits.store.read.titles import TitleRow
from fullcredits.text import code, numbered


@dataclass(frozen=True, slots=True)
class EpisodePage:
    """An episode with its guests first, then the regular cast and the crew."""

    address: str
    heading: str
    about: About
    code: str
    """Like "S02E05"; "" where it has no number."""
    show: Link | None
    season: Link | None
    before: Link | None
    after: Link | None
    """The episodes before and after this one."""
    people: CastAndCrew


def episode(db: Connection, title_id: int) -> EpisodePage:
    """The page of that episode. Raises NotFound, Moved."""
    row = find(db, title_id, TitleKind.EPISODE)
    above = {
        parent.id: parent
        for parent in read.titles_by_ids(db, {i for i in (row.show_id, row.parent_id) if i})
    }
    show = above.get(row.show_id or 0)
    season = above.get(row.parent_id or 0)
    before, after = read.neighbours(db, row)
    facts = given(
        day(row.released) if row.released else None, runtime(row.runtime), row.content_rating
    )
    head = about(db, row, facts, show)
    return EpisodePage(
        address=head.address,
        heading=row.title,
        about=head,
        code=code(row.season_number, row.episode_number),
        show=Link(show.title, address_of(show)) if show else None,
        season=_season(season) if season and season.kind == TitleKind.SEASON else None,
        before=_neighbour(before),
        after=_neighbour(after),
        people=people_of(db, row).shown(db, head.address, Limits()),
    )


def _season(row: TitleRow) -> Link:
    return Link(numbered("Season", row.season_number, row.title), address_of(row))


def _neighbour(row: TitleRow | None) -> Link | None:
    if row is None:
        return None
    text = " ".join(given(code(row.season_number, row.episode_number), row.title))
    return Link(text, address_of(row))
