"""`fullcredits hold`, on an installation whose server does not answer."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import select

from fullcredits.app import App
from fullcredits.config import Config
from fullcredits.errors import ConfigError, NotFound
from fullcredits.model import Library, LibraryKind, MediaItem, Odd, Server, SourceKind, TitleKind
from fullcredits.store import holds, runs, sources
from fullcredits.store.schema import libraries
from fullcredits.store.write import insert_items
from fullcredits.sync.lease import begin, this_process
from tests.cli.running import Machine

SOME = 12


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A server gave twelve films with pictures that lead astray, and two without any credits."""
    app = App(Config(data_dir=tmp_path))
    with app.store.writing() as db:
        server = Server("id", "Attic", "1")
        source = sources.add_source(db, "Attic", SourceKind.PLEX, "http://attic", b"s", server)
        sources.put_libraries(db, source, [Library("1", "Films", LibraryKind.MOVIES)])
        library = db.scalars(select(libraries.c.id)).one()
        films = [MediaItem(f"{n}", TitleKind.MOVIE, f"Film {n}") for n in range(SOME + 2)]
        ids = insert_items(db, source, library, films)
        for n, film in enumerate(films):
            odd = Odd.PICTURES if n < SOME else None
            doubted = holds.Doubted(ids[film.key], 0 if odd else 9, 9, odd, b"")
            holds.hold_credits(db, source, doubted, 1, dt.datetime(2030, 1, 1))
        run = begin(db, source, this_process("fullcredits sync"), "all")
        runs.end_run(db, run, "done", {})
    app.close()
    return Machine(tmp_path, monkeypatch)


def test_status_tells_what_is_held(machine: Machine) -> None:
    assert "14 held back: see fullcredits hold list" in machine.run("status").out


def words(machine: Machine) -> dict[int, str | None]:
    """The owner's word on each hold."""
    return {one["id"]: one["word"] for one in machine.run("hold", "list", "--json").json}


def test_what_is_alike_is_one_line(machine: Machine) -> None:
    told = machine.run("hold", "list").out.splitlines()
    assert told[0::2] == [
        "1-12  Attic: “Film 0”, “Film 1”, “Film 2” and 9 more came back with pictures at addresses "
        "that no server gives",
        " 13  Attic: “Film 12” came back with no credits, and had 9",
        " 14  Attic: “Film 13” came back with no credits, and had 9",
    ]
    machine.run("hold", "refuse", "3")
    told = machine.run("hold", "list").out.splitlines()
    assert told[0].startswith("1-2, 4-12  Attic: “Film 0”, “Film 1”, “Film 3” and 8 more came back")
    assert told[2].startswith("  3  Attic: “Film 2” came back with pictures")


def test_a_word_on_several(machine: Machine) -> None:
    machine.run("hold", "accept", "1-2,", "4-12", "14")
    machine.run("hold", "refuse", "3", "13-99")
    refused = {3, 13, 14}
    assert words(machine) == {
        n: "refused" if n in refused else "accepted" for n in range(1, SOME + 3)
    }


def test_numbers_that_are_none(machine: Machine) -> None:
    """Nothing is said then of the others either."""
    assert isinstance(machine.run("hold", "accept", "1", "77").error, NotFound)
    for wrong in ("one", "1-", "1-b"):
        ran = machine.run("hold", "refuse", "2", wrong)
        assert isinstance(ran.error, ConfigError)
        assert f"“{wrong}” is no number of `hold list`" in ran.problem
    assert set(words(machine).values()) == {None}
