"""`source test` knows of casts that the server cut, by all that was read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.applications import Starlette

from fullcredits.simulate import (
    DEFAULT_API_KEY,
    DEFAULT_TOKEN,
    Catalogue,
    jellyfin_app,
    plex_app,
    running,
)
from fullcredits.simulate.catalogue import Human, Stated, Work, catalogue_of
from tests.cli.running import Machine

HUMANS = [Human(f"h{n}", f"Somebody No. {n}") for n in range(210)]


def film(number: int, cast: int) -> Work:
    credits = tuple(
        Stated(human, human.name, "Acting", "Actor", "Part", n)
        for n, human in enumerate(HUMANS[:cast])
    )
    return Work(f"f{number}", "movie", f"Film {number}", year=1990, credits=credits)


@pytest.mark.parametrize(
    ("make", "token", "longest", "cut"),
    [(plex_app, DEFAULT_TOKEN, 210, 200), (jellyfin_app, DEFAULT_API_KEY, 15, 15)],
    ids=["plex", "jellyfin"],
)
def test_casts_that_no_sample_shows(
    machine: Machine, make: Callable[[Catalogue], Starlette], token: str, longest: int, cut: int
) -> None:
    """More films than a sample holds were added after those that were cut."""
    films = [film(n, longest if n < 4 else 3) for n in range(60)]
    app = make(catalogue_of(films, {}))
    library = app.state.library
    name = "added" if make is plex_app else "created"
    first = min(getattr(item, name) for item in library.items.values())
    for work in films[:4]:
        setattr(library.item(work.id), name, first - 1)
    with running(app) as address:
        added = machine.run("source", "add", address, "--name", "Attic", "--token", token)
        assert added.error is None
        assert "exactly" not in added.out
        assert machine.run("sync").error is None
        checked = machine.run("source", "test", "Attic")
    assert f"4 of 60 titles read so far have exactly {cut} actors" in checked.out.replace("\n", " ")
