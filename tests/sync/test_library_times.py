"""Libraries that are compared at times of their own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response

from fullcredits.model import SourceKind
from fullcredits.simulate import Catalogue, changes, jellyfin_app, plex_app, running
from fullcredits.store import problems, sources
from fullcredits.store.problems import ProblemRow
from fullcredits.store.schedules import LibrarySchedule, library_schedules
from fullcredits.store.schema import libraries, media_items, sync_problems, sync_runs
from fullcredits.sync.watch import Summary
from tests import served
from tests.stated import credits_of
from tests.sync.household import TOKENS, Household, asked
from tests.sync.scene import KINDS

pytestmark = pytest.mark.usefixtures("no_pause")

SHARE = [f"film-{number:03}" for number in range(1, 21)] + ["show-01"]


class Shelf:
    """A server with films and a series, each in a library of its own."""

    def __init__(self, house: Household, kind: SourceKind, catalogue: Catalogue) -> None:
        self.house = house
        self.kind = kind
        self.catalogue = catalogue
        self.app = (plex_app if kind is SourceKind.PLEX else jellyfin_app)(catalogue, share=SHARE)
        self.address = ""

    @property
    def id(self) -> int:
        with self.house.store.reading() as db:
            return sources.source_named(db, "Shelf").id

    def libraries(self) -> dict[str, LibrarySchedule]:
        with self.house.store.reading() as db:
            return {library.name: library for library in library_schedules(db, self.id)}

    def without(self, name: str) -> Summary:
        """A sync that leaves one library for later."""
        return self.house.sync("Shelf", later=[self.libraries()[name].key])

    def agrees(self) -> bool:
        read = served.plex if self.kind is SourceKind.PLEX else served.jellyfin
        return credits_of(self.house.store, "Shelf") == read(self.address, TOKENS[self.kind])


@pytest.fixture(params=KINDS)
def shelf(
    request: pytest.FixtureRequest, sqlite_house: Household, invented: Catalogue
) -> Iterator[Shelf]:
    """Synced once."""
    found = Shelf(sqlite_house, request.param, invented)
    with running(found.app) as found.address:
        sqlite_house.add("Shelf", found.kind, found.address)
        assert sqlite_house.sync("Shelf").state == "done"
        yield found


def films_and_series(shelf: Shelf) -> tuple[str, str]:
    names = {
        kind: name
        for name, kind in shelf.house.rows(
            select(libraries.c.name, media_items.c.kind)
            .join(media_items, media_items.c.library_id == libraries.c.id)
            .where(media_items.c.kind.in_(("movie", "show")))
            .distinct()
        )
    }
    return names["movie"], names["show"]


def test_a_library_is_left_for_later(shelf: Shelf) -> None:
    """It is not listed, nothing of it is called gone, and a change there waits for its time."""
    films, series = films_and_series(shelf)
    shelf.app.state.library.put(shelf.catalogue.works["film-030"])
    changes.recast(shelf.app.state.library, "show-01")
    with asked(shelf.app) as paths:
        summary = shelf.without(series)
    assert (summary.state, summary.libraries, summary.titles) == ("done", 1, 21)
    assert (summary.titles_new, summary.titles_changed, summary.titles_gone) == (1, 0, 0)
    key = shelf.libraries()[series].key
    assert not [path for path in paths if f"/{key}/all" in path or f"parentId={key}" in path]
    assert not shelf.agrees()
    assert shelf.without(films).titles_changed == 1
    assert shelf.agrees()
    what = shelf.house.rows(select(sync_runs.c.what).order_by(sync_runs.c.id))
    assert [row.what for row in what] == ["all", "some", "some"]


def test_when_each_was_compared(shelf: Shelf) -> None:
    films, series = films_and_series(shelf)
    with shelf.house.store.writing() as db:
        db.execute(libraries.update().values(compared_at=None))
    assert shelf.without(series).state == "done"
    found = shelf.libraries()
    assert found[films].compared is not None
    assert found[series].compared is None
    assert shelf.house.sync("Shelf").state == "done"
    assert shelf.libraries()[series].compared is not None


def test_what_fails_in_a_library_is_open_until_that_is_listed(shelf: Shelf) -> None:
    _, series = films_and_series(shelf)
    with shelf.house.store.writing() as db:
        for library in shelf.libraries().values():
            key = f"{library.key} row"
            row = ProblemRow(shelf.id, key, library.name, "listing", "nonsense", "It is odd.")
            problems.note_problem(db, row)
    assert shelf.without(series).state == "done"
    assert [problem.title for problem in shelf.house.problems("Shelf")] == [series]
    assert shelf.house.sync("Shelf").state == "done"
    assert shelf.house.problems("Shelf") == []


def broken(shelf: Shelf, name: str, status: int = 500) -> None:
    """The lists of a library break from now on."""
    key = shelf.libraries()[name].key

    def answer(request: Request) -> Response | None:
        listed = request.query_params.get("parentId") == key or f"/{key}/all" in request.url.path
        return Response(status_code=status) if listed else None

    shelf.app.state.faults[:] = [answer]


@pytest.mark.parametrize("status", [500, 403])
def test_a_library_whose_lists_break_is_tried_again_later_and_later(
    shelf: Shelf, status: int
) -> None:
    """By itself, and nothing else with it."""
    films, series = films_and_series(shelf)
    assert shelf.libraries()[films].again is None
    broken(shelf, films, status)
    for pause in problems.PAUSES:
        began = dt.datetime.now().replace(microsecond=0)
        summary = shelf.without(series)
        assert (summary.state, summary.error) == ("partial", None)
        again = shelf.libraries()[films].again
        assert again is not None
        assert began + pause <= again <= dt.datetime.now() + pause
    assert shelf.libraries()[series].again is None
    shelf.app.state.faults.clear()
    assert shelf.without(series).state == "done"
    assert shelf.libraries()[films].again is None


def test_a_list_that_breaks_otherwise_than_before_waits_all_the_same(shelf: Shelf) -> None:
    films, _ = films_and_series(shelf)
    broken(shelf, films, 500)
    assert shelf.house.sync("Shelf").state == "partial"
    with shelf.house.store.writing() as db:
        db.execute(sync_problems.update().values(next_try=dt.datetime(2001, 1, 1)))
    broken(shelf, films, 403)
    assert shelf.house.sync("Shelf").state == "partial"
    again = shelf.libraries()[films].again
    assert again is not None
    assert again > dt.datetime.now()


def test_a_library_that_appears_is_listed_whatever_waits(shelf: Shelf) -> None:
    films, series = films_and_series(shelf)
    with shelf.house.store.writing() as db:
        gone = shelf.libraries()[series].id
        db.execute(media_items.delete().where(media_items.c.library_id == gone))
        db.execute(libraries.delete().where(libraries.c.id == gone))
    assert shelf.without(films).titles_new > 0
    assert shelf.agrees()


def test_a_library_that_is_shown_no_longer_is_not_due_for_ever(shelf: Shelf) -> None:
    """Its titles are held; it counts as compared all the same."""
    with shelf.house.store.writing() as db:
        db.execute(libraries.update().values(compared_at=None))
        row = {"source_id": shelf.id, "key": "of old", "name": "Old", "kind": "movies"}
        old = db.execute(libraries.insert().values(**row).returning(libraries.c.id)).scalar_one()
        one = select(media_items.c.id).where(media_items.c.kind == "movie").limit(1)
        db.execute(media_items.update().where(media_items.c.id.in_(one)).values(library_id=old))
    films, _ = films_and_series(shelf)
    assert films
    shelf.house.sync("Shelf", later=[shelf.libraries()["Movies"].key])
    found = shelf.libraries()
    assert found["Old"].compared is not None
    assert found["Movies"].compared is None


@pytest.fixture
def twice(sqlite_house: Household, invented: Catalogue) -> Iterator[Shelf]:
    """A Jellyfin with two libraries, "Movies" and "Again", over one folder."""
    found = Shelf(sqlite_house, SourceKind.JELLYFIN, invented)
    library = found.app.state.library
    films = library.views[0]
    again = replace(films, id="a" * 32, folder="b" * 32, name="Again")
    library.views = (films, again, *library.views[1:])
    with running(found.app) as found.address:
        sqlite_house.add("Shelf", found.kind, found.address)
        yield found


def where(shelf: Shelf) -> set[str]:
    """The libraries that films are in."""
    query = select(libraries.c.name).join(media_items, media_items.c.library_id == libraries.c.id)
    films = query.where(media_items.c.kind == "movie", media_items.c.gone_since.is_(None))
    return {row.name for row in shelf.house.rows(films)}


def test_a_title_that_two_libraries_show_is_the_firsts_whichever_is_compared(twice: Shelf) -> None:
    first = twice.house.sync("Shelf")
    assert (first.state, first.titles) == ("done", first.titles_new)
    assert where(twice) == {"Movies"}
    for name in ("Movies", "Again", "Movies", "Again"):
        summary = twice.without(name)
        assert (summary.state, summary.titles_changed, summary.titles_gone) == ("done", 0, 0)
        assert where(twice) == {"Movies"}, f"without {name}"
    twice.app.state.library.put(twice.catalogue.works["film-030"])
    (new,) = (i for i in twice.app.state.library.items.values() if i.work.id == "film-030")
    twice.house.small("Shelf", changed=[new.id])
    assert where(twice) == {"Movies"}
    assert twice.agrees()


def test_what_its_library_lost_is_the_other_ones_at_its_turn(twice: Shelf) -> None:
    """Where the first one shows it no longer, all of them tell; where it is new in the first, that
    tells alone.
    """
    library = twice.app.state.library
    films, again, series = library.views
    library.views = (again, series)
    library.changes += 1
    assert twice.house.sync("Shelf").state == "done"
    assert where(twice) == {"Again"}
    library.views = (films, again, series)
    library.changes += 1
    assert twice.without("Again").state == "done"
    assert where(twice) == {"Movies"}
    library.views = (again, series)
    library.changes += 1
    assert twice.house.sync("Shelf").titles_gone == 0
    assert where(twice) == {"Again"}
