"""One simulated server of each kind that all tests may read and none may change."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from starlette.applications import Starlette

from fullcredits.model import SourceKind
from fullcredits.simulate import Catalogue, jellyfin_app, open_catalogue, plex_app, running
from fullcredits.store import Store
from fullcredits.store.engine import open_engine
from tests.conftest import MIGRATED
from tests.databases import Postgres
from tests.sync.counted import check_figures
from tests.sync.household import Household
from tests.sync.scene import FILMS, KINDS, Scene
from tests.sync.twisting import Twisting


class Simulated(NamedTuple):
    """A running server."""

    app: Starlette
    address: str


@pytest.fixture(scope="session")
def invented() -> Catalogue:
    """The invented catalogue of the default seed."""
    return open_catalogue()


@pytest.fixture(scope="session")
def attic(invented: Catalogue) -> Iterator[Simulated]:
    """A Plex with its half of the invented catalogue."""
    app = plex_app(invented, share="attic")
    with running(app) as address:
        yield Simulated(app, address)


@pytest.fixture(scope="session")
def cabin(invented: Catalogue) -> Iterator[Simulated]:
    """A Jellyfin with its half of the invented catalogue."""
    app = jellyfin_app(invented, share="cabin")
    with running(app) as address:
        yield Simulated(app, address)


@pytest.fixture
def house(store: Store) -> Household:
    """An empty database without sources; the test runs once on each kind of database."""
    return Household(store)


@pytest.fixture
def sqlite_house(sqlite_store: Store) -> Household:
    """As `house`, on SQLite only."""
    return Household(sqlite_store)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def synced(
    request: pytest.FixtureRequest,
    sqlite_template: Path,
    tmp_path_factory: pytest.TempPathFactory,
    attic: Simulated,
    cabin: Simulated,
) -> Iterator[Household]:
    """Attic and Cabin read into one database; for tests that leave it as it is."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("synced") / "fullcredits.db"
        address = f"sqlite:///{shutil.copy(sqlite_template, path)}"
    else:
        server: Postgres = request.getfixturevalue("postgres")
        address = server.address(server.create(template=MIGRATED))
    store = Store(open_engine(address))
    house = Household(store)
    house.add("Attic", SourceKind.PLEX, attic.address)
    house.add("Cabin", SourceKind.JELLYFIN, cabin.address)
    for name in ("Attic", "Cabin"):
        summary = house.sync(name)
        assert (summary.state, summary.messages) == ("done", [])
        check_figures(store)
    yield house
    store.close()


@pytest.fixture(params=KINDS)
def scene(
    request: pytest.FixtureRequest, sqlite_store: Store, invented: Catalogue
) -> Iterator[Scene]:
    """Forty films and a show, on a server of each kind."""
    films = [w.id for w in invented.works.values() if w.kind == "movie"][:FILMS]
    few = Catalogue({w.id: w for w in invented.held([*films, "show-00"])})
    make = plex_app if request.param is SourceKind.PLEX else jellyfin_app
    server = Twisting(make(few, name="Shelf"))
    with running(server) as address:
        house = Household(sqlite_store)
        house.add("Shelf", request.param, address)
        yield Scene(house, server, request.param, address)


@pytest.fixture
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Second tries come at once."""
    monkeypatch.setattr("fullcredits.sources.patience._FIRST_PAUSE", 0.0)
