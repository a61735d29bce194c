"""Syncs that are killed at any instant, again and again: `python -m tests.sync.torture`.

A process that syncs gets SIGKILL at a random moment, until so many were killed. After each, the
database is sound; whenever the sync came to its end, it holds exactly what is served, and no more
was asked for than an undisturbed sync asks, and what each of the killed ones had under way.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import signal
import sqlite3
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from fullcredits.model import SourceKind
from fullcredits.simulate import Catalogue, Human, Stated, Work, jellyfin_app, plex_app, running
from fullcredits.store.engine import Store, open_engine
from fullcredits.store.upgrade import open_store
from tests import served
from tests.stated import credits_of
from tests.sync.household import TOKENS, Household

UNDER_WAY = 5
"""Requests that a killed run may have made in vain: four that are under way or whose records wait
to be stored (two of a Jellyfin), and those that are just stored."""
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.sync.household", "tests.served"])


def films(number: int) -> Catalogue:
    """So many films with some people each."""
    people = [Human(f"h{n}", f"Person Number{n}") for n in range(max(30, number))]
    works = {}
    for n in range(number):
        drawn = random.Random(n).sample(people, 12)
        cast = tuple(
            Stated(human, human.name, "Acting", "Actor", f"Part {place}", place)
            for place, human in enumerate(drawn)
        )
        works[f"f{n}"] = Work(f"f{n}", "movie", f"Film {n}", year=1950 + n % 70, credits=cast)
    return Catalogue(works)


@dataclass
class Asked:
    """What a server was asked for."""

    greetings: int
    """Who it is, what it is busy with, which libraries it has: what each run begins with."""
    work: int
    """Pages of listings, records, persons."""


@dataclass
class Outcome:
    """What a torture came to."""

    undisturbed: Asked
    asked: Asked
    kills: int
    ends: int
    """How often a sync came to its end between."""

    @property
    def allowed(self) -> float:
        """Requests of work that may be made for all this."""
        return 1.1 * self.undisturbed.work * self.ends + UNDER_WAY * self.kills


def torture(kind: SourceKind, titles: int, kills: int, seed: int, folder: Path) -> Outcome:
    """Sync a library over and over, into a new database each time; kill so many processes."""
    chance = random.Random(seed)
    with _serving(kind, titles) as address:
        read = served.plex if kind is SourceKind.PLEX else served.jellyfin
        truth = read(address, TOKENS[kind])
        before = _asked(address)
        started = time.monotonic()
        _to_its_end(kind, address, _new(folder / "undisturbed.db"))
        lasted = time.monotonic() - started
        undisturbed = _since(address, before)
        outcome = Outcome(undisturbed, Asked(0, 0), 0, 0)
        before = _asked(address)
        while outcome.kills < kills:
            database = _new(folder / f"killed-{outcome.ends}.db")
            while outcome.kills < kills:
                moment = chance.uniform(0, lasted / 6)
                if _killed(kind, address, database, moment):
                    outcome.kills += 1
                    _check_sound(database)
                else:
                    break
            _to_its_end(kind, address, database)
            outcome.ends += 1
            _check_sound(database)
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


def _to_its_end(kind: SourceKind, address: str, database: Path) -> None:
    _add(kind, address, database)
    process, told = _start(kind, address, database)
    assert told.recv() == "done"
    process.join()


def _killed(kind: SourceKind, address: str, database: Path, moment: float) -> bool:
    """Sync and kill after so many seconds; False: it was done before."""
    _add(kind, address, database)
    process, told = _start(kind, address, database)
    if told.poll(moment):
        assert told.recv() == "done"
        process.join()
        return False
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    return True


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


def _check_sound(database: Path) -> None:
    with sqlite3.connect(database) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def _asked(address: str) -> Asked:
    with urllib.request.urlopen(f"{address}/-/requests") as answer:
        requests = [r for r in json.load(answer) if not r["path"].startswith("/-/")]
    work = sum(_is_work(f"{r['path']}?{r['query']}".lower()) for r in requests)
    return Asked(len(requests) - work, work)


def _is_work(address: str) -> bool:
    if address.startswith("/library/metadata/") or "/all?" in address:
        return True
    return address.startswith("/items?") and "mindatelastsaved" not in address


def _since(address: str, before: Asked) -> Asked:
    now = _asked(address)
    return Asked(now.greetings - before.greetings, now.work - before.work)


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
            f"{kind}: killed {came.kills} times, came to its end {came.ends} times; an undisturbed "
            f"sync asks {came.undisturbed.work} times (and {came.undisturbed.greetings} to greet), "
            f"these asked {came.asked.work} times (and {came.asked.greetings}), "
            f"allowed were {came.allowed:.0f}",
            flush=True,
        )
        assert came.asked.work <= came.allowed


if __name__ == "__main__":
    main()
