"""Dead and odd pictures of both kinds of server, over real sockets: nothing breaks, nobody is
asked who should not be, and what can be had is had.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from starlette.requests import Request

from fullcredits.images.ahead import Progress, fetch_ahead
from fullcredits.images.cache import Cache
from fullcredits.images.pictures import Pictures
from fullcredits.model import SourceKind
from fullcredits.simulate import Catalogue, jellyfin_app, plex_app, running
from fullcredits.simulate.faults.bodies import ADDRESSES
from fullcredits.simulate.faults.pictures import ODDITIES
from fullcredits.store import Store
from fullcredits.store.images import FETCHED
from fullcredits.store.schema import images
from fullcredits.sync.doubts import ENOUGH
from tests.sync.household import Household
from tests.sync.scene import KINDS, Scene, check_sentence
from tests.sync.twisting import Twisting

DAMAGED = "not an image, or a damaged one"
NONE = "the source has it no more"
BECOMES = {
    "gone": NONE,
    "broken": "failed",
    "forbidden": NONE,
    "svg": DAMAGED,
    "html": "nonsense",
    "lying svg": DAMAGED,
    "lying html": DAMAGED,
    "nothing": NONE,
    "cut off": DAMAGED,
    "bomb": "more than 50 megapixels",
    "packed bomb": "failed",
    "endless": "failed",
    "led inside": "nonsense",
}


@pytest.fixture(params=KINDS)
def few(
    request: pytest.FixtureRequest, sqlite_store: Store, invented: Catalogue
) -> Iterator[Scene]:
    """Two films on a server of each kind."""
    films = [w.id for w in invented.works.values() if w.kind == "movie"][:2]
    works = Catalogue({w.id: w for w in invented.held(films)})
    make = plex_app if request.param is SourceKind.PLEX else jellyfin_app
    server = Twisting(make(works, name="Shelf"))
    with running(server) as address:
        house = Household(sqlite_store)
        house.add("Shelf", request.param, address)
        yield Scene(house, server, request.param, address)


def fetch(house: Household, folder: Path) -> Progress:
    pictures = Pictures(house.store, Cache(folder, 10**9), house.open)
    return asyncio.run(fetch_ahead(pictures, gently=False))


def states(house: Household) -> dict[str, str | None]:
    rows = house.rows(select(images.c.ref, images.c.state))
    return dict(rows)


def test_every_oddity_is_tried() -> None:
    assert set(BECOMES) == set(ODDITIES)


def test_what_is_odd_is_remembered_and_the_rest_comes(few: Scene, tmp_path: Path) -> None:
    few.sync()
    struck: dict[str, str] = {}

    def odd(request: Request) -> Any:
        """Each picture is something else, until every oddity was there."""
        path = request.url.path
        if path not in struck and len(struck) < len(ODDITIES):
            struck[path] = list(ODDITIES)[len(struck)]
        return ODDITIES[struck[path]]() if path in struck else None

    few.fault(odd)
    progress = fetch(few.house, tmp_path)
    found = states(few.house)
    assert len(struck) == len(ODDITIES)
    for path, oddity in struck.items():
        (state,) = (state for ref, state in found.items() if path in ref)
        assert state == BECOMES[oddity], oddity
    others = [s for ref, s in found.items() if not any(path in ref for path in struck)]
    assert others.count(FETCHED) == progress.fetched > 5
    assert progress.failed == len(ODDITIES)
    assert not progress.left
    few.mend()


def test_a_server_in_an_odd_mood(few: Scene, tmp_path: Path) -> None:
    few.sync()
    script = few.server.app.state.faults.script("odd-pictures", rate=0.6, seed=3)
    progress = fetch(few.house, tmp_path)
    assert script.struck == progress.failed > len(ODDITIES)
    assert progress.fetched > 5
    assert {state for state in states(few.house).values() if state} <= {FETCHED, *BECOMES.values()}
    few.mend()
    assert fetch(few.house, tmp_path).fetched == 0, "not asked for again at once"


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Whose addresses were asked for."""
    asked: list[str] = []
    real = asyncio.base_events.BaseEventLoop.getaddrinfo

    async def look_up(self: Any, host: Any, *more: Any, **options: Any) -> Any:
        asked.append(host)
        return await real(self, host, *more, **options)

    monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", look_up)
    return asked


def test_addresses_that_nobody_should_ask(few: Scene, tmp_path: Path, looked_up: list[str]) -> None:
    """They are taken when a look an hour later says the same, those that could be asked."""
    records = "/items?*&ids=*&fields=people*" if few.kind is SourceKind.JELLYFIN else "*"
    few.server.app.state.faults.script("odd-addresses", records)
    summary = few.sync()
    assert (summary.state, summary.problems) == ("done", 0)
    assert not states(few.house).keys() & set(ADDRESSES)
    few.later(ENOUGH)
    assert few.sync().unsettled == 0
    few.mend()
    asked = few.server.app.state.requests
    before = len(asked)
    fetch(few.house, tmp_path)
    for state in states(few.house).values():
        check_sentence(state or "not asked for")
    for request in asked[before:]:
        assert re.match(r"/(Items|library|people)/", request.path), request
    if few.kind is SourceKind.JELLYFIN:
        return  # it has tags, and what is none makes no address
    odd = {ref: state for ref, state in states(few.house).items() if ref in ADDRESSES}
    assert len(odd) > 5
    assert FETCHED not in odd.values()
    assert all(ref.startswith(("/", "http")) and not ref.startswith("//") for ref in odd)
    assert {"169.254.169.254", "192.168.0.1"} <= set(looked_up), "looked at, and refused"


def test_a_portrait_written_anew_is_another_picture(few: Scene, tmp_path: Path) -> None:
    """The tag of a Jellyfin's picture, the stamp of a Plex's, is part of its address."""
    few.sync()
    before = states(few.house)
    fetch(few.house, tmp_path)

    def twist(request: Request, answer: Any) -> None:
        holder = answer if isinstance(answer, dict) else {}
        for row in holder.get("Items") or holder.get("MediaContainer", {}).get("Metadata") or []:
            for person in row.get("People") or row.get("Role") or []:
                for name in ("PrimaryImageTag", "thumb"):
                    if person.get(name):
                        person[name] += "0" if name == "PrimaryImageTag" else "?v=2"
            if row.get("Type") == "Person" and row.get("ImageTags"):
                row["ImageTags"] = {"Primary": row["ImageTags"]["Primary"] + "0"}

    few.server.twist = twist
    few.house.sync("Shelf", full=True)
    few.server.twist = None
    fresh = states(few.house).keys() - before.keys()
    assert len(fresh) > 5
    assert fetch(few.house, tmp_path).fetched == len(fresh)
    assert {states(few.house)[ref] for ref in fresh} == {FETCHED}
