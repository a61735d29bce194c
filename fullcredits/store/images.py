"""Which pictures the sources have, and what became of fetching them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, bindparam, case, func, select, union, update

from fullcredits.model import Shape, TitleKind
from fullcredits.store import bulk
from fullcredits.store.among import among
from fullcredits.store.schema import (
    images,
    media_items,
    media_people,
    people,
    source_people,
    titles,
)
from fullcredits.store.sources import now

FETCHED = "ok"


class ImageRow(NamedTuple):
    """A picture of a source; the column comments of `schema.images` say what each means."""

    id: int
    source_id: int
    ref: str
    state: str | None
    failures: int
    retry_at: dt.datetime | None
    digest: str | None
    width: int | None
    height: int | None

    def may_be_asked_for(self, at: dt.datetime) -> bool:
        """Whether enough time has passed since it could not be had."""
        return self.retry_at is None or self.retry_at <= at


class Outcome(NamedTuple):
    """What became of asking for a picture."""

    state: str
    """FETCHED, or the reason why not."""
    failures: int = 0
    retry_at: dt.datetime | None = None
    digest: str | None = None
    """SHA-256 of what came; this and what follows only of a picture that came."""
    width: int | None = None
    height: int | None = None
    blur: bytes | None = None
    """A tiny picture of it."""


_COLUMNS = tuple(images.c[name] for name in ImageRow._fields)


def image_by_id(db: Connection, image_id: int) -> ImageRow | None:
    """The picture with that id, or None where there is none."""
    return images_by_ids(db, [image_id]).get(image_id)


def images_by_ids(db: Connection, ids: Collection[int]) -> dict[int, ImageRow]:
    """The pictures with these ids, by id."""
    rows = db.execute(select(*_COLUMNS).where(among(images.c.id, ids)))
    return {row.id: ImageRow._make(row) for row in rows}


def image_ids(db: Connection, source_id: int, refs: Mapping[str, str | None]) -> dict[str, int]:
    """The id of each ref, new rows made for those not seen before; `refs` gives blurhashes.

    A blurhash once known is replaced by another, never by none. Part of the path of every sync,
    so it asks in bulk and not per ref.
    """
    known = _known(db, source_id, list(refs))
    ids = {ref: row.id for ref, row in known.items()}
    missing = [ref for ref in refs if ref not in ids]
    if missing:
        numbers = bulk.fresh_numbers(db, images, len(missing))
        rows = [(n, source_id, ref, refs[ref], 0) for n, ref in zip(numbers, missing, strict=True)]
        bulk.insert_rows(db, images, ("id", "source_id", "ref", "blurhash", "failures"), rows)
        ids.update(zip(missing, numbers, strict=True))
    blurred = [
        {"row_id": row.id, "blurhash": refs[ref]}
        for ref, row in known.items()
        if refs[ref] and refs[ref] != row.blurhash
    ]
    if blurred:
        db.execute(update(images).where(images.c.id == bindparam("row_id")), blurred)
    return ids


def _known(db: Connection, source_id: int, refs: Sequence[str]) -> dict[str, Any]:
    query = select(images.c.ref, images.c.id, images.c.blurhash).where(
        images.c.source_id == source_id, among(images.c.ref, refs)
    )
    return {row.ref: row for row in db.execute(query).all()}


def note_outcomes(db: Connection, outcomes: Mapping[int, Outcome]) -> None:
    """Keep what became of pictures, by id. One that did not come stays known as it came before."""
    at = now()
    told = [{"row_id": n, "tried_at": at, **one._asdict()} for n, one in outcomes.items()]
    came = [values for values in told if values["state"] == FETCHED]
    failed = [
        {name: values[name] for name in ("row_id", "tried_at", "state", "failures", "retry_at")}
        for values in told
        if values["state"] != FETCHED
    ]
    for changed in (came, failed):
        if changed:
            db.execute(update(images).where(images.c.id == bindparam("row_id")), changed)


def shapes_of(db: Connection, image_id: int) -> set[Shape]:
    """What sources use a picture for; empty where none does any more."""
    kinds = db.scalars(
        select(media_items.c.kind).where(media_items.c.poster_id == image_id).distinct()
    )
    found = {Shape.STILL if kind == TitleKind.EPISODE else Shape.POSTER for kind in kinds}
    for shape, column in (
        (Shape.BACKDROP, media_items.c.backdrop_id),
        (Shape.PORTRAIT, source_people.c.portrait_id),
    ):
        if db.execute(select(column).where(column == image_id).limit(1)).first():
            found.add(shape)
    return found


def stand_ins(db: Connection, image_id: int) -> list[ImageRow]:
    """The other sources' pictures of those whose picture this is, the next best first."""
    ids: dict[int, None] = {}
    for query in (
        _others_of_people(image_id),
        _others_of_titles("poster_id", image_id),
        _others_of_titles("backdrop_id", image_id),
    ):
        ids.update(dict.fromkeys(db.scalars(query)))
    found = images_by_ids(db, ids)
    return [found[other] for other in ids]


