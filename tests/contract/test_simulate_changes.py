"""Libraries that change while they are served, by hand and by scans."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import httpx2
import pytest
from starlette.applications import Starlette

from fullcredits.simulate import (
    DEFAULT_API_KEY,
    DEFAULT_TOKEN,
    Catalogue,
    jellyfin_app,
    plex_app,
    running,
)
from fullcredits.simulate.catalogue import Human, Stated, Work, catalogue_of
from fullcredits.simulate.jellyfin.ids import etag
from fullcredits.simulate.jellyfin.scanning import Scan
from tests.contract.recorded import recorded

CAST = tuple(
    Stated(Human(f"h{n}", f"Player {n:03}"), f"Player {n:03}", "Acting", "Actor", f"Part {n}", n)
    for n in range(8)
)
FILM = Work("film-1", "movie", "Fog", year=1961, credits=CAST)
OTHER = Work("film-2", "movie", "Rain", year=1962, credits=CAST[:2])
SHOW = (
    Work("show-1", "show", "Tides", year=1970),
    Work("show-1-1", "season", "Season 1", parent="show-1", number=1),
    Work("show-1-1-1", "episode", "Ebb", parent="show-1-1", number=1, credits=CAST[:1]),
)
CATALOGUE = catalogue_of([FILM, OTHER, *SHOW], {"here": frozenset({"film-1"})})


class Server(NamedTuple):
    """A server that holds the first film only."""

    app: Starlette
    client: httpx2.Client
    is_plex: bool

    def post(self, change: str) -> httpx2.Response:
        return self.client.post(f"/-/{change}")

    def films(self) -> dict[str, tuple[str, list[str]]]:
        """Change marker and cast by title."""
        if self.is_plex:
            rows = self._plex("/library/sections/1/all")
            whole = [self._plex(f"/library/metadata/{row['ratingKey']}")[0] for row in rows]
            return {
                row["title"]: (str(row["updatedAt"]), [r["tag"] for r in row.get("Role", ())])
                for row in whole
            }
        query = "/Items?recursive=true&includeItemTypes=Movie&fields=People,Etag"
        rows = self.client.get(query).json()["Items"]
        return {r["Name"]: (r["Etag"], [p["Name"] for p in r["People"]]) for r in rows}

    def _plex(self, path: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.client.get(path).json()["MediaContainer"]["Metadata"]
        return found


@pytest.fixture(params=["plex", "jellyfin"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    is_plex = request.param == "plex"
    make = plex_app if is_plex else jellyfin_app
    app = make(CATALOGUE, share="here")
    headers = {
        "X-Plex-Token": DEFAULT_TOKEN,
        "Accept": "application/json",
        "Authorization": f'MediaBrowser Token="{DEFAULT_API_KEY}"',
    }
    with running(app) as address, httpx2.Client(base_url=address, headers=headers) as client:
        yield Server(app, client, is_plex)


def test_changes_by_hand(server: Server) -> None:
    (marker, cast) = server.films()["Fog"]
    assert cast == [credit.name for credit in CAST]
    assert server.post("edit?work=film-1&title=Mist").status_code == 204
    assert server.post("recast?work=film-1").status_code == 204
    changed = server.films()["Mist"]
    assert changed == (changed[0], ["Player 000 the Younger", *cast[1:]])
    assert changed[0] != marker
    assert server.post("add?work=film-2").status_code == 204
    assert server.films()["Rain"][1] == cast[:2]
    assert server.post("refresh?work=film-2").status_code == 204
    assert server.post("delete?work=film-1").status_code == 204
    assert set(server.films()) == {"Rain"}


def test_a_show_is_added_whole(server: Server) -> None:
    assert server.post("add?work=show-1").status_code == 204
    assert server.app.state.library.item("show-1-1-1").work.title == "Ebb"
    assert server.post("recast?work=show-1").status_code == 409


@pytest.mark.parametrize("change", ["delete?work=film-9", "add?work=film-9", "sink?work=film-1"])
def test_changes_that_cannot_be(server: Server, change: str) -> None:
    assert server.post(change).status_code == 404


def test_it_tells_what_it_answered_and_comes_later_when_told_to(server: Server) -> None:
    assert server.post("delay?seconds=0.001").status_code == 204
    assert server.post("delay?seconds=soon").status_code == 409
    told = server.client.get("/-/requests").json()
    assert [(asked["path"], asked["query"], asked["status"]) for asked in told] == [
        ("/-/delay", "seconds=0.001", 204),
        ("/-/delay", "seconds=soon", 409),
    ]


def test_a_scan_of_a_running_server(server: Server) -> None:
    assert server.post("scan?work=film-2,show-1&seconds=0.2").json()["found"][0] == "film-2"
    refused = server.post("scan")
    assert (refused.status_code, refused.json()) == (409, {"refused": "a scan is running"})
    seen = [server.films()["Rain"][1]]
    end = time.monotonic() + 10
    state = "refreshing" if server.is_plex else "scanning"
    while getattr(server.app.state.library, state) and time.monotonic() < end:
        seen.append(server.films()["Rain"][1])
    seen.append(server.films()["Rain"][1])
    assert (seen[0], seen[-1]) == ([], [credit.name for credit in CAST[:2]])
    assert [len(people) for people in seen] == sorted(len(people) for people in seen)
    assert server.app.state.library.item("show-1-1-1").work.title == "Ebb"
    assert server.post("scan?work=film-9").status_code == 404
    assert server.post("scan").json() == {"refused": "nothing is left to be found"}


def test_lists_paged_through_show_what_changed_meanwhile() -> None:
    app = jellyfin_app(CATALOGUE)
    library = app.state.library
    headers = {"Authorization": f'MediaBrowser Token="{DEFAULT_API_KEY}"'}
    with running(app) as address, httpx2.Client(base_url=address, headers=headers) as client:

        def names(kind: str) -> list[str]:
            query = f"/Items?recursive=true&includeItemTypes={kind}&startIndex=0&limit=3"
            return [row["Name"] for row in client.get(query).json()["Items"]]

        assert (names("Movie"), names("Person")[:1]) == (["Fog", "Rain"], ["Player 000"])
        library.drop("film-2")
        stranger = Stated(Human("h", "Ann"), "Ann", "Acting", "Actor", "Herself", 0)
        library.put(Work("film-3", "movie", "Hail", credits=(stranger,)))
        assert (names("Movie"), names("Person")[:1]) == (["Fog", "Hail"], ["Ann"])


def test_a_film_that_was_away_is_told_as_it_is_now() -> None:
    """It has its id again, and nothing of what was told under that id before."""
    app = jellyfin_app(CATALOGUE)
    library = app.state.library
    headers = {"Authorization": f'MediaBrowser Token="{DEFAULT_API_KEY}"'}
    with running(app) as address, httpx2.Client(base_url=address, headers=headers) as client:

        def told() -> dict[str, tuple[str, str]]:
            query = "/Items?recursive=true&includeItemTypes=Movie&fields=Etag"
            rows = client.get(query).json()["Items"]
            return {row["Id"]: (row["Name"], row["Etag"]) for row in rows}

        def away_and_back(name: str) -> str:
            library.drop("film-2")
            found: str = library.put(Work("film-2", "movie", name))
            return found

        key = away_and_back("Rain")
        before = told()[key]
        assert away_and_back("Hail") == key
        name, marker = told()[key]
    assert (name, before[0]) == ("Hail", "Rain")
    assert marker != before[1]


def test_sections_that_are_being_scanned() -> None:
    app = plex_app(CATALOGUE)
    headers = {"X-Plex-Token": DEFAULT_TOKEN, "Accept": "application/json"}
    with running(app) as address:
        for refreshing in (True, False):
            app.state.library.refreshing = refreshing
            answer = httpx2.get(f"{address}/library/sections", headers=headers).json()
            told = {row["refreshing"] for row in answer["MediaContainer"]["Directory"]}
            assert told == {refreshing}


RECORDED = [(v, "people_arrive_during_a_scan.json") for v in ("10.11.11", "12.0-rc5")]


@pytest.mark.parametrize("path", RECORDED)
def test_recorded_scans_are_as_told(path: tuple[str, str]) -> None:
    """What `Scan` plays: nobody under the common Etag first, then more and more people, under
    that one or under the final one.
    """
    torn = 0
    for steps in recorded("jellyfin", *path)["films"].values():
        assert (steps[0]["Etag"], steps[0]["people"]) == (etag(0), 0)
        assert all(a["people"] <= b["people"] for a, b in pairwise(steps))
        markers = list(dict.fromkeys(step["Etag"] for step in steps))
        assert markers[0] == etag(0)
        assert len(markers) <= 2
        torn += any(a["Etag"] == b["Etag"] for a, b in pairwise(steps))
    assert torn >= 3


@pytest.mark.parametrize("path", RECORDED)
def test_a_recorded_scan_is_played_again(path: tuple[str, str]) -> None:
    films = recorded("jellyfin", *path)["films"]
    most = max(step["people"] for steps in films.values() for step in steps)
    cast = tuple(_player(n) for n in range(most))
    works = {
        key: Work(key, "movie", key, year=1999, credits=cast[: steps[-1]["people"]])
        for key, steps in films.items()
    }
    app = jellyfin_app(Catalogue({}))
    scan = Scan(app.state.library, works.values())
    headers = {"Authorization": f'MediaBrowser Token="{DEFAULT_API_KEY}"'}
    with running(app) as address, httpx2.Client(base_url=address, headers=headers) as client:
        server = Server(app, client, is_plex=False)
        scan.begin()
        assert _task(client) == "Running"
        assert {marker for marker, _ in server.films().values()} == {etag(0)}
        markers: dict[str, str] = {}
        for key, step in [(k, s) for k, steps in films.items() for s in steps[1:]]:
            if key not in markers and step["Etag"] != etag(0):
                scan.settle(key)
                markers[key] = server.films()[key][0]
            scan.arrive(key, step["people"])
            marker, people = server.films()[key]
            assert len(people) == step["people"]
            assert marker == markers.get(key, etag(0))
        scan.finish()
        assert _task(client) == "Idle"
        assert {k: len(people) for k, (_, people) in server.films().items()} == {
            key: steps[-1]["people"] for key, steps in films.items()
        }
        assert {k: marker for k, (marker, _) in server.films().items() if k in markers} == markers


def _player(number: int) -> Stated:
    human = Human(f"p{number}", f"Player {number}")
    return Stated(human, human.name, "Acting", "Actor", f"Part {number}", number)


def _task(client: httpx2.Client) -> str:
    tasks = client.get("/ScheduledTasks").json()
    return next(str(task["State"]) for task in tasks if task["Key"] == "RefreshLibrary")
