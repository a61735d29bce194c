"""`fullcredits schedule` and `fullcredits status`, on an installation that never asked a server."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fullcredits.app import App
from fullcredits.cli.commands import cli
from fullcredits.config import Config
from fullcredits.errors import ConfigError, NotFound
from fullcredits.model import Library, LibraryKind, Server, SourceKind
from fullcredits.store import runs, schedules, sources
from fullcredits.store.progress import Holder
from fullcredits.store.schedules import Schedule
from fullcredits.sync.lease import begin, this_process

FILMS = Library("1", "Films", LibraryKind.MOVIES)
SERIES = Library("2", "Séries", LibraryKind.SHOWS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    app = App(Config(data_dir=tmp_path))
    with app.store.writing() as db:
        for name in ("Attic", "Barn"):
            server = Server(f"id of {name}", name, "1")
            source = sources.add_source(db, name, SourceKind.PLEX, f"http://{name}", b"s", server)
            sources.put_libraries(db, source, [FILMS, SERIES])
        run = begin(db, source, this_process("fullcredits sync"), "all")
        runs.end_run(db, run, "done", {"titles_new": 3, "requests": 7})
    app.close()
    return tmp_path


def run(folder: Path, *words: str) -> str:
    result = CliRunner().invoke(cli, ["--data-dir", str(folder), *words])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def kept(folder: Path, name: str) -> Schedule:
    app = App(Config(data_dir=folder))
    with app.store.reading() as db:
        found = schedules.schedule_of(db, sources.source_named(db, name).id)
    app.close()
    return found


def test_what_there_is_by_default(folder: Path) -> None:
    told = run(folder, "schedule")
    assert "Attic" in told
    assert "6 hours" in told
    assert "100 %" in told


def test_each_may_be_changed(folder: Path) -> None:
    run(folder, "schedule", "barn", "--every", "12", "--quiet", "22:00-6:30", "--share", "40")
    assert kept(folder, "Barn") == Schedule(720, quiet_from=1320, quiet_to=390, share=40)
    assert kept(folder, "Attic") == Schedule()
    told = run(folder, "schedule", "Barn", "--quiet", "-", "--pause")
    assert "paused" in told
    assert kept(folder, "Barn") == Schedule(720, paused=True, share=40)
    run(folder, "schedule", "Barn", "--resume", "--now")
    assert kept(folder, "Barn") == Schedule(720, share=40, asked="all")


def test_a_pause_takes_back_what_was_asked_for(folder: Path) -> None:
    """As the button does; but who asks from then on gets it."""
    run(folder, "schedule", "Barn", "--now")
    run(folder, "schedule", "Barn", "--pause")
    assert kept(folder, "Barn") == Schedule(paused=True)
    run(folder, "schedule", "Barn", "--pause", "--now")
    assert kept(folder, "Barn") == Schedule(paused=True, asked="all")


def test_a_library_may_have_its_own(folder: Path) -> None:
    told = run(folder, "schedule", "Barn", "--library", "series", "--every", "168")
    assert re.search(r"Séries +168 hours", told)
    assert kept(folder, "Barn") == Schedule()
    (attic, barn) = json.loads(run(folder, "schedule", "--json"))
    assert (attic["libraries"], barn["libraries"]) == ([], [{"name": "Séries", "every": 168 * 60}])
    run(folder, "schedule", "--library", "Séries", "--library", "Films", "--every", "0")
    assert "never by itself" in run(folder, "schedule")
    run(folder, "schedule", "--library", "Séries", "--library", "Films", "--usual")
    assert [s["libraries"] for s in json.loads(run(folder, "schedule", "--json"))] == [[], []]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--library", "Musik", "--every", "3"], "no library “Musik”: there are “Films” and “Sé"),
        (["--library", "Films"], "say how often that library is compared"),
        (["--library", "Films", "--every", "3", "--usual"], "say how often"),
        (["--usual"], "name it with --library"),
    ],
)
def test_a_library_that_cannot_be(folder: Path, words: list[str], why: str) -> None:
    with pytest.raises(ConfigError, match=why):
        run(folder, "schedule", *words)


def test_as_json(folder: Path) -> None:
    (attic, _) = json.loads(run(folder, "schedule", "--json"))
    assert attic == {"name": "Attic", **Schedule()._asdict(), "libraries": []}
    (_, barn) = json.loads(run(folder, "status", "--json"))
    assert barn["runs"][0]["came_of_it"] == "3 titles new"


def test_status(folder: Path) -> None:
    told = run(folder, "status")
    assert "Attic  Never synced" in told
    assert "Everything compared: 3 titles new" in told


def test_what_cannot_be(folder: Path) -> None:
    with pytest.raises(NotFound):
        run(folder, "schedule", "Cellar", "--pause")
    with pytest.raises(ConfigError, match="no time of day"):
        run(folder, "schedule", "--quiet", "late-early")
    with pytest.raises(ConfigError, match="like 22:00-06:30"):
        run(folder, "schedule", "--quiet", "22:00")
    assert kept(folder, "Attic") == Schedule()


def test_a_sync_that_died_is_told_as_that(folder: Path) -> None:
    """In the list of sources, too."""
    app = App(Config(data_dir=folder))
    with app.store.writing() as db:
        barn = sources.source_named(db, "Barn").id
        begin(
            db, barn, Holder("fullcredits sync", socket.gethostname(), 999_999_999, "gone"), "all"
        )
    app.close()
    for words in (("source", "list"), ("status",)):
        assert "Broken off" in run(folder, *words)
        assert "running" not in run(folder, *words)