def _others_of_people(image_id: int) -> Select[tuple[int]]:
    other = source_people.c.portrait_id
    return (
        select(other)
        .join(media_people, media_people.c.source_person_id == source_people.c.id)
        .join(people, people.c.id == media_people.c.person_id)
        .where(people.c.portrait_id == image_id, other != image_id)
        .group_by(other)
        .order_by(func.min(source_people.c.source_id), other)
    )


def _others_of_titles(column: str, image_id: int) -> Select[tuple[int]]:
    other = media_items.c[column]
    gone = case((media_items.c.gone_since.is_(None), 0), else_=1)
    return (
        select(other)
        .join(titles, titles.c.id == media_items.c.title_id)
        .where(titles.c[column] == image_id, other != image_id)
        .group_by(other)
        .order_by(func.min(gone), func.min(media_items.c.source_id), other)
    )


class Blur(NamedTuple):
    """What may be shown until a picture is there."""

    picture: bytes | None
    """A tiny WebP of it."""
    blurhash: str | None
    """As its server gives it."""


def blurs(db: Connection, ids: Iterable[int]) -> dict[int, Blur]:
    """The blurs of these pictures, by id; none of what could not be had the last time."""
    query = select(images.c.id, images.c.blur, images.c.blurhash).where(
        among(images.c.id, ids), func.coalesce(images.c.state, FETCHED) == FETCHED
    )
    return {row.id: Blur(row.blur, row.blurhash) for row in db.execute(query)}


class Tally(NamedTuple):
    """How many pictures pages show, by what became of them."""

    fetched: int
    """They came once; whether they are in the cache still is not known here."""
    dead: int
    """They could not be had."""
    waiting: int
    """Nobody has asked for them yet."""


_SHOWN = images.c.id.in_(
    union(
        select(titles.c.poster_id).where(titles.c.poster_id.is_not(None)),
        select(titles.c.backdrop_id).where(titles.c.backdrop_id.is_not(None)),
        select(people.c.portrait_id).where(people.c.portrait_id.is_not(None)),
    )
)


def tally(db: Connection) -> Tally:
    """The pictures that pages show, counted; not those of servers whom others outrank."""
    query = select(images.c.state, func.count()).where(_SHOWN).group_by(images.c.state)
    counts: dict[str | None, int] = dict(db.execute(query).all())
    fetched, waiting = counts.pop(FETCHED, 0), counts.pop(None, 0)
    return Tally(fetched, sum(counts.values()), waiting)


def why_dead(db: Connection) -> list[tuple[int, str, int]]:
    """(source id, reason, how many) of pictures that could not be had, most first."""
    number = func.count()
    rows = db.execute(
        select(images.c.source_id, images.c.state, number)
        .where(_SHOWN, images.c.state != FETCHED)
        .group_by(images.c.source_id, images.c.state)
        .order_by(number.desc(), images.c.source_id, images.c.state)
    )
    return [(source_id, state, count) for source_id, state, count in rows]


def forgive(db: Connection, sources: Collection[int]) -> int:
    """Let what could not be had of these sources be asked for at once; returns how many."""
    dead = (images.c.source_id.in_(sources), images.c.state != FETCHED)
    fresh = update(images).where(*dead).values(state=None, failures=0, retry_at=None)
    return db.execute(fresh).rowcount
