"""Webhooks of Plex: hints from whoever knows the address, and nothing more."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

import pytest
from starlette.testclient import TestClient

from fullcredits.model import Server, SourceKind
from fullcredits.store import Store, sources
from tests.shared_data import shared_path
from tests.web.visitor import PASSWORD, House

MACHINE = "f9084da773878b0b3feb88c69934e2354df28697"
NEW = {"event": "library.new", "Server": {"uuid": MACHINE}, "Metadata": {"ratingKey": "211264"}}


class Kept:
    def __init__(self) -> None:
        self.told: list[tuple[int, list[str]]] = []

    def wake(self) -> None:
        pass

    def tell(self, source_id: int, keys: Collection[str]) -> None:
        self.told.append((source_id, list(keys)))

    def trouble(self, source_id: int) -> str | None:
        return None


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def house(sqlite_store: Store, kept: Kept) -> House:
    with sqlite_store.writing() as db:
        for n, kind in enumerate(SourceKind):
            server = Server(MACHINE, f"S{n}", "1")
            sources.add_source(db, f"S{n}", kind, f"http://s{n}", b"sealed", server)
    house = House(sqlite_store)
    house.app.state.keeping = kept
    return house


@pytest.fixture
def plex(house: House) -> TestClient:
    """As a Plex comes: no cookie, no origin, no host of ours but the one it was given."""
    return TestClient(house.app, "http://127.0.0.1", client=("127.0.0.1", 50000))


def send(plex: TestClient, word: str, told: Any, *, thumb: bool = True) -> int:
    parts: dict[str, Any] = {"payload": (None, json.dumps(told), "application/json")}
    if thumb:
        parts["thumb"] = ("thumb.jpg", b"\xff\xd8\xff\xe0 a picture --\r\n", "image/jpeg")
    return plex.post(f"/hook/{word}", files=parts).status_code


def test_an_addition_is_a_hint_for_its_server(house: House, plex: TestClient, kept: Kept) -> None:
    assert send(plex, house.desk.hook_word(), NEW) == 204
    assert kept.told == [(1, ["211264"])]


def test_also_where_there_is_a_password(house: House, plex: TestClient, kept: Kept) -> None:
    house.entrance.set_password(PASSWORD)
    assert send(plex, house.desk.hook_word(), NEW, thumb=False) == 204
    assert len(kept.told) == 1


def test_the_recorded_message_tells_of_watching(house: House, plex: TestClient, kept: Kept) -> None:
    path = shared_path("recordings", "plex", "webhook_media_play_movie.json")
    recorded = json.loads(path.read_text())
    assert send(plex, house.desk.hook_word(), recorded) == 204
    assert kept.told == []
    assert send(plex, house.desk.hook_word(), {**recorded, "event": "library.new"}) == 204
    assert kept.told == [(1, ["211264"])]


@pytest.mark.parametrize(
    ("told", "status", "passed_on"),
    [
        ({**NEW, "Server": {"uuid": "somebody else's"}}, 204, []),
        ({**NEW, "Server": None}, 204, []),
        ({**NEW, "Metadata": None}, 204, [(1, [])]),
        ({**NEW, "Metadata": {"ratingKey": ["1"]}}, 204, [(1, [])]),
        ({}, 204, []),
        ([], 400, []),
        ("text", 400, []),
    ],
)
def test_odd_messages(
    house: House, plex: TestClient, kept: Kept, told: Any, status: int, passed_on: list[Any]
) -> None:
    assert send(plex, house.desk.hook_word(), told) == status
    assert kept.told == passed_on


def test_who_does_not_know_the_address(house: House, plex: TestClient, kept: Kept) -> None:
    for word in ("", "0" * 40, house.desk.hook_word()[:-1], "é"):
        assert send(plex, word, NEW) == 404
    assert plex.get(f"/hook/{house.desk.hook_word()}").status_code == 405
    assert kept.told == []


@pytest.mark.parametrize("body", [b"", b"{}", b"--x\r\n\r\n", b"\xff" * 100])
@pytest.mark.parametrize("kind", ["", "application/json", "multipart/form-data; boundary=x"])
def test_what_is_no_form(house: House, plex: TestClient, body: bytes, kind: str) -> None:
    path = f"/hook/{house.desk.hook_word()}"
    assert plex.post(path, content=body, headers={"Content-Type": kind}).status_code == 400


def test_too_much(house: House, plex: TestClient) -> None:
    path = f"/hook/{house.desk.hook_word()}"
    assert plex.post(path, content=b"x" * (9 * 2**20)).status_code == 413


def test_the_page_tells_the_address_to_who_may_see_it(house: House) -> None:
    visitor = house.visitor("127.0.0.1")
    assert f"http://127.0.0.1/hook/{house.desk.hook_word()}" in visitor.get("/sync").text
