"""A very large library, written straight into the tables: 366,000 titles, 242,000 people,
1,010,000 credits, shaped like real ones.

Few films have many credits and most have few; most episodes name nobody; a few names are
frequent and most are rare; a few people are in very much. What pages find hardest is at known
places: `FILM` has the longest list, `SHOW` the most guests, `PERSON` the most credits.
"""

from __future__ import annotations

import datetime as dt
import itertools
import random
import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, insert

from fullcredits.store import figures
from fullcredits.store.characters import character_ids
from fullcredits.store.schema import (
    libraries,
    media_items,
    media_people,
    metadata,
    people,
    person_ids,
    source_people,
    sources,
    titles,
)
from fullcredits.store.words import learn
from fullcredits.text import fold, name_sort_key, sort_key

MOVIES, SHOWS, SEASONS, EPISODES = 60_000, 6_000, 30_000, 270_000
PEOPLE, CREDITS = 242_000, 1_010_000

FILM, FILM_CREDITS = 2, 993
SHOW, SHOW_EPISODES, SHOW_GUESTS = MOVIES + 1, 3_600, 4_000
PERSON, PERSON_CREDITS = 1, 644
HIMSELF = 9_000
"""Credits of the character that most people play."""

_BATCH = 20_000
_GENRES = (
    "Drama", "Comedy", "Thriller", "Action", "Romance", "Crime", "Documentary", "Horror",
    "Adventure", "Family", "Science Fiction", "Animation", "Mystery", "Fantasy", "History",
    "Music", "War", "Western",
)  # fmt: skip
_SYLLABLES = re.findall(
    r"\w+",
    "ma ri an to ne la ko vi sa el da ro mi ka le no be ta lu ha is go re fi wa jo ze chi "
    "ber sten ford man son ova shi mura gar cia pol ski wit zen dor val que bra thi ngo oui",
)
_ACTOR = ("Actor", "Acting", "Actor")
_GUEST = ("GuestStar", "Acting", "Guest Star")
_CREW = (
    ("Director", "Directing", "Director"),
    ("Writer", "Writing", "Screenplay"),
    ("Producer", "Production", "Executive Producer"),
    ("Composer", "Sound", "Original Music Composer"),
    ("Unknown", "Camera", "Director of Photography"),
)


