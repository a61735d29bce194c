"""Measure syncs: against the least that any program must do, against what others do, by size.

    python -m benchmarks.sync                        everything that needs no data set
    python -m benchmarks.sync films far              only these parts
    python -m benchmarks.sync --data FOLDER          the series in tv.jsonl.gz of that folder, too

Parts: `films` (a made-up library of 10,000 films and 300,000 credits on either kind of server,
answering at once), `far` (the same, every answer 20 ms later), `cost` (a Jellyfin that takes the
time of a real one over people), `size` (ten times as many films), `postgresql`; and with a data
set its series. Servers, syncs, the floor and the others run in processes of their own. Of several
runs the fastest counts; what is compared was measured in one run. Ends with 1 where a goal is
missed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.figures import Report
from benchmarks.library import write_library
from benchmarks.runs import (
    NAMES,
    Installation,
    Measured,
    Served,
    floor,
    pages_of,
    rival,
    rows_alone,
    simulated,
)
from fullcredits.simulate.jellyfin.answers import SECONDS_PER_CREDIT
from tests.databases import postgres_programs, running_postgres

FILMS = 10_000
TIMES_AS_LARGE = 10
DELAY = 0.02
FIRST_FILM = 5_000_000
LEAST_TIMES, LEAST_TIMES_FAR = {"plex": 10.0}, {"plex": 50.0}
"""How much faster than the other library."""
RIVALS = {"plex": "python-plexapi", "jellyfin": "jellyfin-apiclient-python"}


class Bench:
    """The parts of the benchmark, and what they share."""

    def __init__(self, folder: Path, films: int, rounds: int, report: Report) -> None:
        self._folder = folder
        self._films = films
        self._rounds = rounds
        self._report = report
        self._numbers = iter(range(1_000_000))
        self._libraries: dict[int, Path] = {}

    def films(self) -> None:
        """At no distance: the floor, a first sync, no change, one change, the others."""
        for kind, name in NAMES.items():
            with simulated(kind, [self._library(self._films)]) as server:
                first, installation = self._against_floor(server, name)
                self._again(server, name, installation, first)
                self._one_change(server, name, installation)
                self._against_rival(server, name, first, LEAST_TIMES.get(kind))

    def far(self) -> None:
        """The same library, every answer 20 ms later."""
        for kind, plain in NAMES.items():
            name = f"{plain} at {DELAY * 1000:.0f} ms"
            with simulated(kind, [self._library(self._films)]) as server:
                self._warm(server)
                server.tell(f"delay?seconds={DELAY}")
                first = fastest([self._first(server, name)[0] for _ in range(self._rounds)])
                self._against_rival(server, name, first, LEAST_TIMES_FAR.get(kind))

    def cost(self) -> None:
        """A Jellyfin that needs 1.4 ms for each credit: it must never wait for us."""
        name = "Jellyfin at its real cost"
        with simulated("jellyfin", [self._library(self._films)], cost="real") as server:
            run, _ = self._first(server, name)
        served = run.summary["credits"] * SECONDS_PER_CREDIT
        self._report.row("its cost itself", {"s": served})
        self._report.goal(f"{name}: sync / cost", run.inner / served, 1.03)

    def size(self) -> None:
        """Ten times as many films: memory and time."""
        for kind, name in NAMES.items():
            took = []
            for films in (self._films, self._films * TIMES_AS_LARGE):
                what = f"{name}, {films:,} films"
                with simulated(kind, [self._library(films)]) as server:
                    self._warm(server)
                    run, _ = self._first(server, what)
                self._report.goal(f"{what}: MiB", run.peak / 2**20, 200)
                took.append(run.inner / films)
            self._report.goal(f"{name}: s a title, of many / of few", took[1] / took[0], 1.2)

    def postgresql(self) -> None:
        """Into PostgreSQL, which here does not wait for its disk."""
        programs = postgres_programs()
        if programs is None:
            self._report.note("PostgreSQL is not installed: that part was left out")
            return
        with running_postgres(programs) as postgres:
            for kind, plain in NAMES.items():
                name = f"{plain}, PostgreSQL"
                with simulated(kind, [self._library(self._films)]) as server:
                    self._warm(server)
                    installation = self._installation(server, postgres.address(postgres.create()))
                    first = self._sync(server, installation, f"{name}, first")
                    self._again(server, name, installation, first, most=None)

    def episodes(self, data: Path) -> None:
        """The series of a data set."""
        for kind, plain in NAMES.items():
            name = f"{plain}, series"
            with simulated(kind, [data / "tv.jsonl.gz"]) as server:
                first, installation = self._against_floor(server, name)
                self._again(server, name, installation, first)

    def _against_floor(self, server: Served, name: str) -> tuple[Measured, Installation]:
        """In turns, so that both have the same machine; gives the fastest and the last. Beside them
        what the rows alone take that ours keeps: no program that keeps them can be quicker.
        """
        pages = self._warm(server)
        floors: list[float] = []
        firsts: list[Measured] = []
        for _ in range(self._rounds):
            bare = floor(server, pages, self._folder / f"floor-{next(self._numbers)}.db")
            self._report.row(f"{name}, floor", bare)
            floors.append(bare["s"])
            first, installation = self._first(server, f"{name}, first")
            firsts.append(first)
        rows = rows_alone(installation.database)
        self._report.row(f"{name}, its rows alone", rows)
        best = fastest(firsts)
        self._report.goal(f"{name}: first sync / floor", best.inner / min(floors), 2)
        self._report.goal(f"{name}: its rows alone / floor", rows["s"] / min(floors), None)
        return best, installation

    def _again(
        self,
        server: Served,
        name: str,
        installation: Installation,
        first: Measured,
        most: float | None = 0.05,
    ) -> None:
        what = f"{name}, no change"
        again = fastest([self._sync(server, installation, what) for _ in range(self._rounds)])
        self._report.goal(f"{name}: no change / first sync", again.inner / first.inner, most)

    def _one_change(self, server: Served, name: str, installation: Installation) -> None:
        runs = []
        for number in range(self._rounds):
            server.tell(f"recast?work=movie-{FIRST_FILM + number}")
            runs.append(self._sync(server, installation, f"{name}, one change"))
        self._report.goal(f"{name}: one change, s", fastest(runs).inner, 0.3)

    def _against_rival(
        self, server: Served, name: str, first: Measured, least: float | None
    ) -> None:
        other = RIVALS[server.kind]
        read = rival(server)
        self._report.row(f"{name}, {other}", read)
        self._report.goal(
            f"{name}: {other} / first sync", read["s"] / first.inner, least, least=True
        )

    def _warm(self, server: Served) -> list[str]:
        """Sync once, so that the server has worded all answers; returns the pages asked for."""
        installation = self._installation(server)
        before = len(server.answered())
        installation.sync()
        return pages_of(server.answered()[before:])

    def _first(self, server: Served, what: str) -> tuple[Measured, Installation]:
        installation = self._installation(server)
        return self._sync(server, installation, what), installation

    def _sync(self, server: Served, installation: Installation, what: str) -> Measured:
        before = server.cpu
        run = installation.sync()
        self._report.sync(what, run, server.cpu - before)
        if run.summary["state"] != "done":
            raise SystemExit(f"{what}: the sync ended as {run.summary}")
        return run

    def _installation(self, server: Served, database: str | None = None) -> Installation:
        folder = self._folder / f"installation-{next(self._numbers)}"
        folder.mkdir()
        installation = Installation(folder, database)
        installation.add(server.kind, server.address)
        return installation

    def _library(self, films: int) -> Path:
        if films not in self._libraries:
            self._libraries[films] = self._folder / f"{films}.jsonl"
            write_library(self._libraries[films], films)
        return self._libraries[films]


def fastest(runs: Sequence[Measured]) -> Measured:
    """The run that others on the machine disturbed least."""
    return min(runs, key=lambda run: run.inner)


def main() -> int:
    """Run the parts named; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("parts", nargs="*", metavar="PART", choices=[*PARTS, []])
    parser.add_argument("--data", type=Path, help="a folder with a tv.jsonl.gz")
    parser.add_argument("--films", type=int, default=FILMS)
    parser.add_argument("--rounds", type=int, default=3, help="of everything that is quick")
    options = parser.parse_args()
    report = Report()
    with tempfile.TemporaryDirectory(prefix="fullcredits-bench-") as temporary:
        bench = Bench(Path(temporary), options.films, options.rounds, report)
        for part, measure in PARTS.items():
            if part in (options.parts or PARTS):
                measure(bench)
        if options.data:
            bench.episodes(options.data)
    report.print()
    return 0 if report.met else 1


PARTS: dict[str, Callable[[Bench], None]] = {
    "films": Bench.films,
    "far": Bench.far,
    "cost": Bench.cost,
    "size": Bench.size,
    "postgresql": Bench.postgresql,
}


if __name__ == "__main__":
    sys.exit(main())
