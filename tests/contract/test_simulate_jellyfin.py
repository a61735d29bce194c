"""The simulated Jellyfin, held against answers of real servers and driven by a real client."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from jellyfin_apiclient_python import JellyfinClient

from fullcredits.simulate import (
    DEFAULT_API_KEY,
    DEFAULT_PASSWORD,
    DEFAULT_USER,
    Catalogue,
    jellyfin_app,
    open_catalogue,
    running,
)
from fullcredits.simulate.catalogue import Human, Stated, Work, catalogue_of
from fullcredits.simulate.jellyfin.ids import etag, person_id
from fullcredits.simulate.jellyfin.people import people_of
from fullcredits.simulate.jellyfin.sorting import sort_title
from tests.contract.conftest import Simulated
from tests.contract.shapes import Record, Shape, recorded
from tests.shared_data import shared_path

LIVE = "10.11.11"
FIELDS = "ProviderIds,Etag,DateCreated,ParentId,SortName,OriginalTitle"
LISTING: dict[str, str | int] = {
    "recursive": "true",
    "enableUserData": "false",
    "sortBy": "SortName",
    "limit": 50,
}

# The recorded server had no pictures, no running times, no ratings and undated seasons.
UNLIKE = {
    "RunTimeTicks", "OfficialRating", "OriginalTitle", "PremiereDate", "ProductionYear",
    "ParentBackdropItemId", "ParentBackdropImageTags", "SeriesPrimaryImageTag", "Overview",
}  # fmt: skip


def body(name: str) -> Any:
    return recorded("jellyfin", LIVE, name)["body"]


def items(answer: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answer["Items"]
    return found


@pytest.fixture(scope="module")
def library() -> list[dict[str, Any]]:
    """The whole content of a real server, without its first line."""
    file = shared_path("recordings", "jellyfin", LIVE, "library.jsonl.gz")
    with gzip.open(file, "rt") as lines:
        return [json.loads(line) for line in lines][1:]


@pytest.fixture(scope="module")
def signed_in(cabin: Simulated) -> Iterator[httpx2.Client]:
    """A client with a user's token."""
    with httpx2.Client(base_url=cabin.address) as client:
        answer = sign_in(client, DEFAULT_PASSWORD)
        token = answer.json()["AccessToken"]
        client.headers["Authorization"] = f'MediaBrowser Token="{token}"'
        yield client


def sign_in(client: httpx2.Client, password: str, device: str = "d1") -> httpx2.Response:
    who = f'MediaBrowser Client="Test", Device="desk", DeviceId="{device}", Version="1"'
    return client.post(
        "/Users/AuthenticateByName",
        json={"Username": DEFAULT_USER, "Pw": password},
        headers={"Authorization": who},
    )


@pytest.mark.parametrize(
    "parts", [("person_id_vectors.json",), ("12.0-rc5", "person_id_vectors.json")]
)
def test_person_ids_follow_from_names(parts: tuple[str, ...]) -> None:
    known = recorded("jellyfin", *parts)
    pairs = known.items() if isinstance(known, dict) else [(k["name"], k["id"]) for k in known]
    for name, expected in pairs:
        assert person_id(name) == expected, name


def test_person_ids_of_a_whole_server(library: list[dict[str, Any]]) -> None:
    for row in library:
        if row["Type"] == "Person":
            assert person_id(row["Name"]) == row["Id"], row["Name"]


def test_unset_dates_have_the_recorded_etag() -> None:
    assert etag(0) == "543b6ca4c9f21c87d81daf7a932499c0"


def test_sort_names_of_a_whole_server(library: list[dict[str, Any]]) -> None:
    for row in library:
        if row["Type"] in ("Movie", "Series"):
            assert sort_title(row["Name"]) == row["SortName"]


CLASSES = {"Actor": 0, "GuestStar": 1, "Director": 2, "Writer": 3, "Producer": 4, "Composer": 4}


def test_recorded_people_without_billing_stand_by_class(library: list[dict[str, Any]]) -> None:
    """Crew has no billing on that server, so its order shows the classes alone."""
    for row in library:
        crew = [p for p in row.get("People", ()) if p["Type"] not in ("Actor", "GuestStar")]
        crew = [p for p in crew if p["Role"] != "Producer" or p["Name"] != "Bill Margolin"]
        classes = [CLASSES.get(p["Type"], 10) for p in crew]
        assert classes == sorted(classes), row["Name"]


