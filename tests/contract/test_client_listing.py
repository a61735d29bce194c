"""Listings of both dialects: nothing lost, nothing twice, whatever the server does to its pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from fullcredits.errors import Failed, Nonsense, Refused
from fullcredits.model import TitleKind
from tests.contract.answering import said, scripted
from tests.contract.dialects import BOTH, JELLYFIN, PLEX, SHOWS, Dialect, keys_of, listed

MANY = [str(key) for key in range(5203)]
both = pytest.mark.parametrize("dialect", BOTH, ids=lambda d: str(d.kind.value))


def library_of(
    dialect: Dialect, keys: list[str], most: int = 10**9, **more: Any
) -> Callable[[Request], Response]:
    """A server with these films that sends at most so many rows at once."""

    def answer(request: Request) -> Response:
        start, size = dialect.portion(request)
        part = keys[start : start + min(size, most)]
        rows = [dialect.film(key, []) | more for key in part]
        return said(dialect.page(rows, len(keys)))

    return answer


@both
def test_every_title_once_in_order(dialect: Dialect) -> None:
    with scripted(library_of(dialect, MANY)) as (address, app):
        pages = listed(dialect, address)
    assert keys_of(pages) == MANY
    assert {page.total for page in pages} == {5203}
    assert len(app.asked) == (6 if dialect is PLEX else 3)


@both
def test_an_empty_library_is_one_empty_page(dialect: Dialect) -> None:
    with scripted(library_of(dialect, [])) as (address, app):
        pages = listed(dialect, address)
    assert [(page.items, page.total) for page in pages] == [((), 0)]
    assert len(app.asked) == 1


def test_a_plex_container_without_any_metadata() -> None:
    with scripted({PLEX.listing: said({"MediaContainer": {"size": 0}})}) as (address, _):
        assert [(page.items, page.total) for page in listed(PLEX, address)] == [((), 0)]


@both
def test_pages_shorter_than_asked_for(dialect: Dialect) -> None:
    with scripted(library_of(dialect, MANY[:1000], most=137)) as (address, _):
        assert keys_of(listed(dialect, address)) == MANY[:1000]


@both
def test_no_total_means_all_there_is(dialect: Dialect) -> None:
    rows = [dialect.film(key, []) for key in MANY[:7]]
    with scripted({dialect.listing: said(dialect.page(rows, None))}) as (address, app):
        pages = listed(dialect, address)
    assert keys_of(pages) == MANY[:7]
    assert len(app.asked) == 1


@both
def test_large_pages_that_come_empty_are_asked_for_in_parts(dialect: Dialect) -> None:
    def answer(request: Request) -> Response:
        start, size = dialect.portion(request)
        part = MANY[start : start + size] if size <= 150 else []
        return said(dialect.page([dialect.film(key, []) for key in part], len(MANY)))

    with scripted(answer) as (address, _):
        assert keys_of(listed(dialect, address)) == MANY


@both
def test_a_library_that_claims_more_than_it_gives(dialect: Dialect) -> None:
    def answer(request: Request) -> Response:
        start, size = dialect.portion(request)
        part = MANY[:90][start : start + size]
        return said(dialect.page([dialect.film(key, []) for key in part], 100))

    with scripted(answer) as (address, _):
        pages = listed(dialect, address)
    assert keys_of(pages) == MANY[:90]
    assert pages[-1].total == 100


@both
def test_rows_that_change_places_between_pages(dialect: Dialect) -> None:
    """The first row of the second page was also the last of the first: one is never seen."""
    keys = MANY[:3000]

    def answer(request: Request) -> Response:
        start, size = dialect.portion(request)
        order = keys.copy()
        if len(app.asked) == 2:
            swap = start - 1
            order[swap], order[swap + 1] = order[swap + 1], order[swap]
        part = order[start : start + size]
        return said(dialect.page([dialect.film(key, []) for key in part], len(keys)))

    with scripted(answer) as (address, app):
        found = keys_of(listed(dialect, address))
    assert sorted(found, key=int) == keys
    assert len(found) == len(set(found))


@both
def test_rows_repeated_and_then_complete(dialect: Dialect) -> None:
    """Somebody added a title in front while we read: a row comes twice, none is missing."""

    def answer(request: Request) -> Response:
        start, size = dialect.portion(request)
        keys = MANY[:3000] if len(app.asked) == 1 else ["new", *MANY[:3000]]
        part = keys[start : start + size]
        return said(dialect.page([dialect.film(key, []) for key in part], len(keys)))

    with scripted(answer) as (address, app):
        pages = listed(dialect, address)
    assert sorted(keys_of(pages)) == sorted(["new", *MANY[:3000]])
    assert pages[-1].total == 3001


@both
def test_a_row_the_server_cannot_read(dialect: Dialect) -> None:
    def answer(request: Request) -> Response:
        start, size = dialect.portion(request)
        if start <= 777 < start + size:
            return said("Error processing request.", 500, "text/plain")
        return library_of(dialect, MANY[:2000])(request)

    with scripted(answer) as (address, _):
        pages = listed(dialect, address)
    assert sorted(keys_of(pages), key=int) == [key for key in MANY[:2000] if key != "777"]
    broken = [entry for page in pages for entry in page.broken]
    assert len(broken) == 1
    assert broken[0][0] == ""
    assert "row 778: broke on" in broken[0][1]


@both
def test_a_server_that_fails_on_everything(dialect: Dialect) -> None:
    with scripted(lambda request: said("", 500, "")) as (address, app), pytest.raises(Failed):
        listed(dialect, address)
    assert len(app.asked) < 40


@both
def test_a_token_withdrawn_half_way(dialect: Dialect) -> None:
    def answer(request: Request) -> Response:
        if len(app.asked) > 1:
            return said("", 401, "")
        return library_of(dialect, MANY)(request)

    with scripted(answer) as (address, app), pytest.raises(Refused):
        listed(dialect, address)


@both
def test_one_malformed_row_costs_only_itself(dialect: Dialect) -> None:
    rows: list[Any] = [dialect.film(key, []) for key in ("1", "2", "3")]
    rows[1] = rows[1] | {"People" if dialect is JELLYFIN else "Role": "?"}
    rows += [{"no": "key"}, 17, None]
    with scripted({dialect.listing: said(dialect.page(rows, 6))}) as (address, app):
        (page,) = listed(dialect, address)
    assert [item.key for item in page.items] == ["1", "3"]
    assert [key for key, _ in page.broken] == ["2", "", "", ""]
    assert "$" in page.broken[0][1]
    assert page.total == 6
    assert len(app.asked) == 1


@both
def test_other_things_in_a_library_do_not_count(dialect: Dialect) -> None:
    word, other = ("Type", "BoxSet") if dialect is JELLYFIN else ("type", "collection")
    rows = [dialect.film("1", []), dialect.film("2", []) | {word: other}, dialect.film("3", [])]
    with scripted({dialect.listing: said(dialect.page(rows, 3))}) as (address, app):
        (page,) = listed(dialect, address)
    assert ([item.key for item in page.items], page.total) == (["1", "3"], 2)
    assert len(app.asked) == 1


@both
@pytest.mark.parametrize(
    "body", [[], 1, '"x"', None, {}, {"MediaContainer": 1}, {"Items": 2}, {"items": []}]
)
def test_something_else_than_a_page(dialect: Dialect, body: Any) -> None:
    with scripted({dialect.listing: said(body)}) as (address, _), pytest.raises(Nonsense) as odd:
        listed(dialect, address)
    assert str(odd.value).startswith("Attic: answered in an unknown form: ")


def test_what_plex_is_asked() -> None:
    with scripted(library_of(PLEX, ["1"])) as (address, app):
        listed(PLEX, address)
    assert app.asked[0].query_params["type"] == "1"
    assert app.asked[0].query_params["sort"] == "id"
    assert app.asked[0].query_params["includeGuids"] == "1"
    assert app.asked[0].headers["accept"] == "application/json"
    for told in (app.asked[0].headers, app.asked[0].query_params):
        portion = (told["X-Plex-Container-Start"], told["X-Plex-Container-Size"])
        assert portion == ("0", "1000")


@pytest.mark.parametrize(
    ("kind", "word"),
    [(TitleKind.SHOW, "Series"), (TitleKind.SEASON, "Season"), (TitleKind.EPISODE, "Episode")],
)
def test_what_jellyfin_is_asked(kind: TitleKind, word: str) -> None:
    with scripted(library_of(JELLYFIN, ["1"], Type=word)) as (address, app):
        (page,) = listed(JELLYFIN, address, SHOWS, kind)
    assert page.items[0].kind is kind
    asked = app.asked[0].query_params
    assert (asked["parentId"], asked["includeItemTypes"]) == ("2", word)
    assert (asked["recursive"], asked["collapseBoxSetItems"]) == ("true", "false")
    assert "People" not in asked["fields"]
    assert "fields=ProviderIds,Etag" in app.asked[0].url.query
    assert asked.get("excludeLocationTypes") == ("Virtual" if word == "Episode" else None)
