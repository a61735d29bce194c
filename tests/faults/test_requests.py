"""How many requests a sync sends: few, and none for what did not change."""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import Iterable
from math import ceil
from urllib.parse import parse_qs, unquote

import pytest
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from fullcredits.model import SourceKind
from fullcredits.simulate.catalogue import Catalogue, Human, Stated, Work, catalogue_of
from fullcredits.simulate.jellyfin.answers import SECONDS_PER_CREDIT
from fullcredits.simulate.traffic import Asked, Interfere
from fullcredits.store import Store
from fullcredits.sync.fetch import MOST_FAILURES
from fullcredits.sync.stride import TARGET_SECONDS
from tests import stated
from tests.faults.scene import Scene, known_credits, served_by
from tests.faults.test_matrix import FULL

FILMS, EPISODES, SEASONS = 230, 120, 12


@pytest.fixture(scope="module")
def plenty() -> Catalogue:
    """Hundreds of films and a long show, each with somebody in it."""
    people = [Human(f"h{n}", f"Somebody No. {n}") for n in range(40)]
    works = [
        Work(f"f{n}", "movie", f"Film {n:03}", year=1990, credits=(_role(people[n % 40]),))
        for n in range(FILMS)
    ]
    works.append(Work("s", "show", "Show", year=1990, credits=(_role(people[0]),)))
    for season in range(1, SEASONS + 1):
        works.append(Work(f"s{season}", "season", f"Season {season}", parent="s", number=season))
        works += [
            Work(f"s{season}e{n}", "episode", f"Part {n}", parent=f"s{season}", number=n,
                 credits=(_role(people[n]),))
            for n in range(1, EPISODES // SEASONS + 1)
        ]  # fmt: skip
    return catalogue_of(works, {})


def _role(human: Human) -> Stated:
    return Stated(human, human.name, "Acting", "Actor", "Part", 0)


def keys_of(request: Asked) -> list[str]:
    """The titles whose full record a request asks for."""
    if request.path.startswith("/library/metadata/"):
        return request.path.rpartition("/")[2].split(",")
    return parse_qs(request.query).get("ids", [""])[0].split(",")


def kinds_of(scene: Scene, batches: Iterable[list[str]]) -> Counter[str]:
    """How many batches ask for titles of each kind."""
    items = scene.app.state.library.items
    return Counter(
        kind
        for keys in batches
        for kind in {(items.get(key) or items[int(key)]).work.kind for key in keys}
    )


def read(scene: Scene, store: Store) -> tuple[list[list[str]], list[Asked]]:
    """Sync; the batches of full records asked for, and all other requests."""
    before = len(scene.app.state.requests)
    assert scene.sync(store).state == "done"
    asked: list[Asked] = scene.app.state.requests[before:]
    batches = [keys for request in asked if (keys := keys_of(request)) != [""]]
    return batches, [request for request in asked if keys_of(request) == [""]]


def test_what_a_plex_is_asked(plenty: Catalogue, sqlite_store: Store) -> None:
    with served_by(plenty, SourceKind.PLEX, "1.43") as attic:
        attic.add(sqlite_store)
        batches, others = read(attic, sqlite_store)
        found = kinds_of(attic, batches)
        assert found["movie"] <= ceil(FILMS / 100)
        assert found["episode"] <= ceil(EPISODES / 100)
        assert (found["show"], found["season"]) == (1, 1)
        # Shows come beside films, and seasons beside episodes.
        assert len(batches) <= ceil((FILMS + 1) / 100) + ceil((SEASONS + EPISODES) / 100)
        # Who, whose, libraries; one page of each kind; what is being written.
        assert len(others) == 3 + 4 + 1
        # Neither people, tags nor filters, of which nobody knows how whole or honoured they are.
        paths = {re.sub(r"\d+", "N", request.path) for request in others}
        assert paths == {"/identity", "/", "/library/sections", "/library/sections/N/all"}
        assert not [
            request for request in attic.app.state.requests if ">" in unquote(request.query)
        ]
        read_once = [key for keys in batches for key in keys]
        assert len(read_once) == len(set(read_once)) == len(plenty.works)
        assert max(len(keys) for keys in batches) <= 200
        _nothing_twice(attic, sqlite_store)


def test_a_slow_plex_is_asked_no_oftener(plenty: Catalogue, sqlite_store: Store) -> None:
    """A hundred records that take longer than they should are still a hundred a request."""

    def slow(request: Request) -> Interfere | None:
        _, _, keys = request.url.path.partition("/library/metadata/")
        return (lambda app: _later(app, 0.01 * len(keys.split(",")))) if keys else None

    with served_by(plenty, SourceKind.PLEX, "1.43") as attic:
        attic.add(sqlite_store)
        attic.faults.append(slow)
        batches, _ = read(attic, sqlite_store)
        assert len(batches) <= ceil((FILMS + 1) / 100) + ceil((SEASONS + EPISODES) / 100)


def _later(app: ASGIApp, seconds: float) -> ASGIApp:
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(seconds)
        await app(scope, receive, send)

    return answer


def test_what_a_jellyfin_is_asked(plenty: Catalogue, sqlite_store: Store) -> None:
    with served_by(plenty, SourceKind.JELLYFIN, "10.11") as cabin:
        cabin.add(sqlite_store)
        batches, others = read(cabin, sqlite_store)
        found = kinds_of(cabin, batches)
        assert found["movie"] <= ceil(FILMS / 25)
        assert found["episode"] <= ceil(EPISODES / 25)
        assert (found["show"], found["season"]) == (1, 1)
        # Who, whose, libraries; a page of each kind; what is being written; a page of persons.
        assert len(others) == 3 + 4 + 3 + 1
        # Never one item or person by its path: that lets the server look for more at once.
        paths = {request.path for request in others}
        asked = {"/System/Info/Public", "/Users/Me", "/Library/VirtualFolders", "/Items"}
        assert paths == asked | {"/ScheduledTasks"}
        read_once = [key for keys in batches for key in keys]
        assert len(read_once) == len(set(read_once)) == len(plenty.works)
        assert max(len(keys) for keys in batches) <= 200
        _nothing_twice(cabin, sqlite_store)


def test_a_jellyfin_is_asked_by_what_its_people_take(sqlite_store: Store) -> None:
    """At its real cost of 1.4 ms a credit: on the average each request has it work for an eighth of
    a second or longer; so few credits come with each.
    """
    credits = 30
    people = [Human(f"h{n}", f"Somebody No. {n}") for n in range(credits)]
    cast = tuple(_role(human) for human in people)
    films = [Work(f"f{n}", "movie", f"Film {n:03}", year=1990, credits=cast) for n in range(100)]
    catalogue = catalogue_of(films, {})
    with served_by(catalogue, SourceKind.JELLYFIN, "10.11", cost="real") as cabin:
        cabin.add(sqlite_store)
        started = time.monotonic()
        batches, others = read(cabin, sqlite_store)
        taken = time.monotonic() - started
        assert taken >= SECONDS_PER_CREDIT * credits * len(films)
        assert len(batches) <= ceil(len(films) / 25) + taken / (TARGET_SECONDS / 4)
        # Who, whose, libraries; a page of each kind; a page of persons; what is being written, by
        # three requests, but not oftener than every fifteen seconds.
        assert len(others) <= 3 + 4 + 1 + 3 * (1 + taken // 15)
        read_once = [key for keys in batches for key in keys]
        assert len(read_once) == len(set(read_once)) == len(films)


@pytest.mark.parametrize("fault", ["empty", "malformed", "portal", "broken"])
@pytest.mark.parametrize("kind", list(SourceKind))
def test_a_server_that_gives_nothing_of_a_library_is_soon_given_up(
    plenty: Catalogue, sqlite_store: Store, kind: SourceKind, fault: str
) -> None:
    """However many titles there are; nothing of what was known is lost, and the next sync goes
    on.
    """
    with served_by(plenty, kind, "1.43" if kind is SourceKind.PLEX else "10.11") as scene:
        scene.add(sqlite_store)
        assert scene.sync(sqlite_store).state == "done"
        before = known_credits(sqlite_store, scene.name)
        scene.touch()
        scene.app.state.clock.ahead += 3600
        script = scene.faults.script(fault, FULL[kind])
        summary = scene.sync(sqlite_store)
        most = MOST_FAILURES + scene.source(hurried=False).pace.parallel
        assert 0 < script.struck <= most * _tries(fault)
        assert summary.state in ("failed", "partial")
        if (kind, fault) == (SourceKind.JELLYFIN, "empty"):
            # So few answers for all that are asked for, and each title is told of.
            assert "it is listed, but its record is not given" in summary.messages[0]
        else:
            assert summary.error
            assert "(while its titles were read)" in summary.error
        assert known_credits(sqlite_store, scene.name) == before
        script.stop()
        scene.sync(sqlite_store, asked=True)
        assert stated.credits_of(sqlite_store, scene.name) == scene.served()


@pytest.mark.parametrize("fault", ["empty", "malformed", "broken"])
def test_a_plex_that_says_nothing_of_hundreds_of_titles_is_soon_given_up(
    plenty: Catalogue, sqlite_store: Store, fault: str
) -> None:
    """Its list is empty, and asked by their keys it gives nothing either: none of them is gone."""
    with served_by(plenty, SourceKind.PLEX, "1.43") as attic:
        attic.add(sqlite_store)
        assert attic.sync(sqlite_store).state == "done"
        before = known_credits(sqlite_store, attic.name)
        attic.faults.script("empty", "/library/sections/*/all*")
        script = attic.faults.script(fault, "/library/metadata/*")
        summary = attic.sync(sqlite_store)
        assert 0 < script.struck <= 2 * (MOST_FAILURES + 1) * _tries(fault), "of two libraries"
        assert (summary.titles_gone, summary.holds) == (0, 0)
        assert known_credits(sqlite_store, attic.name) == before


def _tries(fault: str) -> int:
    """How often the client asks at once for what fails so."""
    return 2 if fault == "broken" else 1


def _nothing_twice(scene: Scene, store: Store) -> None:
    """Nothing changed: listings alone. One film changed: one record more."""
    batches, others = read(scene, store)
    assert batches == []
    assert len(others) <= 3 + 4 + 1
    library = scene.app.state.library
    library.touch("f7")
    if scene.kind is SourceKind.PLEX:
        library.item("f7").updated += 1
    item = library.item("f7")
    batches, _ = read(scene, store)
    assert batches == [[str(item.key if scene.kind is SourceKind.PLEX else item.id)]]
