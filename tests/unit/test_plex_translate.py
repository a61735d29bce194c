"""Plex's words into ours: what the recordings do not show."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from fullcredits.model import ExternalId, MediaItem, Record, TitleKind
from fullcredits.sources.plex import translate
from fullcredits.sources.plex.wire import TITLES, Item

PLEX_ID = "5d776841103a2d001f56a97b"
"""Of a title or a person."""


def row(**fields: Any) -> Item:
    body = {"MediaContainer": {"Metadata": [{"ratingKey": "1", "title": "Fog", **fields}]}}
    (item,) = TITLES.decode("Attic", json.dumps(body).encode()).rows
    return item


def item(kind: TitleKind, **fields: Any) -> MediaItem:
    return translate.media_item(row(**fields), kind)


def record(**fields: Any) -> Record:
    return translate.People().record(row(**fields), TitleKind.MOVIE)


def test_a_job_word_on_crew_is_kept() -> None:
    """Plex itself gives none; metadata providers of one's own may."""
    found = record(
        Role=[{"tag": "A", "role": "Producer"}],
        Writer=[{"tag": "B", "role": "Screenplay "}, {"tag": "C", "role": " "}, {"tag": "D"}],
        Producer=[{"tag": "B", "role": "Executive Producer"}],
    )
    assert [(c.person.name, c.department, c.job, c.character) for c in found.credits] == [
        ("A", "Acting", "Actor", "Producer"),
        ("B", "Writing", "Screenplay", ""),
        ("C", "Writing", "Writer", ""),
        ("D", "Writing", "Writer", ""),
        ("B", "Production", "Executive Producer", ""),
    ]


def test_billing_goes_on_over_the_four_lists() -> None:
    found = record(
        Role=[{"tag": "A", "role": "X"}, {"tag": ""}, {"tag": "B"}],
        Director=[{"tag": "A"}],
        Writer=[{"tag": "C"}, {"tag": "D"}],
        Producer={"tag": "A"},
    )
    assert [(c.billing, c.kind, c.person.name, c.job, c.character) for c in found.credits] == [
        (0, "Role", "A", "Actor", "X"),
        (2, "Role", "B", "Actor", ""),
        (3, "Director", "A", "Director", ""),
        (4, "Writer", "C", "Writer", ""),
        (5, "Writer", "D", "Writer", ""),
        (6, "Producer", "A", "Producer", ""),
    ]


@pytest.mark.parametrize(("roles", "capped"), [(0, False), (199, False), (200, True)])
def test_two_hundred_roles_are_perhaps_not_all(roles: int, capped: bool) -> None:
    assert record(Role=[{"tag": f"A{n}"} for n in range(roles)]).capped is capped


def test_a_person_with_and_without_a_key() -> None:
    found = record(
        Role=[{"tag": "Zoë Saldaña", "tagKey": PLEX_ID}],
        Writer=[{"tag": "Zoë  Saldaña "}, {"tag": "ZOE SALDANA"}],
    )
    keys = [(c.person.key, c.person.by_name) for c in found.credits]
    assert keys == [(PLEX_ID, False), ("name:zoe saldana", True), ("name:zoe saldana", True)]
    assert found.credits[1].person.name == "Zoë  Saldaña "


@pytest.mark.parametrize("key", [f":{PLEX_ID}", PLEX_ID[:-1], PLEX_ID.upper(), "1234", " "])
def test_a_key_that_cannot_be_one_proves_nothing(key: str) -> None:
    (credit,) = record(Role=[{"tag": "A", "tagKey": key}]).credits
    assert (credit.person.key, credit.person.by_name) == ("name:a", True)


def test_one_person_with_two_portraits_keeps_both() -> None:
    found = record(
        Role=[{"tag": "A", "tagKey": PLEX_ID, "thumb": "https://h/1.jpg?X-Plex-Token=t"}],
        Writer=[
            {"tag": "A", "tagKey": PLEX_ID, "thumb": "file:///x"},
            {"tag": "A", "tagKey": PLEX_ID},
        ],
        Producer=[{"tag": "A", "tagKey": PLEX_ID, "thumb": "https://h/2.jpg"}],
    )
    portraits = ["https://h/1.jpg", None, None, "https://h/2.jpg"]
    assert [c.person.portrait for c in found.credits] == portraits


@pytest.mark.parametrize(
    ("kind", "fields", "expected"),
    [
        (TitleKind.MOVIE, {"index": 3, "parentRatingKey": "9"}, (None, None, None, None)),
        (TitleKind.SEASON, {"index": 0, "parentRatingKey": "9"}, ("9", "9", 0, None)),
        (
            TitleKind.EPISODE,
            {"index": "4", "parentIndex": 2, "parentRatingKey": 8, "grandparentRatingKey": 9},
            ("8", "9", 2, 4),
        ),
        (TitleKind.EPISODE, {"index": 4, "grandparentRatingKey": "9"}, ("9", "9", None, 4)),
    ],
)
def test_places_in_a_show(
    kind: TitleKind, fields: dict[str, Any], expected: tuple[str | int | None, ...]
) -> None:
    found = item(kind, **fields)
    places = (found.parent_key, found.show_key, found.season_number, found.episode_number)
    assert places == expected


