"""Each version of the simulated Plex, by what is known of it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from fullcredits.simulate import (
    DEFAULT_TOKEN,
    PLEX_VERSIONS,
    Catalogue,
    plex_app,
    running,
)
from fullcredits.simulate.catalogue import Human, Stated, Work, catalogue_of
from fullcredits.simulate.plex.dialect import Dialect
from tests.contract.conftest import Simulated

PLEX = {"X-Plex-Token": DEFAULT_TOKEN, "Accept": "application/json"}


@contextlib.contextmanager
def plex(catalogue: Catalogue, version: str | Dialect) -> Iterator[Simulated]:
    app = plex_app(catalogue, version=version)
    with running(app) as address, httpx2.Client(base_url=address, headers=PLEX) as client:
        yield Simulated(app, address, client)


@pytest.fixture(scope="module")
def films() -> Catalogue:
    """One film with one director and one show with one episode."""
    director = Human("h1", "Ida Lupe", ids=(("tmdb", "1"),))
    actor = Human("h2", "Otto Vane", portrait=True)
    crew = Stated(director, director.name, "Directing", "Director")
    cast = Stated(actor, actor.name, "Acting", "Actor", "Mr. Grey", 0)
    film = Work("f1", "movie", "Fog", year=1961, date="1961-03-01", runtime=90,
                ids=(("imdb", "tt0099999"),), credits=(cast, crew))  # fmt: skip
    show = Work("s1", "show", "Rain", year=1970, date="1970-01-01",
                ids=(("tvdb", "74205"),), credits=(cast,))  # fmt: skip
    season = Work("s1-1", "season", "Season 1", parent="s1", number=1)
    episode = Work("s1-1-1", "episode", "Drops", date="1970-01-01", parent="s1-1", number=1,
                   credits=(cast, crew))  # fmt: skip
    return catalogue_of([film, show, season, episode], {})


def record(server: Simulated, key: int) -> Any:
    found = server.get(f"/library/metadata/{key}")["MediaContainer"]["Metadata"]
    return found[0] if isinstance(found, list) else found


@pytest.mark.parametrize("version", list(PLEX_VERSIONS))
def test_each_plex_says_its_version(films: Catalogue, version: str) -> None:
    with plex(films, version) as server:
        assert server.get("/identity")["MediaContainer"]["version"].startswith(f"{version}.")
        assert server.get("/")["MediaContainer"]["version"].startswith(f"{version}.")


def test_numbers_as_text(films: Catalogue) -> None:
    with plex(films, "1.36") as server:
        film = record(server, 1001)
        assert (film["year"], film["duration"]) == ("1961", "5400000")
        assert film["Role"][0]["id"].isdigit()
        sections = server.get("/library/sections")["MediaContainer"]
        assert (sections["size"], sections["Directory"][0]["hidden"]) == ("2", "0")
        assert sections["Directory"][0]["filters"] == "1"


def test_one_object_where_a_list_is_due(films: Catalogue) -> None:
    with plex(films, "1.40") as server:
        film = server.get("/library/metadata/1001")["MediaContainer"]["Metadata"]
        assert film["Role"]["tag"] == "Otto Vane"
        assert film["Director"]["tag"] == "Ida Lupe"
        both = server.get("/library/metadata/1001,1002")["MediaContainer"]["Metadata"]
        assert [row["title"] for row in both] == ["Fog", "Rain"]


def test_pages_without_a_total(films: Catalogue) -> None:
    query = {"X-Plex-Container-Start": 0, "X-Plex-Container-Size": 1}
    with plex(films, "1.32") as server:
        answer = server.client.get("/library/sections/1/all", params=query)
        assert "totalSize" not in answer.json()["MediaContainer"]
        assert "x-plex-container-total-size" not in answer.headers


def test_counts_of_tags(films: Catalogue) -> None:
    with plex(films, replace(PLEX_VERSIONS["1.43"], tag_counts=True)) as server:
        film = record(server, 1001)
        assert [film["Role"][0]["count"], film["Director"][0]["count"]] == [3, 2]


def test_agents_of_old(films: Catalogue) -> None:
    with plex(films, replace(PLEX_VERSIONS["1.43"], legacy_agents=True)) as server:
        film, _, season, episode = (record(server, key) for key in (1001, 1002, 1003, 1004))
        assert film["guid"] == "com.plexapp.agents.imdb://tt0099999?lang=en"
        assert season["guid"] == "com.plexapp.agents.thetvdb://74205/1?lang=en"
        assert episode["guid"] == "com.plexapp.agents.thetvdb://74205/1/1?lang=en"
        assert "Guid" not in film
        assert "Role" not in episode
        assert [d["tag"] for d in episode["Director"]] == ["Ida Lupe"]
        assert not [role for role in film["Role"] if "tagKey" in role]
        agents = [
            s["agent"] for s in server.get("/library/sections")["MediaContainer"]["Directory"]
        ]
        assert agents == ["com.plexapp.agents.imdb", "com.plexapp.agents.thetvdb"]


def test_a_proxy_that_drops_the_accept_header(films: Catalogue) -> None:
    with plex(films, replace(PLEX_VERSIONS["1.43"], speaks_json=False)) as server:
        answer = server.client.get("/library/metadata/1001")
        assert answer.headers["content-type"] == "text/xml;charset=utf-8"
        assert b"<Role" in answer.content
