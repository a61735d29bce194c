"""Nothing is called gone by half an answer, and nothing much at once."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from fullcredits.model import SourceKind
from fullcredits.simulate import Work
from fullcredits.store import holds
from fullcredits.store.gone import mark_gone
from fullcredits.store.schema import media_items
from tests.sync.household import asked
from tests.sync.scene import FILMS, Scene, check_sentence
from tests.sync.twisting import asks_records, key_of, keys_of, rows_of

pytestmark = pytest.mark.usefixtures("no_pause")


def test_a_listing_shorter_than_it_says_makes_nothing_gone(scene: Scene) -> None:
    assert scene.sync().state == "done"
    before = scene.stored()
    hidden = {scene.key(f"film-{n:03}") for n in (3, 17, 30)}

    def twist(request: Request, content: Any) -> None:
        if not asks_records(request):
            rows_of(content)[:] = [row for row in rows_of(content) if key_of(row) not in hidden]

    scene.server.twist = twist
    assert scene.sync().titles_gone == 0
    assert (scene.gone(), scene.stored()) == (0, before)


def test_a_title_missing_in_a_listing_only_is_not_gone(scene: Scene) -> None:
    """The listing looks complete, but the title can still be read by its key."""
    assert scene.sync().state == "done"
    hidden = scene.key("film-003")

    def twist(request: Request, content: Any) -> None:
        kept = [row for row in rows_of(content) if key_of(row) != hidden]
        if asks_records(request) or len(kept) == len(rows_of(content)):
            return
        rows_of(content)[:] = kept
        holder = content.get("MediaContainer", content)
        total = "totalSize" if "totalSize" in holder else "TotalRecordCount"
        holder[total] -= 1

    scene.server.twist = twist
    assert scene.sync().titles_gone == 0
    assert scene.gone() == 0


def test_half_a_library_away_is_held(scene: Scene) -> None:
    """Kept and told; once they are back, or few, nothing is held any more."""
    assert scene.sync().state == "done"
    before, works = scene.stored(), take_away(scene, FILMS // 2)
    for _ in range(2):
        summary = scene.sync()
        assert (summary.state, summary.problems, summary.holds) == ("partial", 0, 1)
        assert summary.titles_gone == 0
        assert f"{FILMS // 2} of {FILMS} titles in Movies" in summary.messages[0]
        check_sentence(summary.messages[0])
        (hold,) = scene.holds()
        assert (hold.missing, hold.whole, hold.library) == (FILMS // 2, FILMS, "Movies")
    assert (scene.gone(), scene.stored()) == (0, before)
    for work in works[2:]:
        scene.library.put(work)
    assert scene.sync().state == "done"
    assert scene.holds() == []
    assert scene.gone() == 2
    assert scene.stored() == scene.served()
    titles = select(func.count(media_items.c.title_id.distinct()))
    assert scene.house.rows(titles.where(media_items.c.kind == "movie")) == [(FILMS,)]


def take_away(scene: Scene, films: int) -> list[Work]:
    """Let the server lose so many films."""
    works = [scene.library.item(f"film-{n:03}").work for n in range(films)]
    for work in works:
        scene.library.drop(work.id)
    return works


def test_what_is_held_is_not_asked_for_by_small_syncs(scene: Scene) -> None:
    """Some were to be read: they are when they are back."""
    scene.library.touch("film-001")
    scene.sync()
    works = take_away(scene, FILMS // 2)
    scene.sync()
    scene.later(dt.timedelta(hours=2))
    with asked(scene.server.app) as paths:
        assert scene.house.small("Shelf").titles_gone == 0
    assert not [path for path in paths if "ids=" in path or "/metadata/" in path]
    if scene.kind is SourceKind.JELLYFIN:  # gives the old keys to what comes back
        for work in works:
            scene.library.put(work)
        scene.later(dt.timedelta(hours=2))
        scene.sync()
        assert scene.holds() == []
        assert scene.stored() == scene.served()


def test_what_was_to_be_read_before_is_read_when_all_is_back(scene: Scene) -> None:
    """Its marker is known, and says nothing of that: its read failed, or it was not believed."""
    assert scene.sync().state == "done"
    scene.later(dt.timedelta(hours=2))
    for film in ("film-001", "film-002"):
        work = scene.library.item(film).work
        recast = tuple(replace(c, character=f"Another {c.character}") for c in work.credits)
        scene.library.put(replace(work, credits=recast))
    scene.later(dt.timedelta(hours=2))
    broken, doubted = scene.key("film-001"), scene.key("film-002")
    scene.fault(
        lambda r: Response(status_code=500) if asks_records(r) and broken in keys_of(r) else None
    )

    def nobody(request: Request, content: Any) -> None:
        for row in rows_of(content):
            if asks_records(request) and key_of(row) == doubted:
                row.update(
                    {kind: [] for kind in ("People", "Role", "Director", "Writer", "Producer")}
                )

    scene.server.twist = nobody
    assert (scene.sync().problems, len(scene.holds())) == (1, 1)
    scene.fault(lambda request: away(scene.kind, request))
    assert f"{FILMS} of {FILMS} titles in Movies are no longer listed" in scene.sync().messages[0]
    scene.mend()
    assert scene.sync().state == "done"
    assert scene.holds() == []
    assert scene.stored() == scene.served()


def test_what_was_away_while_all_was_read_again_is_read_when_it_is_back(scene: Scene) -> None:
    """Its marker does not tell that it changed."""
    scene.library.show_people("film-003", 2)
    assert scene.sync().state == "done"
    scene.later(dt.timedelta(hours=2))
    scene.library.show_people("film-003", None)
    scene.fault(lambda request: away(scene.kind, request))
    assert scene.sync().holds == 1
    scene.house.sync("Shelf", full=True)
    scene.mend()
    assert scene.stored() != scene.served()
    assert scene.sync().state == "done"
    assert scene.stored() == scene.served()


def away(kind: SourceKind, request: Request) -> Response | None:
    """How a server answers whose films are all away."""
    asked_for = f"{request.url.path}?{request.url.query}".lower()
    if kind is SourceKind.PLEX:
        if asks_records(request):
            return Response(status_code=404)
        nothing: dict[str, Any] = {"MediaContainer": {"size": 0, "totalSize": 0, "Metadata": []}}
        return JSONResponse(nothing) if "all?type=1&" in asked_for else None
    if asks_records(request) or "includeitemtypes=movie" in asked_for:
        return JSONResponse({"Items": [], "TotalRecordCount": 0, "StartIndex": 0})
    return None


def test_what_is_held_is_not_read_though_all_is(scene: Scene) -> None:
    """There is nothing to be read; what failed of it before fails no more."""
    bad = scene.key("film-001")
    scene.fault(
        lambda r: Response(status_code=500) if asks_records(r) and bad in keys_of(r) else None
    )
    assert scene.sync().problems == 1
    scene.mend()
    take_away(scene, FILMS // 2)
    assert scene.sync().holds == 1
    assert scene.house.problems("Shelf") == []
    summary = scene.house.sync("Shelf", full=True, asked=True)
    assert (summary.problems, summary.holds) == (0, 1)


def test_the_owner_accepts_that_titles_are_gone(scene: Scene) -> None:
    scene.sync()
    take_away(scene, FILMS // 2)
    scene.sync()
    (hold,) = scene.holds()
    with scene.house.store.writing() as db:
        holds.accept(db, hold.id)
    assert (scene.holds(), scene.gone()) == ([], FILMS // 2)
    summary = scene.sync()
    assert (summary.state, summary.messages) == ("done", [])
    assert scene.stored() == scene.served()


def test_the_owner_refuses_that_titles_are_gone(scene: Scene) -> None:
    """They stay, silently; few others that go are gone, and many are asked about anew."""
    scene.sync()
    before = scene.stored()
    take_away(scene, FILMS // 2)
    scene.sync()
    (hold,) = scene.holds()
    with scene.house.store.writing() as db:
        holds.refuse(db, hold.id)
    for _ in range(2):
        assert scene.sync().state == "done"
        assert scene.stored() == before
    scene.library.drop("film-030")
    summary = scene.sync()
    assert (summary.state, summary.titles_gone) == ("done", 1)
    for number in range(FILMS // 2, FILMS // 2 + 10):
        scene.library.drop(f"film-{number:03}")
    summary = scene.sync()
    assert (summary.state, summary.holds, summary.titles_gone) == ("partial", 1, 0)
    (hold,) = scene.holds()
    assert (hold.missing, hold.word) == (FILMS // 2 + 10, None)


def test_a_long_series_that_goes_is_one_title(scene: Scene) -> None:
    """Its episodes are nearly all of the library's, and hang on it."""
    scene.library.put(Work("another", "show", "Another Show", year=1990))
    scene.sync()
    assert len([i for i in scene.library.items.values() if i.work.kind == "episode"]) > 5
    scene.library.drop("show-00")
    summary = scene.sync()
    assert (summary.state, summary.holds) == ("done", 0)
    assert scene.stored() == scene.served()


