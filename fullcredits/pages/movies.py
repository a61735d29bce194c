"""The page of a movie."""

from __future__ import annotations

from dataclasses import dataclass

from fullcredits.model import TitleKind
from fullcredits.pages.groups import CastAndCrew, Limits, people_of
from fullcredits.pages.parts import given, runtime
from fullcredits.pages.titles import About, about, find
from fullcredits.store import Connection


@dataclass(frozen=True, slots=True)
class MoviePage:
    """A movie with its cast and crew."""

    address: str
    heading: str
    about: About
    people: CastAndCrew


def movie(db: Connection, title_id: int) -> MoviePage:
    """The page of that movie. Raises NotFound, Moved."""
    row = find(db, title_id, TitleKind.MOVIE)
    year = str(row.year) if row.year else None
    head = about(db, row, given(year, runtime(row.runtime), row.content_rating), None)
    return MoviePage(
        address=head.address,
        heading=row.title,
        about=head,
        people=people_of(db, row).shown(db, head.address, Limits()),
    )
