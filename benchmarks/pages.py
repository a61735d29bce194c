"""Measure the pages of a very large library: 366,000 titles, 242,000 people, 1,010,000 credits.

    python -m benchmarks.pages                     make it in a temporary folder, measure, remove
    python -m benchmarks.pages --database big.db   keep it there, and use it again next time

Requests go through the whole application in this process, without a socket, each for something
else where there is more than one. Of each page the 50th and the 99th percentile of the server's
time is told, and the 50th of the time it computed, which a machine that is busy with something
else leaves as it is. What the goal is missed by is marked, and the command fails.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import itertools
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

from sqlalchemy import Connection, func, insert, select, update
from starlette.types import ASGIApp, Message

from fullcredits.access import Entrance
from fullcredits.cli.memory import hold_little
from fullcredits.config import Config
from fullcredits.model import TitleKind
from fullcredits.pages import addresses
from fullcredits.setup import Desk
from fullcredits.store import Store, figures
from fullcredits.store.characters import character_ids
from fullcredits.store.schema import (
    characters,
    libraries,
    media_items,
    media_people,
    people,
    source_people,
    sources,
    titles,
)
from fullcredits.store.secrets import Secrets
from fullcredits.store.sources import now
from fullcredits.store.upgrade import open_store
from fullcredits.store.words import learn
from fullcredits.text import fold, name_sort_key, sort_key
from fullcredits.web.app import create_app

MOVIES, SHOWS, SEASONS, EPISODES = 60_000, 6_000, 30_000, 270_000
PEOPLE, CREDITS = 242_000, 1_010_000
BUSY_PERSON = 644
"""Credits of person 1."""
ROUNDS = 100
GOAL = (10.0, 50.0)
"""Milliseconds, of the 50th and the 99th percentile."""
_BATCH = 20_000
_TODAY = dt.datetime(2026, 11, 25)
_TEN_YEARS = 10 * 365 * 24 * 60
"""In minutes: titles came one after the other."""
_GENRES = ("Drama", "Comedy", "Crime", "Horror", "Romance", "War", "Documentary", "Thriller")
_SYLLABLES = re.findall(
    r"\w+",
    "ma ri an to ne la ko vi sa el da ro mi ka le no be ta lu ha is go re fi wa jo ze chi "
    "ber sten ford man son ova shi mura gar cia pol ski wit zen dor val que bra thi ngo oui",
)


def _word(rng: random.Random, shortest: int = 2) -> str:
    return "".join(rng.choices(_SYLLABLES, k=rng.randint(shortest, 4))).capitalize()


class Made:
    """Rows of the library, the same every time."""

    def __init__(self) -> None:
        self.rng = random.Random(7)
        self.firsts = [_word(self.rng, 1) for _ in range(6_000)]
        self.lasts = [_word(self.rng) for _ in range(60_000)]
        # Few names are frequent, most are rare.
        self.names = [self._name() for _ in range(PEOPLE)]
        self.parts = [f"{self._name()}" for _ in range(150_000)] + ["Himself"] * 9_000

    def _name(self) -> str:
        first = self.firsts[int(len(self.firsts) * self.rng.random() ** 3)]
        return f"{first} {self.lasts[int(len(self.lasts) * self.rng.random() ** 2)]}"

    def titles(self) -> Iterator[dict[str, Any]]:
        """Movies, shows, then the episodes of the shows."""
        for number in itertools.count(1):
            kind = "movie" if number <= MOVIES else "show"
            if number > MOVIES + SHOWS:
                break
            name = " ".join(_word(self.rng, 1) for _ in range(self.rng.randint(1, 4)))
            yield self._title(number, kind, name)
        first = MOVIES + SHOWS + 1
        for number in range(SEASONS):
            show = MOVIES + 1 + number % SHOWS
            row = self._title(first + number, "season", f"Season {1 + number // SHOWS}")
            row |= {"show_id": show, "parent_id": show, "season_number": 1 + number // SHOWS}
            yield row
        for number in range(EPISODES):
            season = int(SEASONS * self.rng.random() ** 2)
            yield self._title(first + SEASONS + number, "episode", _word(self.rng)) | {
                "show_id": MOVIES + 1 + season % SHOWS,
                "parent_id": first + season,
                "season_number": 1 + season // SHOWS,
                "episode_number": number,
            }

    def _title(self, number: int, kind: str, name: str) -> dict[str, Any]:
        return {
            "id": number,
            "kind": kind,
            "title": name,
            "title_folded": sort_key(name),
            "sort_folded": sort_key(name),
            "year": self.rng.randint(1920, 2026),
            "genres": self.rng.sample(_GENRES, 2),
            "added": _TODAY - dt.timedelta(minutes=number * 7919 % _TEN_YEARS),
            "show_id": None,
            "parent_id": None,
            "season_number": None,
            "episode_number": None,
        }

    def credits(self) -> Iterator[dict[str, Any]]:
        """Person 1 has many, one film and one show have very many, the rest is spread."""
        total = MOVIES + SHOWS + SEASONS + EPISODES
        for number in range(CREDITS):
            person = 1 if number < BUSY_PERSON else 2 + int((PEOPLE - 1) * self.rng.random() ** 2)
            item = 1 + int(total * self.rng.random())
            if BUSY_PERSON <= number < BUSY_PERSON + 1_000:
                item = 2
            crew = self.rng.random() < 0.25
            yield {
                "media_item_id": item,
                "source_person_id": person,
                "person_id": person,
                "billing": number % 60,
                "kind": "Director" if crew else "Actor",
                "department": "Directing" if crew else "Acting",
                "job": "Director" if crew else "Actor",
                "character": "" if crew else self.rng.choice(self.parts),
                "credited_as": self.names[person - 1],
            }


def fill(db: Connection) -> None:
    """Write the library into an empty database."""
    # A larger cache than usual: without it, filling takes several times as long.
    db.exec_driver_sql("PRAGMA cache_size = -500000")
    made = Made()
    source = {"id": 1, "name": "Attic", "kind": "plex", "address": "http://a", "secret": b""}
    db.execute(insert(sources).values(**source, added_at=now()))
    for number, kind in ((1, "movies"), (2, "shows")):
        row = {"id": number, "source_id": 1, "key": str(number), "name": kind, "kind": kind}
        db.execute(insert(libraries).values(**row))
    for batch in _batches(made.titles()):
        learn(db, (row["title_folded"] for row in batch if row["kind"] in ("movie", "show")))
        db.execute(insert(titles), batch)
        db.execute(insert(media_items), [_item(row) for row in batch])
    for batch in _batches(enumerate(made.names, 1)):
        db.execute(insert(people), [_person(number, name) for number, name in batch])
        db.execute(insert(source_people), [_source_person(number, name) for number, name in batch])
    for batch in _batches(made.credits()):
        known = character_ids(db, {row["character"] for row in batch if row["character"]})
        for row in batch:
            row["character_id"] = known.get(row["character"])
        db.execute(insert(media_people), batch)
    learn(db, map(fold, made.names))
    in_cast = (media_people.c.media_item_id == media_items.c.id) & (
        media_people.c.department == "Acting"
    )
    cast = select(func.count()).where(in_cast).scalar_subquery()
    db.execute(update(media_items).values(cast_count=cast))
    figures.refresh(db)


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
        "added": row["added"],
        "read_at": _TODAY,
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


class NoPictures:
    """Pictures are not what is measured."""

    async def picture(self, image_id: int, width: int) -> None:
        """None."""


def pages(db: Connection, made: Made) -> dict[str, Callable[[], str]]:
    """What is measured: by name, a way to make the address of one page of the kind."""
    rng = random.Random(11)

    def title(kind: TitleKind, first: int, last: int) -> str:
        number = rng.randint(first, last)
        name = db.execute(select(titles.c.title).where(titles.c.id == number)).scalar_one()
        return addresses.of(kind, number, name)

    def person(number: int) -> str:
        return addresses.of("person", number, made.names[number - 1])

    def query(words: Callable[[str], str]) -> Callable[[], str]:
        return lambda: addresses.search(words(rng.choice(made.names)))

    def typo(name: str) -> str:
        place = rng.randint(1, len(name) - 2)
        return name[:place] + "x" + name[place + 1 :]

    def letter() -> str:
        number = rng.randint(2, PEOPLE)
        return addresses.people(letter=name_sort_key(made.names[number - 1])[0], after=number)

    def character() -> str:
        number = rng.randint(1, db.execute(select(func.max(characters.c.id))).scalar_one())
        whole = select(characters.c.name).where(characters.c.id == number)
        return addresses.character(db.execute(whole).scalar_one())

    season, episode = MOVIES + SHOWS + 1, MOVIES + SHOWS + SEASONS + 1
    return {
        "home": lambda: "/",
        "movie": lambda: title(TitleKind.MOVIE, 3, MOVIES),
        "movie, 1,000 credits": lambda: title(TitleKind.MOVIE, 2, 2),
        "show": lambda: title(TitleKind.SHOW, MOVIES + 1, MOVIES + SHOWS),
        "season": lambda: title(TitleKind.SEASON, season, season + SEASONS - 1),
        "episode": lambda: title(TitleKind.EPISODE, episode, episode + EPISODES - 1),
        "person": lambda: person(rng.randint(2, PEOPLE)),
        "person, 644 credits": lambda: person(1),
        "library": lambda: addresses.library(1, page=2, after=str(rng.randint(1, MOVIES))),
        "library, by number": lambda: addresses.library(1, page=rng.randint(1, 900)),
        "people": addresses.people,
        "people by name": letter,
        "people by titles": lambda: addresses.people(sort="titles", after=rng.randint(2, PEOPLE)),
        "people by titles, directors": lambda: addresses.people(
            sort="titles", department="directing"
        ),
        "titles": lambda: addresses.titles(page=2, after=str(rng.randint(1, MOVIES))),
        "titles, by number": lambda: addresses.titles(page=rng.randint(1, 900)),
        "titles, filtered": lambda: addresses.titles(
            kind="movie", decade=f"19{rng.randint(2, 9)}0", genre=rng.choice(_GENRES), sort="year"
        ),
        "character": character,
        "search, name": query(str),
        "search, last name": query(lambda name: name.split()[1]),
        "search, three letters": query(lambda name: name[:3]),
        "search, two letters": query(lambda name: name[:2]),
        "search, typo": query(typo),
        "quality": addresses.quality,
    }


class Answer(NamedTuple):
    """What came back."""

    status: int
    size: int


async def ask(app: ASGIApp, address: str) -> Answer:
    """Ask the application for a page, as a server of HTTP does."""
    path, _, query = address.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", b"127.0.0.1")],
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 80),
    }
    status, size = 0, 0

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status, size
        status = message.get("status", status)
        size += len(message.get("body", b""))

    await app(scope, receive, send)
    return Answer(status, size)


async def measure(store: Store, only: list[str]) -> bool:
    """Ask for each page again and again, and print how long it took. Whether all was soon enough.

    Nothing is asked for to warm it up but one other page of the kind.
    """
    config = Config()
    desk = Desk(config, store, Secrets(config.data_dir))
    app = create_app(store, NoPictures(), Entrance(store), desk)
    goals = []
    print(f"{'milliseconds':28}{'p50':>8}{'p99':>8}{'computing':>12}{'bytes':>10}")
    with store.reading() as db:
        kinds = pages(db, Made())
        wanted = {
            name: [address() for _ in range(ROUNDS + 1)]
            for name, address in kinds.items()
            if not only or any(word in name for word in only)
        }
    # As the command does that serves pages.
    hold_little()
    for name, (first, *others) in wanted.items():
        times, computed, largest = [], [], 0
        await ask(app, first)
        for address in others:
            begun, busy = time.perf_counter(), time.process_time()
            answer = await ask(app, address)
            times.append((time.perf_counter() - begun) * 1000)
            computed.append((time.process_time() - busy) * 1000)
            if answer.status != 200:
                raise SystemExit(f"{address} answered {answer.status}")
            largest = max(largest, answer.size)
        p50, p99 = percentile(times, 50), percentile(times, 99)
        goals.append(p50 <= GOAL[0] and p99 <= GOAL[1])
        missed = "" if goals[-1] else "   missed"
        line = f"{name:28}{p50:8.1f}{p99:8.1f}{percentile(computed, 50):12.1f}{largest:10,}"
        print(line + missed, flush=True)
    return all(goals)


def percentile(values: list[float], per_cent: int) -> float:
    """The least of the values that so many per cent are not above."""
    return sorted(values)[max(0, -(-len(values) * per_cent // 100) - 1)]


def main() -> int:
    """Read the arguments, make the library if need be, measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--database", help="a file, made if it is not there, and kept")
    parser.add_argument("only", nargs="*", help="words of the names of what to measure")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fullcredits-bench-") as folder:
        path = Path(arguments.database or Path(folder) / "big.db")
        fresh = not path.exists()
        store = open_store(f"sqlite:///{path.resolve()}")
        if fresh:
            begun = time.perf_counter()
            with store.writing() as db:
                fill(db)
            print(f"made in {time.perf_counter() - begun:.0f} s: {path.stat().st_size:,} bytes")
        soon = asyncio.run(measure(store, arguments.only))
        store.close()
    return 0 if soon else 1


if __name__ == "__main__":
    sys.exit(main())
