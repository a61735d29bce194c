"""What a server names is stored at once, however much it is, or owed to a comparison."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from starlette.requests import Request
from starlette.responses import Response

from fullcredits.model import SourceKind
from fullcredits.simulate import Catalogue, Human, Stated, Work, jellyfin_app, running
from fullcredits.simulate.jellyfin.ids import ticks
from fullcredits.simulate.jellyfin.scanning import Scan
from fullcredits.sources.jellyfin import client
from fullcredits.store import Store
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