def leave_few(scene: Scene) -> list[Work]:
    """Three films and one show; gives what is on the server, parents first."""
    for number in range(3, FILMS):
        scene.library.drop(f"film-{number:03}")
    assert scene.sync().state == "done"
    rank = ["movie", "show", "season", "episode"]
    works = [item.work for item in scene.library.items.values()]
    return sorted(works, key=lambda work: rank.index(work.kind))


def test_a_small_library_of_which_nothing_is_left_is_held(scene: Scene) -> None:
    works = leave_few(scene)
    before = scene.stored()
    for work in works:
        if work.kind in ("movie", "show"):
            scene.library.drop(work.id)
    for _ in range(2):
        summary = scene.sync()
        assert (summary.state, summary.titles_gone, summary.holds) == ("partial", 0, 2)
        for message in summary.messages:
            assert "an empty library looks like a disk that is away" in message
            check_sentence(message)
    films, parts = scene.holds()
    assert (films.words, parts.missing) == (
        "3 of 3 titles in Movies are listed no longer",
        len(works) - 3,
    )
    assert (scene.gone(), scene.stored()) == (0, before)
    for work in works:
        scene.library.put(work)
    assert scene.sync().state == "done"
    assert scene.holds() == []
    assert scene.stored() == scene.served()


def test_what_is_held_stays_so_whatever_comes_beside_it(scene: Scene) -> None:
    """It is a small share then; and one that returns does not let the others go."""
    works = leave_few(scene)
    for number in range(3):
        scene.library.drop(f"film-{number:03}")
    scene.sync()
    for number in range(20):
        scene.library.put(Work(f"new-{number}", "movie", f"New Film {number}", year=1990))
    for _ in range(2):
        assert (scene.sync().state, scene.gone()) == ("partial", 0)
    (hold,) = scene.holds()
    assert (hold.missing, hold.whole) == (3, 23)
    for number in range(20):
        scene.library.drop(f"new-{number}")
    with scene.house.store.writing() as db:
        rows = select(media_items.c.id).where(media_items.c.title.startswith("New Film"))
        mark_gone(db, db.scalars(rows).all())
    scene.library.put(next(work for work in works if work.kind == "movie"))
    scene.sync()
    (hold,) = scene.holds()
    assert (hold.missing, hold.whole) == (2, 3)


