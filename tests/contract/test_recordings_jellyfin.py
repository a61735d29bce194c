"""Every recorded answer of a Jellyfin passes through wire and translate, and its people come out
as an independent reading of the JSON counts them.
"""

from __future__ import annotations

import asyncio
import fnmatch
import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from fullcredits.errors import Busy, Failed, Nonsense, Refused, SourceError
from fullcredits.model import LibraryKind, Record, SourceKind, TitleKind
from fullcredits.sources import jellyfin_door, open_source, server_at
from fullcredits.sources.decoding import decode
from fullcredits.sources.http import Http
from fullcredits.sources.jellyfin import translate
from fullcredits.sources.jellyfin.client import JellyfinSource
from fullcredits.sources.jellyfin.sign_in import by_password
from fullcredits.sources.jellyfin.wire import (
    ITEMS,
    Item,
    PublicInfo,
    SignedIn,
    User,
    View,
    ViewsAnswer,
)
from fullcredits.sources.trouble import TooMuch
from tests.contract.answering import TOKEN, said, scripted
from tests.contract.recorded import recorded_files
from tests.shared_data import shared_path

FILES = recorded_files("jellyfin")

CLASSES = [
    # (pattern, class); the first that fits. Classes are the tests below.
    ("12.0-rc5/emby_prefix.json", "error"),
    ("12.0-rc5/legacy_*.json", "error"),
    ("*/library.jsonl.gz", "library"),
    ("*/startup_sequence_*.json", "startup"),
    ("*/sign_in_flows.json", "sign-in"),
    ("*/list_*.json", "items"),
    ("*/*_with_people*.json", "items"),
    ("*/persons_*.json", "items"),
    ("*/film_after_*.json", "items"),
    ("*/changed_since.json", "items"),
    ("*/unknown_field_is_dropped.json", "items"),
    ("*/ids_placeholder_row.json", "error"),
    ("*/ids_*.json", "items"),
    ("*/apikey_query.json", "items"),
    ("*/legacy_*.json", "items"),
    ("*/emby_prefix.json", "items"),
    ("real_items_*.json", "items"),
    ("*/single_movie.json", "item"),
    ("real_person_item.json", "item"),
    ("real_emby_person_2019.json", "item"),
    ("real_movie_people_*.json", "fragment"),
    ("real_people_*.json", "fragment"),
    ("real_episode_person_*.json", "fragment"),
    ("*/virtual_folders.json", "views"),
    ("*/user_views.json", "views"),
    ("*/media_folders.json", "views"),
    ("*/system_info_public.json", "info"),
    ("*/users_me_with_user_token.json", "user"),
    ("*/auth_by_name.json", "token"),
    ("*/error_*.json", "error"),
    ("*/single_movie_with_api_key_and_no_user.json", "error"),
    ("*/user_views_with_api_key_and_no_user.json", "error"),
    ("*/users_me_with_api_key.json", "error"),
    ("*/not_found_path.json", "error"),
    ("*/portrait_missing.json", "picture"),
    ("*/portrait_headers.json", "picture"),
]
NOT_FOR_US = {
    "INDEX.md": "says where the files come from",
    "*/system_info.json": "we ask /System/Info/Public and /Users/Me instead",
    "*/openapi_probe.json": "the health page",
    "*/quickconnect_enabled.json": "nobody asks whether; beginning one says it",
    "*/socket_*.json": "frames of a WebSocket: unit/test_live_messages.py",
    "*/people_arrive_during_a_scan.json": "numbers measured by the recorder, no answers",
    "*person_id_vectors.json": "pairs of name and id for the simulator",
}
CAST_JOBS = {"Actor": "Actor", "GuestStar": "Guest Star"}


def class_of(path: str) -> str | None:
    return next((kind for pattern, kind in CLASSES if fnmatch.fnmatch(path, pattern)), None)


def files_of(kind: str) -> list[str]:
    return [path for path in FILES if class_of(path) == kind]


