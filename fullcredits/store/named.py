"""What titles are called in sentences: seasons and episodes with their show."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, and_, select

from fullcredits.model import TitleKind
from fullcredits.store.among import among
from fullcredits.store.schema import media_items
from fullcredits.text import code, numbered


def full_names(db: Connection, items: Collection[int]) -> dict[int, str]:
    """The names of these media items, by their row ids: like "Heat", "The Wire, season 2" and
    "The Wire, S02E05 Undertow". Each has one: some may have been forgotten meanwhile.
    """
    m, shows = media_items.c, media_items.alias("shows")
    of_it = and_(shows.c.source_id == m.source_id, shows.c.key == m.show_key)
    query = (
        select(m.id, m.kind, m.title, m.season_number, m.episode_number, shows.c.title)
        .join_from(media_items, shows, of_it, isouter=True)
        .where(among(m.id, items))
    )
    found = {row[0]: full_name(TitleKind(row[1]), *row[2:]) for row in db.execute(query)}
    return dict.fromkeys(items, "a title that was forgotten") | found


def full_name(
    kind: TitleKind, title: str, season: int | None, episode: int | None, show: str | None
) -> str:
    """As `full_names` has it; without a `show`, as it stands below one."""
    name = title
    if kind is TitleKind.SEASON:
        name = numbered("Season", season, title)
        if show and season is not None:
            name = f"{name[0].lower()}{name[1:]}"
    elif kind is TitleKind.EPISODE:
        name = f"{code(season, episode)} {title}".strip()
    return f"{show}, {name}" if show else name
