"""A cast that comes back empty or much thinner is kept until further looks confirm it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from starlette.requests import Request

from fullcredits.simulate import Human, Stated
from fullcredits.store import holds
from fullcredits.store.schema import media_items
from fullcredits.sync.doubts import PAUSES
from fullcredits.sync.settling import LATELY
from fullcredits.sync.watch import Summary
from tests.sync.household import asked
from tests.sync.scene import Scene, check_sentence
from tests.sync.twisting import asks_records, rows_of

HOUR, DAY = PAUSES
MINUTE = dt.timedelta(minutes=1)


def player(number: int) -> Stated:
    name = f"Player {number}"
    return Stated(Human(f"p{number}", name), name, "Acting", "Actor", f"Part {number}", number)


@pytest.fixture
def cast(scene: Scene) -> Scene:
    """One film has a cast of twenty, and that was read at rest."""
    recast(scene, 20)
    assert scene.sync().state == "done"
    assert held(scene) == 20
    return scene


def recast(scene: Scene, people: int) -> None:
    """Give the film so many people, a good while ago."""
    work = scene.library.item("film-001").work
    scene.library.put(replace(work, credits=tuple(player(n) for n in range(people))))
    scene.later(LATELY + MINUTE)


def held(scene: Scene) -> int:
    key = scene.key("film-001")
    return sum(n for stated, n in scene.stored().items() if stated.key == key)


def after(scene: Scene, pause: dt.timedelta) -> Summary:
    scene.later(pause)
    return scene.sync()


def test_an_empty_cast_needs_three_looks(cast: Scene) -> None:
    """The first tells; those of the same hour do not count."""
    recast(cast, 0)
    summary = cast.sync()
    assert (summary.state, summary.problems, summary.holds) == ("partial", 0, 1)
    (message,) = summary.messages
    assert "came back with no credits, and had 20: they are kept" in message
    check_sentence(message)
    (hold,) = cast.holds()
    assert hold.words.endswith("came back with no credits, and had 20")
    for pause in (MINUTE, HOUR, MINUTE, HOUR):
        summary = after(cast, pause)
        assert (held(cast), summary.messages) == (20, [])
    assert after(cast, DAY).state == "done"
    assert (held(cast), cast.holds()) == (0, [])
    assert cast.stored() == cast.served()


def test_a_cast_of_less_than_half_needs_two(cast: Scene) -> None:
    recast(cast, 9)
    assert "came back with 9 credits, and had 20" in cast.sync().messages[0]
    assert held(cast) == 20
    after(cast, HOUR)
    assert (held(cast), cast.holds()) == (9, [])


@pytest.mark.parametrize("people", [10, 19, 30])
def test_other_changes_are_believed_at_once(cast: Scene, people: int) -> None:
    recast(cast, people)
    assert cast.sync().state == "done"
    assert held(cast) == people


def test_a_small_cast_may_lose_some(scene: Scene) -> None:
    recast(scene, 5)
    scene.sync()
    recast(scene, 1)
    scene.sync()
    assert (held(scene), scene.holds()) == (1, [])


def test_a_cast_that_comes_back_whole_was_a_mistake(cast: Scene) -> None:
    recast(cast, 0)
    cast.sync()
    recast(cast, 21)
    assert cast.sync().state == "done"
    assert (held(cast), cast.holds()) == (21, [])


def test_another_thin_answer_begins_anew(cast: Scene) -> None:
    recast(cast, 9)
    cast.sync()
    recast(cast, 8)
    cast.later(HOUR)
    cast.sync()
    assert held(cast) == 20
    after(cast, HOUR)
    assert held(cast) == 8


def test_what_the_server_is_writing_is_no_look(cast: Scene) -> None:
    """A cast that is fetched anew is empty for a while."""
    work = cast.library.item("film-001").work
    cast.library.put(replace(work, credits=()))
    for _ in range(5):
        cast.sync()
        cast.later(MINUTE)
    (hold,) = cast.holds()
    assert (hold.looks, held(cast)) == (0, 20)
    cast.library.put(work)
    cast.later(LATELY + MINUTE)
    assert cast.sync().state == "done"
    assert held(cast) == 20


def test_the_owner_accepts(cast: Scene) -> None:
    recast(cast, 0)
    cast.sync()
    (hold,) = cast.holds()
    with cast.house.store.writing() as db:
        holds.accept(db, hold.id)
    cast.house.small("Shelf")
    assert (held(cast), cast.holds()) == (0, [])


def test_the_owner_refuses(cast: Scene) -> None:
    """Kept for good, until the server says something else."""
    recast(cast, 0)
    cast.sync()
    (hold,) = cast.holds()
    with cast.house.store.writing() as db:
        holds.refuse(db, hold.id)
    for _ in range(4):
        assert after(cast, DAY).state == "done"
        assert held(cast) == 20
    cast.house.sync("Shelf", full=True)
    assert held(cast) == 20
    recast(cast, 12)
    assert cast.sync().state == "done"
    assert (held(cast), cast.holds()) == (12, [])


def test_what_the_owner_refused_is_looked_at_once_a_day(cast: Scene) -> None:
    """That the server says something else shows there only, where the marker had moved before."""
    recast(cast, 30)
    cast.server.twist = _nobody
    cast.sync()
    (hold,) = cast.holds()
    with cast.house.store.writing() as db:
        holds.refuse(db, hold.id)
    assert asked_for(cast, HOUR) == 0
    assert asked_for(cast, DAY) == 1
    assert asked_for(cast, HOUR) == 0
    cast.mend()
    assert (asked_for(cast, HOUR), held(cast)) == (0, 20)
    assert (asked_for(cast, DAY), held(cast), cast.holds()) == (1, 30, [])


def test_what_the_owner_refused_is_looked_at_where_they_ask(cast: Scene) -> None:
    recast(cast, 30)
    cast.server.twist = _nobody
    cast.sync()
    with cast.house.store.writing() as db:
        holds.refuse(db, cast.holds()[0].id)
    cast.mend()
    cast.house.sync("Shelf", asked=True)
    assert (held(cast), cast.holds()) == (30, [])


def _nobody(request: Request, content: Any) -> None:
    """No record names anybody any more."""
    for row in rows_of(content):
        if asks_records(request):
            row.update({kind: [] for kind in ("People", "Role", "Director", "Writer", "Producer")})


def asked_for(scene: Scene, pause: dt.timedelta) -> int:
    """Of how many requests of a sync so much later this film was a part."""
    scene.later(pause)
    with asked(scene.server.app) as paths:
        scene.sync()
    key = scene.key("film-001")
    return sum(key in path and ("ids=" in path or "/metadata/" in path) for path in paths)


def test_what_is_not_settled_is_looked_at_again_though_the_owner_refused(cast: Scene) -> None:
    work = cast.library.item("film-001").work
    cast.library.put(replace(work, credits=()))
    cast.sync()
    (hold,) = cast.holds()
    query = select(media_items.c.look_at, media_items.c.unsettled_since)
    query = query.where(media_items.c.hold_id == hold.id)
    with cast.house.store.reading() as db:
        before = db.execute(query).one()
    with cast.house.store.writing() as db:
        holds.refuse(db, hold.id)
    with cast.house.store.reading() as db:
        assert db.execute(query).one() == before
    assert None not in before


def test_a_hold_goes_with_its_title(cast: Scene) -> None:
    recast(cast, 0)
    cast.sync()
    cast.library.drop("film-001")
    assert cast.sync().titles_gone == 1
    assert cast.holds() == []
