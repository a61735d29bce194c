"""Being told of changes: which messages of a server become which hints."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.applications import Starlette

from fullcredits.model import SourceKind
from fullcredits.simulate import (
    DEFAULT_API_KEY,
    Catalogue,
    changes,
    plex_app,
    running,
)
from fullcredits.sources import open_source
from fullcredits.sources.contract import Hint
from fullcredits.sources.jellyfin.live import Polling
from tests.contract.listening import (
    COMPARE,
    Told,
    jellyfin_user,
    listening,
    own_jellyfin,
    own_plex,
    plex,
)

FILM = "film-001"


@pytest.fixture
def attic(invented: Catalogue) -> Iterator[tuple[Starlette, str]]:
    with own_plex(invented) as found:
        yield found


@pytest.fixture
def cabin(invented: Catalogue) -> Iterator[tuple[Starlette, str]]:
    with own_jellyfin(invented) as found:
        yield found


@pytest.mark.parametrize("blocked", [False, True], ids=["socket", "events"])
@pytest.mark.parametrize("version", ["1.42", "1.43"])
def test_plex_tells_of_edits_additions_and_ends(
    invented: Catalogue, version: str, blocked: bool
) -> None:
    app = plex_app(invented, share="attic", version=version)
    app.state.notices.audience.blocked = blocked
    library = app.state.library
    film = next(i for i in library.items.values() if i.work.kind == "movie")
    missing = next(w for w in invented.held() if w.kind == "movie" and w.id not in _held(library))

    async def go(address: str) -> list[Hint]:
        async with listening(plex(address)) as told:
            changes.edit(library, film.work.id, title="Another name")
            assert await told.until(lambda h: bool(h.changed)) == Hint(frozenset({str(film.key)}))
            key = str(library.put(missing))
            await told.until(lambda h: key in h.changed)
            changes.delete(library, missing.id)
            assert await told.until(lambda h: bool(h.removed)) == Hint(removed=frozenset({key}))
            return told.all

    with running(app) as address:
        asyncio.run(go(address))
    asked = [a.path for a in app.state.requests]
    assert asked == (["/:/eventsource/notifications"] if blocked else [])


def test_most_of_what_plex_says_is_no_hint(attic: tuple[Starlette, str]) -> None:
    app, address = attic
    library = app.state.library
    missing = next(w for w in app_works(app) if w.kind == "movie")
    changes.delete(library, missing.id)

    async def go() -> list[Hint]:
        async with listening(plex(address)) as told:
            key = str(library.put(missing))
            app.state.notices.scan(1, "ended")
            await told.until(lambda h: h.scanning is False)
            assert {k for h in told.all for k in h.changed} == {key}
            return told.all

    hints = asyncio.run(go())
    assert len(hints) == 4  # to compare, the settled item twice, the end of the scan


def test_recorders_number_their_own_items(attic: tuple[Starlette, str]) -> None:
    app, address = attic

    async def go() -> list[Hint]:
        async with listening(plex(address)) as told:
            other = {"identifier": "tv.plex.providers.epg", "itemID": "1001", "type": 1}
            app.state.notices.say("timeline", {**other, "state": 5})
            app.state.notices.say("playing", {"ratingKey": "1001", "state": "playing"})
            app.state.notices.say("timeline", {"state": 5})
            app.state.notices.scan(2, "started")
            await told.until(lambda h: h.scanning is True)
            return told.all

    assert asyncio.run(go()) == [COMPARE, Hint(scanning=True)]


@pytest.mark.parametrize("beside_a_key", [False, True])
def test_jellyfin_tells_users_once_for_many_changes(
    cabin: tuple[Starlette, str], beside_a_key: bool
) -> None:
    app, address = cabin
    library = app.state.library
    films = [i for i in library.items.values() if i.work.kind == "movie"][:40]

    async def go() -> None:
        source = await jellyfin_user(address, beside_a_key=beside_a_key)
        async with listening(source) as told:
            app.state.notices.progress(library.views[0].id, 14)
            for film in films:
                changes.refresh(library, film.work.id)
            changes.delete(library, films[0].work.id)
            hint = await told.until(lambda h: bool(h.changed))
            assert hint.changed == {film.id for film in films[1:]}
            assert hint.removed == {films[0].id}
            assert told.all == [COMPARE, Hint(scanning=True), hint]

    asyncio.run(go())


def test_jellyfin_is_told_that_we_are_there(cabin: tuple[Starlette, str]) -> None:
    app, address = cabin
    film = next(i for i in app.state.library.items.values() if i.work.kind == "movie")
    app.state.notices.lost_after = 1  # second; a silent socket is dropped then

    async def go() -> None:
        async with listening(await jellyfin_user(address)) as told:
            heard = asyncio.create_task(told.until(lambda h: film.id in h.changed))
            await asyncio.sleep(1.8)
            changes.refresh(app.state.library, film.work.id)
            await heard

    asyncio.run(go())


def test_an_api_key_alone_is_told_nothing_so_it_asks(cabin: tuple[Starlette, str]) -> None:
    app, address = cabin
    library = app.state.library
    films = [i for i in library.items.values() if i.work.kind == "movie"]
    steps: list[Callable[[], None]] = [
        lambda: None,
        lambda: changes.edit(library, films[0].work.id, title="Another name"),
        lambda: None,
        lambda: changes.delete(library, films[1].work.id),
    ]

    async def step(_: float) -> None:
        if steps:
            steps.pop(0)()
        else:
            raise asyncio.CancelledError

    async def go() -> list[Hint]:
        source = open_source(SourceKind.JELLYFIN, "Cabin", address, DEFAULT_API_KEY, "client-1")
        told = Told(Polling(source._items, lambda: source.clock, sleep=step).changes())  # type: ignore[attr-defined]
        with contextlib.suppress(asyncio.CancelledError):
            await told.until(lambda hint: False)
        await source.close()
        return told.all

    assert asyncio.run(go()) == [COMPARE, Hint(frozenset({films[0].id})), COMPARE]
    asked = [a.query for a in app.state.requests if a.path == "/Items"]
    assert len(asked) == 1 + 2 * 4


def test_an_api_key_alone_opens_no_socket(cabin: tuple[Starlette, str]) -> None:
    app, address = cabin

    async def go() -> None:
        key = DEFAULT_API_KEY
        async with listening(open_source(SourceKind.JELLYFIN, "Cabin", address, key, "client-1")):
            assert not app.state.notices.keys.size

    asyncio.run(go())


def _held(library: Any) -> set[str]:
    return {item.work.id for item in library.items.values()}


def app_works(app: Starlette) -> list[Any]:
    return [item.work for item in app.state.library.items.values()]
