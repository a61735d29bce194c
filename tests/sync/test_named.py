"""What a server names is stored at once, however much it is, or owed to a comparison."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response

from fullcredits.model import SourceKind
from fullcredits.simulate import Catalogue, Human, Stated, Work, jellyfin_app, running
from fullcredits.simulate.jellyfin.ids import ticks
from fullcredits.simulate.jellyfin.scanning import Scan
from fullcredits.sources.jellyfin import client
from fullcredits.store import Store
from fullcredits.store.schema import media_items
from fullcredits.sync.settling import LATELY
from tests.sync.household import Household, asked
from tests.sync.scene import Scene
from tests.sync.twisting import Twisting

PAGE = 3
MINUTE = dt.timedelta(minutes=1)


def _film(number: int) -> Work:
    who = Human(f"new-{number}", f"Newcomer {number}")
    cast = (Stated(who, who.name, "Acting", "Actor", f"Part {number}", 0),)
    return Work(f"new-{number}", "movie", f"New Film {number}", year=2001, credits=cast)


NEW = [_film(number) for number in range(3 * PAGE)]


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "_PAGE", PAGE)


@pytest.fixture
def cabin(sqlite_store: Store, invented: Catalogue, small_pages: None) -> Iterator[Scene]:
    """A Jellyfin with a few films, read while it was at rest."""
    films = [work for work in invented.works.values() if work.kind == "movie"][:5]
    server = Twisting(jellyfin_app(Catalogue({work.id: work for work in films}), name="Shelf"))
    with running(server) as address:
        house = Household(sqlite_store)
        house.add("Shelf", SourceKind.JELLYFIN, address)
        scene = Scene(house, server, SourceKind.JELLYFIN, address)
        assert (scene.sync().state, scene.stored()) == ("done", scene.served())
        yield scene


def test_more_than_a_page_is_named(scene: Scene, small_pages: None) -> None:
    scene.sync()
    for film in NEW:
        scene.library.put(film)
    summary = scene.house.small("Shelf", changed=[scene.key(film.id) for film in NEW])
    assert (summary.state, summary.titles_new, summary.unplaced) == ("done", len(NEW), frozenset())
    assert scene.stored() == scene.served()


def test_films_that_a_scan_has_not_saved_yet(cabin: Scene) -> None:
    """They have no date by which they could be asked for."""
    scan = Scan(cabin.library, NEW)
    scan.begin()
    keys = [cabin.key(film.id) for film in NEW]
    summary = cabin.house.small("Shelf", changed=keys)
    assert (summary.titles_new, summary.unplaced, summary.unsettled) == (
        len(NEW),
        frozenset(),
        len(NEW),
    )
    scan.finish()
    for pause in (MINUTE, LATELY, LATELY):
        cabin.later(pause)
        summary = cabin.house.small("Shelf")
    assert summary.unsettled == 0
    assert cabin.stored() == cabin.served()


def test_films_with_old_dates_that_a_scan_has_not_saved_yet(cabin: Scene) -> None:
    """Where they are, only the whole list tells: that is not read by each small sync."""
    scan = Scan(cabin.library, NEW)
    scan.begin()
    for film in NEW:
        cabin.library.item(film.id).created = ticks(0)
    keys = [cabin.key(film.id) for film in NEW]
    with asked(cabin.server.app) as paths:
        summary = cabin.house.small("Shelf", changed=keys)
    assert (summary.state, summary.titles_new, summary.unplaced) == ("done", 0, frozenset(keys))
    assert len([path for path in paths if "parentId=" in path]) == 2
    assert cabin.sync().titles_new == len(NEW)
    assert not cabin.house.small("Shelf", changed=keys).unplaced


def test_what_is_no_title_is_passed_over(cabin: Scene) -> None:
    """Folders and collections are named with the titles in them."""
    folder = cabin.library.views[0].folder
    with asked(cabin.server.app) as paths:
        summary = cabin.house.small("Shelf", changed=[folder, "1" * 32])
    assert (summary.state, summary.unplaced) == ("done", frozenset())
    assert not [path for path in paths if "parentId=" in path]


def test_a_server_that_breaks_on_what_it_named(cabin: Scene) -> None:
    """The others are read, and the rest is owed."""
    cabin.library.put(NEW[0])
    changed = next(iter(cabin.library.items.values()))

    def answer(request: Request) -> Response | None:
        broken = cabin.key(NEW[0].id) in request.url.query
        return Response(status_code=500) if broken else None

    cabin.fault(answer)
    summary = cabin.house.small("Shelf", changed=[changed.id, cabin.key(NEW[0].id)])
    assert (summary.state, summary.unplaced) == ("done", frozenset({cabin.key(NEW[0].id)}))
    assert summary.credits > 0


def lists_of(scene: Scene, work: str, status: int) -> Callable[[Request], Response | None]:
    """A fault of the lists of the library that a work is in."""
    item = scene.library.item(work)
    key = str(item.section.key) if scene.kind is SourceKind.PLEX else item.view.id

    def answer(request: Request) -> Response | None:
        listed = request.query_params.get("parentId") == key or f"/{key}/all" in request.url.path
        return Response(status_code=status) if listed else None

    return answer


@pytest.mark.parametrize("status", [500, 403])
def test_a_library_whose_lists_break(scene: Scene, status: int) -> None:
    """What is new in another one is found, and what changed there is read."""
    scene.sync()
    scene.later(LATELY)
    assert scene.sync().state == "done"
    items = list(scene.library.items.values())
    known = next(item.work for item in items if item.work.kind == "episode")
    scene.library.put(replace(known, overview="In other words."))
    scene.library.put(replace(known, id="ep-new", number=999, title="Brand New", ids=()))
    scene.library.put(NEW[0])
    scene.fault(lists_of(scene, NEW[0].id, status))
    keys = [scene.key(work) for work in (known.id, "ep-new", NEW[0].id)]
    summary = scene.house.small("Shelf", changed=keys)
    assert (summary.state, summary.error) == ("done", None)
    (row,) = scene.house.rows(select(media_items.c.overview).where(media_items.c.key == keys[0]))
    assert row.overview == "In other words."
    if scene.kind is SourceKind.JELLYFIN:
        assert (summary.titles_new, summary.unplaced) == (1, frozenset(keys[2:]))
    else:  # says itself where it is
        assert (summary.titles_new, summary.unplaced) == (2, frozenset())


def test_known_titles_are_read_whatever_becomes_of_new_ones(cabin: Scene) -> None:
    """Where they are is asked afterwards, and may break on everything."""
    cabin.library.put(NEW[0])
    changed = next(iter(cabin.library.items.values()))

    def answer(request: Request) -> Response | None:
        return Response(b"[]", 200) if "parentId=" in request.url.query else None

    cabin.fault(answer)
    new = cabin.key(NEW[0].id)
    summary = cabin.house.small("Shelf", changed=[changed.id, new])
    assert (summary.state, summary.unplaced) == ("done", frozenset({new}))
    assert summary.credits > 0
