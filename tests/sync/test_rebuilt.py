"""A server whose keys are new is recognised: titles, addresses, casts and decisions stay."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select
from starlette.requests import Request
from starlette.responses import Response

from fullcredits.identity.rulings import Side
from fullcredits.model import SourceKind
from fullcredits.store import sources
from fullcredits.store.plan import LOOKED_AT, plan_named
from fullcredits.store.schema import media_items, media_people, people, titles
from fullcredits.sync import owner, run
from fullcredits.sync.identify import identify
from fullcredits.sync.reading import read_records
from fullcredits.sync.reconcile import reconcile
from tests.sync.scene import Scene, check_sentence


def kept(scene: Scene) -> tuple[Any, ...]:
    """What must not change: titles and people with their numbers, and who plays in what."""
    titled = select(titles.c.id, titles.c.title, titles.c.kind).order_by(titles.c.id)
    named = select(people.c.id, people.c.name).order_by(people.c.id)
    m = media_people.c
    cast = (
        select(media_items.c.title_id, m.person_id, m.job, m.character, m.billing)
        .join(media_items, media_items.c.id == m.media_item_id)
        .where(media_items.c.gone_since.is_(None))
        .order_by(media_items.c.title_id, m.billing)
    )
    return tuple(scene.house.rows(query) for query in (titled, named, cast))


def gone(scene: Scene) -> int:
    query = select(func.count()).where(media_items.c.gone_since.is_not(None))
    count: int = scene.house.rows(query)[0][0]
    return count


def test_every_key_is_new(scene: Scene) -> None:
    assert scene.sync().state == "done"
    before = kept(scene)
    scene.library.rebuild()
    summary = scene.sync()
    assert (summary.state, summary.messages) == ("done", [])
    assert (summary.titles_new, summary.titles_gone, summary.holds) == (0, 0, 0)
    assert kept(scene) == before
    assert scene.stored() == scene.served()
    assert gone(scene) == 0


def test_a_title_that_failed_under_its_old_key(scene: Scene) -> None:
    bad = scene.key("film-003")
    scene.fault(lambda r: Response(status_code=500) if bad in str(r.url) else None)
    assert scene.sync().problems == 1
    scene.mend()
    scene.library.rebuild()
    assert scene.sync().state == "done"
    assert scene.house.problems("Shelf") == []
    assert scene.stored() == scene.served()


def test_a_film_that_is_added_again_under_another_key(scene: Scene) -> None:
    """Also when it was gone for a while."""
    scene.sync()
    before = kept(scene)
    work = scene.library.item("film-003").work
    scene.library.drop("film-003")
    if scene.kind is SourceKind.JELLYFIN:
        scene.library._place += 1
    assert scene.sync().titles_gone == 1
    scene.library.put(work)
    scene.sync()
    assert kept(scene) == before
    assert gone(scene) == 0


def first_credit(scene: Scene, work: str) -> tuple[int, int]:
    """The first credit of a work, and whom it is held for."""
    row = (
        select(media_people.c.id, media_people.c.person_id)
        .join(media_items, media_items.c.id == media_people.c.media_item_id)
        .where(media_items.c.key == scene.key(work), media_people.c.billing == 0)
    )
    ((credit, person),) = scene.house.rows(row)
    return credit, person


def split_first(scene: Scene, work: str) -> int:
    """Say that the first credit of a work is somebody else's; returns the credit."""
    credit, person = first_credit(scene, work)
    with scene.house.store.writing() as db:
        owner.split(db, person, [credit])
    identify(scene.house.store)
    return credit


def without_ids(scene: Scene, work: str) -> None:
    """No catalogue has an id for this work."""
    scene.library.put(replace(scene.library.item(work).work, ids=()))


def settled(scene: Scene) -> None:
    """All is read and believed."""
    scene.sync()
    scene.later(dt.timedelta(minutes=30))
    scene.sync()


def test_the_owners_word_on_credits_follows(scene: Scene) -> None:
    """Even of titles that no catalogue has an id for."""
    without_ids(scene, "film-003")
    scene.sync()
    credit = split_first(scene, "film-003")
    before = kept(scene)
    scene.library.rebuild()
    scene.sync()
    assert kept(scene) == before
    with scene.house.store.reading() as db:
        (ruling,) = owner.standing(db).rulings
    assert ruling.one == (Side(credits=frozenset({credit})),)


