"""A filled library behind the web application, and a counter of queries."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import event
from starlette.testclient import TestClient

from fullcredits.access import Entrance, passwords
from fullcredits.simulate import running
from fullcredits.store import Store
from fullcredits.web.app import create_app
from tests.desks import desk_of
from tests.library import Ids, filled
from tests.plextv import PlexTv
from tests.web.servers import ATTIC, CABIN, Owner, Plex
from tests.web.visitor import House


@dataclass(frozen=True)
class OnePicture:
    content: bytes = b"RIFF....WEBP"
    etag: str = '"one"'
    lasting: bool = True


class OnePictureOnly:
    """Has picture 1, another in the place of picture 3, and no more."""

    async def picture(self, image_id: int, width: int) -> OnePicture | None:
        if width not in (120, 240, 480, 960, 1600) or image_id not in (1, 3):
            return None
        return OnePicture(lasting=image_id == 1)


@pytest.fixture
def pictures() -> OnePictureOnly:
    return OnePictureOnly()


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing takes its time on purpose."""
    cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", cheap)


@pytest.fixture
def ids(store: Store) -> Ids:
    return filled(store, crowd=300, episodes=24)


@pytest.fixture
def client(store: Store, pictures: OnePictureOnly, tmp_path: Path) -> Iterator[TestClient]:
    app = create_app(store, pictures, Entrance(store), desk_of(store, tmp_path / "data"))
    with TestClient(app, "http://127.0.0.1", follow_redirects=False) as client:
        yield client


@pytest.fixture
def sqlite_client(sqlite_store: Store, pictures: OnePictureOnly, tmp_path: Path) -> TestClient:
    """On SQLite only: of what is that database's own."""
    desk = desk_of(sqlite_store, tmp_path / "data")
    app = create_app(sqlite_store, pictures, Entrance(sqlite_store), desk)
    return TestClient(app, "http://127.0.0.1", follow_redirects=False)


Counting = Callable[[], contextlib.AbstractContextManager[list[str]]]


@pytest.fixture
def queries(store: Store) -> Counting:
    """`with queries() as seen:` collects the statements sent meanwhile."""

    @contextlib.contextmanager
    def counting() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_: Any, __: Any, statement: str, *more: Any) -> None:
            seen.append(statement)

        event.listen(store.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(store.engine, "before_cursor_execute", note)

    return counting


@pytest.fixture(scope="module")
def cabin() -> Iterator[str]:
    with running(CABIN) as address:
        yield address


@pytest.fixture
def plex() -> Iterator[Plex]:
    tv = PlexTv()
    with running(ATTIC) as address, running(tv) as tv_address:
        yield Plex(address, tv, tv_address)


@pytest.fixture
def owner(sqlite_store: Store) -> Owner:
    return Owner(House(sqlite_store))


@pytest.fixture
def with_account(sqlite_store: Store, plex: Plex) -> Owner:
    return Owner(House(sqlite_store, plex_tv=plex.tv_address, plex_website="http://127.0.0.1:1"))
