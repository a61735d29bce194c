"""Reading titles: one, its neighbours and children, and who holds it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Integer, Select, and_, bindparam, func, select, tuple_

from fullcredits.model import ExternalId, TitleKind
from fullcredits.store.figures import TOP_KINDS
from fullcredits.store.schema import libraries, media_item_ids, media_items, sources, titles


class TitleRow(NamedTuple):
    """A title whole; the column comments of `schema.titles` say what each field means."""

    id: int
    kind: TitleKind
    parent_id: int | None
    show_id: int | None
    season_number: int | None
    episode_number: int | None
    title: str
    original_title: str | None
    year: int | None
    released: dt.date | None
    ended: dt.date | None
    runtime: int | None
    overview: str | None
    tagline: str | None
    content_rating: str | None
    genres: Sequence[str]
    poster_id: int | None
    backdrop_id: int | None
    merged_into: int | None


class CardRow(NamedTuple):
    """A title as lists show it."""

    id: int
    kind: TitleKind
    title: str
    year: int | None
    ended: dt.date | None
    poster_id: int | None


class SeasonRow(NamedTuple):
    """A season in its show's list, with how many of its episodes there are."""

    id: int
    season_number: int | None
    title: str
    year: int | None
    poster_id: int | None
    episodes: int


class Holding(NamedTuple):
    """A place a title is in: one media item. `gone`: it was, the source has it no more."""

    source_name: str
    source_kind: str
    source_address: str
    link_address: str | None
    server_id: str | None
    library_id: int
    library_name: str
    key: str
    """Of the media item on its source."""
    capped: bool
    gone: bool
    waits: bool
    """Its full record is to be read."""
    unread: bool
    """Its full record was never read."""
    undecided: bool
    """It was read, and who is who in it is not settled yet."""


_TITLE = tuple(titles.c[name] for name in TitleRow._fields)
CARD = tuple(titles.c[name] for name in CardRow._fields)

LISTED = and_(
    titles.c.held,
    # Written out: only so is it seen that the indexes of `schema` are of these rows.
    titles.c.kind.in_(bindparam("top_kinds", TOP_KINDS, expanding=True, literal_execute=True)),
)
"""Movies and shows that some source has now."""

_BY_ID = select(*_TITLE).where(titles.c.id == bindparam("id"))


def title_by_id(db: Connection, title_id: int) -> TitleRow | None:
    """The title of that id, merged ones too."""
    row = db.execute(_BY_ID, {"id": title_id}).first()
    return TitleRow._make(row) if row else None


def titles_by_ids(db: Connection, ids: Iterable[int]) -> list[TitleRow]:
    """The titles of those ids, in no order; for a few."""
    rows = db.execute(select(*_TITLE).where(titles.c.id.in_(list(ids))))
    return [TitleRow._make(row) for row in rows]


def _seasons() -> Select[Any]:
    episode = titles.alias("episode")
    of_season = (episode.c.parent_id == titles.c.id) & (episode.c.kind == TitleKind.EPISODE)
    count = select(func.count()).where(of_season, episode.c.held).scalar_subquery()
    columns = [titles.c[name] for name in SeasonRow._fields if name != "episodes"]
    return (
        select(*columns, count)
        .where(titles.c.show_id == bindparam("show"), titles.c.kind == TitleKind.SEASON)
        .where(titles.c.held)
        .order_by(titles.c.season_number == 0, titles.c.season_number, titles.c.id)
    )


_SEASONS = _seasons()


def seasons_of(db: Connection, show_id: int) -> list[SeasonRow]:
    """The seasons of a show in their order, specials last."""
    return [SeasonRow._make(row) for row in db.execute(_SEASONS, {"show": show_id})]


_EPISODES = (
    select(*_TITLE)
    .where(titles.c.parent_id == bindparam("parent"), titles.c.kind == TitleKind.EPISODE)
    .where(titles.c.held)
    .order_by(titles.c.episode_number, titles.c.released, titles.c.id)
)


def episodes_of(db: Connection, parent_id: int) -> list[TitleRow]:
    """The episodes right under a season (or a show that hides its seasons), in their order."""
    return [TitleRow._make(row) for row in db.execute(_EPISODES, {"parent": parent_id})]


def neighbours(db: Connection, episode: TitleRow) -> tuple[TitleRow | None, TitleRow | None]:
    """The episodes before and after, over the borders of seasons; specials keep to themselves."""
    if episode.season_number is None or episode.episode_number is None:
        return None, None
    here = {name: getattr(episode, name) for name in ("show_id", *_PLACE)}
    specials = episode.season_number == 0
    before, after = (
        db.execute(_beside(back=back, specials=specials), here).first() for back in (True, False)
    )
    return (
        TitleRow._make(before) if before else None,
        TitleRow._make(after) if after else None,
    )


_PLACE = ("season_number", "episode_number")


@cache
def _beside(*, back: bool, specials: bool) -> Select[Any]:
    order = [titles.c[name] for name in _PLACE]
    place, here = tuple_(*order), tuple_(*(bindparam(name, type_=Integer) for name in _PLACE))
    is_special = titles.c.season_number == 0
    return (
        select(*_TITLE)
        .where(titles.c.show_id == bindparam("show_id"), titles.c.kind == TitleKind.EPISODE)
        .where(titles.c.held, is_special if specials else ~is_special)
        .where(place < here if back else place > here)
        .order_by(*(column.desc() if back else column for column in order))
        .limit(1)
    )


_HOLDINGS = (
    select(
        sources.c.name,
        sources.c.kind,
        sources.c.address,
        sources.c.link_address,
        sources.c.server_id,
        libraries.c.id,
        libraries.c.name,
        media_items.c.key,
        media_items.c.capped,
        media_items.c.gone_since.is_not(None),
        media_items.c.due.is_not(None),
        media_items.c.read_at.is_(None),
        media_items.c.undecided,
    )
    .join(sources, sources.c.id == media_items.c.source_id)
    .join(libraries, libraries.c.id == media_items.c.library_id)
    .where(media_items.c.title_id == bindparam("title"))
    .order_by(sources.c.name, libraries.c.name, media_items.c.id)
)


def holdings_of(db: Connection, title_id: int) -> list[Holding]:
    """Where a title is, or was, by the names of the sources and libraries."""
    return [Holding._make(row) for row in db.execute(_HOLDINGS, {"title": title_id})]


_IDS = (
    select(media_item_ids.c.scheme, media_item_ids.c.value)
    .join(media_items, media_items.c.id == media_item_ids.c.media_item_id)
    .where(media_items.c.title_id == bindparam("title"))
    .distinct()
    .order_by(media_item_ids.c.scheme, media_item_ids.c.value)
)


def ids_of_title(db: Connection, title_id: int) -> list[ExternalId]:
    """The external ids that the sources give a title, sorted; two may share a scheme."""
    return [ExternalId._make(row) for row in db.execute(_IDS, {"title": title_id})]
