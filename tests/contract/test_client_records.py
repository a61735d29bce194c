"""Full records and persons of both dialects, from servers that do and do not behave."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from fullcredits.errors import Failed, Nonsense, Refused, Unreachable
from fullcredits.model import MediaItem, PersonFacts, SourceKind
from fullcredits.simulate import DEFAULT_API_KEY, DEFAULT_TOKEN
from fullcredits.sources import open_source
from fullcredits.sources.contract import PeoplePage, Records, Source
from tests import served
from tests.contract.answering import raw, said, scripted
from tests.contract.conftest import Simulated
from tests.contract.dialects import (
    BOTH,
    JELLYFIN,
    PLEX,
    Dialect,
    asking,
    films,
)

both = pytest.mark.parametrize("dialect", BOTH, ids=lambda d: str(d.kind.value))


def records(dialect: Dialect, address: str, items: Sequence[MediaItem]) -> Records:
    async def ask(source: Source) -> Records:
        return await source.records({item.key: item.kind for item in items})

    return asking(dialect, address, ask)


def present(dialect: Dialect, address: str, keys: Sequence[str]) -> set[str]:
    return asking(dialect, address, lambda source: source.present(keys))


def answer_with(dialect: Dialect, *rows: Any) -> Response:
    return said(dialect.page(list(rows), len(rows)))


@both
def test_records_by_key_whatever_their_order(dialect: Dialect) -> None:
    def answer(request: Request) -> Response:
        keys = dialect.asked_keys(request)
        assert keys == ["1", "2", "3"]
        rows = [dialect.film(key, ["Ann", "Ben"]) for key in reversed(keys)]
        return answer_with(dialect, *rows, dialect.film("99", ["Nobody asked"]))

    with scripted(answer) as (address, app):
        found = records(dialect, address, films("1", "2", "3", "1"))
    assert sorted(record.item.key for record in found.records) == ["1", "2", "3"]
    assert (found.missing, found.broken) == ((), ())
    for record in found.records:
        assert [credit.person.name for credit in record.credits] == ["Ann", "Ben"]
    first, second = found.records[:2]
    assert first.credits[0].person is second.credits[0].person  # one object a person
    assert len(app.asked) == 1


@both
def test_left_out_keys_are_missing(dialect: Dialect) -> None:
    with scripted(lambda request: answer_with(dialect, dialect.film("2", []))) as (address, _):
        found = records(dialect, address, films("1", "2", "3"))
    assert [record.item.key for record in found.records] == ["2"]
    assert found.missing == ("1", "3")


def test_all_keys_unknown_to_plex_is_a_404() -> None:
    with scripted(lambda request: said("<html>", 404, "text/html")) as (address, _):
        assert records(PLEX, address, films("1", "2")).missing == ("1", "2")


def test_all_keys_unknown_to_jellyfin() -> None:
    with scripted(lambda request: answer_with(JELLYFIN)) as (address, _):
        assert records(JELLYFIN, address, films("1", "2")).missing == ("1", "2")


def test_an_empty_plex_batch_is_asked_for_in_parts() -> None:
    with scripted(lambda request: answer_with(PLEX)) as (address, _):
        with pytest.raises(Failed, match="gave nothing for 2 titles at once"):
            records(PLEX, address, films("1", "2"))
        assert records(PLEX, address, films("1")).missing == ("1",)


def test_an_empty_plex_answer_calls_no_title_gone() -> None:
    with scripted(lambda request: answer_with(PLEX)) as (address, _):
        for keys in (["1", "2"], ["1"]):
            with pytest.raises(Failed, match="gave nothing for"):
                present(PLEX, address, keys)
    with scripted(lambda request: said("<html>", 404, "text/html")) as (address, _):
        assert present(PLEX, address, ["1"]) == set()


def test_nothing_asked_nothing_sent() -> None:
    with scripted({}) as (address, app):
        for dialect in BOTH:
            assert records(dialect, address, []) == Records((), ())
    assert app.asked == []


@both
def test_a_malformed_record_costs_only_itself(dialect: Dialect) -> None:
    bad = dialect.film("2", []) | {"People" if dialect is JELLYFIN else "Role": [7]}
    rows = [dialect.film("1", ["Ann"]), bad, dialect.film("3", ["Ben"])]
    with scripted(lambda request: answer_with(dialect, *rows)) as (address, _):
        found = records(dialect, address, films("1", "2", "3", "4"))
    assert [record.item.key for record in found.records] == ["1", "3"]
    assert [key for key, _ in found.broken] == ["2"]
    assert f"$.{'People' if dialect is JELLYFIN else 'Role'}[0]" in found.broken[0][1]
    assert found.missing == ("4",)


@both
def test_nobody_is_missing_while_a_row_has_no_key(dialect: Dialect) -> None:
    with scripted(lambda request: answer_with(dialect, dialect.film("1", []), {})) as (address, _):
        found = records(dialect, address, films("1", "2"))
    assert found.missing == ()
    assert [key for key, _ in found.broken] == ["2"]


@both
def test_a_field_of_twenty_megabytes_costs_only_its_record(dialect: Dialect) -> None:
    word = "Overview" if dialect is JELLYFIN else "summary"
    rows = [dialect.film("1", ["Ann"]), dialect.film("2", []) | {word: "x" * 20_000_000}]
    answer = answer_with(dialect, *rows)
    with scripted(lambda request: answer) as (address, _):
        found = records(dialect, address, films("1", "2"))
    assert [record.item.key for record in found.records] == ["1"]
    assert [key for key, _ in found.broken] == ["2"]
    assert "length <= 1000000" in found.broken[0][1]


@both
@pytest.mark.parametrize(
    ("served_name", "name"),
    [
        (r"A\u0000nn", "Ann"),
        (r"\ud83dAnn", "Ann"),
        (r"An\udc00n", "Ann"),
        ("A\x07n\x1bn", "Ann"),
        (r"A\u0007nn ", "Ann "),
        (r" \tAnn", " \tAnn"),
        ("Ann\x00", "Ann"),
        (r"Zoë \ud83d\ude00", "Zoë 😀"),
        ("Zoë \u202eKravitz", "Zoë \u202eKravitz"),
    ],
)
def test_names_no_database_could_hold(dialect: Dialect, served_name: str, name: str) -> None:
    body = json.dumps(dialect.page([dialect.film("1", ["NAME", "Ben"])], 1))
    content = body.replace("NAME", served_name).encode("utf-8", "surrogatepass")
    with scripted(lambda request: said(content)) as (address, _):
        found = records(dialect, address, films("1"))
    assert [credit.person.name for credit in found.records[0].credits] == [name, "Ben"]


@both
def test_broken_utf_8_becomes_a_mark(dialect: Dialect) -> None:
    content = json.dumps(dialect.page([dialect.film("1", ["NAME"])], 1)).encode()
    content = content.replace(b"NAME", b"Zo\xeb")
    with scripted(lambda request: said(content)) as (address, _):
        found = records(dialect, address, films("1"))
    assert [credit.person.name for credit in found.records[0].credits] == ["Zo\ufffd"]


@both
def test_a_batch_that_fails_can_be_halved(dialect: Dialect) -> None:
    def answer(request: Request) -> Response:
        keys = dialect.asked_keys(request)
        if "2" in keys:
            return said("Error processing request.", 500, "text/plain")
        return answer_with(dialect, *(dialect.film(key, []) for key in keys))

    with scripted(answer) as (address, _):
        with pytest.raises(Failed):
            records(dialect, address, films("1", "2"))
        assert len(records(dialect, address, films("1")).records) == 1


@both
def test_truncated_json_is_no_empty_answer(dialect: Dialect) -> None:
    body = json.dumps(dialect.page([dialect.film("1", ["Ann"])], 1)).encode()
    cuts = [body[:length] for length in (1, len(body) // 2, len(body) - 1)]
    with scripted(lambda request: said(cuts.pop())) as (address, _):
        while cuts:
            with pytest.raises(Nonsense, match="does a proxy cut answers off"):
                records(dialect, address, films("1"))


@both
def test_an_answer_reset_half_way(dialect: Dialect) -> None:
    body = json.dumps(dialect.page([dialect.film("1", ["Ann"])], 1)).encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    whole = head % len(body) + body
    with raw(whole[:-9], reset=True) as address, pytest.raises(Unreachable):
        records(dialect, address, films("1"))
    with raw(whole[:-9], whole) as address:
        assert len(records(dialect, address, films("1")).records[0].credits) == 1


@both
def test_request_lines_stay_short(dialect: Dialect) -> None:
    keys = [f"{number:032x}" for number in range(450)]

    def answer(request: Request) -> Response:
        line = len(str(request.url)) - len(str(request.base_url))
        assert line < (4000 + 300 if dialect is PLEX else 8000)
        return answer_with(dialect, *(dialect.film(k, []) for k in dialect.asked_keys(request)))

    with scripted(answer) as (address, app):
        found = records(dialect, address, films(*keys))
    assert len(found.records) == 450
    assert len(app.asked) == (4 if dialect is PLEX else 3)


def test_a_plex_record_as_a_single_object() -> None:
    film = PLEX.film("1", []) | {"Role": {"tag": "Ann", "role": "Eve"}, "Director": None}
    body = {"MediaContainer": {"Metadata": film}}
    with scripted(lambda request: said(body)) as (address, _):
        (record,) = records(PLEX, address, films("1")).records
    assert [(c.person.name, c.character) for c in record.credits] == [("Ann", "Eve")]


def test_what_plex_is_asked_for_records() -> None:
    with scripted(lambda request: answer_with(PLEX, PLEX.film("7", []))) as (address, app):
        records(PLEX, address, films("7"))
    asked = app.asked[0]
    assert asked.url.path == "/library/metadata/7"
    assert (asked.query_params["skipRefresh"], asked.query_params["checkFiles"]) == ("1", "0")
    assert "Role" not in asked.query_params["excludeElements"].split(",")
    portion = (asked.headers["X-Plex-Container-Start"], asked.headers["X-Plex-Container-Size"])
    assert portion == ("0", "1")


def people(dialect: Dialect, address: str, since: dt.datetime | None = None) -> list[PeoplePage]:
    async def ask(source: Source) -> list[PeoplePage]:
        return [page async for page in source.people(since)]

    return asking(dialect, address, ask)


def test_plex_has_no_persons() -> None:
    with scripted({}) as (address, app):
        assert people(PLEX, address) == []
    assert app.asked == []


def test_persons_of_jellyfin_since_a_time() -> None:
    rows: list[Any] = [{"Id": str(n), "Type": "Person", "Name": f"P{n}"} for n in range(2500)]
    rows[2400] = {"Id": "2400", "Name": {"odd": 1}}

    def answer(request: Request) -> Response:
        start, size = JELLYFIN.portion(request)
        return said(JELLYFIN.page(rows[start : start + size], len(rows)))

    since = dt.datetime(2026, 11, 22, 23, 0, 5, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    with scripted(answer) as (address, app):
        pages = people(JELLYFIN, address, since)
    assert [len(page.people) for page in pages] == [2000, 499]
    assert [key for page in pages for key, _ in page.broken] == ["2400"]
    asked = app.asked[0].query_params
    assert asked["minDateLastSavedForUser"] == "2026-11-22T22:00:05Z"
    assert asked["includeItemTypes"] == "Person"
    with scripted(answer) as (address, app):
        people(JELLYFIN, address)
    assert "minDateLastSavedForUser" not in app.asked[0].query_params


def test_libraries_of_a_jellyfin_user() -> None:
    view = {"Name": "Filme", "Id": "7", "CollectionType": "movies"}
    mixed = {"Name": "Mixed", "Id": "8"}
    music = {"Name": "Music", "Id": "9", "CollectionType": "music"}
    answers = {
        "/Library/VirtualFolders": said("", 403, ""),
        "/Users/Me": said({"Id": "u1", "Name": "anna"}),
        "/UserViews": said({"Items": [view, mixed, music]}),
    }

    async def ask(source: Source) -> list[tuple[str, str, str]]:
        return [(lib.key, lib.name, lib.kind.value) for lib in await source.libraries()]

    with scripted(answers) as (address, app):
        found = asking(JELLYFIN, address, ask)
    assert found == [("7", "Filme", "movies"), ("8", "Mixed", "mixed")]
    assert app.asked[-1].query_params["userId"] == "u1"
    old = {k: v for k, v in answers.items() if k != "/UserViews"}
    old["/Users/u1/Views"] = answers["/UserViews"]
    with scripted(old) as (address, _):
        assert asking(JELLYFIN, address, ask) == found
    nobody = {"/Library/VirtualFolders": said("", 403, ""), "/Users/Me": said("", 400, "")}
    with scripted(nobody) as (address, _), pytest.raises(Refused, match="use an API key"):
        asking(JELLYFIN, address, ask)


@pytest.mark.parametrize("kind", SourceKind)
def test_all_that_a_simulated_server_states(
    kind: SourceKind, attic: Simulated, cabin: Simulated
) -> None:
    """Compared with what urllib and json read from the same server."""
    plex = kind is SourceKind.PLEX
    address, token = (attic.address, DEFAULT_TOKEN) if plex else (cabin.address, DEFAULT_API_KEY)
    truth = (served.plex if plex else served.jellyfin)(address, token)

    async def go() -> tuple[Counter[served.Stated], list[PersonFacts], Source]:
        source = open_source(kind, "Attic", address, token, "client")
        found: Counter[served.Stated] = Counter()
        for library in await source.libraries():
            for title_kind in library.kind.title_kinds:
                items = [i async for p in source.listing(library, title_kind) for i in p.items]
                for first in range(0, len(items), 100):
                    got = await source.records({i.key: i.kind for i in items[first : first + 100]})
                    assert (got.missing, got.broken) == ((), ())
                    for record in got.records:
                        listed = next(i for i in items if i.key == record.item.key)
                        assert record.item.marker == listed.marker
                        assert record.item.external_ids == listed.facts().external_ids
                        found.update(
                            served.Stated(
                                record.item.key,
                                c.person.name,
                                c.kind,
                                c.character or ("" if c.department == "Acting" else c.job),
                                c.billing,
                            )
                            for c in record.credits
                        )
        facts = [f async for page in source.people(None) for f in page.people]
        await source.close()
        return found, facts, source

    found, facts, source = asyncio.run(go())
    assert found == truth
    assert bool(facts) is not plex
    assert source.clock is not None
    assert abs((source.clock - dt.datetime.now(dt.UTC)).total_seconds()) < 60
    assert source.requests > 5
    assert source.received > 1000
