"""Measure a first sync and one without changes, per dialect.

`python -m benchmarks.sync` (or `make bench`) reads the invented library; with `--data FOLDER` the
movies.jsonl.gz and tv.jsonl.gz in that folder. Servers and syncs run in processes of their own.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.runs import NAMES, Installation, Measured, print_table, simulated
from benchmarks.verify_data import FILES

COLUMNS = ("sync", "titles", "credits", "titles/s", "credits/s", "requests", "MB", "s", "CPU s",
           "MiB peak")  # fmt: skip


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, help="a folder like ../shared/data")
    folder: Path | None = parser.parse_args().data
    files = [folder / name for name in FILES] if folder else []
    rows: list[tuple[object, ...]] = [COLUMNS]
    for kind, name in NAMES.items():
        with (
            tempfile.TemporaryDirectory(prefix="fullcredits-bench-") as temporary,
            simulated(kind, files) as address,
        ):
            installation = Installation(Path(temporary))
            installation.add(kind, address)
            rows.append(_row(f"{name}, first", installation.sync()))
            rows.append(_row(f"{name}, no change", installation.sync()))
    print_table(rows)


def _row(what: str, run: Measured) -> tuple[object, ...]:
    summary: dict[str, Any] = run.summaries[0]
    titles, credits, seconds = summary["titles"], summary["credits"], summary["seconds"]
    return (
        what,
        titles,
        credits,
        round(titles / seconds),
        round(credits / seconds),
        summary["requests"],
        summary["received"] / 1e6,
        float(seconds),
        run.cpu,
        run.peak >> 20,
    )


if __name__ == "__main__":
    main()