def test_a_server_that_was_set_up_anew(scene: Scene) -> None:
    """It is another server, and is read only when its owner says that it is the same."""
    scene.sync()
    before = kept(scene)
    scene.library.rebuild("Anew")
    summary = scene.sync()
    assert summary.state == "failed"
    assert summary.error is not None
    assert "another server answers" in summary.error
    assert "fullcredits source set Shelf --rebuilt" in summary.error
    check_sentence(summary.error)
    assert kept(scene) == before
    with scene.house.store.writing() as db:
        sources.forget_server(db, sources.source_named(db, "Shelf").id)
    assert scene.sync().state == "done"
    assert kept(scene) == before
    assert scene.stored() == scene.served()
    scene.library.rebuild("Once more")
    assert scene.sync().state == "failed"


def check_recognised(scene: Scene, before: tuple[Any, ...]) -> None:
    """A sync finds nothing to say, and all is as it was before."""
    summary = scene.sync()
    assert (summary.state, summary.messages, summary.holds) == ("done", [], 0)
    assert kept(scene) == before
    assert scene.stored() == scene.served()
    assert gone(scene) == 0


def keys(scene: Scene) -> list[str]:
    return sorted(scene.key(item.work.id) for item in scene.library.items.values())


def test_every_key_is_new_and_is_told_of(scene: Scene) -> None:
    """As when a library is taken away and added again while the server is listened to."""
    settled(scene)
    before, old = kept(scene), keys(scene)
    scene.library.rebuild()
    summary = scene.house.small("Shelf", keys(scene), old)
    assert (summary.state, summary.messages, summary.titles_gone) == ("done", [], 0)
    check_recognised(scene, before)


def test_every_key_is_new_and_is_told_of_before_the_old_are_gone(scene: Scene) -> None:
    """What is new was read by then."""
    settled(scene)
    before, old = kept(scene), keys(scene)
    scene.library.rebuild()
    scene.house.small("Shelf", keys(scene), [])
    scene.house.small("Shelf", [], old)
    check_recognised(scene, before)


def test_what_is_new_was_read_before_a_list_was_whole(scene: Scene) -> None:
    without_ids(scene, "film-003")
    settled(scene)
    split_first(scene, "film-003")
    before = kept(scene)
    scene.library.rebuild()

    def one_short(_: Request, content: Any) -> None:
        inside = content.get("MediaContainer", content) if isinstance(content, dict) else {}
        for total in {"totalSize", "TotalRecordCount"} & inside.keys():
            inside[total] += 1

    scene.server.twist = one_short
    scene.sync()
    scene.mend()
    check_recognised(scene, before)


