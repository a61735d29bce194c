"""What waits for identity."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Connection, Table, func, select, update

from fullcredits.store.among import among
from fullcredits.store.identity.name_counts import names_wait
from fullcredits.store.schema import media_items, media_people, source_people


def media_items_wait(db: Connection, up_to: int | None = None) -> bool:
    """Whether any media item, of those up to a row id, changed since identity last looked."""
    return _any_waits(db, media_items, up_to)


def source_people_wait(db: Connection, up_to: int | None = None) -> bool:
    """Whether any source person, of those up to a row id, changed, or their company, since identity
    last looked.
    """
    return _any_waits(db, source_people, up_to)


def many_wait(db: Connection, many: int) -> bool:
    """Whether so many source persons wait."""
    waiting = select(source_people.c.id).where(source_people.c.undecided).limit(many).subquery()
    return db.execute(select(func.count()).select_from(waiting)).scalar_one() >= many


def waiting_below(db: Connection, below: int | None, most: int) -> Sequence[int]:
    """The row ids of at most so many source persons that wait, those named last first; of those
    with lower ids than the one given.
    """
    waits = select(source_people.c.id).where(source_people.c.undecided)
    if below is not None:
        waits = waits.where(source_people.c.id < below)
    return db.scalars(waits.order_by(source_people.c.id.desc()).limit(most)).all()


def waiting_on(db: Connection, items: Collection[int]) -> Sequence[int]:
    """The row ids of the source persons that wait and are credited in any of these media items."""
    credited = select(media_people.c.source_person_id)
    credited = credited.where(among(media_people.c.media_item_id, items))
    waits = select(source_people.c.id).where(source_people.c.undecided)
    return db.scalars(waits.where(source_people.c.id.in_(credited))).all()


def _any_waits(db: Connection, table: Table, up_to: int | None) -> bool:
    waiting = select(table.c.id).where(table.c.undecided).limit(1)
    if up_to is not None:
        waiting = waiting.where(table.c.id <= up_to)
    return db.execute(waiting).first() is not None


def newest_item(db: Connection) -> int | None:
    """The highest row id of a media item, where any waits."""
    return db.scalar(select(func.max(media_items.c.id))) if media_items_wait(db) else None


def newest_person(db: Connection) -> int | None:
    """The highest row id of a source person, where any waits, or a name to be counted: it may be
    commoner than those who were decided by that took it for.
    """
    waits = source_people_wait(db) or names_wait(db)
    return db.scalar(select(func.max(source_people.c.id))) if waits else None


def let_company_look(db: Connection, items: Collection[int]) -> None:
    """The credits of these media items changed, or come or go with them.

    Whoever is credited on their titles, on any source, waits for identity: their company changed.
    """
    if items:
        let_company_look_where(db, among(media_items.c.id, items))


def let_company_look_where(db: Connection, chosen: ColumnElement[bool]) -> None:
    """As `let_company_look`, for the media items of a condition."""
    their_titles = select(media_items.c.title_id).where(chosen, media_items.c.title_id.is_not(None))
    _look(db, media_items.c.title_id.in_(their_titles))


def let_titles_look(db: Connection, persons: Collection[int]) -> None:
    """These source persons have other names now: their titles wait for identity."""
    if persons:
        credited = select(media_people.c.media_item_id)
        credited = credited.where(among(media_people.c.source_person_id, persons))
        where = (media_items.c.id.in_(credited), media_items.c.undecided.is_(False))
        db.execute(update(media_items).where(*where).values(undecided=True))


def look_again(db: Connection, titles: Collection[int]) -> None:
    """Let identity look at everybody on these titles."""
    if titles:
        _look(db, among(media_items.c.title_id, titles))


def _look(db: Connection, on: ColumnElement[bool]) -> None:
    credited = (
        select(media_people.c.source_person_id)
        .join(media_items, media_items.c.id == media_people.c.media_item_id)
        .where(on)
    )
    where = (source_people.c.id.in_(credited), source_people.c.undecided.is_(False))
    db.execute(update(source_people).where(*where).values(undecided=True))
