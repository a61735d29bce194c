"""A simulated Jellyfin that starts, by what was recorded second by second."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

import httpx2
import pytest

from fullcredits.simulate import (
    DEFAULT_API_KEY,
    Catalogue,
    jellyfin_app,
    running,
)
from fullcredits.simulate.catalogue import catalogue_of
from fullcredits.simulate.jellyfin.startup import Stage
from tests.contract.conftest import Simulated
from tests.contract.recorded import recorded

RECORDED = {"10.11": "10.11.11", "12.0": "12.0-rc5"}


JELLYFIN = {"Authorization": f'MediaBrowser Token="{DEFAULT_API_KEY}"'}


@contextlib.contextmanager
def jellyfin(catalogue: Catalogue, version: str) -> Iterator[Simulated]:
    app = jellyfin_app(catalogue, version=version)
    with running(app) as address, httpx2.Client(base_url=address, headers=JELLYFIN) as client:
        yield Simulated(app, address, client)


@pytest.mark.parametrize("version", list(RECORDED))
def test_starting_up_as_recorded(version: str) -> None:
    """Every distinct answer of a configured server that starts, and no other."""
    path = ("jellyfin", RECORDED[version], "startup_sequence_configured_server.json")
    steps = [s for s in recorded(*path) if "status" in s]
    with jellyfin(catalogue_of([], {}), version) as server:
        for step in steps:
            server.app.state.startup.stage = _stage(step)
            answer = httpx2.get(server.address + step["request"].removeprefix("GET "))
            known = step["headers"]
            assert answer.status_code == step["status"], step
            assert answer.headers.get("retry-after") == known.get("Retry-After")
            if step["body"][:1] == "{":
                assert list(answer.json()) == list(httpx2.Response(200, text=step["body"]).json())
                wizard = [v for k, v in answer.json().items() if k.lower() == WIZARD]
                assert wizard == ["StartupWizardCompleted" in step["body"]]
            else:
                assert answer.text == step["body"]


WIZARD = "startupwizardcompleted"


def _stage(step: Mapping[str, Any]) -> Stage:
    if step["status"] == 503 or step["body"] == "Degraded":
        return "setup"
    return "half" if "startupWizardCompleted" in step["body"] else "ready"


def test_older_versions_start_without_saying_when() -> None:
    with jellyfin(catalogue_of([], {}), "10.10") as server:
        server.app.state.startup.stage = "setup"
        answer = server.client.get("/System/Info/Public")
        assert (answer.status_code, answer.headers.get("retry-after")) == (503, None)


def test_a_start_goes_by() -> None:
    with jellyfin(catalogue_of([], {}), "12.0") as server:
        startup = server.app.state.startup
        startup.begin(0.2)
        assert startup.stage == "setup"
        startup.begin(0.0)
        assert startup.stage == "ready"
