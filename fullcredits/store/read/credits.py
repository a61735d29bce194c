"""Reading the credits of a title, and what else its people are in."""

from __future__ import annotations

from collections.abc import Collection
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    ScalarSelect,
    Select,
    bindparam,
    func,
    literal_column,
    select,
)

from fullcredits.model import Department, TitleKind
from fullcredits.store.schema import (
    media_items,
    media_people,
    people,
    sources,
    titles,
)


class Person(NamedTuple):
    """Whom a credit names; `id` is None until identity has looked at it."""

    id: int | None
    name: str
    portrait_id: int | None


class CreditRow(NamedTuple):
    """One credit as one source states it."""

    person: Person
    media_item_id: int
    source: str
    gone: bool
    """The source has the title no more."""
    department: str
    job: str
    character: str
    credited_as: str
    billing: int
    id: int
    """By these two those of one media item are sorted."""


NAMED = (
    media_people.c.person_id,
    func.coalesce(people.c.name, media_people.c.credited_as),
    people.c.portrait_id,
)
"""The columns of a `Person`: a credit without one has the name that is written there."""

_OF_TITLE = (
    select(
        *NAMED,
        media_people.c.media_item_id,
        sources.c.name,
        media_items.c.gone_since.is_not(None),
        media_people.c.department,
        media_people.c.job,
        media_people.c.character,
        media_people.c.credited_as,
        media_people.c.billing,
        media_people.c.id,
    )
    .join(media_items, media_items.c.id == media_people.c.media_item_id)
    .join(sources, sources.c.id == media_items.c.source_id)
    .join(people, people.c.id == media_people.c.person_id, isouter=True)
    .where(media_items.c.title_id == bindparam("title"))
)


def credits_of_title(db: Connection, title_id: int) -> list[CreditRow]:
    """All credits of a title's media items, in each one's billing."""
    found = db.execute(_OF_TITLE, {"title": title_id}).all()
    rows = [CreditRow._make((Person._make(_whom(row)), *row[3:])) for row in found]
    # Sorted here: SQLite would carry all columns of each row through its sorting.
    rows.sort(key=_place)
    return rows


_whom = itemgetter(0, 1, 2)
_place = attrgetter("media_item_id", "billing", "id")


class OtherTitle(NamedTuple):
    """A movie or show somebody is in besides the one that is looked at."""

    person_id: int
    id: int
    kind: TitleKind
    title: str


def _best_others() -> Select[Any]:
    """Of each person only the credits with the best billing are looked at, along the index."""
    top = func.coalesce(titles.c.show_id, titles.c.id)
    newest = (titles.c.year.is_(None), titles.c.year.desc(), titles.c.id)
    place = func.row_number().over(partition_by=people.c.id, order_by=newest)
    ranked = (
        select(people.c.id.label("person_id"), top.label("top"), place.label("place"))
        .join(media_people, media_people.c.person_id == people.c.id)
        .join(media_items, media_items.c.id == media_people.c.media_item_id)
        .join(titles, titles.c.id == media_items.c.title_id)
        .where(people.c.id.in_(bindparam("persons", expanding=True)), top != bindparam("than"))
        .where(media_people.c.department == Department.ACTING, media_items.c.gone_since.is_(None))
        .where(media_people.c.billing == _best_billing())
        .subquery()
    )
    return (
        select(ranked.c.person_id, titles.c.id, titles.c.kind, titles.c.title)
        .join(titles, titles.c.id == ranked.c.top)
        .where(ranked.c.place == 1)
    )


def _best_billing() -> ScalarSelect[int]:
    """The best billing of a person of `people`, on other titles than that one."""
    credit, item, title = media_people.alias(), media_items.alias(), titles.alias()
    return (
        select(credit.c.billing)
        .join(item, item.c.id == credit.c.media_item_id)
        .join(title, title.c.id == item.c.title_id)
        .where(credit.c.person_id == people.c.id, credit.c.department == Department.ACTING)
        .where(item.c.gone_since.is_(None))
        .where(func.coalesce(title.c.show_id, title.c.id) != bindparam("than"))
        .order_by(credit.c.billing)
        .limit(literal_column("1"))
        .correlate(people)
        .scalar_subquery()
    )


_BEST_OTHERS = _best_others()


def best_others(db: Connection, persons: Collection[int], than: int) -> dict[int, OtherTitle]:
    """Of each of these people the title that bills them best, of those a source has.

    `than` is the movie or show that does not count. Of equally good ones the newest.
    """
    rows = db.execute(_BEST_OTHERS, {"persons": list(persons), "than": than}).all()
    return {row[0]: OtherTitle._make(row) for row in rows}
