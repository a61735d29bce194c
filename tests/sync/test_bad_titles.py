"""One title that cannot be read costs only itself: a problem, told and kept until solved."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from fullcredits.store.problems import PAUSES
from tests.sync.household import asked
from tests.sync.scene import Scene, check_sentence
from tests.sync.twisting import asks_records, key_of, keys_of, rows_of

pytestmark = pytest.mark.usefixtures("no_pause")


def test_a_title_that_makes_every_batch_fail(scene: Scene) -> None:
    """Found by bisection, kept as a problem, and solved when it can be read."""
    bad = scene.key("film-017")
    scene.fault(
        lambda request: (
            Response(status_code=500) if asks_records(request) and bad in keys_of(request) else None
        )
    )
    summary = scene.sync()
    assert (summary.state, summary.problems, summary.error) == ("partial", 1, None)
    check_sentence(summary.messages[0])
    (problem,) = scene.house.problems("Shelf")
    assert (problem.item_key, problem.phase, problem.times) == (bad, "records", 1)
    assert problem.title
    without = scene.stored()
    scene.house.later(PAUSES[0])
    scene.sync()
    assert [p.times for p in scene.house.problems("Shelf")] == [2]
    scene.mend()
    whole = scene.served()
    assert without == Counter({s: n for s, n in whole.items() if s.key != bad})
    scene.house.later(PAUSES[1])
    assert scene.sync().state == "done"
    assert scene.house.problems("Shelf") == []
    assert scene.stored() == whole


def test_seasons_and_episodes_are_named_with_their_show(scene: Scene) -> None:
    items = [item.work for item in scene.library.items.values()]
    show, season = (
        next(work for work in items if work.kind == kind) for kind in ("show", "season")
    )
    scene.fault(
        lambda request: (
            Response(status_code=500)
            if asks_records(request) and scene.key(season.id) in keys_of(request)
            else None
        )
    )
    summary = scene.sync()
    (problem,) = scene.house.problems("Shelf")
    assert problem.title == f"{show.title}, season {season.number}"
    assert summary.messages[0].startswith(f"“{problem.title}” was not read from Shelf: ")
    scene.mend()
    bad = scene.key(next(work.id for work in items if work.parent == season.id))

    def twist(request: Request, content: Any) -> None:
        for row in rows_of(content) if not asks_records(request) else ():
            if key_of(row) == bad:
                row["title"] = row["Name"] = {"not": "a text"}

    scene.server.twist = twist
    (listed,) = [words for words in scene.sync().messages if "has not the form" in words]
    assert listed.startswith(f"“{show.title}, S{season.number:02}E")


def test_one_malformed_record(scene: Scene) -> None:
    bad = scene.key("film-005")

    def twist(request: Request, content: Any) -> None:
        for row in rows_of(content) if asks_records(request) else ():
            if key_of(row) == bad:
                row["title"] = row["Name"] = {"not": "a text"}

    scene.server.twist = twist
    summary = scene.sync()
    assert (summary.state, summary.problems) == ("partial", 1)
    check_sentence(summary.messages[0])
    assert [p.item_key for p in scene.house.problems("Shelf")] == [bad]
    scene.mend()
    whole = scene.served()
    assert scene.stored() == Counter({s: n for s, n in whole.items() if s.key != bad})
    scene.house.later(PAUSES[0])
    assert scene.sync().state == "done"
    assert scene.stored() == whole


def test_a_malformed_row_in_a_listing(scene: Scene) -> None:
    """Only that row is not known; it is no reason to call anything gone, and is solved later."""
    assert scene.sync().state == "done"
    bad = scene.key("film-005")

    def twist(request: Request, content: Any) -> None:
        for row in rows_of(content) if not asks_records(request) else ():
            if key_of(row) == bad:
                row["title"] = row["Name"] = {"not": "a text"}

    scene.server.twist = twist
    summary = scene.sync()
    assert (summary.state, summary.titles_gone) == ("partial", 0)
    check_sentence(summary.messages[0])
    assert scene.gone() == 0
    scene.mend()
    assert scene.sync().state == "done"
    assert scene.house.problems("Shelf") == []


def test_a_listed_title_whose_record_is_not_given(scene: Scene) -> None:
    bad = scene.key("film-005")

    def twist(request: Request, content: Any) -> None:
        if asks_records(request):
            rows_of(content)[:] = [row for row in rows_of(content) if key_of(row) != bad]

    scene.server.twist = twist
    summary = scene.sync()
    assert (summary.state, summary.problems, summary.titles_gone) == ("partial", 1, 0)
    assert "is listed, but its record is not given" in summary.messages[0]
    check_sentence(summary.messages[0])
    scene.mend()
    scene.house.later(PAUSES[0])
    assert scene.sync().state == "done"
    assert scene.stored() == scene.served()
    assert scene.house.problems("Shelf") == []


def test_a_title_that_fails_is_left_alone_longer_each_time(scene: Scene) -> None:
    bad = scene.key("film-017")
    scene.fault(
        lambda r: Response(status_code=500) if asks_records(r) and bad in keys_of(r) else None
    )
    scene.sync()
    for times, pause in enumerate([*PAUSES, PAUSES[-1]], 1):
        (problem,) = scene.house.problems("Shelf")
        assert problem.times == times
        assert problem.next_try is not None
        scene.house.later(pause - dt.timedelta(seconds=30))
        with asked(scene.server.app) as paths:
            assert scene.sync().problems == 0
        assert not [path for path in paths if bad in path]
        scene.house.later(dt.timedelta(minutes=1))
        assert scene.sync().problems == 1


def test_a_title_that_failed_and_changes_is_tried_at_once(scene: Scene) -> None:
    bad = scene.key("film-017")
    scene.fault(
        lambda r: Response(status_code=500) if asks_records(r) and bad in keys_of(r) else None
    )
    assert scene.sync().problems == 1
    scene.mend()
    scene.server.app.state.library.touch("film-017")
    assert scene.sync().state == "done"
    assert scene.stored() == scene.served()


def test_what_failed_is_tried_at_once_when_its_owner_asks(scene: Scene) -> None:
    bad = scene.key("film-017")
    scene.fault(
        lambda r: Response(status_code=500) if asks_records(r) and bad in keys_of(r) else None
    )
    assert scene.sync().problems == 1
    scene.mend()
    assert scene.sync().titles_new == 0
    assert scene.house.sync("Shelf", asked=True).titles_new == 1
    assert scene.house.problems("Shelf") == []
    assert scene.stored() == scene.served()


def test_a_problem_goes_with_its_title(scene: Scene) -> None:
    bad = scene.key("film-005")
    scene.fault(
        lambda r: Response(status_code=500) if asks_records(r) and bad in keys_of(r) else None
    )
    assert scene.sync().problems == 1
    scene.mend()
    scene.server.app.state.library.drop("film-005")
    summary = scene.sync()
    assert (summary.state, summary.titles_gone) == ("done", 1)
    assert scene.house.problems("Shelf") == []
