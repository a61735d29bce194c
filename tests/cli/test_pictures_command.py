"""`fullcredits pictures` as a process: fetching, killed and begun again, and what it tells."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette

from fullcredits.images.ahead import AT_ONCE
from fullcredits.simulate import (
    DEFAULT_API_KEY,
    Catalogue,
    jellyfin_app,
    open_catalogue,
    running,
)
from tests.cli.process import Program
from tests.cli.running import Machine

SECONDS = 60


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, Starlette]]:
    """A Jellyfin with four films."""
    invented = open_catalogue()
    films = [work.id for work in invented.works.values() if work.kind == "movie"][:4]
    app = jellyfin_app(Catalogue({w.id: w for w in invented.held(films)}), name="Cabin")
    with running(app) as address:
        yield address, app


@pytest.fixture
def program(tmp_path: Path, served: tuple[str, Starlette]) -> Program:
    """An installation that has synced, and fetched nothing."""
    program = Program(tmp_path)
    added = program.run("source", "add", served[0], FULLCREDITS_TOKEN=DEFAULT_API_KEY)
    assert added.code == 0, added.err
    assert program.run("sync").code == 0
    return program


def asked(app: Starlette) -> list[str]:
    """The pictures that were asked for."""
    return [request.path for request in app.state.requests if "/Images/" in request.path]


def test_fetching_killed_and_begun_again(program: Program, served: tuple[str, Starlette]) -> None:
    _, app = served
    app.state.requests.clear()
    assert program.run("sync", "--full").code == 0
    assert asked(app) == [], "a sync fetches nothing unless asked"
    before = program.run("pictures", "show", "--json").json
    assert before["cached"] == 0
    assert before["waiting"] == before["known"] > 30
    with program.start("pictures", "fetch") as process:
        end = time.monotonic() + SECONDS
        while len(asked(app)) < 10 and time.monotonic() < end:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    begun = len(asked(app))
    assert begun < before["known"]
    done = program.run("pictures", "fetch")
    assert done.code == 0
    after = program.run("pictures", "show", "--json").json
    assert (after["waiting"], after["dead"]) == (0, 0)
    assert 0 < after["ahead"] == after["cached"] <= before["known"]
    assert 0 < after["bytes"] < after["budget"]
    again = len(asked(app)) - before["known"]
    assert again <= begun + 2 * AT_ONCE, "what was not yet noted, and what was under way"
    assert program.run("pictures", "fetch").out == "0 pictures fetched.\n"


@pytest.fixture
def cabin(machine: Machine, served: tuple[str, Starlette]) -> Machine:
    """The same within this process."""
    added = machine.run("source", "add", served[0], FULLCREDITS_TOKEN=DEFAULT_API_KEY)
    assert added.error is None, added.told
    return machine


def test_a_sync_that_is_asked_for_pictures_then_the_dead(
    cabin: Machine, served: tuple[str, Starlette]
) -> None:
    _, app = served
    script = app.state.faults.script("broken", "*/images/*", times=3)
    told = cabin.run("sync", "--pictures").out
    script.stop()
    assert "pictures fetched, 3 could not be had." in told
    facts = cabin.run("pictures", "show", "--json").json
    assert facts["dead"] == 3
    assert facts["why"] == [{"source": "Cabin", "reason": "failed", "pictures": 3}]
    shown = cabin.run("pictures", "show").out
    assert "Cabin: failed: 3" in shown
    assert "2,048 MiB" in shown
    assert "nobody" in cabin.run("pictures", "retry", "nobody").problem
    forgiven = cabin.run("pictures", "retry", "cabin").out
    assert forgiven == "3 pictures will be asked for again.\n"
    assert cabin.run("pictures", "fetch").out == "3 pictures fetched.\n"
    assert cabin.run("pictures", "fetch", "--json").json["fetched"] == 0