def test_the_only_title_of_a_library(scene: Scene) -> None:
    """Held by a comparison; that its server told of it is believed, and the owner's word is."""
    works = leave_few(scene)
    show, film = scene.key("show-00"), scene.key("film-000")
    for number in (1, 2):
        scene.library.drop(f"film-{number:03}")
    scene.later(dt.timedelta(hours=2))
    scene.sync()
    scene.later(dt.timedelta(hours=2))
    scene.library.drop("film-000")
    message = scene.sync().messages[0]
    assert message.startswith("the only title in Movies is no longer listed; it is kept: ")
    check_sentence(message)
    summary = scene.house.small("Shelf", removed=[film])
    assert (summary.titles_gone, len(scene.holds())) == (0, 1)  # it is the owner's to say
    with scene.house.store.writing() as db:
        holds.accept(db, scene.holds()[0].id)
    scene.library.drop("show-00")
    summary = scene.house.small("Shelf", removed=[show])
    assert summary.titles_gone == sum(work.kind != "movie" for work in works)
    assert not summary.left
    assert (scene.holds(), scene.stored()) == ([], Counter())


def test_what_the_owner_keeps_no_hint_lets_go(scene: Scene) -> None:
    scene.sync()
    keys = [scene.key(f"film-{n:03}") for n in range(3)]
    take_away(scene, FILMS // 2)
    scene.sync()
    assert scene.house.small("Shelf", removed=keys).titles_gone == 0
    with scene.house.store.writing() as db:
        holds.refuse(db, scene.holds()[0].id)
    assert scene.house.small("Shelf", removed=keys).titles_gone == 0
    assert scene.sync().state == "done"
    assert scene.gone() == 0


def test_a_library_that_the_server_shows_no_longer_is_held(scene: Scene) -> None:
    scene.sync()
    before = scene.stored()
    if scene.kind is SourceKind.PLEX:
        scene.library.sections = scene.library.sections[1:]
    else:
        scene.library.views = scene.library.views[1:]
    take_away(scene, FILMS)
    summary = scene.sync()
    assert (summary.state, summary.titles_gone) == ("partial", 0)
    (hold,) = scene.holds()
    assert (hold.missing, hold.whole, hold.library) == (FILMS, FILMS, "Movies")
    assert scene.stored() == before
    with scene.house.store.writing() as db:
        holds.accept(db, hold.id)
    assert scene.sync().state == "done"
    assert scene.stored() == scene.served()


def test_hints_of_a_server_do_not_empty_a_library(scene: Scene) -> None:
    """A small sync leaves to a comparison what looks like a disk that is away."""
    scene.sync()
    keys = [scene.key(f"film-{n:03}") for n in range(FILMS // 2)]
    take_away(scene, FILMS // 2)
    summary = scene.house.small("Shelf", removed=keys)
    assert (summary.titles_gone, summary.left) == (0, True)
    assert scene.house.small("Shelf", removed=keys[:3]).titles_gone == 3


def test_hints_do_not_empty_a_library_bit_by_bit(scene: Scene) -> None:
    """A scan that finds a disk empty tells of a few titles at a time."""
    scene.sync()
    keys = [scene.key(f"film-{n:03}") for n in range(FILMS // 2)]
    take_away(scene, FILMS // 2)
    for few in (keys[:4], keys[4:8]):
        assert scene.house.small("Shelf", removed=few).titles_gone == 4
    summary = scene.house.small("Shelf", removed=keys[8:12])
    assert (summary.titles_gone, summary.left) == (0, True)
    scene.later(dt.timedelta(hours=2))
    assert scene.house.small("Shelf", removed=keys[8:12]).titles_gone == 4


def test_a_server_that_breaks_over_one_title_has_not_lost_it(scene: Scene) -> None:
    scene.sync()
    bad = scene.key("film-003")
    for film in ("film-003", "film-004", "film-005"):
        scene.library.drop(film)
    scene.fault(lambda r: Response(status_code=500) if bad in str(r.url) else None)
    assert scene.sync().titles_gone == 2
    scene.mend()
    assert scene.sync().titles_gone == 1
