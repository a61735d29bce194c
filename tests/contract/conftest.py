"""One simulated server of each kind for all contract tests; nobody changes these."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from fullcredits.simulate import (
    DEFAULT_API_KEY,
    DEFAULT_PASSWORD,
    DEFAULT_TOKEN,
    DEFAULT_USER,
    Catalogue,
    jellyfin_app,
    open_catalogue,
    plex_app,
    running,
)


@dataclass(frozen=True)
class Simulated:
    """A running server and a client that is let in."""

    app: Starlette
    address: str
    client: httpx2.Client

    def get(self, path: str, **query: str | int) -> Any:
        """The decoded body of a 200 answer."""
        answer = self.client.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture(scope="session")
def invented() -> Catalogue:
    """The invented catalogue of the default seed."""
    return open_catalogue()


@pytest.fixture(scope="session")
def attic(invented: Catalogue) -> Iterator[Simulated]:
    """A simulated Plex."""
    app = plex_app(invented, share="attic")
    headers = {"X-Plex-Token": DEFAULT_TOKEN, "Accept": "application/json"}
    with running(app) as address, httpx2.Client(base_url=address, headers=headers) as client:
        yield Simulated(app, address, client)


@pytest.fixture(scope="session")
def cabin(invented: Catalogue) -> Iterator[Simulated]:
    """A simulated Jellyfin, entered with an API key."""
    app = jellyfin_app(invented, share="cabin")
    headers = {"Authorization": f'MediaBrowser Token="{DEFAULT_API_KEY}"'}
    with running(app) as address, httpx2.Client(base_url=address, headers=headers) as client:
        yield Simulated(app, address, client)


@pytest.fixture(scope="session")
def signed_in(cabin: Simulated) -> Iterator[httpx2.Client]:
    """A client of the cabin with a user's token."""
    with httpx2.Client(base_url=cabin.address) as client:
        answer = sign_in(client, DEFAULT_PASSWORD)
        token = answer.json()["AccessToken"]
        client.headers["Authorization"] = f'MediaBrowser Token="{token}"'
        yield client


def sign_in(client: httpx2.Client, password: str, device: str = "d1") -> httpx2.Response:
    """Ask a Jellyfin for a user's token."""
    who = f'MediaBrowser Client="Test", Device="desk", DeviceId="{device}", Version="1"'
    return client.post(
        "/Users/AuthenticateByName",
        json={"Username": DEFAULT_USER, "Pw": password},
        headers={"Authorization": who},
    )
