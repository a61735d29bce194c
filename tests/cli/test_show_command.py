"""`fullcredits title | person | search` as processes, over one synced library."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from fullcredits.simulate import DEFAULT_TOKEN, Stated, Work, open_catalogue, plex_app, running
from fullcredits.text import fold
from tests.cli.process import Program

FILM = "film-007"


class Shelf(NamedTuple):
    """A synced installation, and the film its tests look at."""

    program: Program
    film: Work

    @property
    def lead(self) -> Stated:
        return min((c for c in self.film.credits if c.is_cast), key=lambda c: c.order or 0)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """The attic of the invented catalogue, read once; the server is off again."""
    program = Program(tmp_path_factory.mktemp("shelf"))
    catalogue = open_catalogue()
    with running(plex_app(catalogue, name="Attic", share="attic")) as address:
        assert program.run("source", "add", address, FULLCREDITS_TOKEN=DEFAULT_TOKEN).code == 0
        assert program.run("sync", "--json").code == 0
    return Shelf(program, catalogue.works[FILM])


def test_a_title(shelf: Shelf) -> None:
    """By name as text with the whole cast; by number as JSON, every credit in it."""
    text = shelf.program.run("title", shelf.film.title)
    assert text.code == 0, text.err
    lines = text.out.splitlines()
    assert lines[0] == shelf.film.title
    cast = [c for c in shelf.film.credits if c.is_cast]
    shown = [line for line in lines if line.startswith(shelf.lead.human.name)]
    assert shelf.lead.character in shown[0]
    found = shelf.program.run("search", "--json", shelf.film.title).json
    number = found["titles"][0]["address"].rpartition("/")[2].partition("-")[0]
    page = shelf.program.run("title", "--json", number).json
    acting = next(group for group in page["credits"] if group["department"] == "Cast")
    assert page["page"]["heading"] == shelf.film.title
    assert len(acting["lines"]) == min(200, len({c.human.id for c in cast}))


def test_a_person(shelf: Shelf) -> None:
    text = shelf.program.run("person", shelf.lead.human.name)
    assert text.code == 0, text.err
    assert text.out.splitlines()[0] == shelf.lead.human.name
    assert shelf.film.title in text.out
    data = shelf.program.run("person", "--json", shelf.lead.human.name).json
    titles = {work["title"] for part in data["works"] for work in part["works"]}
    assert shelf.film.title in titles


def test_finding(shelf: Shelf) -> None:
    """Case and accents do not matter; several of one name are listed; nothing found says so."""
    text = shelf.program.run("search", fold(shelf.lead.human.name))
    assert (text.code, shelf.lead.human.name in text.out) == (0, True)
    nothing = shelf.program.run("search", "zzzzzzzz")
    assert (nothing.code, nothing.out) == (7, "")
    assert "nothing is found for 'zzzzzzzz'" in nothing.err
    several = shelf.program.run("person", "Ezra Whitlock")
    assert several.code == 2
    assert "several people are found" in several.err
    assert several.err.count("Ezra Whitlock") == 3
