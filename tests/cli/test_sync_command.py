"""`fullcredits sync` as a process: what it prints, how it ends, and what it never says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.responses import Response

from fullcredits.simulate import (
    DEFAULT_API_KEY,
    DEFAULT_TOKEN,
    Catalogue,
    jellyfin_app,
    open_catalogue,
    plex_app,
    running,
)
from fullcredits.sync.watch import Summary
from tests.cli.process import SECRETS, Program

FILM = "film-000"


@pytest.fixture(scope="module")
def few() -> Catalogue:
    """Thirty films and a show."""
    invented = open_catalogue()
    films = [work.id for work in invented.works.values() if work.kind == "movie"][:30]
    return Catalogue({work.id: work for work in invented.held([*films, "show-00"])})


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """An empty installation."""
    return Program(tmp_path)


@pytest.fixture
def known(program: Program, few: Catalogue) -> Iterator[Program]:
    """One that knows a Plex and a Jellyfin, which answer."""
    plex, jellyfin = plex_app(few, name="Attic"), jellyfin_app(few, name="Cabin")
    with running(plex) as attic, running(jellyfin) as cabin:
        by_flag = program.start("source", "add", attic, "--token", DEFAULT_TOKEN)
        out, err = by_flag.communicate(timeout=60)
        assert (by_flag.returncode, "Added Attic." in out) == (0, True), err
        added = program.run("source", "add", cabin, FULLCREDITS_TOKEN=DEFAULT_API_KEY)
        assert (added.code, "Added Cabin." in added.out) == (0, True), added.err
        yield program


def test_all_of_a_sync(known: Program) -> None:
    """Plain lines where no terminal is, a table at the end; then JSON; no secret anywhere."""
    first = known.run("sync")
    assert (first.code, "\x1b" in first.out + first.err) == (0, False)
    lines = first.err.splitlines()
    assert any(line.startswith("Attic: Movies: movies: 30 of 30 listed") for line in lines)
    assert any(line.startswith("Cabin: ") and line.endswith(" credits") for line in lines)
    table = [line.split() for line in first.out.splitlines()]
    counted = [line[0] for line in table[1:7]]
    assert counted == ["Attic", "credits", "people", "Cabin", "credits", "people"]
    assert table[1][:2] == ["Attic", "titles"]
    assert all(line[-3:] == [line[-4], "0", "0"] for line in (table[1], table[2]))
    again = known.run("sync", "--json", "cabin")
    (summary,) = again.json
    assert (again.code, again.err) == (0, "")
    assert summary.keys() == {"state", *Summary.__dataclass_fields__}
    assert (summary["source"], summary["state"], summary["credits"]) == ("Cabin", "done", 0)
    assert summary["titles_held"] > 30
    assert summary["credits_held"] > summary["people_held"] > summary["people_new"] == 0
    assert all(isinstance(summary[name], int) for name in ("titles", "requests", "received"))
    kept = known.on_disk()
    assert b"Attic" in kept
    assert [secret for secret in SECRETS if secret.encode() in kept] == []


def test_what_may_change_yet_is_told_by_title_cause_and_remedy(
    program: Program, few: Catalogue
) -> None:
    """Again while it is so, and a sync at once looks again."""
    app = jellyfin_app(few, name="Cabin")
    with running(app) as cabin:
        assert program.run("source", "add", cabin, FULLCREDITS_TOKEN=DEFAULT_API_KEY).code == 0
        fault = app.state.faults.script("odd-names", "/items?*&ids=*&fields=people*")
        first = program.run("sync")
        assert first.code == 0
        assert "read from Cabin with characters" not in first.err, "nothing to worry of"
        again = program.run("sync")
        for said in (first, again):
            words = " ".join(said.out.split())
            assert re.search(r"“.+”, “.+”, “.+” and \d+ more of Cabin may change yet: saved", words)
            assert (
                "were read from Cabin with characters in names that nobody sees or types" in words
            )
            assert "absurd at first sight. They are read again by `fullcredits serve`" in words
        fault.stop()
        assert "may change yet" not in program.run("sync").out


def test_one_source_that_fails_stops_no_other(program: Program, few: Catalogue) -> None:
    with running(jellyfin_app(few, name="Cabin")) as cabin:
        with running(plex_app(few, name="Attic")) as attic:
            program.run("source", "add", attic, FULLCREDITS_TOKEN=DEFAULT_TOKEN)
        program.run("source", "add", cabin, FULLCREDITS_TOKEN=DEFAULT_API_KEY)
        done = program.run("sync", "--json")
        in_words = program.run("sync", "Attic")
    assert (in_words.out + in_words.err).count("nothing listens") == 1, "said once"
    attic_did, cabin_did = done.json
    assert (done.code, attic_did["state"], cabin_did["state"]) == (3, "failed", "done")
    assert "nothing listens at" in attic_did["error"]
    assert cabin_did["credits"] > 500


def test_a_bad_title_is_told_and_ends_with_8(program: Program, few: Catalogue) -> None:
    app = plex_app(few, name="Attic")
    key = str(app.state.library.item(FILM).key)
    app.state.faults.append(
        lambda request: (
            Response(status_code=500)
            if key in request.url.path.rpartition("/")[2].split(",")
            else None
        )
    )
    with running(app) as attic:
        program.run("source", "add", attic, FULLCREDITS_TOKEN=DEFAULT_TOKEN)
        done = program.run("sync")
    assert done.code == 8
    assert "Attic: broke on /library/metadata/" in done.err
    assert "HTTP 500" in done.err
    assert ", 1 problem\n" in done.out


def test_commands_that_cannot_be_done(program: Program) -> None:
    """One sentence on standard error, nothing on standard output, a code that means something."""
    none = program.run("sync")
    assert (none.code, none.out) == (2, "")
    assert none.err.startswith("fullcredits: there is no source yet: add one with")
    nobody = program.run("sync", "Attic", FULLCREDITS_PORT="none")
    assert nobody.code == 2
    assert "wrong settings: port" in nobody.err
    nothing = program.run("title", "999999")
    assert (nothing.code, nothing.out) == (7, "")
    config = program.folder / "broken.toml"
    config.write_text("port = [")
    broken = program.run("source", "list", FULLCREDITS_CONFIG=str(config))
    assert broken.code == 2
    assert "broken.toml cannot be read" in broken.err
    database = program.run("--database", "mysql://somewhere/x", "source", "list")
    assert database.code == 2
    assert "must begin with sqlite:/// or postgresql://" in database.err