def test_cast_of_the_same_films_comes_out_as_recorded(library: list[dict[str, Any]]) -> None:
    """The recorded server was fed from the same data: its lists must be ours, one by one."""
    films = open_catalogue([shared_path("data", "movies.jsonl.gz")]).works
    compared = 0
    for row in library:
        work = films.get(f"movie-{row['ProviderIds'].get('Tmdb')}")
        if row["Type"] != "Movie" or work is None:
            continue
        if any(c.name != c.name.strip() for c in work.credits):
            continue  # Its NFO files were read with blanks cut off.
        compared += 1
        ours = [(c.name, c.kind, c.role) for c in people_of(work.credits)]
        theirs = [(p["Name"], p["Type"], p["Role"]) for p in row["People"]]
        assert acting(ours) == acting(theirs), row["Name"]
        known = {entry[:2] for entry in theirs}
        shared = [entry[:2] for entry in ours if entry[:2] in known]
        assert shared == [e[:2] for e in theirs if e[:2] in set(shared)], row["Name"]
    assert compared > 250


def acting(people: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Whoever acts or plays a "Producer", in order."""
    return [p for p in people if p[1] == "Actor"]


@pytest.mark.parametrize("kind", ["Movie", "Series", "Season", "Episode", "Person"])
def test_listings_look_like_recorded_ones(cabin: Simulated, kind: str) -> None:
    known = body(f"list_{kind.lower()}_page0_of_50.json")
    answer = cabin.get("/Items", includeItemTypes=kind, fields=FIELDS, startIndex=0, **LISTING)
    assert list(answer) == list(known)
    shape = Shape(items(known))
    for row in items(answer):
        assert shape.complaints(row, UNLIKE | {"EndDate"}) == []


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("Movie", ("movies_with_people_0.json", "film_after_portraits.json")),
        ("Series", ("series_with_people.json", "film_after_portraits.json")),
        ("Episode", ("episodes_with_people_0.json", "film_after_portraits.json")),
        ("Season", ("seasons_with_people.json",)),
    ],
)
def test_people_look_like_recorded_ones(
    cabin: Simulated, kind: str, names: tuple[str, ...]
) -> None:
    known = Shape(p for name in names for row in items(body(name)) for p in row["People"])
    answer = cabin.get("/Items", includeItemTypes=kind, fields="People", **LISTING)
    for row in items(answer):
        assert row["People"] or kind == "Season"
        seen = False
        for person in row["People"]:
            assert known.complaints(person) == []
            assert person["Id"] == person_id(person["Name"])
            assert ("ImageBlurHashes" in person) == (seen or "PrimaryImageTag" in person)
            seen = seen or "PrimaryImageTag" in person
            if "PrimaryImageTag" not in person and seen:
                assert person["ImageBlurHashes"] == {"Primary": {}}


def test_people_are_the_truth_in_order(cabin: Simulated, invented: Catalogue) -> None:
    library = cabin.app.state.library
    answer = cabin.get("/Items", includeItemTypes="Movie", fields="People", recursive="true")
    for row in items(answer):
        work = library.items[row["Id"]].work
        served = [p["Name"] for p in row["People"] if p["Type"] == "Actor"]
        billed = sorted((c for c in work.credits if c.is_cast), key=lambda c: c.order or 0)
        assert set(served) == {c.name for c in billed}
        names = {human.id for credit in library.people(row["Id"]) for human in credit.humans}
        assert names <= {c.human.id for c in work.credits}


def test_a_single_item_has_every_field(cabin: Simulated, signed_in: httpx2.Client) -> None:
    shape = Shape([body("single_movie.json")])
    media = {f"MediaSources.{name}" for name in body("single_movie.json")["MediaSources"][0]}
    links = {"ChildCount", "PrimaryImageAspectRatio", "People.PrimaryImageTag",
             "People.ImageBlurHashes"}  # fmt: skip
    user = cabin.app.state.gate.user_id
    for work in ("film-007", "film-040"):
        key = cabin.app.state.library.item(work).id
        for path in (f"/Items/{key}", f"/Users/{user}/Items/{key}", f"/items/{key}?USERID={user}"):
            row = signed_in.get(path).json()
            assert shape.complaints(row, UNLIKE | media | links) == []


def test_persons_look_like_recorded_ones(cabin: Simulated) -> None:
    fields = "Overview,ProviderIds,ProductionLocations,Etag,DateCreated"
    known = Shape(items(body("persons_filled.json")) + items(body("list_person_page0_of_50.json")))
    bare = {"PremiereDate", "ProductionLocations", "Overview", "EndDate", "SortName", "ParentId"}
    answer = cabin.get("/Items", includeItemTypes="Person", fields=fields, **LISTING)
    assert all(known.complaints(row, bare) == [] for row in items(answer))
    told = [row for row in items(answer) if "PremiereDate" in row]
    assert told
    assert all(row["PremiereDate"].endswith("T00:00:00.0000000Z") for row in told)


def test_persons_cannot_be_paged_on_10_11(cabin: Simulated) -> None:
    first = cabin.get("/Persons", limit=20)
    assert cabin.get("/Persons", limit=20, startIndex=20) == first
    assert first["TotalRecordCount"] == 20
    names = [row["Name"] for row in items(first)]
    assert names == sorted(names)
    shape = Shape(items(body("persons_start_index.json")))
    assert all(shape.complaints(row, {"PremiereDate", "EndDate"}) == [] for row in items(first))
    assert cabin.get(f"/Persons/{names[0].upper()}")["Name"] == names[0]
    assert cabin.client.get("/Persons/Nobody At All").status_code == 404


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/System/Info/Public", "system_info_public.json"),
        ("/System/Info", "system_info.json"),
        ("/QuickConnect/Enabled", "quickconnect_enabled.json"),
    ],
)
def test_documents_look_like_recorded_ones(cabin: Simulated, path: str, name: str) -> None:
    known, answer = body(name), cabin.get(path)
    if isinstance(known, dict):
        assert list(answer) == list(known)
        assert Shape([known]).complaints(answer) == []
        assert answer["Version"] == known["Version"] == LIVE
    else:
        assert answer == known


def test_libraries_look_like_recorded_ones(cabin: Simulated, signed_in: httpx2.Client) -> None:
    views = signed_in.get("/UserViews").json()
    user = cabin.app.state.gate.user_id
    assert cabin.get(f"/Users/{user}/Views") == cabin.get("/UserViews", userId=user) == views
    shape = Shape(items(body("user_views.json")))
    assert [shape.complaints(row, {"UserData"}) for row in items(views)] == [[], []]
    shape = Shape(items(body("media_folders.json")))
    folders = items(cabin.get("/Library/MediaFolders"))
    assert [shape.complaints(row) for row in folders] == [[], []]
    shape = Shape(body("virtual_folders.json"))
    options = {
        f"LibraryOptions.{name}" for name in body("virtual_folders.json")[0]["LibraryOptions"]
    }
    for folder in cabin.get("/Library/VirtualFolders"):
        assert shape.complaints(folder, options) == []
        scoped = cabin.get("/Items", parentId=folder["ItemId"], recursive="true", limit=1)
        assert scoped["TotalRecordCount"] > 80


def test_signing_in_looks_as_recorded(cabin: Simulated) -> None:
    known = body("auth_by_name.json")
    with httpx2.Client(base_url=cabin.address) as client:
        answer = sign_in(client, DEFAULT_PASSWORD, device="other").json()
        assert list(answer) == list(known)
        less = {f"User.Policy.{name}" for name in known["User"]["Policy"]} | {
            "SessionInfo.Capabilities"
        }
        assert Shape([known]).complaints(answer, less) == []
        token = {"Authorization": f'MediaBrowser Token="{answer["AccessToken"]}"'}
        me = client.get("/Users/Me", headers=token).json()
        assert me["Policy"] == answer["User"]["Policy"]
        sign_in(client, DEFAULT_PASSWORD, device="other")
        assert client.get("/Users/Me", headers=token).status_code == 401
        wrong = sign_in(client, "no")
        assert (wrong.status_code, wrong.text) == (401, "Error processing request.")


def test_quick_connect_lets_in(cabin: Simulated, signed_in: httpx2.Client) -> None:
    who = 'MediaBrowser Client="Test", Device="tv", DeviceId="tv1", Version="1"'
    with httpx2.Client(base_url=cabin.address, headers={"Authorization": who}) as client:
        waiting = client.post("/QuickConnect/Initiate").json()
        state = {"secret": waiting["Secret"]}
        assert not client.get("/QuickConnect/Connect", params=state).json()["Authenticated"]
        code = {"code": waiting["Code"]}
        assert signed_in.post("/QuickConnect/Authorize", params=code).json() is True
        assert client.get("/QuickConnect/Connect", params=state).json()["Authenticated"]
        body = {"Secret": waiting["Secret"]}
        token = client.post("/Users/AuthenticateWithQuickConnect", json=body).json()["AccessToken"]
        assert client.get("/Users/Me", params={"ApiKey": token}).status_code == 200
        missing = client.get("/QuickConnect/Connect", params={"secret": "0" * 64})
        assert (missing.status_code, missing.json()) == (404, "Unknown secret")


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


@pytest.mark.parametrize(
    ("headers", "query", "status"),
    [
        ({}, {}, 401),
        ({"Authorization": 'MediaBrowser Token="wrong"'}, {}, 401),
        ({"Authorization": f"MediaBrowser Token={DEFAULT_API_KEY}"}, {}, 200),
        ({"Authorization": f'mediabrowser Client="a, b", token="{DEFAULT_API_KEY}"'}, {}, 200),
        ({}, {"apikey": DEFAULT_API_KEY}, 200),
        ({}, {"api_key": DEFAULT_API_KEY}, 200),
        ({"X-Emby-Token": DEFAULT_API_KEY}, {}, 200),
        ({"X-Emby-Authorization": f'Emby Token="{DEFAULT_API_KEY}"'}, {}, 200),
    ],
)
def test_tokens_are_taken_in_every_form_of_10_11(
    cabin: Simulated, headers: dict[str, str], query: dict[str, str], status: int
) -> None:
    for path in ("/Items", "/emby/Items", "/MediaBrowser/items"):
        answer = httpx2.get(cabin.address + path, headers=headers, params=query)
        assert answer.status_code == status
        assert answer.content if status == 200 else not answer.content


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
    shape = Shape(items(body("ids_one_missing.json")))
    people = {"People.PrimaryImageTag", "People.ImageBlurHashes"}
    assert all(shape.complaints(row, UNLIKE | people) == [] for row in items(answer))


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


def test_filmographies_go_by_name(cabin: Simulated) -> None:
    films = items(
        cabin.get("/Items", personIds=person_id("Nell Calloway"), recursive="true", fields="People")
    )
    assert films
    assert all("Nell Calloway" in [p["Name"] for p in row["People"]] for row in films)


def test_namesakes_are_fused(cabin: Simulated) -> None:
    person = cabin.app.state.library.person_named("Nell Calloway")
    assert len(person.humans) == 2
    ids = cabin.get("/Items", ids=person.id, fields="ProviderIds")["Items"][0]["ProviderIds"]
    assert dict(person.told.ids).get("tmdb") == ids.get("Tmdb")


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


@pytest.mark.parametrize(
    ("credits", "people"),
    [
        (
            [stated("B", "Actor", "x", 1), stated("A", "Actor", "y", 0), stated("C", "Director")],
            ["A Actor y", "B Actor x", "C Director "],
        ),
        (
            [stated("E", "Editor"), stated("P", "Producer"), stated("W", "Screenplay"),
             stated("M", "Original Music Composer"), stated("D", "Director")],
            ["D Director ", "W Writer Screenplay", "P Producer Producer",
             "M Composer Original Music Composer", "E Editor Editor"],
        ),
        (
            [stated("A", "Novel"), stated("A", "Screenplay"), stated("A", "Director")],
            ["A Director ", "A Writer Novel"],
        ),
        (
            [stated("A", "Actor", "", 0), stated("a", "Actor", "late", 3),
             stated("B", "Actor", "b", 1)],
            ["B Actor b", "A Actor late"],
        ),
        (
            [stated("A", "Actor", "one", 0), stated("A", "Actor", "two", 0, human="other"),
             stated("A", "Actor", "three", 0, guest=True)],
            ["A GuestStar one"],
        ),
        ([stated("A", "Actor", "Producer", 0)], ["A Producer Producer"]),
        ([stated("", "Actor", "x", 0), stated("S", "Stunts")], []),
    ],
)  # fmt: skip
def test_people_are_merged_and_ordered(credits: list[Stated], people: list[str]) -> None:
    assert [f"{c.name} {c.kind} {c.role}" for c in people_of(credits)] == people


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


def check_whole(client: JellyfinClient, cabin: Simulated, work: Work) -> None:
    """The client gives everybody of a film: the whole cast, and who directed."""
    served = client.jellyfin.get_item(cabin.app.state.library.item(work.id).id)["People"]
    cast = sorted((c for c in work.credits if c.is_cast), key=lambda c: c.order or 0)
    names = [p["Name"] for p in served]
    assert names[0] == cast[0].name
    assert {c.name for c in cast} <= set(names)
    directors = {c.name for c in work.credits if c.job == "Director"}
    assert {p["Name"] for p in served if p["Type"] == "Director"} == directors


def test_jellyfin_apiclient_reads_it(cabin: Simulated, invented: Catalogue) -> None:
    client = JellyfinClient()
    client.config.app("Test", "1", "desk", "device-9")
    client.config.data["auth.ssl"] = False
    client.auth.connect_to_address(cabin.address)
    try:
        assert client.auth.login(cabin.address, DEFAULT_USER, DEFAULT_PASSWORD)["AccessToken"]
        views = client.jellyfin.get_views()["Items"]
        assert [view["CollectionType"] for view in views] == ["movies", "tvshows"]
        found = client.jellyfin.user_items(
            params={"ParentId": views[0]["Id"], "Recursive": True, "IncludeItemTypes": "Movie"}
        )
        assert found["TotalRecordCount"] == 85
        film = client.jellyfin.get_item(cabin.app.state.library.item("film-007").id)
        assert len(film["People"]) > 200
        check_whole(client, cabin, invented.works["film-003"])
    finally:
        client.stop()
        client.http.stop_session()
