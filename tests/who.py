"""Who is who in a database, in words that mean the same in every database."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select, update

from fullcredits.store import Store
from fullcredits.store.schema import media_items, media_people, source_people, sources
from fullcredits.sync.identify import identify

Groups = set[frozenset[tuple[str, ...]]]
"""Credits or media items, named by what was served, that are one person or title."""


def people(store: Store) -> Groups:
    """How credits are grouped."""
    query = (
        select(
            media_people.c.person_id,
            sources.c.name,
            media_items.c.key,
            source_people.c.key,
            media_people.c.character,
        )
        .join(media_items, media_items.c.id == media_people.c.media_item_id)
        .join(source_people, source_people.c.id == media_people.c.source_person_id)
        .join(sources, sources.c.id == media_items.c.source_id)
    )
    with store.reading() as db:
        return _grouped(db.execute(query).all())


def titles(store: Store) -> Groups:
    """How media items are grouped."""
    query = select(media_items.c.title_id, sources.c.name, media_items.c.key).join(sources)
    with store.reading() as db:
        return _grouped(db.execute(query).all())


def _grouped(rows: Iterable[tuple[object, ...]]) -> Groups:
    groups: dict[object, set[tuple[str, ...]]] = {}
    for number, *words in rows:
        assert number is not None
        groups.setdefault(number, set()).add(tuple(map(str, words)))
    return {frozenset(group) for group in groups.values()}


def decide_anew(store: Store) -> None:
    """Forget that anything was decided, and decide."""
    with store.writing() as db:
        db.execute(update(media_items).values(undecided=True))
        db.execute(update(source_people).values(undecided=True))
    identify(store)
