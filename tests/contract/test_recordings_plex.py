"""Every recorded answer of a Plex passes through wire and translate, and its people come out as
an independent reading of the JSON counts them.
"""

from __future__ import annotations

import asyncio
import fnmatch
import json
from typing import Any

import pytest

from fullcredits.errors import Busy, Nonsense, Refused, SourceError
from fullcredits.model import LibraryKind, Record, TitleKind
from fullcredits.sources.decoding import decode
from fullcredits.sources.http import Http
from fullcredits.sources.plex import translate
from fullcredits.sources.plex.client import PlexSource
from fullcredits.sources.plex.wire import SECTIONS, TITLES, IdentityAnswer, Item
from fullcredits.text import fold
from tests.contract.answering import TOKEN, said, scripted
from tests.contract.recorded import recorded_files
from tests.shared_data import shared_path

FILES = recorded_files("plex")

CLASSES = [
    # (pattern, class); the first that fits. Classes are the tests below.
    ("listing_*.json", "titles"),
    ("metadata_*.json", "titles"),
    ("hub_recentlyadded_*.json", "titles"),
    ("rs_listing_*.json", "titles"),
    ("rs_metadata_*.json", "titles"),
    ("rs_children_*.json", "titles"),
    ("doc_allLeaves.json", "titles"),
    ("doc_library_metadata.json", "titles"),
    ("doc_library_person_media.json", "titles"),
    ("doc_section_all.json", "titles"),
    ("directory_countries_empty.json", "titles"),
    ("library_sections_*.json", "sections"),
    ("doc_library_sections_all.json", "sections"),
    ("doc_identity.json", "identity"),
    ("doc_root.json", "identity"),
    ("rs_media_providers_unclaimed.json", "identity"),
    ("error_*.html", "refusal"),
    ("error_503_maintenance.xml", "refusal"),
    ("error_provider_401.json", "refusal"),
    ("error_truncated_response.xml", "xml"),
    ("xml_*.xml", "xml"),
]
NOT_FOR_US = {
    "INDEX.md": "says where the files come from",
    "doc_library_person.json": "persons are read from credits; Plex knows no more of them",
    "doc_library_tags.json": "as above",
    "hubs_search_*.json": "we do not search on the server",
    "plextv_resources.json": "plex.tv, not a server: test_client_plextv.py",
    "rs_plextv_*.json": "as above",
    "section_detail*.json": "menus of a section",
    "webhook_*.json": "comes by itself: web/test_hooks.py",
    "ws_*.json": "frames of a WebSocket: unit/test_live_messages.py",
}
JOBS = {"Role": "Actor", "Director": "Director", "Writer": "Writer", "Producer": "Producer"}


def class_of(path: str) -> str | None:
    return next((kind for pattern, kind in CLASSES if fnmatch.fnmatch(path, pattern)), None)


def files_of(kind: str) -> list[str]:
    return [path for path in FILES if class_of(path) == kind]


def content_of(path: str) -> bytes:
    return (shared_path() / "recordings/plex" / path).read_bytes()


def test_no_recording_is_ignored() -> None:
    shared_path()
    assert FILES
    for path in FILES:
        reasons = [why for pattern, why in NOT_FOR_US.items() if fnmatch.fnmatch(path, pattern)]
        assert (class_of(path) is not None) != bool(reasons), path


