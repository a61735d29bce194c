"""What a check tells of a server: what would limit the result, and how to lift it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from fullcredits.model import Server, SourceKind
from fullcredits.simulate import (
    DEFAULT_API_KEY,
    DEFAULT_TOKEN,
    Catalogue,
    jellyfin_app,
    plex_app,
    running,
)
from fullcredits.simulate.catalogue import Human, Stated, Work, catalogue_of
from fullcredits.sources import open_source
from fullcredits.sources.remarks import Remark, cut_at, in_clear, too_old
from tests.contract.answering import TOKEN, said, scripted
from tests.contract.conftest import Simulated
from tests.faults.scene import token_of

Row = dict[str, Any]


def remarks(
    kind: SourceKind, address: str, version: str = "12.0.0", token: str = TOKEN
) -> dict[str, Remark]:
    async def go() -> list[Remark]:
        source = open_source(kind, "Attic", address, token, "client")
        try:
            return await source.remarks(Server("1", "Attic", version))
        finally:
            await source.close()

    return {remark.code: remark for remark in asyncio.run(go())}


def plex(agent: str, titles: list[Row], version: str = "1.43.2") -> dict[str, Remark]:
    """Of a Plex with one film library."""
    section = {"key": "1", "type": "movie", "title": "Films", "agent": agent}
    rows = [{"ratingKey": str(n), "type": "movie", **row} for n, row in enumerate(titles)]

    def answer(request: Request) -> Response:
        if request.url.path == "/library/sections":
            return said({"MediaContainer": {"Directory": [section]}})
        return said({"MediaContainer": {"size": len(rows), "Metadata": rows}})

    with scripted(answer) as (address, _):
        return remarks(SourceKind.PLEX, address, version)


def roles(count: int, **more: Any) -> Row:
    return {
        "Role": [{"tag": f"A{n}", "tagKey": f"k{n}", "role": "B", **more} for n in range(count)]
    }


MODERN = "tv.plex.agents.movie"


@pytest.mark.parametrize(
    ("agent", "code", "limits"),
    [
        (MODERN, "agent", False),
        ("com.plexapp.agents.imdb", "agent-legacy", True),
        ("com.plexapp.agents.none", "agent-none", True),
        ("tv.plex.agents.none", "agent-none", True),
        ("org.example.agent", "agent-other", False),
    ],
)
def test_plex_agents(agent: str, code: str, limits: bool) -> None:
    (remark,) = plex(agent, [roles(3)]).values()
    assert (remark.code, remark.library, remark.limits) == (code, "Films", limits)


def test_plex_lists_that_plex_cut() -> None:
    found = plex(MODERN, [roles(200), roles(199), roles(200)])
    assert "2 of the newest 3 titles have exactly 200 actors" in found["capped"].text
    assert found["capped"].limits
    assert "capped" not in plex(MODERN, [roles(199)])


def test_plex_people_without_ids() -> None:
    found = plex(MODERN, [roles(3), roles(3, tagKey=None)])
    assert "3 of 6 credits of the newest titles" in found["no-person-ids"].text
    assert "no-person-ids" not in plex(MODERN, [roles(9), roles(1, tagKey=None)])
    assert "refresh its metadata" in plex(MODERN, [{}])["no-people"].text
    assert set(plex(MODERN, [])) == {"agent", "empty"}


@pytest.mark.parametrize(
    ("version", "old"),
    [("1.31.3.6868", True), ("1.32.0", False), ("1.43.2.1-ab", False), ("2.0", False), ("?", False),
     ("0.9.16", True)],
)  # fmt: skip
def test_old_versions(version: str, old: bool) -> None:
    found = plex(MODERN, [roles(3)], version)
    assert ("old-version" in found) == old
    if old:
        assert f"Plex {version} is older than 1.32" in found["old-version"].text
    assert bool(too_old("Jellyfin", "10.7.7", (10, 8))) is True
    assert too_old("Jellyfin", "10.10.7", (10, 8)) == []


def test_an_empty_library() -> None:
    for found in (plex(MODERN, []), jellyfin([])):
        assert "holds no titles: is its folder right" in found["empty"].text
        assert found["empty"].limits
        assert "no-people" not in found


def test_one_has_and_two_have() -> None:
    capped = plex(MODERN, [roles(200), roles(5)])["capped"].text
    assert capped.startswith("1 of the newest 2 titles has exactly 200 actors: ")


def broken_by(app: Starlette, *works: str) -> dict[str, Remark]:
    """Of a server that breaks over these films, whatever they are asked for with."""
    library = app.state.library
    is_plex = hasattr(library.item(works[0]), "key")
    for work in works:
        item = library.item(work)
        at = f"/library/metadata/*{item.key}*" if is_plex else f"*&ids=*{item.id}*"
        app.state.faults.script("broken", at)
    with running(app) as address:
        if is_plex:
            return remarks(SourceKind.PLEX, address, "1.43.1", DEFAULT_TOKEN)
        return remarks(SourceKind.JELLYFIN, address, "12.0", DEFAULT_API_KEY)


@pytest.mark.parametrize("make", [plex_app, jellyfin_app])
def test_a_title_that_breaks_the_sample_costs_only_itself(
    make: Callable[[Catalogue], Starlette], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fullcredits.sources.patience._FIRST_PAUSE", 0.0)
    people = Stated(Human("h", "Ann"), "Ann", "Acting", "Actor", "Her", 0)
    films = [Work(f"f{n}", "movie", f"Film {n}", credits=(people,)) for n in range(9)]
    found = broken_by(make(catalogue_of(films, {})), "f4")
    assert found["unreadable"].text.startswith("1 of its newest titles cannot be read: broke on ")
    assert not found.keys() & {"unread", "no-people"}
    found = broken_by(make(catalogue_of(films, {})), *(film.id for film in films))
    assert "its titles could not be looked into: broke on" in found["unread"].text


@pytest.mark.parametrize("make", [plex_app, jellyfin_app])
def test_a_server_that_hangs_is_looked_into_once(
    make: Callable[[Catalogue], Starlette], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each time takes minutes: the second library is not looked into."""
    monkeypatch.setattr("fullcredits.sources.patience.LONGEST_ANSWER", 1.5)
    monkeypatch.setattr("fullcredits.sources.patience.SHORT_PATIENCE", 0.3)
    people = (Stated(Human("h", "Ann"), "Ann", "Acting", "Actor", "Her", 0),)
    films = [Work(f"f{n}", "movie", f"Film {n}", credits=people) for n in range(9)]
    app = make(catalogue_of([*films, Work("s", "show", "Show", credits=people)], {}))
    at = "/library/metadata/*" if make is plex_app else "*&ids=*"
    script = app.state.faults.script("time-out", at)
    with running(app) as address:
        if make is plex_app:
            found = remarks(SourceKind.PLEX, address, "1.43.1", DEFAULT_TOKEN)
        else:
            found = remarks(SourceKind.JELLYFIN, address, "12.0", DEFAULT_API_KEY)
    assert "its titles could not be looked into: took longer than" in found["unread"].text
    assert script.struck == 3


