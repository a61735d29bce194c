"""A server whose keys are new is recognised: titles, addresses, casts and decisions stay."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from starlette.responses import Response

from fullcredits.identity.rulings import Side
from fullcredits.model import SourceKind
from fullcredits.store import sources
from fullcredits.store.schema import media_items, media_people, people, titles
from fullcredits.sync import owner
from fullcredits.sync.identify import identify
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


def test_the_owners_word_on_credits_follows(scene: Scene) -> None:
    """Even of titles that no catalogue has an id for."""
    scene.sync()
    row = (
        select(media_people.c.id, media_people.c.person_id)
        .join(media_items, media_items.c.id == media_people.c.media_item_id)
        .where(media_items.c.key == scene.key("film-003"), media_people.c.billing == 0)
    )
    ((credit, person),) = scene.house.rows(row)
    with scene.house.store.writing() as db:
        owner.split(db, person, [credit])
    identify(scene.house.store)
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