def read_plainly(served: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Billing, key, name, kind, job, character, portrait, by loops over plain JSON."""
    credits = []
    place = 0
    for word, job in JOBS.items():
        for tag in served.get(word, []):
            key = tag.get("tagKey") or "name:" + fold(tag["tag"])
            character = tag.get("role", "") if word == "Role" else ""
            credits.append((place, key, tag["tag"], word, job, character, tag.get("thumb")))
            place += 1
    return credits


def credits_of(record: Record) -> list[tuple[Any, ...]]:
    return [
        (c.billing, c.person.key, c.person.name, c.kind, c.job, c.character, c.person.portrait)
        for c in record.credits
    ]


def check_row(row: Item, served: dict[str, Any]) -> int:
    """Compares one row with its JSON; gives the number of credits."""
    kind = translate.title_kind(row, TitleKind.MOVIE)
    if served["type"] == "collection":
        assert kind is None
        return 0
    assert kind == served["type"]
    assert kind is not None
    record = translate.People().record(row, kind)
    assert credits_of(record) == read_plainly(served)
    assert record.capped == (len(served.get("Role", [])) == 200)
    for credit in record.credits:
        assert credit.person.by_name == credit.person.key.startswith("name:")
    check_facts(record, served)
    return len(record.credits)


def check_facts(record: Record, served: dict[str, Any]) -> None:
    item = record.item
    assert item.key == str(served["ratingKey"])
    assert item.title == served["title"]
    assert item.marker == (str(served["updatedAt"]) if "updatedAt" in served else None)
    assert item.show_key == served.get("grandparentRatingKey", served.get("parentRatingKey"))
    assert item.parent_key == served.get("parentRatingKey")
    assert str(item.released or "") == served.get("originallyAvailableAt", "")
    if item.kind is TitleKind.EPISODE:
        assert str(item.year) == served.get("originallyAvailableAt", "None")[:4]
        assert (item.season_number, item.episode_number) == (
            served.get("parentIndex"),
            served.get("index"),
        )
    else:
        assert item.year == served.get("year")
    if item.kind is TitleKind.SEASON:
        assert (item.season_number, item.episode_number) == (served["index"], None)
    assert item.runtime == (served.get("duration", 0) // 1000 or None)
    assert item.genres == tuple(tag["tag"] for tag in served.get("Genre", []))
    assert item.poster == served.get("thumb")
    own = item.kind in (TitleKind.MOVIE, TitleKind.SHOW)
    assert item.backdrop == (served.get("art") if own else None)
    assert (item.overview or "").split() == served.get("summary", "").split()
    ids = dict(item.external_ids)
    for guid in served.get("Guid", []):
        scheme, value = guid["id"].split("://")
        assert ids[scheme] == value
    if served.get("guid", "").startswith("plex://"):
        assert ids["plex"] == served["guid"].split("/")[-1]


@pytest.mark.parametrize("path", files_of("titles"))
def test_titles(path: str) -> None:
    content = content_of(path)
    container = json.loads(content)["MediaContainer"]
    served = container.get("Metadata", [])
    page = TITLES.decode("Attic", content)
    assert page.broken == ()
    assert page.container.container.total_size == container.get("totalSize")
    counted = sum(check_row(row, raw) for row, raw in zip(page.rows, served, strict=True))
    assert counted == sum(len(raw.get(word, [])) for raw in served for word in JOBS)


@pytest.mark.parametrize(
    ("path", "roles", "capped"),
    [
        ("metadata_movie_wicked_200roles.json", 200, True),
        ("metadata_show_200roles.json", 200, True),
        ("rs_metadata_108_legacy_22roles.json", 22, False),
        ("rs_metadata_13194_frozen_61roles.json", 61, False),
        ("rs_metadata_182_batman_58roles.json", 58, False),
    ],
)
def test_known_casts_are_whole(path: str, roles: int, capped: bool) -> None:
    row = TITLES.decode("Attic", content_of(path)).rows[0]
    record = translate.People().record(row, TitleKind(row.type or ""))
    assert sum(c.kind == "Role" for c in record.credits) == roles
    assert record.capped is capped


def test_ids_of_legacy_agents() -> None:
    row = TITLES.decode("Attic", content_of("rs_metadata_108_legacy_22roles.json")).rows[0]
    assert ("imdb", "tt0165832") in translate.external_ids(row, TitleKind.MOVIE)
    episode = TITLES.decode("Attic", content_of("metadata_episode_legacy_agent.json")).rows[0]
    assert translate.external_ids(episode, TitleKind.EPISODE) == ()
    local = TITLES.decode("Attic", content_of("metadata_movie_local_no_tags.json")).rows[0]
    assert translate.external_ids(local, TitleKind.MOVIE) == ()


@pytest.mark.parametrize("path", files_of("sections"))
def test_sections(path: str) -> None:
    content = content_of(path)
    kinds = {"movie": LibraryKind.MOVIES, "show": LibraryKind.SHOWS}
    expected = [
        (raw["key"], raw["title"], kinds[raw["type"]])
        for raw in json.loads(content)["MediaContainer"]["Directory"]
        if raw["type"] in kinds
    ]
    found = [translate.library(row) for row in SECTIONS.decode("Attic", content).rows]
    assert [(lib.key, lib.name, lib.kind) for lib in found if lib] == expected
    assert expected


@pytest.mark.parametrize("path", files_of("identity"))
def test_identities(path: str) -> None:
    served = json.loads(content_of(path))["MediaContainer"]
    identity = decode("Attic", content_of(path), IdentityAnswer).container
    assert identity.machine_identifier == served["machineIdentifier"]
    assert identity.friendly_name == served.get("friendlyName")
    assert identity.version == served["version"]


async def no_pause(seconds: float) -> None:
    """In place of sleep."""


def refusal_of(content: bytes, status: int, kind: str) -> SourceError:
    """What a source says when every address answers so."""

    async def ask(address: str) -> None:
        source = PlexSource(Http("Attic", address, {"X-Plex-Token": TOKEN}, sleep=no_pause))
        try:
            await source.server()
        finally:
            await source.close()

    with scripted(lambda request: said(content, status, kind)) as (address, _):
        with pytest.raises(SourceError) as refusal:
            asyncio.run(ask(address))
        assert str(refusal.value).startswith("Attic: ")
        assert TOKEN not in str(refusal.value)
        return refusal.value


@pytest.mark.parametrize("path", files_of("refusal"))
def test_refusals(path: str) -> None:
    status = next(int(word) for word in path.replace(".", "_").split("_") if word.isdigit())
    kinds: dict[int, type[SourceError]] = {400: Nonsense, 401: Refused, 404: Nonsense, 503: Busy}
    media_type = "application/json" if path.endswith("json") else f"text/{path[-4:].strip('.')}"
    refusal = refusal_of(content_of(path), status, media_type)
    assert isinstance(refusal, kinds[status])
    assert f"HTTP {status}" in str(refusal)


@pytest.mark.parametrize("path", files_of("xml"))
def test_xml_is_one_clear_sentence(path: str) -> None:
    refusal = refusal_of(content_of(path), 200, "text/xml;charset=utf-8")
    assert isinstance(refusal, Nonsense)
    assert "answered with XML, not JSON" in str(refusal)
