"""`fullcredits serve` as a process: it keeps servers in step, lets nobody in between, and ends."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette

from fullcredits.simulate import DEFAULT_TOKEN, Catalogue, open_catalogue, plex_app, running
from fullcredits.store.engine import Store, open_engine
from fullcredits.store.runs import RunRow, history
from fullcredits.store.runs import running as under_way
from tests.cli.process import Program

SOON = 30
"""Seconds in which a process that was told to end must have ended, whatever it was at."""


@pytest.fixture
def plex() -> Starlette:
    invented = open_catalogue()
    films = [work.id for work in invented.works.values() if work.kind == "movie"][:30]
    return plex_app(Catalogue({work.id: work for work in invented.held(films)}), name="Attic")


@pytest.fixture
def known(tmp_path: Path, plex: Starlette) -> Iterator[Program]:
    """An installation that knows a Plex, which answers."""
    program = Program(tmp_path)
    with running(plex) as address:
        assert program.run("source", "add", address, FULLCREDITS_TOKEN=DEFAULT_TOKEN).code == 0
        yield program


def runs_of(program: Program) -> list[RunRow]:
    store = Store(open_engine(f"sqlite:///{program.data / 'fullcredits.db'}"))
    with store.reading() as db:
        found = [*under_way(db), *history(db, 1, 20)]
    store.close()
    return found


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 90
    while not true():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)


class Serving:
    """A `fullcredits serve`, its output read as it comes."""

    def __init__(self, program: Program) -> None:
        self.process = program.start("serve", "--port", "0")
        assert self.process.stdout is not None
        self.address = ""
        while not self.address:
            found = re.search(r"http://\S+/", self.process.stdout.readline())
            self.address = found[0] if found else ""
        self.said: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        self.said += self.process.stderr.readlines()

    def page(self, path: str) -> str:
        with urllib.request.urlopen(f"{self.address}{path}") as answer:
            text: str = answer.read().decode()
        return text

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        code = self.process.wait(SOON)
        self._reader.join()
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self.process.stdout.close()
        self.process.stderr.close()
        assert "Traceback" not in "".join(self.said)
        return code


@pytest.mark.parametrize(
    ("how", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)], ids=["terminated", "Ctrl-C"]
)
def test_it_ends_in_the_middle_of_a_sync(
    known: Program, plex: Starlette, how: signal.Signals, code: int
) -> None:
    silent = plex.state.faults.script("time-out", "/library/metadata/*")
    serving = Serving(known)
    until(lambda: silent.struck > 0)
    looking_on = urllib.request.urlopen(f"{serving.address}sync/live")
    assert looking_on.readline().startswith(b"data: ")
    assert serving.end(how) == code
    looking_on.close()
    assert [run.state for run in runs_of(known)] == ["stopped"]


def test_a_sync_at_a_terminal_waits_for_it(known: Program, plex: Starlette) -> None:
    silent = plex.state.faults.script("time-out", "/library/metadata/*")
    serving = Serving(known)
    until(lambda: silent.struck > 0)
    waiting = known.start("sync")
    try:
        assert waiting.stderr is not None
        told = waiting.stderr.readline()
        assert "is being synced by `fullcredits serve` (process" in told
        assert f"{serving.process.pid}" in told
        silent.stop()
        serving.end()
        _, err = waiting.communicate(timeout=90)
        assert waiting.returncode == 0, err
    finally:
        waiting.kill()
        waiting.communicate()
    assert sorted(run.state for run in runs_of(known)) == ["done", "stopped"]


def test_a_killed_one_is_succeeded_at_once(known: Program, plex: Starlette) -> None:
    silent = plex.state.faults.script("time-out", "/library/metadata/*")
    serving = Serving(known)
    until(lambda: silent.struck > 0)
    assert [run.state for run in runs_of(known)] == ["running"]
    serving.end(signal.SIGKILL)
    silent.stop()
    assert known.run("sync").code == 0
    assert [(run.state, run.error) for run in runs_of(known)] == [
        ("done", None),
        ("failed", "stopped before its end"),
    ]


def test_what_is_asked_for_elsewhere_is_done(known: Program) -> None:
    serving = Serving(known)
    until(lambda: [run.state for run in runs_of(known)] == ["done"])
    assert known.run("schedule", "--now").code == 0
    until(lambda: [run.state for run in runs_of(known)] == ["done", "done"])
    assert "In step since" in serving.page("sync")
    (now,) = json.loads(known.run("status", "--json").out)
    assert now["state"] == "waiting"
    serving.end()
    assert isinstance(serving.process, subprocess.Popen)
