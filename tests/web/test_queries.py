"""More rows, not more queries."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event
from starlette.testclient import TestClient

from fullcredits.store import Store
from tests.library import filled
from tests.web.conftest import Counting

OF_THE_GUARD = "FROM passwords"
"""Asked once for each request, whatever the page."""

# One of them for the blurs of all its pictures, where a page has any of some size.
EXPECTED = {
    "home": 4,
    "library": 6,
    "movie": 6,
    "show": 11,
    "season": 12,
    "episode": 11,
    "person": 6,
    "credits": 5,
    "filmography": 2,
    "person filtered": 6,
    "collaborators": 3,
    "works with most": 2,
    "together": 5,
    "appearances": 2,
    "search": 4,
    "search in vain": 8,
    "instant": 4,
    "character": 5,
    "people": 1,
    "busy people": 1,
    "titles": 7,
}


@pytest.mark.parametrize("size", [1, 6])
def test_a_page_sends_as_many_queries_for_many_rows_as_for_few(
    store: Store, client: TestClient, queries: Counting, size: int
) -> None:
    ids = filled(store, crowd=20 * size, episodes=12 * size, guests=size)
    show, person = f"/show/{ids.show}-long-nights", f"/person/{ids.lead}-ada-quill"
    counts = {}
    for name, address in {
        "home": "/",
        "library": f"/library/{ids.films}",
        "movie": f"/movie/{ids.crowd}-the-crowd",
        "show": show,
        "season": f"/season/{ids.season}-season-1",
        "episode": f"/episode/{ids.episode}-night-1",
        "person": person,
        "credits": f"{show}/credits?department=guests",
        "filmography": f"{person}/credits",
        "person filtered": f"{person}?kind=show&decade=2010",
        "collaborators": f"{person}/with",
        "works with most": f"{person}/with/most",
        "together": f"{person}/with/{ids.guest}",
        "appearances": f"{person}/show/{ids.show}",
        "search": "/search?q=guest",
        "search in vain": "/search?q=gueset",
        "instant": "/search/instant?q=guest",
        "character": "/character?name=Inspector+Vinter",
        "people": "/people?letter=q",
        "busy people": "/people?sort=titles&department=acting",
        "titles": "/titles?kind=movie&decade=2000&genre=Drama&sort=year",
    }.items():
        with queries() as seen:
            assert client.get(address).status_code == 200
        asked = [statement for statement in seen if statement.startswith(("SELECT", "WITH"))]
        counts[name] = len([statement for statement in asked if OF_THE_GUARD not in statement])
    assert counts == EXPECTED


@pytest.mark.parametrize(
    "address",
    ["/people", "/people?letter=q", "/people?letter=other", "/people?sort=titles", "/titles",
     "/titles?sort=year", "/titles?sort=added"],
)  # fmt: skip
def test_a_list_is_read_in_its_order_not_sorted(
    sqlite_store: Store, sqlite_client: TestClient, address: str
) -> None:
    filled(sqlite_store, crowd=20)
    seen: list[tuple[str, Any]] = []
    engine = sqlite_store.engine

    def note(_: Any, __: Any, statement: str, values: Any, *more: Any) -> None:
        if "ORDER BY" in statement and "LIMIT" in statement:
            seen.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    assert sqlite_client.get(address).status_code == 200
    event.remove(engine, "before_cursor_execute", note)
    assert seen
    with engine.connect() as db:
        for statement, values in seen:
            plan = db.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            assert [step for *_, step in plan if "FOR ORDER BY" in step] == []