def recorded(path: str) -> dict[str, Any]:
    content = json.loads((shared_path() / "recordings/jellyfin" / path).read_text("utf-8"))
    return content if "status" in content else {"status": 200, "body": content}


def body_of(path: str) -> bytes:
    return json.dumps(recorded(path)["body"]).encode()


def test_no_recording_is_ignored() -> None:
    shared_path()
    assert FILES
    for path in FILES:
        reasons = [why for pattern, why in NOT_FOR_US.items() if fnmatch.fnmatch(path, pattern)]
        assert (class_of(path) is not None) != bool(reasons), path


def read_plainly(people: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Billing, id, name, kind, job, character of each credit, by loops over plain JSON."""
    credits = []
    for place, person in enumerate(people):
        if not person.get("Name", "").strip():
            continue
        kind = person.get("Type", "Unknown")
        role = person.get("Role") or ""
        if kind in CAST_JOBS:
            job, character = CAST_JOBS[kind], role
        else:
            job, character = role.strip(), ""
            if job in ("", kind):
                job = kind
        credits.append((place, person["Id"], person["Name"], kind, job, character))
    return credits


def credits_of(record: Record) -> list[tuple[Any, ...]]:
    return [
        (c.billing, c.person.key, c.person.name, c.kind, c.job, c.character) for c in record.credits
    ]


def check_row(row: Item, served: dict[str, Any]) -> int:
    """Compares one row with its JSON; gives the number of credits."""
    people = served.get("People") or []
    if served.get("Type") == "Person":
        check_person(row, served)
        return len(people)
    kind = translate.title_kind(row, TitleKind.MOVIE)
    assert kind is not None
    record = translate.People().record(row, kind)
    assert credits_of(record) == read_plainly(people)
    for credit in record.credits:
        tag = people[credit.billing].get("PrimaryImageTag")
        path = f"/Items/{credit.person.key}/Images/Primary?tag={tag}"
        assert credit.person.portrait == (path if tag else None)
        assert credit.person.by_name
    check_facts(record, served)
    return len(record.credits)


def check_facts(record: Record, served: dict[str, Any]) -> None:
    item = record.item
    kinds = {"Movie": "movie", "Series": "show", "Season": "season", "Episode": "episode"}
    assert item.key == served["Id"]
    assert item.title == served.get("Name", "Untitled")
    assert item.kind == kinds[served.get("Type", "Movie")]
    assert item.marker == served.get("Etag")
    assert item.show_key == served.get("SeriesId")
    assert item.parent_key == (served.get("SeasonId") or served.get("SeriesId"))
    assert item.year == served.get("ProductionYear")
    assert str(item.released or "") == served.get("PremiereDate", "")[:10]
    assert str(item.ended or "") == served.get("EndDate", "")[:10]
    assert item.runtime == (served.get("RunTimeTicks", 0) // 10**7 or None)
    assert item.genres == tuple(served.get("Genres", ()))
    assert item.original_title == served.get("OriginalTitle")
    ids = {(k.lower(), v) for k, v in served.get("ProviderIds", {}).items()}
    assert set(item.external_ids) == ids
    number = served.get("IndexNumber")
    if item.kind is TitleKind.SEASON:
        assert (item.season_number, item.episode_number) == (number, None)
    else:
        season = served.get("ParentIndexNumber")
        assert (item.season_number, item.episode_number) == (season, number)


def check_person(row: Item, served: dict[str, Any]) -> None:
    facts = translate.person_facts(row)
    assert facts is not None
    assert (facts.unread, translate.why_odd(row)) == (frozenset(), None)
    assert (facts.person.key, facts.person.name) == (served["Id"], served["Name"])
    assert facts.person.by_name
    assert str(facts.born or "") == served.get("PremiereDate", "")[:10]
    assert facts.birthplace == next(iter(served.get("ProductionLocations", [])), None)
    assert facts.biography == served.get("Overview")
    assert {(i.scheme, i.value) for i in facts.external_ids} == {
        (k.lower(), v) for k, v in served.get("ProviderIds", {}).items()
    }
    tag = served.get("ImageTags", {}).get("Primary")
    assert (facts.person.portrait or "").endswith(f"?tag={tag}" if tag else "")


@pytest.mark.parametrize("path", files_of("items"))
def test_lists_of_items(path: str) -> None:
    body = recorded(path)["body"]
    page = ITEMS.decode("Cabin", body_of(path))
    assert page.broken == ()
    assert page.container.total_record_count == body["TotalRecordCount"]
    assert len(page.rows) == len(body["Items"])
    counted = sum(check_row(row, raw) for row, raw in zip(page.rows, body["Items"], strict=True))
    assert counted == sum(len(raw.get("People", ())) for raw in body["Items"])


@pytest.mark.parametrize("path", files_of("item"))
def test_single_items(path: str) -> None:
    check_row(decode("Cabin", body_of(path), Item), recorded(path)["body"])


@pytest.mark.parametrize("path", files_of("fragment"))
def test_published_fragments_of_people(path: str) -> None:
    served = {"Id": "1", "Type": "Movie", **recorded(path)["body"]}
    page = ITEMS.decode("Cabin", json.dumps({"Items": [served]}).encode())
    assert check_row(page.rows[0], served) > 0


def test_a_whole_library() -> None:
    path = shared_path() / "recordings/jellyfin/10.11.11/library.jsonl.gz"
    with gzip.open(path) as lines:
        next(lines)
        raw = lines.read().splitlines()
    served = [json.loads(line) for line in raw]
    page = ITEMS.decode("Cabin", b'{"Items":[' + b",".join(raw) + b"]}")
    assert page.broken == ()
    counted = sum(check_row(row, item) for row, item in zip(page.rows, served, strict=True))
    assert (len(served), counted) == (17301, 24581)


@pytest.mark.parametrize("path", files_of("views"))
def test_libraries(path: str) -> None:
    body = recorded(path)["body"]
    if isinstance(body, list):
        served, views = body, decode("Cabin", body_of(path), list[View])
    else:
        served, views = body["Items"], decode("Cabin", body_of(path), ViewsAnswer).items
    kinds = {"movies": LibraryKind.MOVIES, "tvshows": LibraryKind.SHOWS}
    expected = [
        (raw.get("ItemId") or raw["Id"], raw["Name"], kinds[raw["CollectionType"]])
        for raw in served
        if raw["CollectionType"] in kinds
    ]
    found = [library for view in views if (library := translate.library(view))]
    assert [(lib.key, lib.name, lib.kind) for lib in found] == expected
    assert len(expected) == 2


@pytest.mark.parametrize("path", [*files_of("info"), *files_of("user"), *files_of("token")])
def test_who_answers(path: str) -> None:
    body, content = recorded(path)["body"], body_of(path)
    if class_of(path) == "info":
        info = decode("Cabin", content, PublicInfo)
        assert (info.id, info.server_name, info.version) == (
            body["Id"],
            body["ServerName"],
            body["Version"],
        )
        assert info.product_name == "Jellyfin Server"
    elif class_of(path) == "user":
        user = decode("Cabin", content, User)
        assert (user.id, user.name) == (body["Id"], body["Name"])
    else:
        assert decode("Cabin", content, SignedIn).access_token == body["AccessToken"]


async def no_pause(seconds: float) -> None:
    """In place of sleep."""


def replayed(answer: dict[str, Any]) -> Response:
    body = answer["body"]
    headers = {k.lower(): v for k, v in answer.get("headers", {}).items()}
    kind = headers.get("content-type", "")
    more = {k: v for k, v in headers.items() if k == "retry-after"}
    plain = isinstance(body, str) and (answer["status"] != 200 or body[:1] == "{")
    return said(body if plain else json.dumps(body), answer["status"], kind, **more)


def replayed_always(answer: dict[str, Any]) -> Callable[[Request], Response]:
    return lambda request: replayed(answer)


@pytest.mark.parametrize("path", files_of("error"))
def test_refusals(path: str) -> None:
    answer = recorded(path)
    kinds: dict[int, type[SourceError]] = {400: Nonsense, 401: Refused, 404: Nonsense, 500: Failed}
    with (
        scripted(replayed_always(answer)) as (address, _),
        pytest.raises(kinds[answer["status"]]) as refusal,
    ):
        asyncio.run(asked(address, answer["request"].split()[1].partition("?")[0]))
    assert not isinstance(refusal.value, TooMuch)
    assert str(refusal.value).startswith("Cabin: ")
    assert f"HTTP {answer['status']}" in str(refusal.value)
    assert TOKEN not in str(refusal.value)


async def asked(address: str, path: str) -> bytes:
    http = Http("Cabin", address, {"Authorization": TOKEN}, sleep=no_pause)
    try:
        return await http.get(path)
    finally:
        await http.close()


@pytest.mark.parametrize("path", files_of("startup"))
def test_a_start_up_second_by_second(path: str) -> None:
    sequence = json.loads((shared_path() / "recordings/jellyfin" / path).read_text("utf-8"))
    for step in sequence:
        asked_path = step["request"].split()[1].partition("?")[0]
        if "status" not in step or asked_path not in ("/System/Info/Public", "/Items"):
            continue
        ready = "Retry-After" not in step["headers"] and '"startup' not in step["body"]
        with scripted(replayed_always(step)) as (address, _):
            if asked_path == "/Items":
                error = Refused if ready else Busy
                with pytest.raises(error) as refusal:
                    asyncio.run(asked(address, asked_path))
            else:
                assert ready or seen_starting(address)
                continue
        if isinstance(refusal.value, Busy):
            assert refusal.value.retry_after == 5.0


def seen_starting(address: str) -> bool:
    async def look() -> None:
        source = JellyfinSource(Http("Cabin", address, {}, sleep=no_pause))
        try:
            await source.server()
        finally:
            await source.close()

    with pytest.raises(Busy) as busy:
        asyncio.run(look())
    return busy.value.retry_after == 5.0


async def sign_in(address: str) -> str:
    async with jellyfin_door("Cabin", address, "client") as door:
        return await by_password(door, "anna", "pa55word")


@pytest.mark.parametrize("path", files_of("sign-in"))
def test_failed_sign_ins(path: str) -> None:
    flows = json.loads((shared_path() / "recordings/jellyfin" / path).read_text("utf-8"))
    attempts = [f for f in flows if f["request"] == "POST /Users/AuthenticateByName"]
    assert [f["status"] for f in attempts] == [401, 400]
    for attempt in attempts:
        with scripted({"/Users/AuthenticateByName": replayed(attempt)}) as (address, _):
            with pytest.raises((Refused, Nonsense)) as refusal:
                asyncio.run(sign_in(address))
            assert "pa55word" not in str(refusal.value)


@pytest.mark.parametrize("path", files_of("picture"))
def test_pictures(path: str) -> None:
    answer = recorded(path)
    image = b"\x89PNG" if answer["status"] == 200 else None
    response = said(image or answer["body"], answer["status"], answer["headers"]["Content-Type"])
    ref = answer["request"].split()[1]

    async def look(address: str) -> bytes | None:
        source = open_source(SourceKind.JELLYFIN, "Cabin", address, TOKEN, "client")
        try:
            picture = await source.picture(ref)
            return picture.content if picture else None
        finally:
            await source.close()

    with scripted({ref.partition("?")[0]: response}) as (address, _):
        assert asyncio.run(look(address)) == image


@pytest.mark.parametrize("path", files_of("info"))
def test_the_kind_is_seen(path: str) -> None:
    with scripted({"/System/Info/Public": replayed(recorded(path))}) as (address, _):
        found = asyncio.run(server_at(address))
    assert found is not None
    assert found.kind is SourceKind.JELLYFIN