def test_the_year_of_an_episode_is_when_it_was_shown() -> None:
    shown = {"year": 1997, "originallyAvailableAt": "2016-05-01"}
    assert item(TitleKind.EPISODE, **shown).year == 2016
    assert item(TitleKind.EPISODE, year=1997).year is None
    assert item(TitleKind.MOVIE, **shown).year == 1997
    assert item(TitleKind.MOVIE, originallyAvailableAt="2016-05-01").year == 2016


def test_numbers_come_as_text_too() -> None:
    found = item(
        TitleKind.MOVIE, ratingKey=1049, year="2001", duration="5129999", addedAt="1408525217",
        updatedAt="1434341184", title=1917,
    )  # fmt: skip
    assert (found.key, found.title, found.year, found.runtime) == ("1049", "1917", 2001, 5129)
    assert found.marker == "1434341184"
    assert found.added == dt.datetime(2014, 8, 20, 9, 0, 17, tzinfo=dt.UTC)


def test_a_marker_may_be_missing() -> None:
    assert item(TitleKind.MOVIE).marker is None


@pytest.mark.parametrize(
    ("kind", "guid", "external"),
    [
        (TitleKind.MOVIE, f"plex://movie/{PLEX_ID}", [("plex", PLEX_ID)]),
        (TitleKind.EPISODE, f"plex://episode/{PLEX_ID}", [("plex", PLEX_ID)]),
        (TitleKind.MOVIE, "com.plexapp.agents.imdb://tt0165832?lang=en", [("imdb", "tt0165832")]),
        (TitleKind.MOVIE, "com.plexapp.agents.themoviedb://603?lang=de", [("tmdb", "603")]),
        (TitleKind.SHOW, "com.plexapp.agents.thetvdb://74205?lang=en", [("tvdb", "74205")]),
        (TitleKind.SEASON, "com.plexapp.agents.thetvdb://74205/1?lang=en", []),
        (TitleKind.EPISODE, "com.plexapp.agents.thetvdb://74205/1/1?lang=en", []),
        (TitleKind.SHOW, "com.plexapp.agents.thetvdb://74205/1?lang=en", []),
        (TitleKind.MOVIE, "com.plexapp.agents.xbmcnfo://tt0165832?lang=x", [("imdb", "tt0165832")]),
        (TitleKind.MOVIE, "com.plexapp.agents.xbmcnfo://12345?lang=xn", []),
        (TitleKind.SHOW, "com.plexapp.agents.hama://anidb-23?lang=en", []),
        (TitleKind.MOVIE, "local://56939", []),
        (TitleKind.MOVIE, "collection://4f19", []),
        (TitleKind.MOVIE, "com.plexapp.agents.none://9f8", []),
        (TitleKind.MOVIE, "plex://", []),
        (TitleKind.MOVIE, "plex://movie/:5d7768", []),
        (TitleKind.MOVIE, "nonsense", []),
    ],
)  # fmt: skip
def test_guids(kind: TitleKind, guid: str, external: list[ExternalId]) -> None:
    assert list(item(kind, guid=guid).external_ids) == external


def test_modern_guids() -> None:
    guids = [{"id": "tvdb://7945991"}, {"id": "imdb://tt1"}, {"id": ""}, {}, {"id": "tmdb://5"}]
    found = item(TitleKind.EPISODE, Guid=guids, guid=f"plex://episode/{PLEX_ID}")
    assert found.external_ids == (
        ("imdb", "tt1"), ("plex", PLEX_ID), ("tmdb", "5"), ("tvdb", "7945991"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "art", "backdrop"),
    [
        (TitleKind.SHOW, "/library/metadata/1/art/99", "/library/metadata/1/art/99"),
        (TitleKind.MOVIE, "/library/metadata/7/art/99", "/library/metadata/7/art/99"),
        (TitleKind.SEASON, "/library/metadata/7/art/99", None),
        (TitleKind.EPISODE, "/library/metadata/7/art/99", None),
        (TitleKind.EPISODE, "/library/metadata/1/art/99", "/library/metadata/1/art/99"),
        (TitleKind.EPISODE, "https://a.b/c.jpg", "https://a.b/c.jpg"),
    ],
)
def test_what_a_show_lends_is_no_picture_of_an_episode(
    kind: TitleKind, art: str, backdrop: str | None
) -> None:
    """Its address moves when the show is touched, and the episode's marker does not."""
    assert item(kind, art=art).backdrop == backdrop


def test_pictures_never_hold_a_token() -> None:
    found = item(TitleKind.MOVIE, thumb="/a?X-Plex-Token=t&b=1", art="//evil/x")
    assert (found.poster, found.backdrop) == ("/a?b=1", None)