class Made:
    """Rows of the library, the same every time."""

    def __init__(self) -> None:
        self.rng = random.Random(7)
        self._firsts = [self._word(1) for _ in range(6_000)]
        self._lasts = [self._word(2) for _ in range(60_000)]
        self.names = [self._name() for _ in range(PEOPLE)]
        self.parts = [self._name() for _ in range(150_000)]

    def _word(self, shortest: int) -> str:
        syllables = self.rng.choices(_SYLLABLES, k=self.rng.randint(shortest, 4))
        return "".join(syllables).capitalize()

    def _name(self) -> str:
        first = self._firsts[int(len(self._firsts) * self.rng.random() ** 3)]
        return f"{first} {self._lasts[int(len(self._lasts) * self.rng.random() ** 2)]}"

    def titles(self) -> Iterator[dict[str, Any]]:
        """Movies, shows, seasons, episodes, numbered in that order."""
        for number in range(1, MOVIES + SHOWS + 1):
            name = " ".join(self._word(1) for _ in range(self.rng.randint(1, 4)))
            yield self._title(number, "movie" if number <= MOVIES else "show", name)
        first = MOVIES + SHOWS + 1
        for number in range(SEASONS):
            show, place = MOVIES + 1 + number % SHOWS, 1 + number // SHOWS
            row = self._title(first + number, "season", f"Season {place}")
            yield row | {"show_id": show, "parent_id": show, "season_number": place}
        for number in range(EPISODES):
            # Season 0 and every 6,000th after it are those of SHOW.
            of_show = number < SHOW_EPISODES
            chosen = int(SEASONS * self.rng.random() ** 2)
            season = number % (SEASONS // SHOWS) * SHOWS if of_show else chosen
            yield self._title(first + SEASONS + number, "episode", self._word(2)) | {
                "show_id": MOVIES + 1 + season % SHOWS,
                "parent_id": first + season,
                "season_number": 1 + season // SHOWS,
                "episode_number": number,
            }

    def _title(self, number: int, kind: str, name: str) -> dict[str, Any]:
        year = 2026 - int(100 * self.rng.random() ** 2)
        return {
            "id": number,
            "kind": kind,
            "title": name,
            "title_folded": sort_key(name),
            "sort_folded": sort_key(name),
            "year": year,
            "released": dt.date(year, self.rng.randint(1, 12), self.rng.randint(1, 28)),
            "overview": "In a small town, somebody knocks at a door that nobody opens. " * 4,
            "genres": self.rng.sample(_GENRES, self.rng.randint(1, 3)),
            "added": dt.datetime(2020, 1, 1) + dt.timedelta(minutes=self.rng.randint(0, 3_000_000)),
            "show_id": None,
            "parent_id": None,
            "season_number": None,
            "episode_number": None,
        }

    def credits(self) -> Iterator[dict[str, Any]]:
        """First the hard ones, then films, shows and episodes until there are enough."""
        numbers = itertools.count()
        for item, size in self._lists():
            for place in range(size):
                number = next(numbers)
                if number >= CREDITS:
                    return
                yield self._credit(number, item, place, size)

    def _lists(self) -> Iterator[tuple[int, int]]:
        """Media items with how many credits each has."""
        episodes = MOVIES + SHOWS + SEASONS + 1
        yield FILM, FILM_CREDITS
        yield SHOW, 20
        for number in range(SHOW_EPISODES):
            yield episodes + number, 3 if number % 3 else 6
        for item in range(3, MOVIES + 1):
            yield item, min(FILM_CREDITS, int(self.rng.lognormvariate(2.0, 0.9)))
        for item in range(MOVIES + 2, MOVIES + SHOWS + 1):
            yield item, self.rng.randint(2, 20)
        while True:
            item = episodes + SHOW_EPISODES + int((EPISODES - SHOW_EPISODES) * self.rng.random())
            yield item, self.rng.randint(1, 12)

    def _credit(self, number: int, item: int, place: int, size: int) -> dict[str, Any]:
        is_episode = item > MOVIES + SHOWS + SEASONS
        crew = place >= size * 0.75
        kind, department, job = (
            self.rng.choice(_CREW) if crew else _GUEST if is_episode and place else _ACTOR
        )
        person = self._person(number, item, place)
        character = "Himself" if self.rng.random() < HIMSELF / CREDITS else None
        return {
            "media_item_id": item,
            "source_person_id": person,
            "person_id": person,
            "billing": place,
            "kind": kind,
            "department": department,
            "job": job,
            "character": "" if crew else character or self.rng.choice(self.parts),
            "credited_as": self.names[person - 1],
        }

    def _person(self, number: int, item: int, place: int) -> int:
        if number % (CREDITS // PERSON_CREDITS) == 0:
            return PERSON
        if MOVIES + SHOWS + SEASONS < item <= MOVIES + SHOWS + SEASONS + SHOW_EPISODES and place:
            return 1_000 + self.rng.randrange(SHOW_GUESTS)
        return 2 + int((PEOPLE - 1) * self.rng.random() ** 1.5)


def fill(db: Connection) -> None:
    """Write the library into an empty database."""
    if db.dialect.name == "sqlite":
        db.exec_driver_sql("PRAGMA cache_size = -500000")
    indexes = [index for table in metadata.tables.values() for index in table.indexes]
    for index in indexes:  # made again at the end: that is several times as fast
        index.drop(db)
    made = Made()
    _fill_facts(db, made)
    for index in indexes:
        index.create(db)
    learn(db, map(fold, made.names))
    figures.refresh(db)


def _fill_facts(db: Connection, made: Made) -> None:
    for number, (name, kind) in enumerate((("Attic", "plex"), ("Cabin", "jellyfin")), 1):
        row = {"id": number, "name": name, "kind": kind, "address": "http://a", "secret": b""}
        db.execute(insert(sources).values(**row, server_id=name, added_at=dt.datetime(2026, 1, 1)))
    for number, (source, kind) in enumerate(((1, "movies"), (1, "shows"), (2, "movies")), 1):
        row = {"id": number, "source_id": source, "key": str(number), "name": kind, "kind": kind}
        db.execute(insert(libraries).values(**row))
    for batch in _batches(made.titles()):
        db.execute(insert(titles), batch)
        learn(db, (row["title_folded"] for row in batch if row["kind"] in ("movie", "show")))
        db.execute(insert(media_items), [_item(row) for row in batch])
    for batch in _batches(enumerate(made.names, 1)):
        db.execute(insert(people), [_person(number, name) for number, name in batch])
        db.execute(insert(source_people), [_source_person(number, name) for number, name in batch])
        ids = [{"person_id": n, "scheme": "tmdb", "value": str(n)} for n, _ in batch]
        db.execute(insert(person_ids), ids)
    for batch in _batches(made.credits()):
        known = character_ids(db, {row["character"] for row in batch if row["character"]})
        for row in batch:
            row["character_id"] = known.get(row["character"])
        db.execute(insert(media_people), batch)
    # The second server has a third of the films, too.
    shared = ({"id": n, "title": "", "kind": "movie", "genres": []} for n in range(3, MOVIES, 3))
    for batch in _batches(shared):
        again = [_item(row) | {"id": None, "source_id": 2, "library_id": 3} for row in batch]
        for row in again:
            del row["id"]
        db.execute(insert(media_items), again)


def _item(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "source_id": 1,
        "library_id": 1 if row["kind"] == "movie" else 2,
        "key": str(row["id"]),
        "kind": row["kind"],
        "title_id": row["id"],
        "title": row["title"],
        "title_folded": fold(row["title"]),
        "genres": row["genres"],
        "undecided": False,
    }


def _person(number: int, name: str) -> dict[str, Any]:
    return {
        "id": number,
        "name": name,
        "name_folded": fold(name),
        "sort_folded": name_sort_key(name),
        "also_known_as": [],
    }


def _source_person(number: int, name: str) -> dict[str, Any]:
    return {
        "id": number,
        "source_id": 1,
        "key": str(number),
        "name": name,
        "name_folded": fold(name),
        "by_name": False,
        "undecided": False,
    }


def _batches(rows: Iterator[Any]) -> Iterator[list[Any]]:
    while batch := list(itertools.islice(rows, _BATCH)):
        yield batch
