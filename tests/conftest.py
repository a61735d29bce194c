"""Fixtures for all tests: empty, fully migrated databases, on SQLite and on PostgreSQL.

`store` runs a test on both; `sqlite_store` is for tests that need a database but no promise
about it; `address` is a new database without any table, on both.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from fullcredits.store.engine import Store, open_engine
from fullcredits.store.upgrade import open_store
from tests.databases import Postgres, postgres_programs, running_postgres

MIGRATED = "migrated"

# A test tells what is right, not how busy the machine is.
hypothesis.settings.register_profile("fullcredits", deadline=None)
hypothesis.settings.load_profile("fullcredits")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server with one migrated database to copy."""
    programs = postgres_programs()
    if programs is None:
        reason = "PostgreSQL is not installed (Debian: apt install postgresql)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with running_postgres(programs) as server:
        open_store(server.address(server.create(name=MIGRATED))).close()
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database file to copy."""
    path = tmp_path_factory.mktemp("template") / "fullcredits.db"
    open_store(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def sqlite_store(sqlite_template: Path, tmp_path: Path) -> Iterator[Store]:
    """An empty store on SQLite."""
    path = shutil.copy(sqlite_template, tmp_path / "fullcredits.db")
    store = Store(open_engine(f"sqlite:///{path}"))
    yield store
    store.close()


@pytest.fixture
def postgres_store(postgres: Postgres) -> Iterator[Store]:
    """An empty store on PostgreSQL."""
    name = postgres.create(template=MIGRATED)
    store = Store(open_engine(postgres.address(name)))
    yield store
    store.close()
    postgres.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Store:
    """An empty store; the test runs once on each kind of database."""
    chosen: Store = request.getfixturevalue(
        "sqlite_store" if request.param == "sqlite" else "postgres_store"
    )
    return chosen


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables; the test runs once on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'fullcredits.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = server.create()
    yield server.address(name)
    server.drop(name)