@pytest.mark.parametrize(
    ("served", "kind"),
    [("movie", "movie"), ("episode", "episode"), (None, "show"), ("", "show"), ("clip", None)],
)
def test_title_kinds(served: str | None, kind: str | None) -> None:
    assert translate.title_kind(row(type=served), TitleKind.SHOW) == kind


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "A\0"},
        {"Role": [{"tag": "A"}, {"tag": "B\u200b"}]},
        {"Role": [{"tag": "A", "role": "B\x1b"}]},
        {"Writer": [{"tag": "\ud83dA", "tagKey": PLEX_ID}]},
        {"Role": [{"tag": "A", "role": "Zo\ufffd"}]},
    ],
)
def test_odd_names_are_noted(fields: dict[str, Any]) -> None:
    assert record(**fields).odd == "names"
    assert not record(title="A", Role=[{"tag": "A", "role": "B\u00a0C"}]).odd


@pytest.mark.parametrize(
    "fields",
    [
        {"title": None},
        {"title": " "},
        {"title": "\u200b\u2060\ufeff"},
        {"Role": [{"tag": "", "tagKey": PLEX_ID}]},
        {"Role": [{"tag": "\u200b"}]},
    ],
)
def test_missing_names_are_noted(fields: dict[str, Any]) -> None:
    found = record(**fields)
    assert "nameless" in dict(found.oddities)
    assert (found.item.title, found.credits) == ("Fog" if "Role" in fields else "Untitled", ())


@pytest.mark.parametrize(
    ("kind", "fields", "title"),
    [
        ("season", {"index": 2}, "Season 2"), ("season", {"index": 0}, "Specials"),
        ("episode", {"index": 7, "parentIndex": 2}, "Episode 7"), ("episode", {}, "Untitled"),
        ("show", {"index": 7}, "Untitled"),
    ],
)  # fmt: skip
def test_what_has_no_title(kind: str, fields: dict[str, Any], title: str) -> None:
    assert item(TitleKind(kind), title="", **fields).title == title


@pytest.mark.parametrize(
    "fields",
    [
        {"year": "garbage"},
        {"year": 99999},
        {"duration": -(10**18)},
        {"originallyAvailableAt": "99999-01-01"},
        {"addedAt": "soon"},
        {"index": 10**15},
        {"Guid": [{"id": "imdb://<html>"}]},
        {"Role": [{"tag": "A", "tagKey": "5d77"}]},
    ],
)
def test_what_cannot_be_read_is_noted(fields: dict[str, Any]) -> None:
    found = record(**fields)
    assert found.odd == "values"
    assert (found.item.year, found.item.runtime, found.item.episode_number) == (None, None, None)
    assert found.item.external_ids == ()


@pytest.mark.parametrize("none", [None, "", " ", 0, "0"])
def test_what_is_absent_is_absent(none: object) -> None:
    names = ("year", "duration", "addedAt", "index", "parentIndex", "originallyAvailableAt")
    assert record(**dict.fromkeys(names, none), Guid=[{"id": "tvdb://0"}]).odd is None


@pytest.mark.parametrize("thumb", [None, "", "/library/metadata/1/thumb/1434341184"])
@pytest.mark.parametrize("portrait", [None, "https://h/1.jpg", "http://192.168.0.9/1.jpg"])
def test_pictures_are_where_they_should_be(thumb: str | None, portrait: str | None) -> None:
    assert record(thumb=thumb, art=thumb, Role=[{"tag": "A", "thumb": portrait}]).odd is None


@pytest.mark.parametrize(
    "fields",
    [
        {"thumb": "http://h/1.jpg"},
        {"art": "/library/metadata/1/thumb/../../../x"},
        {"thumb": "/library/metadata/1/thumb/1", "Producer": [{"tag": "A", "thumb": "file:///a"}]},
    ],
)
def test_odd_pictures_are_noted(fields: dict[str, Any]) -> None:
    assert record(**fields).odd == "pictures"
    assert record(title="A\0", **fields).odd == "names"


def test_a_list_gives_no_odd_pictures() -> None:
    """Nobody looks a second time at what it says."""
    listed = translate.listed_title(row(thumb="http://h/1.jpg", title="Fog"), TitleKind.MOVIE)
    assert (listed.facts().title, listed.facts().poster) == ("Fog", None)
    own = row(thumb="/library/metadata/1/thumb/2")
    assert translate.listed_title(own, TitleKind.MOVIE).facts().poster == own.thumb


def test_who_has_an_odd_name_is_odd_on_every_title_of_a_page() -> None:
    people = translate.People()
    pages = [
        row(Role=[{"tag": "A\u200b"}]),
        row(Role=[{"tag": "B"}]),
        row(Role=[{"tag": "A\u200b"}]),
    ]
    assert [people.record(page, TitleKind.MOVIE).odd for page in pages] == ["names", None, "names"]
