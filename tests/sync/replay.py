"""Real changes of real casts, version by version, through a pretend server and a sync after each:
`python -m tests.sync.replay FOLDER` takes its history.jsonl.gz (or `make replay DATA=FOLDER`).

After each step the database equals what is served; a cast that came back empty or thin is held,
and only such a one is. What is asked for is in proportion to what changed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import json
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import select

from fullcredits.model import SourceKind
from fullcredits.simulate import Catalogue, Human, Stated, Work, jellyfin_app, plex_app, running
from fullcredits.simulate.catalogue import Kind
from fullcredits.store.engine import Store, open_engine
from fullcredits.store.schema import media_items
from fullcredits.store.upgrade import open_store
from fullcredits.sync.doubts import is_thin
from fullcredits.sync.rules import USUAL
from fullcredits.sync.settling import LATELY
from tests import served
from tests.stated import credits_of
from tests.sync.household import TOKENS, Household, asked

FILE = "history.jsonl.gz"
ALL_COMPARED = 50
"""After so many steps, and after the last, every title is compared and not only what changed."""
_REST = LATELY + dt.timedelta(minutes=1)


class Step(NamedTuple):
    """What changed at one moment: casts by the id of their work."""

    at: dt.datetime
    credits: dict[str, tuple[Stated, ...]]


@dataclass
class History:
    """Works as they were at first, and what became of them."""

    works: dict[str, Work]
    steps: list[Step]


@dataclass
class Tally:
    """What a replay came to."""

    steps: int = 0
    changed: int = 0
    """Titles whose served credits were changed."""
    read: int = 0
    """Titles whose records were asked for."""
    requests: int = 0
    held: int = 0
    """Casts that were held when they changed."""


def history_of(lines: Iterable[str], most_steps: int | None = None) -> History:
    """The history in lines of JSON, as ../README of the data describes them."""
    works: dict[str, Work] = {}
    changes: dict[dt.datetime, dict[str, tuple[Stated, ...]]] = defaultdict(dict)
    for line in lines:
        told = json.loads(line)
        versions = [v for v in told["versions"] if "credits" in v]
        if not versions:
            continue
        kind: Kind = "movie" if told["kind"] == "movie" else "show"
        work_id = f"{kind}-{told['tmdb_id']}"
        first, *later = versions
        ids = (("tmdb", str(told["tmdb_id"])),)
        works[work_id] = Work(
            work_id, kind, told.get("title") or work_id, ids=ids, year=2020,
            credits=_cast(first["credits"]),
        )  # fmt: skip
        for version in later:
            at = dt.datetime.fromisoformat(version["at"]).astimezone(dt.UTC)
            changes[at][work_id] = _cast(version["credits"])
    steps = [Step(at, changes[at]) for at in sorted(changes)]
    return History(works, steps[:most_steps])


def _cast(rows: Iterable[Sequence[Any]]) -> tuple[Stated, ...]:
    return tuple(
        Stated(
            Human(f"tmdb-{number}", name, (("tmdb", str(number)),)),
            name, department, job, character or "", order if department == "Acting" else None,
        )
        for number, name, character, department, job, order in rows
    )  # fmt: skip


def replay(kind: SourceKind, history: History, store: Store) -> Tally:
    """Serve the history and sync after each step; asserts what is promised."""
    make: Any = plex_app if kind is SourceKind.PLEX else jellyfin_app
    app = make(Catalogue(dict(history.works)), name="Shelf")
    tally = Tally()
    with running(app) as address:
        player = _Player(kind, app, address, Household(store))
        player.house.rules = USUAL._replace(reread_days=0)  # only what changed is to be seen
        player.house.add("Shelf", kind, address)
        assert player.house.sync("Shelf").error is None
        before = history.steps[0].at
        for number, step in enumerate(history.steps, 1):
            player.house.later(max(step.at - before, dt.timedelta()), app)
            before = step.at
            player.play(step, tally)
            if number % ALL_COMPARED == 0 or number == len(history.steps):
                player.compare_all()
    return tally


class _Player:
    """One server and one database."""

    def __init__(self, kind: SourceKind, app: Any, address: str, house: Household) -> None:
        self.kind = kind
        self.app = app
        self.address = address
        self.house = house

    def play(self, step: Step, tally: Tally) -> None:
        """Change what changed, sync a while later, compare."""
        library = self.app.state.library
        keys = []
        for work_id, credits in step.credits.items():
            keys.append(str(library.put(replace(library.item(work_id).work, credits=credits))))
        self.house.later(_REST, self.app)
        known = self._stored(keys)
        with asked(self.app) as paths:
            summary = self.house.sync("Shelf")
        assert summary.error is None, summary.error
        assert summary.problems == 0, summary.messages
        said, stored, held = self._served(keys), self._stored(keys), self._held()
        for key in keys:
            if key in held:
                assert is_thin(said[key].total(), known[key].total()), key
                assert stored[key] == known[key], key
            else:
                assert stored[key] == said[key], key
        tally.steps += 1
        tally.changed += len(keys)
        tally.read += sum(len(_keys_in(path)) for path in paths)
        tally.requests += len(paths)
        tally.held += len(held & set(keys))

    def compare_all(self) -> None:
        """Every title is as served, but for those that are held."""
        read = served.plex if self.kind is SourceKind.PLEX else served.jellyfin
        held = self._held()
        assert {c: n for c, n in self._all().items() if c.key not in held} == {
            c: n for c, n in read(self.address, TOKENS[self.kind]).items() if c.key not in held
        }

    def _all(self) -> Counter[served.Stated]:
        return credits_of(self.house.store, "Shelf")

    def _stored(self, keys: list[str]) -> dict[str, Counter[served.Stated]]:
        return _by_key(self._all(), keys)

    def _served(self, keys: list[str]) -> dict[str, Counter[served.Stated]]:
        plex = self.kind is SourceKind.PLEX
        read = served.plex_titles if plex else served.jellyfin_titles
        return _by_key(read(self.address, TOKENS[self.kind], keys), keys)

    def _held(self) -> set[str]:
        query = select(media_items.c.key).where(media_items.c.hold_id.is_not(None))
        return {row.key for row in self.house.rows(query)}


def _by_key(credits: Counter[served.Stated], keys: list[str]) -> dict[str, Counter[served.Stated]]:
    found: dict[str, Counter[served.Stated]] = {key: Counter() for key in keys}
    for stated, number in credits.items():
        if stated.key in found:
            found[stated.key][stated] = number
    return found


def _keys_in(path: str) -> list[str]:
    """Whose records a request asked for."""
    asked_for = re.search(r"/library/metadata/([\d,]+)\?|[?&]ids=([0-9a-f,%C]+)", path)
    if asked_for is None:
        return []
    return re.split(",|%2C", asked_for[1] or asked_for[2])


def main() -> None:
    """As the command line says."""
    parser = argparse.ArgumentParser(prog="replay", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path, help=f"holds {FILE}")
    parser.add_argument("--steps", type=int, help="the first so many only")
    told = parser.parse_args()
    file: Path = told.folder / FILE
    if not file.is_file():
        parser.error(f"there is no {file}")
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        history = history_of(lines, told.steps)
    print(f"{len(history.works)} titles, {len(history.steps)} steps", flush=True)
    for kind in SourceKind:
        with tempfile.TemporaryDirectory(prefix="fullcredits-replay-") as folder:
            address = f"sqlite:///{folder}/replay.db"
            open_store(address).close()
            store = Store(open_engine(address))
            came = replay(kind, history, store)
            store.close()
        print(
            f"{kind}: {came.steps} steps, {came.changed} titles changed, {came.read} records read, "
            f"{came.requests} requests, {came.held} casts held",
            flush=True,
        )


if __name__ == "__main__":
    main()
