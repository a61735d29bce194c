"""`fullcredits hold`, on an installation whose server does not answer."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import select

from fullcredits.app import App
from fullcredits.config import Config
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
