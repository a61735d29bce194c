"""The two scenes, each set once: cases copy its database and cease their faults."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fullcredits.model import SourceKind
from fullcredits.simulate import DEFAULT_API_KEY
from fullcredits.store import Store
from tests.faults.scene import Scene, opened, scene


@pytest.fixture(scope="session")
def plex_scene(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene(SourceKind.PLEX, sqlite_template, tmp_path_factory.mktemp("attic")) as found:
        yield found


@pytest.fixture(scope="session")
def jellyfin_scene(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    with scene(SourceKind.JELLYFIN, sqlite_template, tmp_path_factory.mktemp("cabin")) as found:
        yield found


@pytest.fixture(scope="session")
def keyed_scene(jellyfin_scene: Scene) -> Scene:
    """The Jellyfin, read with an API key: nobody there."""
    return replace(jellyfin_scene, token=DEFAULT_API_KEY)


@pytest.fixture
def kind() -> SourceKind:
    """Which scene is played; parametrised."""
    raise NotImplementedError


@pytest.fixture
def played(request: pytest.FixtureRequest, kind: SourceKind) -> Iterator[Scene]:
    """The scene of a kind; what faults a test put there are gone afterwards."""
    found: Scene = request.getfixturevalue(f"{kind.value}_scene")
    yield found
    found.faults.clear()


@pytest.fixture
def known(played: Scene, tmp_path: Path) -> Iterator[Store]:
    """A database that knew the scene before it changed."""
    with opened(Path(shutil.copy(played.template, tmp_path / "known.db"))) as store:
        yield store