@pytest.mark.parametrize("make", [plex_app, jellyfin_app])
def test_who_waits_for_remarks_waits_for_a_minute_at_most(
    make: Callable[[Catalogue], Starlette], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not for as long as a sync waits for each answer."""
    monkeypatch.setattr("fullcredits.sources.remarks.PATIENCE", 0.5)
    people = (Stated(Human("h", "Ann"), "Ann", "Acting", "Actor", "Her", 0),)
    films = [Work(f"f{n}", "movie", f"Film {n}", credits=people) for n in range(9)]
    app = make(catalogue_of([*films, Work("s", "show", "Show", credits=people)], {}))
    at = "/library/metadata/*" if make is plex_app else "*&ids=*"
    script = app.state.faults.script("time-out", at)
    with running(app) as address:
        if make is plex_app:
            found = remarks(SourceKind.PLEX, address, "1.43.1", DEFAULT_TOKEN)
        else:
            found = remarks(SourceKind.JELLYFIN, address, "12.0", DEFAULT_API_KEY)
    assert "its titles could not be looked into: took longer than" in found["unread"].text
    assert script.struck <= 1


USER = {"Id": "u1", "Name": "anna", "Policy": {"EnableAllFolders": True, "BlockedTags": []}}


def jellyfin(
    titles: list[Row], user: Row | None = None, options: Row | None = None
) -> dict[str, Remark]:
    """Of a Jellyfin with one film library."""
    view = {"Name": "Films", "ItemId": "f1", "CollectionType": "movies", "LibraryOptions": options}
    rows = [{"Id": f"i{n}", "Type": "Movie", **row} for n, row in enumerate(titles)]
    answers: Mapping[str, Response] = {
        "/Users/Me": said(user) if user else said("", 400, ""),
        "/Library/VirtualFolders": said([view]),
        "/Items": said({"Items": rows, "TotalRecordCount": len(rows)}),
    }
    with scripted(answers) as (address, _):
        return remarks(SourceKind.JELLYFIN, address)


def cast(count: int, guests: int = 0) -> Row:
    kinds = ["Actor"] * count + ["GuestStar"] * guests + ["Director"]
    return {"People": [{"Name": f"A{n}", "Id": f"p{n}", "Type": k} for n, k in enumerate(kinds)]}


def test_jellyfin_lists_that_the_importer_cut() -> None:
    found = jellyfin([cast(15, guests=9)] * 3 + [cast(4)])
    assert "3 of the newest 4 titles have exactly 15 actors" in found["capped"].text
    assert "capped" not in jellyfin([*[cast(15)] * 9, cast(16)])
    assert "capped" not in jellyfin([cast(15)] * 2)
    assert "no-people" in jellyfin([{}, {"People": []}])
    assert cut_at([], 15) == 0


def test_jellyfin_importers() -> None:
    def by(*fetchers: str) -> dict[str, Remark]:
        types = [{"Type": "Movie", "MetadataFetchers": list(fetchers)}]
        return jellyfin([cast(3)], options={"TypeOptions": types})

    assert "keeps 15 actors" in by("TheMovieDb", "The Open Movie Database")["importer"].text
    assert "people come from TheTVDB" in by("TheTVDB")["fetchers"].text
    assert "your NFO files" in by()["files-only"].text
    assert not {"importer", "files-only", "fetchers"} & set(jellyfin([cast(3)]))


def test_jellyfin_accounts() -> None:
    assert (
        "no user stands behind an API key: it sees every library"
        in jellyfin([cast(3)])["api-key"].text
    )
    assert set(jellyfin([cast(3)], USER)) == {"names-only"}
    some = {**USER, "Policy": {"EnableAllFolders": False}}
    assert "anna may see some libraries only" in jellyfin([cast(3)], some)["some-libraries"].text
    for hidden in (
        {"MaxParentalRating": 7},
        {"BlockedTags": ["x"]},
        {"BlockUnratedItems": ["Movie"]},
    ):
        found = jellyfin([cast(3)], {**USER, "Policy": hidden})
        assert "parental control hides titles from anna" in found["hidden-titles"].text


def test_jellyfin_users_who_are_shown_no_persons() -> None:
    people = Stated(Human("h", "Ann"), "Ann", "Acting", "Actor", "Her", 0)
    app = jellyfin_app(catalogue_of([Work("f", "movie", "Fog", credits=(people,))], {}))
    library = app.state.library
    with running(app) as address:
        user = token_of(SourceKind.JELLYFIN, address)
        listed = remarks(SourceKind.JELLYFIN, address, token=user)
        assert not listed.keys() & {"persons-unlisted", "persons-hidden"}
        library.unreached = set(library.persons)
        found = remarks(SourceKind.JELLYFIN, address, token=user)
        assert "an API key sees the list" in found["persons-unlisted"].text
        assert found["persons-unlisted"].limits
        assert remarks(SourceKind.JELLYFIN, address, token=DEFAULT_API_KEY).keys() >= {"api-key"}
        app.state.faults.script("empty", f"/items?*ids={next(iter(library.persons))}*")
        found = remarks(SourceKind.JELLYFIN, address, token=user)
        assert "nothing of persons but their names" in found["persons-hidden"].text


def test_a_library_that_cannot_be_looked_into() -> None:
    view = {"Name": "Films", "ItemId": "f1", "CollectionType": "movies"}
    answers = {"/Users/Me": said(USER), "/Library/VirtualFolders": said([view])}
    with scripted({**answers, "/Items": said([])}) as (address, _):
        found = remarks(SourceKind.JELLYFIN, address)
    assert found["unread"].library == "Films"
    assert "could not be looked into: answered in an unknown form" in found["unread"].text


def test_simulated_servers(attic: Simulated, cabin: Simulated) -> None:
    found = remarks(SourceKind.PLEX, attic.address, "1.43", DEFAULT_TOKEN)
    assert "agent" in found
    found = remarks(SourceKind.JELLYFIN, cabin.address, token=DEFAULT_API_KEY)
    assert {"api-key", "names-only"} <= set(found)


def test_10_8_wants_a_users_token_to_name_its_user() -> None:
    """There `/Items` without a user is a 400 for a user's token."""

    def answer(request: Request) -> Response:
        if request.url.path == "/Users/Me":
            return said(USER)
        if request.url.path == "/Items":
            named = request.query_params.get("userId") == "u1"
            return said({"Items": [], "TotalRecordCount": 0}) if named else said("", 400, "")
        return said("", 404, "")

    async def go(address: str) -> None:
        source = open_source(SourceKind.JELLYFIN, "Attic", address, TOKEN, "client")
        try:
            for _ in range(2):
                assert [page.people async for page in source.people(None)] == [()]
        finally:
            await source.close()

    with scripted(answer) as (address, app):
        asyncio.run(go(address))
    assert app.paths == ["/Items", "/Users/Me", "/Items", "/Items"]


@pytest.mark.parametrize(
    ("address", "clear"),
    [
        ("http://plex.example.org:32400", True),
        ("http://93.184.216.34:8096/jelly", True),
        ("https://plex.example.org", False),
        ("http://192.168.1.5:32400", False),
        ("http://[fe80::1]:8096", False),
        ("http://nas:8096", False),
        ("http://nas.local:8096", False),
        ("http://nas.home.arpa", False),
    ],
)
def test_a_token_that_travels_in_the_open(address: str, clear: bool) -> None:
    assert [remark.code for remark in in_clear(address)] == ["in-clear"] * clear
