"""What the simulated Jellyfin answers, held against real servers."""

from __future__ import annotations

import time
from typing import Any

import httpx2
import pytest

from fullcredits.simulate import (
    DEFAULT_API_KEY,
    Catalogue,
    jellyfin_app,
    running,
)
from fullcredits.simulate.catalogue import Human, Stated, Work, catalogue_of
from tests.contract.conftest import Simulated
from tests.contract.recorded import Record, recorded

LIVE = "10.11.11"


LISTING: dict[str, str | int] = {
    "recursive": "true",
    "enableUserData": "false",
    "sortBy": "SortName",
    "limit": 50,
}


def items(answer: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answer["Items"]
    return found


def test_libraries_are_told_in_three_ways(cabin: Simulated, signed_in: httpx2.Client) -> None:
    views = signed_in.get("/UserViews").json()
    user = cabin.app.state.gate.user_id
    assert cabin.get(f"/Users/{user}/Views") == cabin.get("/UserViews", userId=user) == views
    keys = [row["Id"] for row in items(views)]
    assert [row["Id"] for row in items(cabin.get("/Library/MediaFolders"))] == keys
    folders = cabin.get("/Library/VirtualFolders")
    assert {row["ItemId"] for row in folders} == set(keys)
    for folder in folders:
        scoped = cabin.get("/Items", parentId=folder["ItemId"], recursive="true", limit=1)
        assert scoped["TotalRecordCount"] > 80


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/Users/Me", "users_me_with_api_key.json"),
        ("/UserViews", "user_views_with_api_key_and_no_user.json"),
        ("/Items/{film}", "single_movie_with_api_key_and_no_user.json"),
        ("/Items?recursive=true&limit=abc", "error_bad_limit.json"),
        ("/Items/not-a-guid?userId={user}", "error_bad_guid.json"),
        ("/Items/5f0c8b6a3d2e4f10a1b2c3d4e5f60718?userId={user}", "error_404_item.json"),
        ("/Items?ids=00000000000000000000000000000001", "ids_placeholder_row.json"),
        ("/Items?ids=5f0c8b6a3d2e4f10a1b2c3d4e5f60718&fields=People", "ids_all_missing.json"),
        ("/Nothing/Here", "not_found_path.json"),
    ],
)
def test_refusals_are_as_recorded(cabin: Simulated, path: str, name: str) -> None:
    known = recorded("jellyfin", LIVE, name)
    film = cabin.app.state.library.item("film-007").id
    answer = cabin.client.get(path.format(film=film, user=cabin.app.state.gate.user_id))
    assert answer.status_code == known["status"]
    assert answer.headers.get("content-type") == known["headers"].get("Content-Type")
    expected = known["body"]
    if isinstance(expected, dict):
        found = answer.json()
        assert list(found) == list(expected)
        for varying in ("traceId",):
            found.pop(varying, None)
            expected.pop(varying, None)
        assert found == expected
    else:
        assert answer.text == expected


def test_the_longest_request_line_is_8_kib(cabin: Simulated) -> None:
    def ask(count: int) -> httpx2.Response:
        return cabin.client.get(f"/Items?ids={','.join(['a' * 32] * count)}&fields=People,Etag")

    assert ask(245).status_code == 200
    too_long = ask(248)
    assert (too_long.status_code, too_long.content) == (414, b"")


def test_ids_come_in_the_order_of_the_request(cabin: Simulated) -> None:
    keys = [cabin.app.state.library.item(f"film-{n:03}").id for n in (9, 2, 33)]
    asked = [keys[0], "5f0c8b6a3d2e4f10a1b2c3d4e5f60718", *keys[1:]]
    answer = cabin.get("/Items", ids=",".join(asked), fields="People")
    assert [row["Id"] for row in items(answer)] == keys
    assert answer["TotalRecordCount"] == 3


def test_unknown_fields_are_dropped(cabin: Simulated) -> None:
    query: dict[str, str | int] = {**LISTING, "includeItemTypes": "Movie"}
    assert cabin.get("/Items", fields="Nonsense", **query) == cabin.get("/Items", **query)
    upper = {name.upper(): value for name, value in query.items()}
    assert cabin.get("/Items", **upper) == cabin.get("/Items", **query)


def test_pages_follow_each_other(cabin: Simulated) -> None:
    query: dict[str, str | int] = {**LISTING, "includeItemTypes": "Movie", "limit": 30}
    pages = [cabin.get("/Items", startIndex=start, **query) for start in (0, 30, 60, 90)]
    assert [len(items(page)) for page in pages] == [30, 30, 25, 0]
    assert {page["TotalRecordCount"] for page in pages} == {85}
    assert [page["StartIndex"] for page in pages] == [0, 30, 60, 90]
    names = [row["Id"] for page in pages for row in items(page)]
    assert len(set(names)) == 85
    uncounted = cabin.get("/Items", enableTotalRecordCount="false", **query)
    assert uncounted["TotalRecordCount"] == 30


