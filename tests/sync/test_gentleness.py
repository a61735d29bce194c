"""How many full records a real connection asks for at once, by how a server takes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import httpx2
import pytest

from fullcredits.model import SourceKind
from fullcredits.simulate import jellyfin_app, plex_app, running
from fullcredits.simulate.catalogue import Catalogue, Work, catalogue_of
from fullcredits.simulate.traffic import Asked
from fullcredits.sources import open_source
from fullcredits.sources.contract import Pace, Source
from fullcredits.store import Store
from fullcredits.sync import stride
from tests.sync.household import TOKENS, Household

FILMS = 20


class Server(NamedTuple):
    """One, and who reads it, title by title."""

    house: Household
    address: str
    requests: list[Asked]
    most: int

    def sync(self, delay: float) -> list[Asked]:
        """The requests for full records of one sync, each answered so many seconds later."""
        httpx2.post(f"{self.address}/-/delay?seconds={delay}").raise_for_status()
        before = len(self.requests)
        assert self.house.sync("Shelf").state == "done"
        return [r for r in self.requests[before:] if "/metadata/" in r.path or "&ids=" in r.query]


@pytest.fixture(scope="module")
def films() -> Catalogue:
    works = [Work(f"f{n}", "movie", f"Film {n}", year=1990) for n in range(FILMS)]
    return catalogue_of(works, {})


@pytest.fixture(params=[SourceKind.PLEX, SourceKind.JELLYFIN])
def server(
    request: pytest.FixtureRequest,
    films: Catalogue,
    sqlite_store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Server]:
    kind = request.param
    app = plex_app(films) if kind is SourceKind.PLEX else jellyfin_app(films)
    with running(app) as address:
        house = Household(sqlite_store)
        house.add("Shelf", kind, address)
        opened = house.open

        def title_by_title(source_id: int) -> Source:
            source = opened(source_id)
            source.pace = Pace(1, 1, source.pace.parallel)
            return source

        monkeypatch.setattr(house, "open", title_by_title)
        yield Server(house, address, app.state.requests, 4 if kind is SourceKind.PLEX else 2)


def at_once(asked: list[Asked]) -> int:
    return max(r.beside for r in asked) + 1


def test_a_quick_server_is_asked_for_more_at_once(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stride, "TARGET_SECONDS", 600.0)
    assert at_once(server.sync(0.4)) == server.most  # long enough to meet on any machine


def test_a_slow_server_is_asked_for_one_thing_at_a_time(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stride, "TARGET_SECONDS", 0.05 / stride.TOO_HARD)
    asked = server.sync(0.05)
    assert len(asked) == FILMS
    together = [r for r in asked if r.beside]
    assert len(together) <= 6, "the first two, and those beside which it was asked what it writes"


@pytest.mark.parametrize("kind", list(TOKENS))
@pytest.mark.parametrize(("limit", "most"), [(1, 1), (3, 3), (50, 4)])
def test_never_more_than_its_owner_allows(kind: SourceKind, limit: int, most: int) -> None:
    source = open_source(kind, "Shelf", "http://127.0.0.1:1", TOKENS[kind], "tests", limit=limit)
    assert source.pace.parallel == (most if kind is SourceKind.PLEX else min(most, 2))


def test_a_server_far_away_is_not_asked_title_by_title(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tenths of a second that a busy machine adds do not count: the way is twice the target."""
    monkeypatch.setattr(stride, "TARGET_SECONDS", 0.6)
    opened = server.house.open

    def in_fives(source_id: int) -> Source:
        source = opened(source_id)
        source.pace = Pace(5, FILMS, source.pace.parallel)
        return source

    monkeypatch.setattr(server.house, "open", in_fives)
    assert len(server.sync(1.2)) <= FILMS // 5
