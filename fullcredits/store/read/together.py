"""Reading who worked with whom: on the same film, or on the same episode of a show."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, String, bindparam, case, func, or_, select

from fullcredits.model import TitleKind
from fullcredits.store.figures import ALL
from fullcredits.store.read.credits import Person
from fullcredits.store.schema import media_items, media_people, people, titles


class Collaborator(NamedTuple):
    """Somebody one worked with, on how many movies and shows, and on how many episodes of them."""

    person: Person
    titles: int
    episodes: int


def _with_others() -> Select[Any]:
    """(person, movie or show, episode) of everybody on any title of a person; not each once."""
    theirs, there = media_items.alias("theirs"), media_people.alias("there")
    own = (
        select(theirs.c.title_id)
        .join(there, there.c.media_item_id == theirs.c.id)
        .where(there.c.person_id == bindparam("person"), theirs.c.gone_since.is_(None))
        .distinct()
        .subquery()
    )
    department = bindparam("department", type_=String)
    return (
        select(
            media_people.c.person_id,
            func.coalesce(titles.c.show_id, titles.c.id).label("top"),
            case((titles.c.kind == TitleKind.EPISODE, titles.c.id)).label("episode"),
        )
        .select_from(own)
        .join(titles, titles.c.id == own.c.title_id)
        .join(media_items, media_items.c.title_id == own.c.title_id)
        .join(media_people, media_people.c.media_item_id == media_items.c.id)
        .where(media_items.c.gone_since.is_(None))
        .where(media_people.c.person_id != bindparam("person"))
        .where(or_(department == ALL, media_people.c.department == department))
    )


def _collaborators() -> Select[Any]:
    others = _with_others().subquery()
    many = func.count(others.c.top.distinct()).label("many")
    episodes = func.count(others.c.episode.distinct()).label("episodes")
    page = (
        select(others.c.person_id, many, episodes)
        .group_by(others.c.person_id)
        .order_by(many.desc(), episodes.desc(), others.c.person_id)
        .limit(bindparam("limit"))
        .offset(bindparam("offset"))
        .subquery()
    )
    return (
        select(people.c.id, people.c.name, people.c.portrait_id, page.c.many, page.c.episodes)
        .join(page, page.c.person_id == people.c.id)
        .order_by(page.c.many.desc(), page.c.episodes.desc(), people.c.id)
    )


_COLLABORATORS = _collaborators()
_HOW_MANY = select(func.count(_with_others().subquery().c.person_id.distinct()))


def collaborators(
    db: Connection, person_id: int, department: str, limit: int, offset: int
) -> list[Collaborator]:
    """Those one worked with, on most movies and shows first, and of those on most episodes;
    `department` is theirs, or ALL.
    """
    asked = {"person": person_id, "department": department, "limit": limit, "offset": offset}
    rows = db.execute(_COLLABORATORS, asked)
    return [Collaborator(Person._make(row[:3]), *row[3:]) for row in rows]


def count_collaborators(db: Connection, person_id: int, department: str) -> int:
    """How many `collaborators` has in all."""
    asked = {"person": person_id, "department": department}
    return db.execute(_HOW_MANY, asked).scalar_one()