def test_shows_have_seasons_and_episodes(cabin: Simulated) -> None:
    series = cabin.app.state.library.item("show-00").id
    seasons = items(cabin.get(f"/Shows/{series}/Seasons"))
    episodes = items(cabin.get(f"/Shows/{series}/Episodes", fields="People"))
    assert {row["SeasonId"] for row in episodes} == {row["Id"] for row in seasons}
    kinds = {p["Type"] for row in episodes for p in row["People"]}
    assert {"Actor", "GuestStar", "Director", "Writer"} <= kinds
    one = cabin.get(f"/Shows/{series}/Episodes", seasonId=seasons[0]["Id"])
    assert items(one)
    assert {row["ParentIndexNumber"] for row in items(one)} == {seasons[0]["IndexNumber"]}


DEPARTMENTS = {
    "Actor": "Acting",
    "Director": "Directing",
    "Producer": "Production",
    "Editor": "Editing",
    "Original Music Composer": "Sound",
}


def stated(
    name: str, job: str, character: str = "", order: int | None = None, **more: Any
) -> Stated:
    """One credit; ``human`` says who it is when the name does not."""
    human = Human(more.pop("human", name), name)
    return Stated(human, name, DEPARTMENTS.get(job, "Writing"), job, character, order, **more)


def test_portraits_need_no_token_and_are_tagged(cabin: Simulated) -> None:
    library = cabin.app.state.library
    seen = next(p for p in library.persons.values() if p.pictured)
    bare = next(p for p in library.persons.values() if not p.pictured)
    known = recorded("jellyfin", LIVE, "portrait_headers.json")
    query: dict[str, str | int] = {"maxWidth": 200, "quality": 90, "format": "Webp"}
    answer = httpx2.get(f"{cabin.address}/Items/{seen.id}/Images/Primary", params=query)
    for name in ("Content-Type", "Cache-Control", "Vary", "Content-Disposition"):
        assert answer.headers[name] == known["headers"][name]
    again = {"If-Modified-Since": answer.headers["Last-Modified"]}
    assert httpx2.get(str(answer.url), headers=again).status_code == 304
    tagged = httpx2.head(f"{cabin.address}/Items/{seen.id}/Images/Primary?tag=x")
    assert tagged.headers["Cache-Control"] == "public, max-age=31536000"
    missing = httpx2.get(f"{cabin.address}/Items/{bare.id}/Images/Primary")
    assert missing.status_code == 404
    assert missing.json() == f"{bare.name} does not have an image of type Primary"
    film = library.item("film-007")
    for image in ("Primary", "Backdrop"):
        path = f"/Items/{film.id}/Images/{image}"
        assert cabin.client.get(path).headers["content-type"] == "image/jpeg"


def test_a_changed_library_shows_at_once(invented: Catalogue) -> None:
    app = jellyfin_app(invented, share="cabin")
    library = app.state.library
    headers = {"Authorization": f'MediaBrowser Token="{DEFAULT_API_KEY}"'}
    with running(app) as address, httpx2.Client(base_url=address, headers=headers) as client:
        film = library.item("film-003")

        def row() -> Record:
            query = {"ids": film.id, "fields": "People,Etag"}
            found: Record = client.get("/Items", params=query).json()["Items"][0]
            return found

        before = row()
        human = library.people(film.id)[0].humans[0]
        library.put_human(Human(human.id, human.name, portrait=not human.portrait))
        pictured = row()
        assert pictured["Etag"] == before["Etag"]
        tags = [("PrimaryImageTag" in r["People"][0]) for r in (before, pictured)]
        assert tags[0] != tags[1]
        library.touch("film-003")
        assert row()["Etag"] != before["Etag"]
        since = {"minDateLastSavedForUser": "2026-11-01T00:00:00Z", "recursive": "true"}
        changed = client.get("/Items", params=since).json()
        assert [r["Id"] for r in changed["Items"]] == [film.id]
        library.drop("film-003")
        assert client.get("/Items", params={"ids": film.id}).json()["Items"] == []
        app.state.library.scanning = True
        assert client.get("/ScheduledTasks").json()[0]["State"] == "Running"
    assert len(app.state.requests) == 6


def test_the_real_cost_is_paid_in_turn() -> None:
    credits = tuple(stated(f"A {n}", "Actor", "x", n) for n in range(40))
    films = catalogue_of([Work("film", "movie", "Film", credits=credits)], {})
    app = jellyfin_app(films, cost="real")
    with running(app) as address, httpx2.Client(base_url=address) as client:
        client.headers["X-Emby-Token"] = DEFAULT_API_KEY
        query = {"ids": app.state.library.item("film").id, "fields": "People"}
        started = time.monotonic()
        client.get("/Items", params=query)
        assert time.monotonic() - started >= 40 * 0.0014
