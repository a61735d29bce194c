"""Syncs that are killed at any instant, again and again: `python -m tests.sync.torture`.

A process that syncs gets SIGKILL at a random moment, of a Jellyfin often within the list of
persons, which has many pages, until so many were killed. After each, the database is sound;
whenever the sync came to its end, it holds exactly what is served, no record was asked for that
was stored before, and no more was asked for than an undisturbed sync asks and a tenth of that, and
one batch for each kill.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import re
import signal
import sqlite3
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, auto
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

from fullcredits.model import SourceKind
from fullcredits.simulate import Catalogue, Human, Stated, Work, jellyfin_app, plex_app, running
from fullcredits.store.engine import Store, open_engine
from fullcredits.store.upgrade import open_store
from tests import served
from tests.stated import credits_of
from tests.sync.household import TOKENS, Household

ONE_BATCH = 1
"""Requests that a killed run may have made in vain, over many kills. A single one may cost more: a
listing that was not at its end is begun again, several requests may be under way at a slow server,
and whoever goes on lists once more at the end."""
AMONG_PERSONS = 1 / 3
"""The share of the kills that come when a page of persons is stored."""
PERSONS = 8
"""For each film; each is on one or two."""


class Amid(Enum):
    """What a sync is killed amid."""

    PERSONS = auto()


Moment = float | Amid | None
"""So many seconds after the beginning; when a page of persons is stored; never."""
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.sync.household", "tests.served"])


def films(number: int) -> Catalogue:
    """So many films with some people each."""
    people = [
        Human(f"h{n}", f"Person Number{n}", biography=f"The life of number {n}.")
        for n in range(PERSONS * max(30, number))
    ]
    works = {}
    for n in range(number):
        drawn = random.Random(n).sample(people, 12)
        cast = tuple(
            Stated(human, human.name, "Acting", "Actor", f"Part {place}", place)
            for place, human in enumerate(drawn)
        )
        works[f"f{n}"] = Work(f"f{n}", "movie", f"Film {n}", year=1950 + n % 70, credits=cast)
    return Catalogue(works)


class Asked(NamedTuple):
    """What a server was asked for, so many times each."""

    greetings: int
    """Who it is, what it is busy with, which libraries it has: what each run begins with."""
    titles: int
    """Pages of listings."""
    records: int
    persons: int
    """Pages of their list."""

    @property
    def work(self) -> int:
        """All but the greetings."""
        return self.titles + self.records + self.persons

    def __str__(self) -> str:
        return (
            f"{self.work} ({self.titles} pages of titles, {self.records} records, {self.persons} "
            f"pages of persons) and {self.greetings} to greet"
        )


@dataclass
class Outcome:
    """What a torture came to."""

    undisturbed: Asked
    asked: Asked
    kills: int
    ends: int
    """How often a sync came to its end between."""
    among_persons: int = 0
    """Kills that left a list of persons half read."""

    def allowed(self, each: int = ONE_BATCH) -> float:
        """Requests of work that may be made for all this, with so many for each kill."""
        return 1.1 * self.undisturbed.work * self.ends + each * self.kills

    @property
    def allowed_persons(self) -> float:
        """Pages of persons that may be asked for; after a list that was gone on with there is one
        more, of what changed since it began.
        """
        return (1.1 * self.undisturbed.persons + 1) * self.ends + self.kills

    def check(self, each: int = ONE_BATCH) -> None:
        """No more was asked for than is allowed."""
        assert self.asked.work <= self.allowed(each)
        assert self.asked.persons <= self.allowed_persons


def torture(kind: SourceKind, titles: int, kills: int, seed: int, folder: Path) -> Outcome:
    """Sync a library over and over, into a new database each time; kill so many processes."""
    chance = random.Random(seed)
    with _serving(kind, titles) as address:
        truth = (served.plex if kind is SourceKind.PLEX else served.jellyfin)(address, TOKENS[kind])
        before = _asked(address)
        started = time.monotonic()
        _killed(kind, address, _new(folder / "undisturbed.db"), None)
        lasted = time.monotonic() - started
        undisturbed = _since(address, before)
        outcome = Outcome(undisturbed, Asked(0, 0, 0, 0), 0, 0)
        before = _asked(address)
        while outcome.kills < kills:
            database = _new(folder / f"killed-{outcome.ends}.db")
            done = False
            while not done:
                last = outcome.kills == kills
                moment: Moment = None if last else chance.uniform(0, lasted / 6)
                if moment and undisturbed.persons and chance.random() < AMONG_PERSONS:
                    moment = Amid.PERSONS
                read, so_far = _read(database), len(_requests(address))
                done = not _killed(kind, address, database, moment)
                assert not read & _records(_requests(address)[so_far:])
                outcome.kills += not done
                outcome.among_persons += _check_sound(database) and not done
            outcome.ends += 1
            store = Store(open_engine(f"sqlite:///{database}"))
            assert credits_of(store, "Shelf") == truth
            store.close()
        outcome.asked = _since(address, before)
    return outcome


@contextmanager
def _serving(kind: SourceKind, titles: int) -> Iterator[str]:
    """A server in a process of its own."""
    here, there = _PROCESSES.Pipe()
    server = _PROCESSES.Process(target=_serve, args=(kind.value, titles, there), daemon=True)
    server.start()
    try:
        yield here.recv()
    finally:
        server.kill()
        server.join()


def _serve(kind: str, titles: int, told: Connection) -> None:
    make: Any = plex_app if SourceKind(kind) is SourceKind.PLEX else jellyfin_app
    with running(make(films(titles), name="Shelf")) as address:
        told.send(address)
        signal.pause()


def _sync(kind: str, address: str, database: str, told: Connection) -> None:
    house = Household(Store(open_engine(f"sqlite:///{database}")))
    house._tokens["Shelf"] = TOKENS[SourceKind(kind)]
    told.send("begun")
    summary = house.sync("Shelf")
    told.send(summary.state)


def _start(kind: SourceKind, address: str, database: Path) -> tuple[Any, Connection]:
    here, there = _PROCESSES.Pipe()
    process = _PROCESSES.Process(target=_sync, args=(kind.value, address, str(database), there))
    process.start()
    there.close()
    assert here.recv() == "begun"
    return process, here


def _killed(kind: SourceKind, address: str, database: Path, moment: Moment) -> bool:
    """Sync and kill at that moment; False: it was done before."""
    _add(kind, address, database)
    before = _page_of_persons(database)
    process, told = _start(kind, address, database)
    if moment is Amid.PERSONS:
        while not (done := told.poll(0.01)) and _page_of_persons(database) == before:
            pass
    else:
        done = told.poll(moment)
    if done:
        assert told.recv() == "done"
        process.join()
        return False
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    return True


def _page_of_persons(database: Path) -> int:
    """Where a list of persons goes on that is not read to its end; 0: there is none."""
    with sqlite3.connect(database) as db:
        rows = db.execute("SELECT position FROM person_lists").fetchall()
    return rows[0][0] if rows else 0


def _new(database: Path) -> Path:
    open_store(f"sqlite:///{database}").close()
    return database


def _add(kind: SourceKind, address: str, database: Path) -> None:
    store = Store(open_engine(f"sqlite:///{database}"))
    with store.reading() as db:
        known = db.exec_driver_sql("SELECT count(*) FROM sources").scalar_one()
    if not known:
        Household(store).add("Shelf", kind, address)
    store.close()


def _check_sound(database: Path) -> bool:
    """Whether a list of persons is half read in it, too."""
    with sqlite3.connect(database) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    return _page_of_persons(database) > 0


def _read(database: Path) -> set[str]:
    """The keys of the titles whose records are stored."""
    with sqlite3.connect(database) as db:
        query = "SELECT key FROM media_items WHERE read_at IS NOT NULL AND due IS NULL"
        return {key for (key,) in db.execute(query)}


def _requests(address: str) -> list[str]:
    """Path and query of what the server was asked for."""
    with urllib.request.urlopen(f"{address}/-/requests") as answer:
        return [
            f"{r['path']}?{r['query']}"
            for r in json.load(answer)
            if not r["path"].startswith("/-/")
        ]


def _records(requests: list[str]) -> set[str]:
    """The keys of the titles whose full records were asked for."""
    keys: set[str] = set()
    for path in requests:
        if path.startswith("/library/metadata/"):
            keys.update(path.removeprefix("/library/metadata/").partition("?")[0].split(","))
        elif "People" in path and "ids=" in path:
            keys.update(re.split(",|%2C", path.partition("ids=")[2].partition("&")[0]))
    return keys


def _asked(address: str) -> Asked:
    kinds = Counter(map(_kind, _requests(address)))
    return Asked(*(kinds[name] for name in Asked._fields))


def _kind(path: str) -> str:
    path = path.lower()
    if "includeitemtypes=person" in path:
        return "persons"
    if path.startswith("/library/metadata/") or "&ids=" in path:
        return "records"
    if "/all?" in path or "parentid=" in path:
        return "titles"
    return "greetings"


def _since(address: str, before: Asked) -> Asked:
    return Asked(*(now - then for now, then in zip(_asked(address), before, strict=True)))


def main() -> None:
    """As the command line says."""
    parser = argparse.ArgumentParser(prog="torture", description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "--kills", type=int, default=100, help="in all, half of each kind of server"
    )
    parser.add_argument("--titles", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=random.randrange(10**9))
    told = parser.parse_args()
    print(f"seed {told.seed}", flush=True)
    for kind in SourceKind:
        with tempfile.TemporaryDirectory(prefix="fullcredits-torture-") as folder:
            came = torture(kind, told.titles, (told.kills + 1) // 2, told.seed, Path(folder))
        print(
            f"{kind}: killed {came.kills} times ({came.among_persons} left a list of persons half "
            f"read), came to its end {came.ends} times; an undisturbed sync asks "
            f"{came.undisturbed}, these asked {came.asked}; allowed were {came.allowed():.0f}, of "
            f"them {came.allowed_persons:.0f} pages of persons",
            flush=True,
        )
        came.check()


if __name__ == "__main__":
    main()
