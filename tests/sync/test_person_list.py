"""A list of persons that is broken off is gone on with, and nobody is lost over the seam."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select, update
from starlette.requests import Request
from starlette.responses import Response

from fullcredits.model import SourceKind
from fullcredits.simulate import Catalogue, Human, jellyfin_app, running
from fullcredits.sources.jellyfin import client
from fullcredits.store.runs import DIED
from fullcredits.store.schema import person_lists, source_people, sources, sync_runs
from fullcredits.store.sources import forget_server
from fullcredits.store.sources import now as sources_now
from fullcredits.sync import person_list
from fullcredits.sync.person_list import OLDEST
from tests.faults.scene import token_of
from tests.sync.household import Household, asked
from tests.sync.test_persons import Cabin, film
from tests.sync.twisting import asks_records

HUMANS = [
    Human(f"h{n}", f"Somebody No. {n:03}", biography=f"Born as number {n}.") for n in range(450)
]
PAGE = 60
SEAM = 10


@pytest.fixture
def server(sqlite_house: Household, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cabin]:
    """Its list of persons has eight pages."""
    monkeypatch.setattr(client, "_PAGE", PAGE)
    monkeypatch.setattr(person_list, "SEAM", SEAM)
    works = [film(n, *HUMANS[n * 150 : (n + 1) * 150]) for n in range(3)]
    app = jellyfin_app(Catalogue({work.id: work for work in works}))
    with running(app) as address:
        sqlite_house.add("Cabin", SourceKind.JELLYFIN, address)
        yield Cabin(sqlite_house, app)


def kill_at(server: Cabin, page: int) -> list[str]:
    """Sync until that page of the list, and no further, which leaves a run as one that was killed;
    returns what was asked for.
    """
    lists = 0

    def stop(request: Request) -> Response | None:
        nonlocal lists
        lists += is_list(f"{request.url.path}?{request.url.query}")
        return Response(status_code=401) if lists >= page else None

    server.app.state.faults[:] = [stop]
    with asked(server.app) as paths:
        assert server.house.sync("Cabin").state == "failed"
    server.app.state.faults.clear()
    with server.house.store.writing() as db:
        db.execute(sync_runs.update().where(sync_runs.c.error.is_not(None)).values(error=DIED))
    return paths


def is_list(path: str) -> bool:
    return "includeItemTypes=Person" in path


def starts(paths: list[str]) -> list[int]:
    """Where the pages of lists of everybody began that were asked for; a refusal is asked twice."""
    found = [
        int(re.findall(r"startIndex=(\d+)", path)[0])
        for path in paths
        if is_list(path) and "minDateLastSaved" not in path
    ]
    return list(dict.fromkeys(found))


def resumed(server: Cabin) -> list[str]:
    with asked(server.app) as paths:
        server.sync()
    assert server.house.rows(person_lists.select()) == []
    return paths


def test_it_goes_on_where_it_was(server: Cabin) -> None:
    """Some rows before it; then what changed since it began is asked for, and only then all titles
    are listed again. Killed again and again that costs a page each time.
    """
    assert starts(kill_at(server, 4)) == [0, 60, 120, 180]
    assert starts(kill_at(server, 3)) == [170, 230, 290]
    paths = resumed(server)
    assert starts(paths) == [280, 340, 400]
    assert server.told() == {human.name for human in HUMANS}
    first = next(n for n, path in enumerate(paths) if "parentId" in path)
    last = max(n for n, path in enumerate(paths) if starts([path]))
    assert last < first
    assert len([path for path in paths if is_list(path)]) == 4
    assert starts(resumed(server)) == []


def remove(server: Cabin, number: int) -> None:
    """The first so many are removed from the server."""
    library = server.app.state.library
    library.put(film(0, *HUMANS[number:150]))
    for human in HUMANS[:number]:
        del library.persons[library.person_named(human.name).id]
    library.persons_version += 1


def test_who_is_removed_moves_nobody_out_of_it(server: Cabin) -> None:
    """While nobody reads it, more are removed from what was read than are read again."""
    kill_at(server, 4)
    remove(server, 40)
    assert starts(resumed(server)) == [170, 70, 130, 190, 250, 310, 370]
    assert server.told() >= {human.name for human in HUMANS[40:]}


def test_a_list_that_gets_shorter_while_it_is_read(server: Cabin) -> None:
    """Whoever slips to a page that was read is read all the same."""

    def removing(request: Request) -> None:
        if starts([f"{request.url.path}?{request.url.query}"]) == [120]:
            server.app.state.faults.clear()
            remove(server, 30)

    server.app.state.faults[:] = [removing]
    assert starts(resumed(server)) == [0, 60, 120, 80, 140, 200, 260, 320, 380]
    assert server.told() >= {human.name for human in HUMANS[30:]}


def test_what_changed_since_it_began_comes_with_the_same_sync(server: Cabin) -> None:
    """Also of persons on pages that were read before, and where all titles have to be listed."""
    for number in (3, 4):
        kill_at(server, 4)
        changed = replace(HUMANS[number], biography="It was all different.")
        server.app.state.library.put_human(changed)
        if number == 4:
            with server.house.store.writing() as db:
                db.execute(update(sync_runs).values(listed=False))
        resumed(server)
        query = select(source_people.c.biography).where(source_people.c.name == changed.name)
        assert server.house.rows(query) == [(changed.biography,)]
        with server.house.store.writing() as db:  # the time has come to list all of them again
            db.execute(update(sources).values(people_read_at=None))


def test_an_old_one_is_begun_anew(server: Cabin) -> None:
    kill_at(server, 4)
    with server.house.store.writing() as db:
        long_ago = sources_now() - OLDEST - dt.timedelta(minutes=1)
        db.execute(update(person_lists).values(began_at=long_ago))
    assert starts(resumed(server)) == [n * PAGE for n in range(8)]


def test_of_another_server_none_is_gone_on_with(server: Cabin) -> None:
    kill_at(server, 4)
    with server.house.store.writing() as db:
        forget_server(db, server.house.rows(select(sources.c.id))[0].id)
    assert starts(resumed(server)) == [n * PAGE for n in range(8)]


def test_nobody_is_asked_for_by_key_twice(server: Cabin, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a user is shown no list."""
    monkeypatch.setattr(client, "_MOST_KEYS", 100)
    keys: list[str] = []

    def stop(request: Request) -> Response | None:
        found = asked_keys(f"{request.url.path}?{request.url.query}")
        keys.extend(found)
        return Response(status_code=401) if found and len(keys) > 200 else None

    (row,) = server.house.rows(select(sources.c.address))
    server.house._tokens["Cabin"] = token_of(SourceKind.JELLYFIN, row.address)
    server.hide(*HUMANS)
    server.app.state.faults[:] = [stop]
    assert server.house.sync("Cabin").state == "failed"
    server.app.state.faults.clear()
    assert len({*keys}) == 300
    again = [key for path in resumed(server) for key in asked_keys(path)]
    assert (len(again), len({*keys[:200], *again})) == (250, 450)
    assert server.told() == {human.name for human in HUMANS}


def test_everybody_is_read_again_with_everything(server: Cabin) -> None:
    """Also when the sync that was to do so is killed at the first record."""
    server.sync()
    assert starts(resumed(server)) == []
    stop = Response(status_code=401)
    server.app.state.faults[:] = [lambda request: stop if asks_records(request) else None]
    assert server.house.sync("Cabin", full=True).state == "failed"
    server.app.state.faults.clear()
    assert starts(resumed(server)) == [n * PAGE for n in range(8)]


def asked_keys(path: str) -> list[str]:
    if "ProductionLocations" not in path or "&ids=" not in path:
        return []
    return re.split(",|%2C", path.partition("&ids=")[2].partition("&")[0])
