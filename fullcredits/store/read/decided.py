"""Reading what tells apart whom the owner's decisions speak of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, FromClause, func, select

from fullcredits.model import Department
from fullcredits.store.among import among
from fullcredits.store.schema import media_items, media_people, people, source_people, titles

_SEVERAL = 6
"""Titles of somebody: some of them may be those of the other, too."""

_show = titles.alias("show")
_NAMED = func.coalesce(_show.c.title, titles.c.title)


def _credited() -> FromClause:
    return (
        media_people.join(media_items, media_items.c.id == media_people.c.media_item_id)
        .join(titles, titles.c.id == media_items.c.title_id)
        .outerjoin(_show, _show.c.id == titles.c.show_id)
    )


def best_titles(db: Connection, records: Collection[int]) -> dict[int, list[str]]:
    """A few films and shows of each of these source persons, those that bill them best first;
    not those on which a namesake is meant.
    """
    order: tuple[ColumnElement[int], ...] = (
        func.min(media_people.c.billing),
        func.min(titles.c.id),
    )
    place = func.row_number().over(partition_by=media_people.c.source_person_id, order_by=order)
    ordered = (
        select(media_people.c.source_person_id, _NAMED.label("title"), place.label("place"))
        .select_from(_credited())
        .join(source_people, source_people.c.id == media_people.c.source_person_id)
        .where(
            among(media_people.c.source_person_id, records),
            media_people.c.person_id == source_people.c.person_id,
        )
        .group_by(media_people.c.source_person_id, _NAMED)
        .subquery()
    )
    few = select(ordered).where(ordered.c.place <= _SEVERAL).order_by(ordered.c.place)
    found: dict[int, list[str]] = defaultdict(list)
    for row in db.execute(few).all():
        found[row.source_person_id].append(row.title)
    return found


class StatedRow(NamedTuple):
    """A credit, and where it is."""

    id: int
    record: int
    """Of the source person."""
    work_id: int
    work: str
    """The film or show."""
    title_id: int
    title: str
    """The film, show, season or episode."""
    kind: str
    """Of the title."""
    season: int | None
    episode: int | None
    department: str
    job: str
    character: str

    @property
    def part(self) -> str:
        """The character, or the job."""
        return (self.character if self.department == Department.ACTING else "") or self.job


def credits_stated(db: Connection, records: Collection[int]) -> list[StatedRow]:
    """Every credit of these source persons, whomever it is held for."""
    query = select(
        media_people.c.id,
        media_people.c.source_person_id,
        func.coalesce(_show.c.id, titles.c.id),
        _NAMED,
        *titles.c["id", "title", "kind", "season_number", "episode_number"],
        *media_people.c["department", "job", "character"],
    ).select_from(_credited())
    where = among(media_people.c.source_person_id, records)
    return [
        StatedRow(*row) for row in db.execute(query.where(where).order_by(media_people.c.id)).all()
    ]


def shared_names(db: Connection, folded: Collection[str]) -> set[str]:
    """Those of these folded names that several people have."""
    query = select(people.c.name_folded).where(
        among(people.c.name_folded, folded),
        people.c.merged_into.is_(None),
        people.c.gone_since.is_(None),
    )
    several = query.group_by(people.c.name_folded).having(func.count() > 1)
    return set(db.scalars(several))
