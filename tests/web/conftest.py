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
from fullcredits.store import Store
from fullcredits.web.app import create_app
from tests.desks import desk_of
from tests.library import Ids, filled


@dataclass(frozen=True)
class OnePicture:
    path: Path
    etag: str = '"one"'
    media_type: str = "image/webp"


class OnePictureOnly:
    """Has picture 1 and no other."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def picture(self, image_id: int, width: int) -> OnePicture | None:
        return OnePicture(self._path) if image_id == 1 else None


@pytest.fixture
def pictures(tmp_path: Path) -> OnePictureOnly:
    path = tmp_path / "one.webp"
    path.write_bytes(b"RIFF....WEBP")
    return OnePictureOnly(path)


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
