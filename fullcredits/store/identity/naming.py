"""Naming source persons and credits in words that outlive a full resync and a rebuilt server.

A source person is named by the source's name and their key there, credits of theirs by the title's
external ids or key, the job and the character. Row ids are looked up each time they are needed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, select

from fullcredits.store.among import among
from fullcredits.store.schema import (
    media_item_ids,
    media_items,
    media_people,
    source_people,
    sources,
)
from fullcredits.text import code

Words = Mapping[str, Any]
"""A source person ("source", "key", "name"), or those credits of theirs that "credits" lists."""


def name_persons(db: Connection, persons: Iterable[int]) -> list[dict[str, Any]]:
    """How to name these source persons for good."""
    query = (
        select(sources.c.name.label("source"), source_people.c.key, source_people.c.name)
        .join(sources, sources.c.id == source_people.c.source_id)
        .where(among(source_people.c.id, persons))
        .order_by(source_people.c.id)
    )
    return [dict(row) for row in db.execute(query).mappings()]


def name_credits(db: Connection, credits: Collection[int]) -> list[dict[str, Any]]:
    """How to name these credits for good, by source person."""
    by_person: dict[int, list[dict[str, Any]]] = defaultdict(list)
    show = media_items.alias("show")
    of_show = (show.c.source_id == media_items.c.source_id) & (show.c.key == media_items.c.show_key)
    numbers = media_items.c["season_number", "episode_number"]
    query = select(media_people.c.source_person_id, *_CREDIT, show.c.title.label("show"), *numbers)
    query = query.join(media_items, media_items.c.id == media_people.c.media_item_id)
    query = query.outerjoin(show, of_show).where(among(media_people.c.id, credits))
    rows = db.execute(query.order_by(*_CREDIT)).all()
    ids = _ids_of(db, {row.item for row in rows})
    for row in rows:
        place = (row.show or "", code(row.season_number, row.episode_number))
        title = ": ".join(filter(None, (" ".join(filter(None, place)), row.title)))
        words = {"title": title, "job": row.job, "character": row.character}
        named = words | {"key": row.key, "ids": sorted(ids[row.item])}
        if named not in by_person[row.source_person_id]:
            by_person[row.source_person_id].append(named)
    found: list[dict[str, Any]] = []
    for person, theirs in sorted(by_person.items()):
        (words,) = name_persons(db, [person])
        found.append({**words, "credits": theirs})
    return found


class Meant:
    """The rows that some words mean today, looked up all at once."""

    def __init__(self, db: Connection, words: Iterable[Words]) -> None:
        every = list(words)
        self._persons = _persons(db, every)
        sought = {self.person(one) for one in every if "credits" in one} - {None}
        self._credits: dict[tuple[int, str, str, str], set[int]] = defaultdict(set)
        self._load_credits(db, [number for number in sought if number is not None])

    def person(self, words: Words) -> int | None:
        """The source person; None: nobody is called so now."""
        return self._persons.get((words["source"], words["key"]))

    def credits(self, words: Words) -> frozenset[int]:
        """The credits listed: by any of the title's ids, or else its key."""
        person = self.person(words)
        if person is None:
            return frozenset()
        return frozenset(
            credit
            for one in words["credits"]
            for where in (one["key"], *one["ids"])
            for credit in self._credits.get((person, where, one["job"], one["character"]), ())
        )

    def _load_credits(self, db: Connection, persons: Collection[int]) -> None:
        query = select(media_people.c.id, media_people.c.source_person_id, *_CREDIT)
        where = among(media_people.c.source_person_id, persons)
        rows = db.execute(query.join(media_items).where(where)).all()
        ids = _ids_of(db, {row.item for row in rows})
        for row in rows:
            for named in (row.key, *ids[row.item]):
                at = (row.source_person_id, named, row.job, row.character)
                self._credits[at].add(row.id)


class Supposed(Meant):
    """As `Meant`, but whoever has no row now has a number of their own below zero, and so have
    credits of which none has a row: words can be compared with words.
    """

    def __init__(self, db: Connection, words: Iterable[Words]) -> None:
        self._absent: dict[tuple[Any, ...], int] = {}
        super().__init__(db, words)

    def person(self, words: Words) -> int:
        """The source person, known or not."""
        found = super().person(words)
        return self._supposed((words["source"], words["key"])) if found is None else found

    def credits(self, words: Words) -> frozenset[int]:
        """The credits listed, known or not."""
        person = self.person(words)
        return super().credits(words) or frozenset(
            self._supposed(
                *(
                    (person, where, one["job"], one["character"])
                    for where in (one["key"], *one["ids"])
                )
            )
            for one in words["credits"]
        )

    def _supposed(self, *names: tuple[Any, ...]) -> int:
        """The number of what goes by these names."""
        known = (self._absent[name] for name in names if name in self._absent)
        number = next(known, -1 - len(self._absent))
        self._absent.update(dict.fromkeys(names, number))
        return number


_CREDIT = (
    media_items.c.id.label("item"),
    media_items.c.key,
    media_items.c.title,
    media_people.c.job,
    media_people.c.character,
)


def _persons(db: Connection, words: Iterable[Words]) -> dict[tuple[str, str], int]:
    keys: dict[str, set[str]] = defaultdict(set)
    for one in words:
        keys[one["source"]].add(one["key"])
    found: dict[tuple[str, str], int] = {}
    for source, there in keys.items():
        query = select(source_people.c.key, source_people.c.id).join(sources)
        where = (sources.c.name == source, among(source_people.c.key, there))
        for key, number in db.execute(query.where(*where)).all():
            found[source, key] = number
    return found


def _ids_of(db: Connection, items: Iterable[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    query = select(media_item_ids).where(among(media_item_ids.c.media_item_id, items))
    for row in db.execute(query).all():
        found[row.media_item_id].add(f"{row.scheme}:{row.value}")
    return found
