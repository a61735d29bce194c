"""Jellyfin's words into ours: what the recordings do not show."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from fullcredits.model import (
    Department,
    LibraryKind,
    MediaItem,
    PersonFacts,
    Record,
    SourcePerson,
    TitleKind,
)
from fullcredits.sources.jellyfin import jobs, translate, wire

PERSON_KINDS = [
    "Actor",
    "Director",
    "Composer",
    "Writer",
    "GuestStar",
    "Producer",
    "Conductor",
    "Lyricist",
    "Arranger",
    "Engineer",
    "Mixer",
    "Remixer",
    "Creator",
    "Artist",
    "AlbumArtist",
    "Author",
    "Illustrator",
    "Penciller",
    "Inker",
    "Colorist",
    "Letterer",
    "CoverArtist",
    "Editor",
    "Translator",
    "Narrator",
]


BLURHASH = "dSEB:A%20gS5V@oMWXj]NdWBr=R*NGaxs:WVE2a}-ot6"


TAG = "5d159a320f654e482fe9f1d313e101b1"
"""Of a picture."""


def row(**fields: Any) -> wire.Item:
    served = {"Id": "1", "Name": "Fog", **fields}
    (item,) = wire.ITEMS.decode("C", json.dumps({"Items": [served]}).encode()).rows
    return item


def item(kind: TitleKind, **fields: Any) -> MediaItem:
    return translate.media_item(row(**fields), kind)


def facts(**fields: Any) -> PersonFacts:
    found = translate.person_facts(row(**fields))
    assert found is not None
    return found


def record(*people: dict[str, Any]) -> Record:
    return translate.People().record(row(People=people), TitleKind.MOVIE)


def credited(kind: str | None, role: str | None) -> tuple[str, Department, str, str]:
    served = {"Name": "A", "Id": "a", "Type": kind, "Role": role}
    (credit,) = record(served).credits
    return credit.kind, credit.department, credit.job, credit.character


def test_every_kind_of_person_has_a_place() -> None:
    assert set(jobs.KINDS) == set(PERSON_KINDS)


@pytest.mark.parametrize(
    ("kind", "role", "department", "job", "character"),
    [
        ("Actor", "Healer Han / Additional Voices (voice)", "Acting", "Actor",
         "Healer Han / Additional Voices (voice)"),
        ("Actor", "", "Acting", "Actor", ""),
        ("Actor", None, "Acting", "Actor", ""),
        ("Actor", "Actor", "Acting", "Actor", "Actor"),
        ("GuestStar", "Mr. Bean", "Acting", "Guest Star", "Mr. Bean"),
        ("Narrator", "Narrator", "Acting", "Narrator", "Narrator"),
        ("Director", "", "Directing", "Director", ""),
        ("Director", "Director", "Directing", "Director", ""),
        ("Writer", "Screenplay", "Writing", "Screenplay", ""),
        ("Writer", " Novel ", "Writing", "Novel", ""),
        ("Producer", "Executive Producer", "Production", "Executive Producer", ""),
        ("Composer", "Original Music Composer", "Sound", "Original Music Composer", ""),
        ("Editor", "Editor", "Editing", "Editor", ""),
        ("CoverArtist", "CoverArtist", "Art", "Cover Artist", ""),
        ("AlbumArtist", None, "Sound", "Album Artist", ""),
        ("Unknown", "Director of Photography", "Camera", "Director of Photography", ""),
        ("Unknown", "Casting Director", "Production", "Casting Director", ""),
        ("Unknown", "Art Director", "Art", "Art Director", ""),
        ("Unknown", "Sound Editor", "Sound", "Sound Editor", ""),
        ("Unknown", "Gaffer", "Crew", "Gaffer", ""),
        ("Unknown", "", "Crew", "Unknown", ""),
        ("Cinematographer", "", "Camera", "Cinematographer", ""),
        ("StuntDouble", "Stunts", "Crew", "Stunts", ""),
        (None, None, "Crew", "Unknown", ""),
        ("", "", "Crew", "Unknown", ""),
    ],
)  # fmt: skip
def test_jobs(
    kind: str | None, role: str | None, department: str, job: str, character: str
) -> None:
    assert credited(kind, role) == (kind or "Unknown", department, job, character)


def test_one_person_in_several_jobs() -> None:
    maggie = {"Name": "Maggie Kang", "Id": "28ae", "PrimaryImageTag": "bae8"}
    found = record(
        maggie | {"Type": "Director", "Role": ""},
        {"Type": "Actor", "Role": "Nobody"},
        maggie | {"Type": "Writer", "Role": "Story"},
        maggie | {"Type": "Writer", "Role": "Screenplay"},
    )
    assert [(c.billing, c.job) for c in found.credits] == [
        (0, "Director"),
        (2, "Story"),
        (3, "Screenplay"),
    ]
    assert len({id(c.person) for c in found.credits}) == 1
    person = found.credits[0].person
    assert person == SourcePerson(
        "28ae", "Maggie Kang", True, "/Items/28ae/Images/Primary?tag=bae8"
    )


def test_a_person_without_an_id() -> None:
    (credit,) = record({"Name": " Zoë ", "Type": "Actor"}).credits
    assert credit.person == SourcePerson("name:zoe", " Zoë ", True)


@pytest.mark.parametrize(
    ("collection", "kind"),
    [
        ("movies", LibraryKind.MOVIES), ("tvshows", LibraryKind.SHOWS), (None, LibraryKind.MIXED),
        ("mixed", LibraryKind.MIXED), ("music", None), ("boxsets", None), ("homevideos", None),
        ("books", None), ("playlists", None), ("livetv", None), ("hologram", None),
    ],
)  # fmt: skip
def test_libraries(collection: str | None, kind: LibraryKind | None) -> None:
    found = translate.library(wire.View(name="L", item_id="5", collection_type=collection))
    assert (found.kind if found else None) is kind


def test_a_library_without_an_id_is_none() -> None:
    assert translate.library(wire.View(name="L", collection_type="movies")) is None


def test_places_in_a_show() -> None:
    show = {"SeriesId": "s", "SeasonId": "n", "IndexNumber": 4, "ParentIndexNumber": 2}
    episode = item(TitleKind.EPISODE, **show)
    assert (episode.parent_key, episode.show_key) == ("n", "s")
    assert (episode.season_number, episode.episode_number) == (2, 4)
    season = item(TitleKind.SEASON, SeriesId="s", IndexNumber=0, ParentIndexNumber=None)
    assert (season.parent_key, season.show_key) == ("s", "s")
    assert (season.season_number, season.episode_number) == (0, None)
    lonely = item(TitleKind.EPISODE, SeriesId="s", SeasonId="0" * 32)
    assert (lonely.parent_key, lonely.show_key) == ("s", "s")
    assert item(TitleKind.MOVIE, **show).show_key is None


def test_an_etag_that_all_unsaved_items_share_is_no_marker() -> None:
    assert item(TitleKind.MOVIE, Etag="543b6ca4c9f21c87d81daf7a932499c0").marker is None
    assert item(TitleKind.MOVIE, Etag="722eae2d424f7ad58e16b932e146aad3").marker == (
        "722eae2d424f7ad58e16b932e146aad3"
    )


def test_ids_of_the_title_itself_only() -> None:
    served = {"Imdb": "tt1", "TmdbCollection": "9", "TvdbSlug": "x", "Tvdb": "", "Zap2It": "EP1"}
    found = item(TitleKind.MOVIE, ProviderIds=served)
    assert found.external_ids == (("imdb", "tt1"), ("zap2it", "EP1"))


def test_an_odd_key_leads_a_picture_nowhere_else() -> None:
    found = item(TitleKind.MOVIE, Id="1/../../System?a=b#c", ImageTags={"Primary": "a"})
    assert found.poster == "/Items/1%2F..%2F..%2FSystem%3Fa%3Db%23c/Images/Primary?tag=a"


def test_pictures() -> None:
    own = item(TitleKind.MOVIE, ImageTags={"Primary": "a", "Logo": "b"}, BackdropImageTags=["c"])
    assert own.poster == "/Items/1/Images/Primary?tag=a"
    assert own.backdrop == "/Items/1/Images/Backdrop?tag=c"
    lent = {"ParentBackdropItemId": "s", "ParentBackdropImageTags": ["d"]}
    assert item(TitleKind.EPISODE, **lent).backdrop is None
    assert item(TitleKind.EPISODE, **lent, BackdropImageTags=["c"]).backdrop == own.backdrop
    assert item(TitleKind.MOVIE, ImageTags={}, BackdropImageTags=[]).poster is None


def test_blurhashes_belong_to_tags() -> None:
    hashes = {"Primary": {"a": BLURHASH, "z": "other"}, "Backdrop": {"d": "LEHV6nWB2yk8"}}
    tags = {"ImageTags": {"Primary": "a"}, "BackdropImageTags": ["c"]}
    own = item(TitleKind.MOVIE, ImageBlurHashes=hashes, **tags)
    assert (own.poster_blurhash, own.backdrop_blurhash) == (BLURHASH, None)
    other = item(TitleKind.MOVIE, ImageBlurHashes=hashes, BackdropImageTags=["d"])
    assert (other.poster_blurhash, other.backdrop_blurhash) == (None, "LEHV6nWB2yk8")


@pytest.mark.parametrize(
    "hashes",
    [
        None,
        [],
        "x",
        {"Primary": []},
        {"Primary": {"a": None}},
        {"Primary": {"a": 7}},
        {"Primary": {"a": ""}},
        {"Primary": {"a": "<script>alert(1)</script>"}},
        {"Primary": {"a": "L" * 10_000}},
        {"Primary": {"a": "LEHV6nWB2yk8\n"}},
        {"Primary": {"a": {"deeper": {}}}},
    ],
)
def test_what_is_no_blurhash_costs_nobody_a_title(hashes: Any) -> None:
    found = item(TitleKind.MOVIE, ImageTags={"Primary": "a"}, ImageBlurHashes=hashes)
    assert found.poster == "/Items/1/Images/Primary?tag=a"
    assert found.poster_blurhash is None


def test_facts() -> None:
    found = item(
        TitleKind.SHOW, Name="One Piece", RunTimeTicks=58319166660, Taglines=["", "Go!"],
        OfficialRating="TV-14", EndDate="2024-10-13T00:00:00.0000000Z", Overview="A\r\n\r\nB",
        PremiereDate="1999-10-20T00:00:00.0000000Z", Genres=["Action", "", None],
        DateCreated="2024-11-21T21:04:49.571Z",
    )  # fmt: skip
    assert (found.runtime, found.tagline, found.content_rating) == (5831, "Go!", "TV-14")
    assert (found.released, found.ended) == (dt.date(1999, 10, 20), dt.date(2024, 10, 13))
    assert (found.year, found.genres, found.overview) == (1999, ("Action",), "A\n\nB")
    assert found.added == dt.datetime(2024, 11, 21, 21, 4, 49, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("served", "location", "kind"),
    [
        ("Movie", "FileSystem", "movie"), ("Series", None, "show"), ("BoxSet", None, None),
        ("Video", None, None), (None, None, "movie"), ("Episode", "Virtual", None),
        ("Season", "Virtual", "season"), ("Episode", "Remote", "episode"),
    ],
)  # fmt: skip
def test_title_kinds(served: str | None, location: str | None, kind: str | None) -> None:
    found = translate.title_kind(row(Type=served, LocationType=location), TitleKind.MOVIE)
    assert found == kind


def test_a_person() -> None:
    found = facts(
        Name="Nick Nolte", Etag="72df", PremiereDate="1941-02-08T00:00:00.0000000Z",
        ProductionLocations=["", "Omaha"], Overview="Bio.\nMore.",
        ProviderIds={"Imdb": "nm0000560"}, ImageTags={"Primary": "4def"},
        ImageBlurHashes={"Primary": {"4def": BLURHASH, "older": "L00000fQ"}},
    )  # fmt: skip
    assert found.person == SourcePerson(
        "1", "Nick Nolte", True, "/Items/1/Images/Primary?tag=4def", BLURHASH
    )
    assert (found.born, found.died) == (dt.date(1941, 2, 8), None)
    assert (found.birthplace, found.biography) == ("Omaha", "Bio.\nMore.")
    assert (found.external_ids, found.unread) == ((("imdb", "nm0000560"),), frozenset())


@pytest.mark.parametrize(
    "fields",
    [
        {"Name": "A\0"},
        {"People": [{"Name": "A", "Id": "a"}, {"Name": "B\u200b", "Id": "b", "Type": "Writer"}]},
        {"People": [{"Name": "A", "Id": "a", "Type": "Actor", "Role": "B\x1b"}]},
        {"People": [{"Name": "A", "Id": "a", "Type": "Actor", "Role": "Zo\ufffd"}]},
        {"People": [{"Name": "\ud83dA", "Id": "b"}]},
    ],
)
def test_odd_names_are_noted(fields: dict[str, Any]) -> None:
    assert translate.People().record(row(**fields), TitleKind.MOVIE).odd == "names"
    assert not record({"Name": "A", "Id": "a", "Type": "Actor", "Role": "B\u00a0C"}).odd
    assert facts(Name="A\u202eB").odd
    assert not facts(Name="A B").odd


@pytest.mark.parametrize(
    "fields",
    [
        {"Name": None},
        {"Name": " "},
        {"People": [{"Name": "", "Id": "a", "Type": "Actor"}]},
        {"People": [{"Name": "A", "Type": "Actor"}]},
    ],
)
def test_missing_names_are_noted(fields: dict[str, Any]) -> None:
    found = translate.People().record(row(**fields), TitleKind.MOVIE)
    assert found.odd == "nameless"
    assert found.item.title == ("Fog" if "People" in fields else "Untitled")
    assert item(TitleKind.SEASON, Name=None, IndexNumber=3).title == "Season 3"


@pytest.mark.parametrize(
    "fields",
    [
        {"ProductionYear": "garbage"},
        {"RunTimeTicks": -(10**18)},
        {"PremiereDate": "99999-01-01"},
        {"EndDate": "garbage"},
        {"DateCreated": "soon"},
        {"IndexNumber": 10**15},
        {"ProviderIds": {"Imdb": "<html>"}},
    ],
)
def test_what_cannot_be_read_is_noted(fields: dict[str, Any]) -> None:
    found = translate.People().record(row(**fields), TitleKind.MOVIE)
    assert found.odd == "values"
    assert (found.item.year, found.item.runtime, found.item.external_ids) == (None, None, ())


@pytest.mark.parametrize("none", [None, "", 0, "0001-01-01T00:00:00.0000000Z"])
def test_what_is_absent_is_absent(none: object) -> None:
    names = ("ProductionYear", "RunTimeTicks", "PremiereDate", "EndDate", "IndexNumber")
    served = row(**dict.fromkeys(names, none), ProviderIds={"Tmdb": None, "TmdbCollection": "x"})
    assert translate.People().record(served, TitleKind.MOVIE).odd is None


@pytest.mark.parametrize("name", [None, "", "  ", "\u200b"])
def test_who_has_no_name_is_nobody(name: str | None) -> None:
    assert translate.person_facts(row(Name=name, Overview="Somebody.")) is None
    assert translate.why_odd(row(Name=name)) == "it has no name"


def test_dates_and_ids_of_a_person_that_cannot_be_read() -> None:
    served = row(
        PremiereDate="garbage", EndDate="2001-02-03", ProviderIds={"Imdb": "<html>", "Tmdb": "65"}
    )
    found = translate.person_facts(served)
    assert found is not None
    assert (found.born, found.died, found.external_ids) == (
        None,
        dt.date(2001, 2, 3),
        (("tmdb", "65"),),
    )
    assert found.unread == {"born", "imdb"}
    assert translate.why_odd(served) == "there is a date that is none"
    assert translate.why_odd(row(ProviderIds={"Imdb": "<html>"})) == "there is an id that is none"
    assert translate.why_odd(row(ProviderIds={"Imdb": "", "Tmdb": "0", "Own": "<html>"})) is None


@pytest.mark.parametrize(
    "fields",
    [
        {"ImageTags": {"Primary": "/../../../etc/passwd"}},
        {"ImageTags": {"Primary": TAG}, "BackdropImageTags": ["x" * 101]},
        {"People": [{"Name": "A", "Id": "b", "PrimaryImageTag": "http://10.0.0.1/a.jpg"}]},
    ],
)
def test_pictures_with_a_tag_that_is_none_are_not_taken(fields: dict[str, Any]) -> None:
    served = row(**fields)
    found = translate.People().record(served, TitleKind.MOVIE)
    assert found.odd == "pictures"
    assert found.item.poster is None or found.item.backdrop is None
    assert [credit.person.portrait for credit in found.credits] in ([], [None])
    why = None if "People" in fields else "its picture has a tag that is none"
    assert translate.why_odd(served) == why


def test_pictures_have_tags() -> None:
    served = row(ImageTags={"Primary": TAG}, BackdropImageTags=[TAG, None])
    found = translate.People().record(served, TitleKind.MOVIE)
    assert (found.odd, found.item.poster) == (None, f"/Items/{served.id}/Images/Primary?tag={TAG}")
