"""What time does: records are read again in turn, persons too; what is gone is forgotten."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import func, select, update

from fullcredits.model import SourceKind
from fullcredits.simulate import Catalogue, Human, Stated, jellyfin_app
from fullcredits.store.schema import libraries, media_items, people, source_people, titles
from fullcredits.store.sources import now
from fullcredits.sync.rules import USUAL
from fullcredits.sync.settling import LATELY
from tests.sync.household import asked
from tests.sync.scene import FILMS, Scene

DAY = dt.timedelta(days=1)
JELLYFIN = pytest.mark.parametrize("scene", [SourceKind.JELLYFIN], indirect=True)


def player(number: int) -> Stated:
    name = f"Player {number}"
    return Stated(Human(f"p{number}", name), name, "Acting", "Actor", "", number)


def names(scene: Scene, table: str = "people") -> set[str]:
    column = {"people": people.c.name, "source_people": source_people.c.name}[table]
    return {row[0] for row in scene.house.rows(select(column))}


def test_a_marker_that_lied_is_found_out(scene: Scene) -> None:
    """Nothing says that the title changed: it is read again when all are."""
    scene.house.rules = USUAL._replace(reread_days=4)
    scene.library.show_people("film-003", 2)
    scene.sync()
    scene.library.show_people("film-003", None)
    scene.later(LATELY)
    scene.sync()
    assert scene.stored() != scene.served()
    scene.later(4 * DAY)
    scene.sync()
    assert scene.stored() == scene.served()


@JELLYFIN
def test_a_server_of_another_version(scene: Scene) -> None:
    """It words some casts otherwise, and no marker moves."""
    scene.server.app = jellyfin_app(Catalogue({}), version="10.10", library=scene.library)
    scene.sync()
    scene.later(LATELY)
    for version, anew in (("12.0", True), ("12.0", False)):
        library = scene.library
        scene.server.app = jellyfin_app(Catalogue({}), version=version, library=library)
        with asked(scene.server.app) as paths:
            assert scene.sync().state == "done"
        assert any("&ids=" in path for path in paths) is anew
        assert scene.stored() == scene.served()


def test_nothing_is_read_again_on_the_same_day(scene: Scene) -> None:
    scene.house.rules = USUAL._replace(reread_days=2)
    scene.sync()
    scene.later(dt.timedelta(hours=20))
    with asked(scene.server.app) as paths:
        scene.sync()
    assert not [p for p in paths if "&ids=" in p or "/library/metadata" in p]


def test_what_is_gone_is_forgotten_after_the_grace_time(scene: Scene) -> None:
    """With whom nobody else credits; addresses are not given out again."""
    work = scene.library.item("film-003").work
    lonely = player(7)
    scene.library.put(replace(work, credits=(*work.credits, lonely)))
    scene.sync()
    highest = _highest(scene)
    scene.library.drop("film-003")
    scene.sync()
    scene.later(USUAL.grace - DAY)
    scene.sync()
    assert scene.gone() == 1
    assert lonely.name in names(scene)
    scene.later(2 * DAY)
    scene.sync()
    assert scene.gone() == 0
    assert work.title not in {row[0] for row in scene.house.rows(select(titles.c.title))}
    assert scene.stored() == scene.served()
    scene.later(USUAL.grace + DAY)
    scene.sync()
    assert lonely.name not in names(scene)
    scene.library.put(replace(work, id="another", credits=(player(8),)))
    scene.sync()
    assert all(new > old for new, old in zip(_highest(scene), highest, strict=True))


def _highest(scene: Scene) -> list[int]:
    """The highest numbers of a title and of a person."""
    columns = (titles.c.id, people.c.id)
    return [scene.house.rows(select(func.max(column)))[0][0] for column in columns]


def test_people_whom_nobody_credits_any_more(scene: Scene) -> None:
    work = scene.library.item("film-003").work
    scene.library.put(replace(work, credits=(*work.credits, player(7))))
    scene.later(LATELY)
    scene.sync()
    scene.library.put(work)
    scene.later(LATELY + DAY)
    scene.sync()
    assert "Player 7" in names(scene)
    scene.later(USUAL.grace + DAY)
    scene.sync()
    assert "Player 7" not in names(scene)


@JELLYFIN
def test_persons_whom_the_server_lists_no_longer(scene: Scene) -> None:
    """The weekly cleaning of a Jellyfin takes them away, and no film's marker moves."""
    work = scene.library.item("film-003").work
    scene.library.put(replace(work, credits=(*work.credits, player(7))))
    scene.later(LATELY)
    scene.sync()
    item = scene.library.item("film-003")
    item.work = work
    item.version += 1
    del scene.library.persons[scene.library.person_named("Player 7").id]
    scene.sync()
    assert scene.stored() != scene.served()
    scene.house.rules = USUAL._replace(reread_days=2)
    scene.later(3 * DAY)
    with scene.house.store.writing() as db:  # no title is read for another reason
        db.execute(update(media_items).values(read_at=now()))
    scene.sync()
    scene.sync()
    assert scene.stored() == scene.served()
    scene.house.sync("Shelf", full=True)
    assert "Player 7" not in names(scene, "source_people")


@JELLYFIN
def test_a_list_of_persons_that_lacks_most_is_not_believed(scene: Scene) -> None:
    scene.sync()
    before = names(scene, "source_people")
    kept = dict(list(scene.library.persons.items())[:5])
    scene.library.persons.clear()
    scene.library.persons.update(kept)
    scene.house.sync("Shelf", full=True)
    assert names(scene, "source_people") == before


def test_a_library_that_lost_everything_is_forgotten_in_the_end(scene: Scene) -> None:
    scene.house.rules = USUAL._replace(held_share=1.0)
    scene.sync()
    for number in range(FILMS):
        scene.library.drop(f"film-{number:03}")
    if scene.kind is SourceKind.PLEX:
        scene.library.sections = scene.library.sections[1:]
    else:
        scene.library.views = scene.library.views[1:]
    assert scene.sync().titles_gone == FILMS
    assert len(scene.house.rows(select(libraries.c.id))) == 2
    scene.later(USUAL.grace + DAY)
    scene.sync()
    assert len(scene.house.rows(select(libraries.c.id))) == 1
