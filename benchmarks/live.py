"""How soon a change on a server is on our page, and how quick pages are while a sync runs.

Everything in processes of its own, over real sockets: a simulated server, `fullcredits serve`, and
a reader of pages here.
"""

from __future__ import annotations

import contextlib
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

from benchmarks.figures import print_table
from benchmarks.library import write_library
from benchmarks.runs import COMMAND, NAMES, Installation, Served, simulated
from fullcredits.simulate import DEFAULT_PASSWORD, DEFAULT_USER

WORDS = ("Badgers", "Camels", "Dingos", "Egrets", "Ferrets", "Gibbons", "Herons", "Jackals")
FILMS = 1500
PAGE = "/titles"


def read(address: str) -> str:
    """A page."""
    with urllib.request.urlopen(address) as answer:
        text: str = answer.read().decode()
    return text


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[str]:
    """`fullcredits serve` over an installation."""
    environment = {**os.environ, "FULLCREDITS_DATA_DIR": str(folder), "PYTHONUNBUFFERED": "1"}
    command = [*COMMAND, "serve", "--port", "0"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip().rpartition(" ")[2].rstrip("/")
        finally:
            process.send_signal(signal.SIGINT)


def add(folder: Path, server: Served) -> None:
    """As somebody who is told of changes."""
    environment = {**os.environ, "FULLCREDITS_DATA_DIR": str(folder)}
    if server.kind == "plex":
        Installation(folder).add(server.kind, server.address)
        return
    words = ["source", "add", server.address, "--name", NAMES[server.kind], "--user", DEFAULT_USER]
    password = {"FULLCREDITS_PASSWORD": DEFAULT_PASSWORD}
    subprocess.run([*COMMAND, *words], env=environment | password, check=True, capture_output=True)


def until(true: Sequence[str], address: str, *, every: float = 0.02, most: float = 180) -> float:
    """Seconds until all these words are on a page."""
    began = time.monotonic()
    while time.monotonic() - began < most:
        page = read(address)
        if all(words in page for words in true):
            return time.monotonic() - began
        time.sleep(every)
    raise SystemExit(f"{true} did not come to {address}")


def changes(kind: str) -> list[float]:
    """Seconds from a server's notice to our page, for some films after each other."""
    notice = ("--notice-after", "0") if kind == "jellyfin" else ()
    with (
        tempfile.TemporaryDirectory() as name,
        simulated(kind, extra=notice) as server,
    ):
        folder = Path(name)
        add(folder, server)
        with serving(folder) as address:
            until(["In step since"], f"{address}/sync")
            time.sleep(3)
            took = []
            for number, word in enumerate(WORDS, 1):
                work = f"film-{number:03}"
                title = f"Seen by {word}"
                server.tell(f"edit?work={work}&title={quote(title)}")
                found = f"{address}/search?q={quote(title)}"
                took.append(until([f"-seen-by-{word.lower()}"], found))
                time.sleep(1.5)
    return took


def latencies(address: str, busy: bool) -> list[float]:
    """Seconds a page takes, for as long as a sync runs, or twelve seconds without one."""
    took: list[float] = []
    began = time.monotonic()
    while True:
        started = time.monotonic()
        read(f"{address}{PAGE}")
        took.append(time.monotonic() - started)
        time.sleep(0.05)
        looking = busy and len(took) % 10 == 0
        if looking and 'class="dot"' not in read(f"{address}/sync"):
            return took
        if not busy and time.monotonic() - began > 12:
            return took


def pages(kind: str, file: Path) -> list[tuple[object, ...]]:
    """A page while a first sync runs in the same process, in another one, and at rest."""
    rows: list[tuple[object, ...]] = []
    for where in ("the same process", "another process"):
        with tempfile.TemporaryDirectory() as name, simulated(kind, [file]) as server:
            folder = Path(name)
            add(folder, server)
            environment = {**os.environ, "FULLCREDITS_DATA_DIR": str(folder)}
            other = where == "another process"
            if other:
                pause = [*COMMAND, "schedule", "--pause"]
                subprocess.run(pause, env=environment, check=True, capture_output=True)
            with serving(folder) as address, contextlib.ExitStack() as stack:
                if other:
                    sync = [*COMMAND, "sync", "--json"]
                    stack.enter_context(
                        subprocess.Popen(sync, env=environment, stdout=subprocess.DEVNULL)
                    )
                until(['class="dot"'], f"{address}/sync")
                began = time.monotonic()
                busy = latencies(address, busy=True)
                lasted = time.monotonic() - began
                rest = latencies(address, busy=False)
            rows.append((f"{kind}, sync in {where}", *_figures(busy), *_figures(rest), lasted))
    return rows


def _figures(took: Sequence[float]) -> tuple[float, float]:
    ordered = sorted(took)
    return statistics.median(ordered) * 1000, ordered[int(len(ordered) * 0.95)] * 1000


def main(parts: Sequence[str]) -> int:
    """Print both, or one: "changes", "pages"."""
    if "pages" not in parts:
        _changes()
    if "changes" not in parts:
        _pages()
    return 0


def _changes() -> None:
    rows: list[Sequence[object]] = [("seconds from notice to page", "median", "most")]
    for kind in ("plex", "jellyfin"):
        took = changes(kind)
        rows.append((kind, statistics.median(took), max(took)))
    print_table(rows)
    print()


def _pages() -> None:
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "films.jsonl"
        write_library(file, FILMS)
        head = ("ms of a page", "busy", "95 %", "at rest", "95 %", "sync s")
        print_table([head, *pages("plex", file), *pages("jellyfin", file)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
