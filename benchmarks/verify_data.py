"""Sync all of a real-sized data set from both simulated servers and compare every credit.

`python -m benchmarks.verify_data FOLDER` (or `make verify-data DATA=FOLDER`)
takes the folder's movies.jsonl.gz and tv.jsonl.gz. Ends with 1 where a credit is missing, too
many or different, or where a second sync changes anything.
"""

from __future__ import annotations

import argparse
import hashlib
import sqlite3
import sys
import tempfile
from collections import Counter
from pathlib import Path

from benchmarks.figures import print_table
from benchmarks.runs import NAMES, TOKENS, Installation, Measured, simulated
from fullcredits.store.engine import Store, open_engine
from tests import served
from tests.served import Stated
from tests.stated import credits_of

FILES = ("movies.jsonl.gz", "tv.jsonl.gz")
SHOWN = 10
"""Differences told of each kind."""


def main() -> int:
    """Verify the folder named on the command line; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="holds movies.jsonl.gz and tv.jsonl.gz")
    folder: Path = parser.parse_args().folder
    files = [folder / name for name in FILES]
    missing = [str(file) for file in files if not file.is_file()]
    if missing:
        parser.error(f"there is no {' and no '.join(missing)}")
    with (
        tempfile.TemporaryDirectory(prefix="fullcredits-verify-") as temporary,
        simulated("plex", files) as plex,
        simulated("jellyfin", files) as jellyfin,
    ):
        addresses = {"plex": plex.address, "jellyfin": jellyfin.address}
        return _verify(Installation(Path(temporary)), addresses)


def _verify(installation: Installation, addresses: dict[str, str]) -> int:
    for kind, address in addresses.items():
        installation.add(kind, address)
    first = installation.sync()
    _print_run("first sync", first)
    right = all(summary["state"] == "done" for summary in first.summaries)
    store = Store(open_engine(f"sqlite:///{installation.database}"))
    read = {"plex": served.plex, "jellyfin": served.jellyfin}
    for kind, address in addresses.items():
        expected = read[kind](address, TOKENS[kind])
        right &= _same(NAMES[kind], expected, credits_of(store, NAMES[kind]))
    store.close()
    _print_size(installation)
    before = _digests(installation.database)
    again = installation.sync()
    _print_run("second sync", again)
    changed = [name for name, digest in _digests(installation.database).items()
               if digest != before[name]]  # fmt: skip
    if changed:
        print(f"DIFFERENT: the second sync changed {', '.join(changed)}")
    right &= not changed and all(s["credits"] == 0 for s in again.summaries)
    print("everything is there, once" if right else "NOT everything is right")
    return 0 if right else 1


def _same(name: str, expected: Counter[Stated], found: Counter[Stated]) -> bool:
    lost, extra = expected - found, found - expected
    print(
        f"{name}: {expected.total():,} credits served, {found.total():,} stored; "
        f"{lost.total():,} lost, {extra.total():,} too many"
    )
    for what, credits in (("lost", lost), ("too many", extra)):
        for stated in sorted(credits)[:SHOWN]:
            print(f"  {what}: {stated}")
    return not lost and not extra


def _print_run(what: str, run: Measured) -> None:
    columns = ("titles", "credits", "people", "problems", "requests", "received", "seconds")
    rows: list[list[object]] = [[what, *columns]]
    rows += [[s["source"], *(s[column] for column in columns)] for s in run.summaries]
    print_table(rows)
    print(
        f"whole command: {run.seconds:,.1f} s, of these {run.cpu:,.1f} s of its own processor "
        f"time; {run.peak / 2**20:,.0f} MiB at its peak"
    )
    for summary in run.summaries:
        for message in summary["messages"][:SHOWN]:
            print(f"  {summary['source']}: {message}")


def _print_size(installation: Installation) -> None:
    counted = ("titles", "people", "source_people", "media_items", "media_people")
    with sqlite3.connect(installation.database) as db:
        numbers = (db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in counted)
        print(", ".join(f"{n:,} {table}" for n, table in zip(numbers, counted, strict=True)))
    print(f"database: {installation.database.stat().st_size / 2**20:,.0f} MiB")


def _digests(database: Path) -> dict[str, str]:
    """By table a hash over its rows; the history of runs is left out."""
    with sqlite3.connect(database) as db:
        names = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        found = {}
        for (name,) in names:
            if name == "sync_runs" or name.startswith("sqlite_"):
                continue
            digest = hashlib.blake2b()
            for row in db.execute(f"SELECT * FROM {name}"):
                digest.update(repr(row).encode("utf-8", "surrogatepass"))
            found[name] = digest.hexdigest()
    return found


if __name__ == "__main__":
    sys.exit(main())
