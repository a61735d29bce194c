"""One simulated server of each kind that all tests may read and none may change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from starlette.applications import Starlette

from fullcredits.simulate import Catalogue, jellyfin_app, open_catalogue, plex_app, running
from fullcredits.store import Store
from tests.sync.household import Household


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