def test_what_is_new_was_read_before_the_listing_ended(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.sync()
    before = kept(scene)
    scene.library.rebuild()
    really = reconcile

    async def late(context: Any, *more: Any) -> None:
        await context.write(plan_named, context.row.id, [scene.key("film-003")])
        await read_records(context, LOOKED_AT)
        await really(context, *more)

    monkeypatch.setattr(run, "reconcile", late)
    check_recognised(scene, before)


class Killed(BaseException):
    """The run is no more."""


def test_rebuilt_twice_and_killed_between(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys that were listed in between are dead, too."""
    without_ids(scene, "film-003")
    settled(scene)
    split_first(scene, "film-003")
    before = kept(scene)
    scene.library.rebuild()
    sync_killed(scene, monkeypatch)
    scene.library.rebuild()
    check_recognised(scene, before)


def sync_killed(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """All is listed, and what is gone is not looked for."""

    async def killed(*_: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(run, "reconcile", killed)
        with pytest.raises(Killed):
            scene.sync()


def test_rebuilt_while_it_is_listed_and_killed(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seasons and episodes were listed of shows that never were: nothing of them is lost."""
    settled(scene)
    scene.library.rebuild()
    shows = set(keys(scene))

    def rebuilt(request: Request) -> None:
        query = str(request.url.query).lower()
        if ("type=3" in query or "season" in query) and shows & set(keys(scene)):
            scene.library.rebuild()

    scene.fault(rebuilt)
    sync_killed(scene, monkeypatch)
    scene.mend()
    assert not shows & set(keys(scene))
    scene.library.rebuild()
    summary = scene.sync()
    assert (summary.state, summary.messages, summary.holds) == ("done", [], 0)
    assert scene.stored() == scene.served()


def add_again(scene: Scene, work: str) -> tuple[str, str]:
    """Take a work away, and add it under another key; returns the old and the new one."""
    old, held = scene.key(work), scene.library.item(work).work
    scene.library.drop(work)
    if scene.kind is SourceKind.JELLYFIN:
        scene.library._place += 1
    scene.library.put(held)
    return old, scene.key(work)


@pytest.mark.parametrize("order", ["at once", "added first"])
def test_a_film_without_ids_is_told_of_under_another_key(scene: Scene, order: str) -> None:
    without_ids(scene, "film-003")
    settled(scene)
    split_first(scene, "film-003")
    before = kept(scene)
    old, new = add_again(scene, "film-003")
    if order == "at once":
        scene.house.small("Shelf", [new], [old])
    else:
        scene.house.small("Shelf", [new], [])
        scene.house.small("Shelf", [], [old])
    assert kept(scene) == before
    assert gone(scene) == 0
    check_recognised(scene, before)


def test_a_film_without_ids_is_told_of_as_gone_and_then_under_another_key(scene: Scene) -> None:
    without_ids(scene, "film-003")
    settled(scene)
    _, main = first_credit(scene, "film-003")
    split_first(scene, "film-003")
    old, new = add_again(scene, "film-003")
    scene.house.small("Shelf", [], [old])
    scene.house.small("Shelf", [new], [])
    assert first_credit(scene, "film-003")[1] != main
    assert gone(scene) == 0
    assert scene.stored() == scene.served()


def test_a_show_is_told_of_under_another_key(scene: Scene) -> None:
    """What hangs on it goes with it."""
    settled(scene)
    before = kept(scene)
    shown = [item.work for item in scene.library.items.values() if item.work.kind != "movie"]
    top = next(work for work in shown if work.kind == "show")
    below = [work for work in shown if work.parent == top.id]
    below += [work for work in shown if work.parent in {season.id for season in below}]
    old = scene.key(top.id)
    scene.library.drop(top.id)
    if scene.kind is SourceKind.JELLYFIN:
        scene.library._place += 1
    for work in (top, *below):
        scene.library.put(work)
    scene.house.small("Shelf", [scene.key(work.id) for work in (top, *below)], [old])
    assert kept(scene) == before
    check_recognised(scene, before)


# A second copy is none of these.


def copy(scene: Scene, works: list[str]) -> None:
    """Have a second copy of works, added later."""
    if scene.kind is SourceKind.JELLYFIN:
        scene.library._place += 1
    for work in works:
        scene.library.put(replace(scene.library.item(work).work, id=f"{work}-again"))


def test_the_older_of_two_copies_is_taken_away(scene: Scene) -> None:
    """It is gone, and is itself when it comes back."""
    settled(scene)
    copy(scene, ["film-003"])
    settled(scene)
    held = scene.library.item("film-003").work
    of_copies = select(media_items.c.id, media_items.c.key).where(
        media_items.c.key.in_([scene.key("film-003"), scene.key("film-003-again")])
    )
    before = scene.house.rows(of_copies)
    assert len(before) == 2
    old = scene.key("film-003")
    scene.library.drop("film-003")
    scene.house.small("Shelf", [], [old])
    scene.sync()
    assert gone(scene) == 1
    assert scene.house.rows(of_copies) == before
    assert scene.stored() == scene.served()
    if scene.kind is SourceKind.JELLYFIN:
        scene.library._place -= 1
        scene.library.put(held)
        scene.sync()
        assert gone(scene) == 0
        assert scene.house.rows(of_copies) == before


def test_copies_elsewhere_do_not_stand_for_what_is_on_a_disk_that_is_away(scene: Scene) -> None:
    films = [item.work.id for item in scene.library.items.values() if item.work.kind == "movie"]
    copy(scene, films)
    settled(scene)
    for film in films:
        scene.library.drop(film)
    summary = scene.sync()
    assert (summary.titles_gone, summary.holds) == (0, 1)
    assert f"{len(films)} of {2 * len(films)} titles in Movies" in summary.messages[0]
