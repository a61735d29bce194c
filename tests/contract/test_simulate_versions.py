"""Each version of the simulated Jellyfin, held against what is recorded or known of it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

import httpx2
import pytest

from fullcredits.simulate import (
    DEFAULT_API_KEY,
    JELLYFIN_VERSIONS,
    Catalogue,
    jellyfin_app,
    running,
)
from fullcredits.simulate.catalogue import Human, Stated
from fullcredits.simulate.jellyfin.people import people_of
from tests.contract.conftest import Simulated
from tests.contract.recorded import recorded
from tests.contract.test_simulate_jellyfin import items
from tests.shared_data import shared_path

RECORDED = {"10.11": "10.11.11", "12.0": "12.0-rc5"}


QUERY: Mapping[str, str | int] = {
    "recursive": "true",
    "enableUserData": "false",
    "sortBy": "SortName",
    "startIndex": 0,
    "limit": 50,
}


JELLYFIN = {"Authorization": f'MediaBrowser Token="{DEFAULT_API_KEY}"'}


def small(invented: Catalogue) -> Catalogue:
    """A dozen films and one show."""
    wanted = {f"film-{n:03}" for n in range(12)} | {"show-01"}
    return Catalogue({work.id: work for work in invented.held(wanted)})


@contextlib.contextmanager
def jellyfin(catalogue: Catalogue, version: str) -> Iterator[Simulated]:
    app = jellyfin_app(catalogue, version=version)
    with running(app) as address, httpx2.Client(base_url=address, headers=JELLYFIN) as client:
        yield Simulated(app, address, client)


@pytest.fixture(scope="module", params=list(JELLYFIN_VERSIONS))
def of_version(
    request: pytest.FixtureRequest, invented: Catalogue
) -> Iterator[tuple[str, Simulated]]:
    """A Jellyfin of each version."""
    with jellyfin(small(invented), request.param) as server:
        yield request.param, server


@pytest.fixture(scope="module", params=list(RECORDED))
def of_recorded(
    request: pytest.FixtureRequest, invented: Catalogue
) -> Iterator[tuple[str, Simulated]]:
    """A Jellyfin of each version that was recorded, and the folder of its recordings."""
    with jellyfin(small(invented), request.param) as server:
        yield RECORDED[request.param], server


def body(folder: str, name: str) -> Any:
    return recorded("jellyfin", folder, name)["body"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/Users/Me", "users_me_with_api_key.json"),
        ("/UserViews", "user_views_with_api_key_and_no_user.json"),
        ("/Items/{film}", "single_movie_with_api_key_and_no_user.json"),
        ("/Items?recursive=true&limit=abc", "error_bad_limit.json"),
        ("/Items/not-a-guid?userId={user}", "error_bad_guid.json"),
        ("/Items/5f0c8b6a3d2e4f10a1b2c3d4e5f60718?userId={user}", "error_404_item.json"),
        ("/Items?ids=5f0c8b6a3d2e4f10a1b2c3d4e5f60718&fields=People", "ids_all_missing.json"),
        ("/Nothing/Here", "not_found_path.json"),
    ],
)
def test_refusals_are_the_recorded_ones(
    of_recorded: tuple[str, Simulated], path: str, name: str
) -> None:
    folder, server = of_recorded
    known = recorded("jellyfin", folder, name)
    film = server.app.state.library.item("film-007").id
    answer = server.client.get(path.format(film=film, user=server.app.state.gate.user_id))
    assert answer.status_code == known["status"]
    assert answer.headers.get("content-type") == known["headers"].get("Content-Type")
    expected = known["body"]
    if isinstance(expected, dict):
        assert answer.json() | {"traceId": ""} == expected | {"traceId": ""}
    else:
        assert answer.text == expected


@pytest.mark.parametrize(
    ("name", "headers", "path"),
    [
        ("legacy_x_emby_token", {"X-Emby-Token": DEFAULT_API_KEY}, "/Items"),
        ("legacy_api_key_query", {}, f"/Items?api_key={DEFAULT_API_KEY}"),
        ("apikey_query", {}, f"/Items?ApiKey={DEFAULT_API_KEY}"),
        ("emby_prefix", JELLYFIN, "/emby/Items"),
        ("error_401_no_token", {}, "/Items"),
        ("error_401_wrong_token", {"Authorization": 'MediaBrowser Token="no"'}, "/Items"),
    ],
)
def test_doors_are_open_as_recorded(
    of_recorded: tuple[str, Simulated], name: str, headers: dict[str, str], path: str
) -> None:
    folder, server = of_recorded
    known = recorded("jellyfin", folder, f"{name}.json")
    answer = httpx2.get(server.address + path, headers=headers)
    assert answer.status_code == known["status"]
    assert "www-authenticate" not in answer.headers
    if answer.status_code != 200:
        assert answer.text == (known["body"] or "")


FORMS: dict[str, tuple[dict[str, str], str]] = {
    "header": (JELLYFIN, "/Items"),
    "ApiKey": ({}, f"/Items?ApiKey={DEFAULT_API_KEY}"),
    "api_key": ({}, f"/Items?api_key={DEFAULT_API_KEY}"),
    "X-Emby-Token": ({"X-Emby-Token": DEFAULT_API_KEY}, "/Items"),
    "X-MediaBrowser-Token": ({"X-MediaBrowser-Token": DEFAULT_API_KEY}, "/Items"),
    "Emby": ({"Authorization": f'Emby Token="{DEFAULT_API_KEY}"'}, "/Items"),
    "/emby": (JELLYFIN, "/emby/Items"),
    "/mediabrowser": (JELLYFIN, "/MediaBrowser/Items"),
}


ALWAYS = {"header", "ApiKey"}


def test_forms_of_the_token(of_version: tuple[str, Simulated]) -> None:
    version, server = of_version
    taken = {
        form
        for form, (headers, path) in FORMS.items()
        if httpx2.get(server.address + path, headers=headers).status_code == 200
    }
    assert taken == (ALWAYS if version == "12.0" else set(FORMS))


def test_paths_below_a_user(of_version: tuple[str, Simulated]) -> None:
    """What 10.8 has only there; nothing of it is gone in 12."""
    version, server = of_version
    user = server.app.state.gate.user_id
    film = server.app.state.library.item("film-001").id
    for path in (f"/Users/{user}/Items/{film}", f"/Users/{user}/Views", f"/Users/{user}/Items"):
        assert server.client.get(path).status_code == 200
    new = [f"/Items/{film}?userId={user}", f"/UserViews?userId={user}"]
    statuses = {server.client.get(path).status_code for path in new}
    assert statuses == ({404} if version == "10.8" else {200})


def test_the_two_date_filters(of_version: tuple[str, Simulated]) -> None:
    version, server = of_version
    query = "/Items?recursive=true&includeItemTypes=Movie"
    since = "2000-01-01T00:00:00Z"
    both = server.client.get(f"{query}&minDateLastSavedForUser={since}&minDateLastSaved={since}")
    assert both.json()["TotalRecordCount"] == 12
    alone = server.client.get(f"{query}&minDateLastSaved={since}")
    if version == "10.10":
        assert (alone.status_code, alone.text) == (500, "Error processing request.")
    else:
        assert alone.json()["TotalRecordCount"] == (0 if version == "10.8" else 12)


def test_roles_that_are_none(of_version: tuple[str, Simulated]) -> None:
    version, server = of_version
    answer = server.get("/Items", includeItemTypes="Movie", fields="People", **QUERY)
    directors = [p for row in items(answer) for p in row["People"] if p["Type"] == "Director"]
    silent = {person.get("Role", "nothing") for person in directors}
    assert silent == ({"nothing"} if version in ("10.8", "10.10") else {""})


def test_paging_persons(of_version: tuple[str, Simulated]) -> None:
    version, server = of_version
    first = server.get("/Persons", limit=20)
    second = server.get("/Persons", limit=20, startIndex=20)
    names = [row["Name"] for row in items(first)]
    if version == "12.0":
        assert first["TotalRecordCount"] > 300
        assert not set(names) & {row["Name"] for row in items(second)}
        assert names == sorted(names, key=str.lower)
    else:
        assert second == first
        assert first["TotalRecordCount"] == 20
        assert (names == sorted(names)) == (version == "10.11")
    nobody = server.client.get("/Persons/Nobody%20At%20All")
    assert nobody.status_code == (200 if version == "10.8" else 404)


def test_persons_whom_a_user_does_not_reach(of_version: tuple[str, Simulated]) -> None:
    """On 10.11 a user's lists leave them out; by their ids, and to an API key, they are told."""
    version, server = of_version
    query: dict[str, str | int] = {"includeItemTypes": "Person", "recursive": "true", "limit": 3}
    everybody = server.get("/Items", **query)
    total, hidden = everybody["TotalRecordCount"], items(everybody)[0]["Id"]
    user = server.app.state.gate.user_id
    library = server.app.state.library
    library.unreached = {hidden}
    try:
        assert server.get("/Items", **query) == everybody
        shown = server.get("/Items", **query, userId=user)
        assert shown["TotalRecordCount"] == total - (version == "10.11")
        assert (items(shown)[0]["Id"] == hidden) == (version != "10.11")
        (named,) = items(server.get("/Items", ids=hidden, userId=user))
        assert named["Id"] == hidden
    finally:
        library.unreached = set()


