"""Lists of movies and shows in stretches, with filters.

Each list is read along an index that holds all it is filtered by; whole rows only of what is
shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Literal, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    bindparam,
    exists,
    func,
    literal_column,
    select,
)

from fullcredits.model import TitleKind
from fullcredits.store.among import among, values_type
from fullcredits.store.figures import TOP_KINDS
from fullcredits.store.read.libraries import all_totals
from fullcredits.store.read.stretches import Order, Place, read_beyond
from fullcredits.store.read.titles import CARD, LISTED, CardRow
from fullcredits.store.schema import (
    LONG_AGO,
    libraries,
    media_items,
    sources,
    title_genres,
    titles,
)

TitleOrder = Literal["title", "year", "added"]


class Titles(NamedTuple):
    """Which movies and shows; what is empty does not matter."""

    kind: str = ""
    decade: int | None = None
    genre: str = ""
    source: int | None = None
    library: int | None = None
    small: bool = False
    """The library has few titles: all of them are looked at, instead of all there are along an
    order until enough of the library's are found."""


class Wanted(NamedTuple):
    """Which stretch of a list."""

    limit: int
    offset: int
    total: int
    """As long is the list."""


# As in the indexes of `schema`. What has no year or date comes last.
_YEAR = func.coalesce(titles.c.year, literal_column("0"))
_ADDED = func.coalesce(titles.c.added, literal_column(f"'{LONG_AGO}'"))
_ORDERS: dict[TitleOrder, Order] = {
    "title": Order(None, (titles.c.sort_folded, titles.c.id)),
    "year": Order(_YEAR, (titles.c.sort_folded, titles.c.id)),
    "added": Order(_ADDED, (titles.c.id,)),
}


def titles_in(
    db: Connection,
    which: Titles,
    order: TitleOrder,
    wanted: Wanted,
    place: Place | None = None,
) -> list[CardRow]:
    """A stretch of the movies and shows that a source has, in order: beside a title, or where it
    is wanted if none is given, or one that there is not.
    """
    by = _ORDERS[order]
    page = _listed(which, order)
    position = None
    if place is not None:
        position = db.execute(select(*by.columns).where(titles.c.id == place.id)).first()
    if place is None or position is None:
        found = _counted_off(db, page, by, wanted)
    else:
        found = read_beyond(db, page, by, position, wanted.limit, back=place.before)
    shown = db.execute(_shown(order), {"ids": [row[0] for row in found]}).all()
    return [CardRow._make(row) for row in shown]


@cache
def _shown(order: TitleOrder) -> Select[Any]:
    these = among(titles.c.id, bindparam("ids", type_=values_type(titles.c.id)))
    return select(*CARD).where(these).order_by(*_ORDERS[order].by())


def _counted_off(db: Connection, page: Select[Any], order: Order, wanted: Wanted) -> Sequence[Any]:
    """From the end that is nearer: what lies before is walked through."""
    limit, offset, total = wanted
    back = offset * 2 > total
    if back:
        limit, offset = min(limit, total - offset), max(0, total - offset - limit)
    return db.execute(page.order_by(*order.by(back=back)).limit(limit).offset(offset)).all()


def _listed(which: Titles, order: TitleOrder) -> Select[Any]:
    """The ids, to be read along the index of that order."""
    page = select(titles.c.id).where(LISTED)
    if which.library is not None and not which.small:
        # In the index, unlike the media items.
        page = page.where(titles.c.in_libraries.like(f"% {which.library} %"))
    else:
        page = page.where(*_chosen(which, titles.c.id))
    if which.kind:
        page = page.where(titles.c.kind == which.kind)
    if which.decade is not None:
        year = _YEAR if order == "year" else titles.c.year
        page = page.where(year.between(which.decade, which.decade + 9))
    if which.genre:
        of_title = (title_genres.c.title_id == titles.c.id) & (title_genres.c.genre == which.genre)
        page = page.where(exists().where(of_title))
    return page


