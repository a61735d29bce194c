"""Faults to order: which requests they strike, how often, and what they make of answers."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from typer.testing import CliRunner

from fullcredits.cli.commands import cli
from fullcredits.errors import ConfigError
from fullcredits.simulate import (
    DEFAULT_API_KEY,
    DEFAULT_TOKEN,
    FAULT_KINDS,
    jellyfin_app,
    parse_fault,
    plex_app,
    running,
)
from fullcredits.simulate.catalogue import Human, Stated, Work, catalogue_of
from fullcredits.simulate.faults import Faults
from fullcredits.simulate.faults.bodies import CROWD, HUGE_FIELD
from tests.contract.conftest import Simulated
from tests.faults import test_matrix as matrix

CAST = tuple(
    Stated(Human(f"h{n}", f"Player {n}"), f"Player {n}", "Acting", "Actor", "", n) for n in range(7)
)
FILMS = catalogue_of(
    [Work(f"f{n}", "movie", f"Film {n}", year=1990, credits=CAST) for n in range(6)], {}
)
LISTS = {
    "plex": "/library/sections/1/all?X-Plex-Container-Start=0&X-Plex-Container-Size=100",
    "jellyfin": "/Items?recursive=true&includeItemTypes=Movie&fields=People",
}


@pytest.fixture(scope="module", params=list(LISTS))
def films(request: pytest.FixtureRequest) -> Iterator[Simulated]:
    """A server of each kind with six films."""
    app = plex_app(FILMS) if request.param == "plex" else jellyfin_app(FILMS)
    headers = {
        "X-Plex-Token": DEFAULT_TOKEN,
        "Accept": "application/json",
        "Authorization": f'MediaBrowser Token="{DEFAULT_API_KEY}"',
    }
    with running(app) as address, httpx2.Client(base_url=address, headers=headers) as client:
        yield Simulated(app, address, client)


@pytest.fixture
def faults(films: Simulated) -> Iterator[Faults]:
    """The faults of the server; none are left behind."""
    found: Faults = films.app.state.faults
    yield found
    found.clear()


def path_of(films: Simulated) -> str:
    return LISTS["plex" if hasattr(films.app.state, "dialect") else "jellyfin"]


def listed(films: Simulated) -> tuple[list[dict[str, Any]], int]:
    """The films and how many there are said to be."""
    answer = films.client.get(path_of(films)).json()
    answer = answer.get("MediaContainer", answer)
    rows = answer.get("Metadata", answer.get("Items", []))
    return rows, answer.get("totalSize", answer.get("TotalRecordCount"))


def key(row: dict[str, Any]) -> str:
    return str(row.get("ratingKey") or row["Id"])


def test_a_share_of_requests_drawn_from_a_seed(films: Simulated, faults: Faults) -> None:
    def struck(seed: int) -> list[int]:
        faults.clear()
        script = faults.script("broken", "*", rate=0.5, seed=seed)
        found = [films.client.get(path_of(films)).status_code for _ in range(24)]
        assert (script.seen, script.struck) == (24, found.count(500))
        return found

    first = struck(1)
    assert 4 < first.count(500) < 20
    assert struck(1) == first
    assert struck(2) != first


def test_so_many_times_and_until_stopped(films: Simulated, faults: Faults) -> None:
    script = faults.script("broken", "*", times=2)
    assert [films.client.get(path_of(films)).status_code for _ in range(4)] == [500, 500, 200, 200]
    other = faults.script("starting", "*")
    assert films.client.get(path_of(films)).headers["retry-after"] == "005"
    other.stop()
    assert films.client.get(path_of(films)).status_code == 200
    assert (script.struck, other.struck, other.seen) == (2, 1, 2)


def test_only_addresses_of_the_pattern(films: Simulated, faults: Faults) -> None:
    faults.script("broken", "*/NOTHING?LIKE=*")
    assert films.client.get(path_of(films)).status_code == 200
    faults.script("broken", f"{path_of(films)[:6].upper()}*")
    assert films.client.get(path_of(films)).status_code == 500


def test_long_request_lines_only(films: Simulated, faults: Faults) -> None:
    script = faults.script("too-long", "*", longest=300)
    assert films.client.get(path_of(films)).status_code == 200
    longer = f"{path_of(films)}&padding={'x' * 300}"
    assert films.client.get(longer).status_code == 414
    assert script.struck == 1


def test_rows_lost_repeated_and_miscounted(films: Simulated, faults: Faults) -> None:
    whole, total = listed(films)
    keys = [key(row) for row in whole]
    assert (len(keys), total) == (6, 6)
    told = {}
    for kind in ("empty", "missing", "short", "repeated", "moving-total"):
        faults.clear()
        faults.script(kind)
        rows, total = listed(films)
        told[kind] = ([keys.index(key(row)) for row in rows], total)
    assert told == {
        "empty": ([], 0),
        "missing": ([1, 2, 4, 5], 6),
        "short": ([0, 1, 2], 6),
        "repeated": ([0, 0, 2, 3, 4, 5], 6),
        "moving-total": ([0, 1, 2, 3, 4, 5], 7),
    }
    assert listed(films)[1] == 5


def test_what_breaks_off(films: Simulated, faults: Faults) -> None:
    for kind in ("reset-head", "reset-body"):
        faults.clear()
        faults.script(kind)
        with pytest.raises(httpx2.TransportError):
            films.client.get(path_of(films))
    faults.clear()
    faults.script("time-out")
    with pytest.raises(httpx2.ReadTimeout):
        films.client.get(path_of(films), timeout=0.1)
    faults.clear()
    faults.script("drip")
    with films.client.stream("GET", path_of(films)) as answer:
        pieces = answer.iter_raw()
        assert [len(next(pieces)) for _ in range(3)] == [1, 1, 1]
    faults.clear()
    for kind in ("truncated", "malformed"):
        faults.script(kind)
        answer = films.client.get(path_of(films))
        assert answer.status_code == 200
        with pytest.raises(json.JSONDecodeError):
            answer.json()
        faults.clear()


def test_what_swells(films: Simulated, faults: Faults) -> None:
    faults.script("huge-field")
    texts = [row.get("summary", row.get("Overview", "")) for row in listed(films)[0]]
    assert [len(text) for text in texts] == [HUGE_FIELD, *map(len, texts[1:])]
    faults.clear()
    faults.script("crowd")
    crowds = [len(row.get("Role", row.get("People", ()))) for row in listed(films)[0]]
    assert crowds[0] == CROWD
    assert max(crowds[1:]) < 10
    faults.clear()
    faults.script("odd-names")
    names = json.dumps(listed(films)[0])
    assert "\\u0000" in names
    assert "\\ud83d" in names


def test_answers_of_others(films: Simulated, faults: Faults) -> None:
    faults.script("portal")
    answer = films.client.get(path_of(films))
    assert (answer.status_code, answer.headers["content-type"][:9]) == (200, "text/html")
    faults.clear()
    faults.script("to-web")
    answer = films.client.get(path_of(films))
    assert (answer.status_code, answer.headers["location"]) == (302, "/jellyfin/web/")
    faults.clear()
    faults.script("wrong-type")
    assert films.client.get(path_of(films)).headers["content-type"].startswith("text/plain")
    statuses = []
    for kind in ("unauthorised", "expired"):
        faults.clear()
        faults.script(kind)
        statuses.append(films.client.get(path_of(films)).status_code)
    assert statuses == [401, 498]


def test_the_log_counts_what_got_no_answer(films: Simulated, faults: Faults) -> None:
    faults.script("reset-head")
    before = len(films.app.state.requests)
    with pytest.raises(httpx2.TransportError):
        films.client.get(path_of(films))
    # The client knows of the reset before the server has written it down.
    end = time.monotonic() + 10
    while len(films.app.state.requests) == before and time.monotonic() < end:
        time.sleep(0.01)
    assert [asked.status for asked in films.app.state.requests[before:]] == [0]


@pytest.mark.parametrize(
    ("text", "kind", "at"),
    [
        ("broken", "broken", "*"),
        ("broken:0.5", "broken", "*"),
        ("time-out@/Items*", "time-out", "/Items*"),
        ("short:1@/a:b@c", "short", "/a:b@c"),
    ],
)
def test_faults_of_the_command_line(text: str, kind: str, at: str) -> None:
    script = parse_fault(text)
    assert (script.kind, script.at) == (kind, at)


@pytest.mark.parametrize("text", ["", "flood", "broken:", "broken:x", "broken:1.5", "broken:-1"])
def test_faults_that_cannot_be(text: str) -> None:
    with pytest.raises(ValueError, match=r"no fault is called|is no number from 0 to 1"):
        parse_fault(text)


def test_a_plex_that_is_not_asked_for_json_speaks_xml(films: Simulated, faults: Faults) -> None:
    faults.script("xml")
    answer = films.client.get(path_of(films))
    assert ("xml" in answer.headers["content-type"]) == hasattr(films.app.state, "dialect")


def test_every_kind_is_in_the_matrix() -> None:
    played = {*matrix.STOPS, *matrix.HURTS, *matrix.ABSURD, "huge-field", "too-long", "xml"}
    assert played | matrix.ELSEWHERE == set(FAULT_KINDS)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["plex", "--version", "0.9"], "nobody plays plex 0.9; there are 1.32"),
        (["jellyfin", "--version", "1.43"], "nobody plays jellyfin 1.43; there are 10.8"),
        (["plex", "--fault", "flood@*"], "no fault is called 'flood'"),
        (["plex", "--fault", "broken:2"], "the rate '2' of broken is no number from 0 to 1"),
    ],
)
def test_what_the_command_line_refuses(arguments: list[str], sentence: str) -> None:
    result = CliRunner().invoke(cli, ["simulate", *arguments])
    assert isinstance(result.exception, ConfigError)
    assert sentence in str(result.exception)