def test_how_a_quick_connect_begins(of_version: tuple[str, Simulated]) -> None:
    version, server = of_version
    who = 'MediaBrowser Client="Test", Device="tv", DeviceId="tv1", Version="1"'
    statuses = {
        method: httpx2.request(
            method, f"{server.address}/QuickConnect/Initiate", headers={"Authorization": who}
        ).status_code
        for method in ("GET", "POST")
    }
    assert {method for method, status in statuses.items() if status == 200} == {
        "10.8": {"GET"},
        "10.10": {"GET", "POST"},
    }.get(version, {"POST"})


def test_libraries_that_are_looked_into_unasked(of_version: tuple[str, Simulated]) -> None:
    version, server = of_version
    shows = server.get("/Library/VirtualFolders")[1]["ItemId"]
    found = server.get("/Items", parentId=shows, includeItemTypes="Episode")["TotalRecordCount"]
    assert (found > 0) == (version == "12.0")


def stated(name: str, job: str, character: str = "", *, guest: bool = False) -> Stated:
    acting = job == "Actor"
    department = "Acting" if acting else "Writing"
    return Stated(Human(name, name), name, department, job, character, 1 if acting else None, guest)


def test_who_is_kept_apart() -> None:
    credits = [
        stated("Ann", "Actor", "Mother"),
        stated("Ann ", "Actor", "Daughter"),
        stated("Ann", "Actor", "", guest=True),
        stated("Bo", "Novel"),
        stated("Bo", "Screenplay"),
    ]
    together = [(c.name, c.kind, c.role) for c in people_of(credits)]
    apart = [(c.name, c.kind, c.role) for c in people_of(credits, apart=True)]
    assert together == [
        ("Ann ", "Actor", "Daughter"),
        ("Ann", "GuestStar", "Mother"),
        ("Bo", "Writer", "Novel"),
    ]
    assert apart == [
        ("Ann", "Actor", "Daughter"),
        ("Ann", "GuestStar", "Mother"),
        ("Bo", "Writer", "Novel"),
        ("Bo", "Writer", "Screenplay"),
    ]


def test_the_version_is_told(of_version: tuple[str, Simulated]) -> None:
    version, server = of_version
    told = server.get("/System/Info/Public")["Version"]
    assert told.startswith(version)
    if version in RECORDED:
        known = body(RECORDED[version], "system_info_public.json")
        assert told == known["Version"]


def test_every_recorded_version_is_played() -> None:
    folders = {p.name for p in shared_path("recordings", "jellyfin").iterdir() if p.is_dir()}
    assert folders == set(RECORDED.values())
