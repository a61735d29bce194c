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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fullcredits.simulate import DEFAULT_API_KEY, DEFAULT_TOKEN

TOKENS = {"plex": DEFAULT_TOKEN, "jellyfin": DEFAULT_API_KEY}
NAMES = {"plex": "Plex", "jellyfin": "Jellyfin"}
START_SECONDS = 180
COMMAND = (sys.executable, "-m", "fullcredits")


@contextlib.contextmanager
def simulated(kind: str, files: Sequence[Path] = ()) -> Iterator[str]:
    """A server that answers, in its own process; yields its address."""
    catalogue = [part for file in files for part in ("--catalogue", str(file))]
    command = [*COMMAND, "simulate", kind, "--port", "0", *catalogue]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            address = server.stdout.readline().strip().rpartition(" ")[2].rstrip("/")
            _wait(address, server)
            yield address
        finally:
            server.send_signal(signal.SIGINT)


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


class Installation:
    """A data directory of its own, worked on by the real command."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        kept = {k: v for k, v in os.environ.items() if not k.startswith("FULLCREDITS_")}
        self._environment = kept | {
            "FULLCREDITS_DATA_DIR": str(folder),
            "XDG_CONFIG_HOME": str(folder / "config"),
        }

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


def print_table(rows: Sequence[Sequence[object]]) -> None:
    """Rows in columns, the first left and the others right."""
    cells = [[_cell(value) for value in row] for row in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(cells[0]))]
    for first, *others in cells:
        line = [first.ljust(widths[0])]
        line += [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
        print("  ".join(line).rstrip())


def _cell(value: object) -> str:
    match value:
        case float():
            return f"{value:,.1f}"
        case int():
            return f"{value:,}"
    return str(value)
