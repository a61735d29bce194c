"""Simulated servers and syncs in processes of their own, measured from outside."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fullcredits.simulate import DEFAULT_API_KEY, DEFAULT_TOKEN

TOKENS = {"plex": DEFAULT_TOKEN, "jellyfin": DEFAULT_API_KEY}
NAMES = {"plex": "Plex", "jellyfin": "Jellyfin"}
HEADERS = {
    "plex": {"X-Plex-Token": DEFAULT_TOKEN, "Accept": "application/json"},
    "jellyfin": {"Authorization": f'MediaBrowser Token="{DEFAULT_API_KEY}"'},
}
"""Of requests that a server lets in."""
START_SECONDS = 180
COMMAND = (sys.executable, "-m", "fullcredits")


class Served:
    """A simulated server in a process of its own."""

    def __init__(self, kind: str, address: str, process: int) -> None:
        self.kind = kind
        self.address = address
        self._process = process

    @property
    def cpu(self) -> float:
        """Seconds of processor time it took so far."""
        times = Path(f"/proc/{self._process}/stat").read_text().rpartition(")")[2].split()
        return (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK")

    def answered(self) -> list[dict[str, Any]]:
        """Every request answered so far: method, path, query, status, bytes, how many beside it."""
        with urllib.request.urlopen(f"{self.address}/-/requests") as answer:
            found: list[dict[str, Any]] = json.load(answer)
        return found

    def tell(self, what: str) -> None:
        """Change it: `recast?work=…`, `delay?seconds=…`; see `simulate.control`."""
        request = urllib.request.Request(f"{self.address}/-/{what}", method="POST")
        urllib.request.urlopen(request).close()


@contextlib.contextmanager
def simulated(
    kind: str, files: Sequence[Path] = (), *, cost: str = "none", extra: Sequence[str] = ()
) -> Iterator[Served]:
    """A server that answers, in its own process."""
    catalogue = [part for file in files for part in ("--catalogue", str(file))]
    command = [*COMMAND, "simulate", kind, "--port", "0", "--cost", cost, *catalogue, *extra]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            address = process.stdout.readline().strip().rpartition(" ")[2].rstrip("/")
            _wait(address, process)
            yield Served(kind, address, process.pid)
        finally:
            process.send_signal(signal.SIGINT)


def _wait(address: str, server: subprocess.Popen[str]) -> None:
    where = urlsplit(address)
    end = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < end:
        with contextlib.suppress(OSError):
            socket.create_connection((where.hostname, where.port or 0), timeout=1).close()
            return
        time.sleep(0.05)
    raise SystemExit(f"the simulated server at {address!r} did not start")


@dataclass(frozen=True, slots=True)
class Measured:
    """What a sync did to one source, and what all of it took."""

    summaries: list[dict[str, Any]]
    seconds: float
    cpu: float
    """Seconds of processor time, of user and system."""
    peak: int
    """Most memory its process held, in bytes."""

    @property
    def summary(self) -> dict[str, Any]:
        """Of the one source there is."""
        (only,) = self.summaries
        return only

    @property
    def inner(self) -> float:
        """Seconds from the first request to the last write."""
        return float(self.summary["seconds"])


class Installation:
    """A data directory of its own, worked on by the real command."""

    def __init__(self, folder: Path, database: str | None = None) -> None:
        self.folder = folder
        kept = {k: v for k, v in os.environ.items() if not k.startswith("FULLCREDITS_")}
        self._environment = kept | {
            "FULLCREDITS_DATA_DIR": str(folder),
            "XDG_CONFIG_HOME": str(folder / "config"),
        }
        if database:
            self._environment["FULLCREDITS_DATABASE"] = database

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.folder / "fullcredits.db"

    def add(self, kind: str, address: str) -> None:
        """Configure a source."""
        command = [*COMMAND, "source", "add", address, "--name", NAMES[kind]]
        token = {"FULLCREDITS_TOKEN": TOKENS[kind]}
        subprocess.run(command, env=self._environment | token, check=True, capture_output=True)

    def sync(self, *names: str) -> Measured:
        """One run of the command, waited for."""
        with tempfile.TemporaryFile("w+") as output:
            started = time.monotonic()
            process = subprocess.Popen(
                [*COMMAND, "sync", "--json", *names], env=self._environment, stdout=output
            )
            _, status, used = os.wait4(process.pid, 0)
            seconds = time.monotonic() - started
            process.returncode = os.waitstatus_to_exitcode(status)
            output.seek(0)
            text = output.read()
        if not text:
            raise SystemExit(f"fullcredits sync ended with {process.returncode} and said nothing")
        cpu = used.ru_utime + used.ru_stime
        return Measured(json.loads(text), seconds, cpu, used.ru_maxrss * 1024)


def pages_of(answered: Sequence[dict[str, Any]]) -> list[str]:
    """Of what a server answered, the pages of titles and people, as paths with queries."""
    return [
        f"{asked['path']}?{asked['query']}"
        for asked in answered
        if asked["status"] == 200 and asked["path"].lower().startswith(_PAGES)
    ]


_PAGES = ("/items", "/library/metadata/", "/library/sections/")


def floor(server: Served, pages: Sequence[str], database: Path) -> dict[str, Any]:
    """Run `benchmarks.floor` over these pages; what it told, see there."""
    listed = database.with_suffix(".pages.json")
    listed.write_text(json.dumps(pages))
    try:
        return _told("benchmarks.floor", server.kind, server.address, str(listed), str(database))
    finally:
        for left in database.parent.glob(f"{database.name}*"):
            left.unlink()


def rows_alone(database: Path) -> dict[str, Any]:
    """Run `benchmarks.rows` over a database that a sync has filled; what it told, see there."""
    copy = database.with_suffix(".copy.db")
    try:
        return _told("benchmarks.rows", str(database), str(copy))
    finally:
        for left in database.parent.glob(f"{copy.name}*"):
            left.unlink()


def rival(server: Served) -> dict[str, Any]:
    """Run `benchmarks.rivals`; what it told, see there."""
    return _told("benchmarks.rivals", server.kind, server.address)


def _told(module: str, *arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", module, *arguments]
    output = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout
    told: dict[str, Any] = json.loads(output)
    return told
