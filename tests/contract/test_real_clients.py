"""The pretend servers as the real clients python-plexapi and jellyfin-apiclient-python use them:
signing in by password, code and plex.tv, listings page by page, the whole cast. Their sockets are
in test_simulate_sockets.py.
"""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest
from jellyfin_apiclient_python import JellyfinClient
from plexapi.myplex import MyPlexAccount, MyPlexPinLogin, MyPlexResource
from plexapi.server import PlexServer

from fullcredits.simulate import (
    DEFAULT_API_KEY,
    DEFAULT_PASSWORD,
    DEFAULT_TOKEN,
    DEFAULT_USER,
    Catalogue,
    Offered,
    Way,
    Work,
    plextv_app,
    running,
)
from fullcredits.simulate.jobs import plex_kind
from tests.contract.conftest import Simulated


def whole_at_plex(plex: PlexServer, attic: Simulated, work: Work) -> None:
    """python-plexapi gives everybody of a film that is below the cap, in order, crew included."""
    (film,) = plex.fetchItems([attic.app.state.library.item(work.id).key])  # type: ignore[no-untyped-call]
    film.reload()
    cast = sorted((c for c in work.credits if c.is_cast), key=lambda c: c.order or 0)
    assert [role.tag for role in film.roles] == list(dict.fromkeys(c.human.name for c in cast))
    assert {role.role for role in film.roles} >= {cast[0].character}
    for kind, tags in (
        ("Director", film.directors),
        ("Writer", film.writers),
        ("Producer", film.producers),
    ):
        truth = {c.human.name for c in work.credits if plex_kind(c) == kind}
        assert {tag.tag for tag in tags} == truth


def test_python_plexapi_reads_it(attic: Simulated, invented: Catalogue) -> None:
    plex = PlexServer(attic.address, DEFAULT_TOKEN)  # type: ignore[no-untyped-call]
    try:
        assert [section.title for section in plex.library.sections()] == ["Movies", "TV Shows"]
        movies = plex.library.section("Movies")
        assert len(movies.all()) == movies.totalSize == 85
        key = attic.app.state.library.item("film-007").key
        (film,) = plex.fetchItems([key])  # type: ignore[no-untyped-call]
        film.reload()
        assert len(film.roles) == 200
        assert film.roles[0].role
        whole_at_plex(plex, attic, invented.works["film-003"])
        shows = plex.library.section("TV Shows")
        show = shows.get("Harbour Division")
        assert len(show.episodes()) == sum(len(s.episodes()) for s in show.seasons())
        assert shows.search(libtype="episode", maxresults=3)
    finally:
        plex._session.close()


def whole_at_jellyfin(client: JellyfinClient, cabin: Simulated, work: Work) -> None:
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
        whole_at_jellyfin(client, cabin, invented.works["film-003"])
    finally:
        client.stop()
        client.http.stop_session()


def test_python_plexapi_reads_page_by_page(attic: Simulated) -> None:
    plex = PlexServer(attic.address, DEFAULT_TOKEN)  # type: ignore[no-untyped-call]
    try:
        movies = plex.library.section("Movies")
        before = len(attic.app.state.requests)
        found = movies.search(container_size=20)
        asked = [a for a in attic.app.state.requests[before:] if a.path.endswith("/1/all")]
        assert len(asked) == 5
        assert len({film.ratingKey for film in found}) == movies.totalSize == 85
    finally:
        plex._session.close()


def test_python_plexapi_signs_in_at_plex_tv(
    attic: Simulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its addresses are turned to the pretend plex.tv; all else is as it is."""
    machine = attic.app.state.library.machine_id
    offered = Offered("Attic", machine, DEFAULT_TOKEN, (Way(attic.address),))
    places = ((MyPlexPinLogin, "PINS"), (MyPlexAccount, "key"), (MyPlexResource, "key"))
    with running(plextv_app([offered], token="account-token")) as site:
        for kind, name in places:
            address = getattr(kind, name).replace("https://plex.tv", site)
            monkeypatch.setattr(kind, name, address)
        login = MyPlexPinLogin()  # type: ignore[no-untyped-call]
        assert httpx2.post(f"{site}/auth", data={"code": login.pin}).status_code == 200
        assert login.checkLogin()  # type: ignore[no-untyped-call]
        account = MyPlexAccount(token=login.token)  # type: ignore[no-untyped-call]
        (resource,) = account.resources()  # type: ignore[no-untyped-call]
        plex = resource.connect(ssl=False)
        try:
            assert plex.machineIdentifier == machine
            assert plex.library.section("Movies").totalSize == 85
        finally:
            for session in (login._session, account._session, plex._session):
                session.close()


@pytest.fixture
def jellyfin(cabin: Simulated) -> Iterator[JellyfinClient]:
    """A client of the cabin that is not signed in."""
    client = JellyfinClient(allow_multiple_clients=True)
    client.config.app("Test", "1", "desk", "device-9")
    client.config.data["auth.ssl"] = False
    client.auth.connect_to_address(cabin.address)
    try:
        yield client
    finally:
        client.stop()
        client.http.stop_session()


def test_jellyfin_apiclient_signs_in_by_a_code(cabin: Simulated, jellyfin: JellyfinClient) -> None:
    api, address = jellyfin.jellyfin, cabin.address
    assert api.quick_connect_enabled(address)
    waiting = api.quick_connect_initiate(address)
    assert not api.quick_connect_state(address, waiting["Secret"])["Authenticated"]
    allowed = httpx2.post(
        f"{address}/QuickConnect/Authorize?code={waiting['Code']}&ApiKey={DEFAULT_API_KEY}"
    )
    assert allowed.json() is True
    assert api.quick_connect_state(address, waiting["Secret"])["Authenticated"]
    signed_in = api.login_with_quick_connect(address, waiting["Secret"])
    assert signed_in["User"]["Name"] == DEFAULT_USER
    assert signed_in["AccessToken"]


def test_jellyfin_apiclient_reads_page_by_page(cabin: Simulated, jellyfin: JellyfinClient) -> None:
    assert jellyfin.auth.login(cabin.address, DEFAULT_USER, DEFAULT_PASSWORD)["AccessToken"]
    query = {"Recursive": True, "IncludeItemTypes": "Movie", "Fields": "People", "Limit": 30}
    pages = [jellyfin.jellyfin.user_items(params={**query, "StartIndex": n}) for n in (0, 30, 60)]
    films = [film for page in pages for film in page["Items"]]
    assert len({film["Id"] for film in films}) == pages[0]["TotalRecordCount"] == 85
    star = next(film for film in films if film["People"])["People"][0]
    known = jellyfin.jellyfin.get_items_by_person(star["Id"], fields="People")["Items"]
    assert known
    assert all(star["Name"] in [p["Name"] for p in film["People"]] for film in known)
    assert len(jellyfin.jellyfin.get_persons(limit=7)["Items"]) == 7