def count_titles_in(db: Connection, which: Titles) -> int:
    """How many `titles_in` has in all."""
    if which == Titles(kind=which.kind):
        counted = all_totals(db)
        numbers = {TitleKind.MOVIE: counted.movies, TitleKind.SHOW: counted.shows}
        return sum(number for kind, number in numbers.items() if which.kind in ("", kind))
    if which.decade is None and not which.genre:
        number = func.count(media_items.c.title_id.distinct())
        of_kind = [media_items.c.kind == which.kind] if which.kind else []
        return db.execute(select(number).where(*_held(which), _TOP_ITEM, *of_kind)).scalar_one()
    kind: ColumnElement[str] = titles.c.kind
    year: ColumnElement[int] = _YEAR
    title_id: ColumnElement[int] = titles.c.id
    query = select(func.count()).select_from(titles).where(LISTED)
    if which.genre:
        kind, year, title_id = title_genres.c.kind, title_genres.c.year, title_genres.c.title_id
        query = select(func.count()).where(title_genres.c.genre == which.genre)
    if which.kind:
        query = query.where(kind == which.kind)
    if which.decade is not None:
        query = query.where(year.between(which.decade, which.decade + 9))
    return db.execute(query.where(*_chosen(which, title_id))).scalar_one()


_TOP_ITEM = media_items.c.kind.in_(TOP_KINDS) & media_items.c.title_id.is_not(None)


def _held(which: Titles) -> list[ColumnElement[bool]]:
    """Where it is: conditions on a media item."""
    living = media_items.c.gone_since.is_(None)
    if which.library is not None:
        return [living, media_items.c.library_id == which.library]
    of_source = select(libraries.c.id).where(libraries.c.source_id == which.source)
    return [living, media_items.c.library_id.in_(of_source)]


def _chosen(which: Titles, title_id: ColumnElement[int]) -> list[ColumnElement[bool]]:
    """Where it is, for a title of that id."""
    if which.source is None and which.library is None:
        return []
    if which.small:
        return [title_id.in_(select(media_items.c.title_id).where(*_held(which), _TOP_ITEM))]
    return [exists().where(media_items.c.title_id == title_id, *_held(which))]


_RECENT = select(*CARD).where(LISTED, titles.c.added.is_not(None))
_RECENT = _RECENT.order_by(*_ORDERS["added"].by()).limit(bindparam("limit", type_=Integer))


def recently_added(db: Connection, limit: int) -> list[CardRow]:
    """The movies and shows that some source got last, newest first."""
    return [CardRow._make(row) for row in db.execute(_RECENT, {"limit": limit}).all()]


def genres(db: Connection, kind: str = "") -> list[str]:
    """All genres of movies and shows, sorted; of one kind, those of that kind."""
    return sorted(row[0] for row in db.execute(_every_genre(kind)))


def _every_genre(kind: str) -> Select[Any]:
    """From one to the next along the index: far fewer steps than there are rows."""
    of_kind = [title_genres.c.kind == kind] if kind else []
    least = select(func.min(title_genres.c.genre)).where(*of_kind)
    found = select(least.scalar_subquery().label("genre")).cte("found", recursive=True)
    following = least.where(title_genres.c.genre > found.c.genre).scalar_subquery()
    found = found.union_all(select(following).where(found.c.genre.is_not(None)))
    return select(found.c.genre).where(found.c.genre.is_not(None))


def decades(db: Connection) -> list[int]:
    """The decades there are, newest first."""
    return [row[0] for row in db.execute(_EVERY_DECADE)]


def _every_decade() -> Select[Any]:
    newest = select(_YEAR).where(LISTED, _YEAR > 0).order_by(_YEAR.desc()).limit(1)
    found = select((newest.scalar_subquery() // 10 * 10).label("decade"))
    decade = found.cte("found", recursive=True)
    earlier = newest.where(decade.c.decade > _YEAR).scalar_subquery() // 10 * 10
    decade = decade.union_all(select(earlier).where(decade.c.decade.is_not(None)))
    return select(decade.c.decade).where(decade.c.decade.is_not(None))


_EVERY_DECADE = _every_decade()


def source_names(db: Connection) -> dict[int, str]:
    """All sources by id, sorted by name."""
    return dict(db.execute(select(sources.c.id, sources.c.name).order_by(sources.c.name)).all())
