"""Each fault in what is asked beside syncs: finding a server, signing in, pictures, being told.

Whoever asks is told by an error of ours that names the server, what happened and what to do, and
no token; once the fault is over, the same succeeds. Nothing here is a list, so faults of lists
cannot be had. What may befall a WebSocket, which is no request to strike, is in
`contract/test_client_lines.py`; what a picture's answer may be instead of one, in
`sync/test_odd_pictures.py`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import aclosing
from typing import Any, NamedTuple

import httpx2
import pytest
from starlette.applications import Starlette

from fullcredits.errors import SourceError
from fullcredits.simulate import (
    DEFAULT_ACCOUNT_TOKEN,
    DEFAULT_API_KEY,
    DEFAULT_PASSWORD,
    DEFAULT_TOKEN,
    DEFAULT_USER,
    jellyfin_app,
    offered_at,
    plex_app,
    plextv_app,
    running,
)
from fullcredits.simulate.jellyfin.gate import Caller
from fullcredits.sources import channel, pictures, probe
from fullcredits.sources.http import Http
from fullcredits.sources.jellyfin import sign_in
from fullcredits.sources.jellyfin.client import JellyfinSource
from fullcredits.sources.plex import account
from fullcredits.sources.plex.client import PlexSource, headers
from tests.faults.scene import IMPATIENT, PATIENT, no_pause, small_catalogue, soon_in_vain
from tests.faults.test_matrix import HANGS, STOPS

SECRETS = (DEFAULT_TOKEN, DEFAULT_API_KEY, DEFAULT_ACCOUNT_TOKEN, DEFAULT_PASSWORD)


class Playing(NamedTuple):
    """The pretend servers, and where they are."""

    apps: Mapping[str, Starlette]
    addresses: Mapping[str, str]

    def first(self, server: str) -> Any:
        """A title of it."""
        return next(iter(self.apps[server].state.library.items.values()))


class Phase(NamedTuple):
    """Something that is asked beside syncs."""

    server: str
    at: str
    """Which requests it takes."""
    ask: Callable[[Http, Playing], Awaitable[object]]
    """Gives something that is true."""
    token: str | None = None
    otherwise: Mapping[str, str] = {}
    """What is said of a fault in place of the usual; "" for nothing: it does no harm here."""


@pytest.fixture(scope="module")
def playing() -> Iterator[Playing]:
    few = small_catalogue()
    attic, cabin = plex_app(few), jellyfin_app(few)
    attic.state.notices.audience.blocked = True  # so that it is heard by a request
    with running(attic) as at, running(cabin) as near:
        away = plextv_app([offered_at(at, DEFAULT_TOKEN)])
        with running(away) as far:
            yield Playing(
                {"Attic": attic, "Cabin": cabin, "plex.tv": away},
                {"Attic": at, "Cabin": near, "plex.tv": far},
            )


async def _found(http: Http, playing: Playing) -> object:
    return await probe.find(http)


async def _code(http: Http, playing: Playing) -> object:
    return await account.begin_pin(http, "https://app.plex.tv", "tests")


async def _allowed(http: Http, playing: Playing) -> object:
    people = playing.apps["plex.tv"].state.account
    pin = people.begin("tests", "Fullcredits", strong=True)
    assert people.authorise(pin.code)
    return await account.end_pin(http, str(pin.id))


async def _account(http: Http, playing: Playing) -> object:
    return await account.account(http)


async def _servers(http: Http, playing: Playing) -> object:
    return await account.servers(http)


async def _password(http: Http, playing: Playing) -> object:
    return await sign_in.by_password(http, DEFAULT_USER, DEFAULT_PASSWORD)


async def _quick(http: Http, playing: Playing) -> object:
    return await sign_in.begin_quick_connect(http)


async def _typed(http: Http, playing: Playing) -> object:
    gate = playing.apps["Cabin"].state.gate
    waiting = gate.initiate(Caller("tests", "tests", "tests", "1"))
    assert gate.authorize(waiting.code)
    return await sign_in.end_quick_connect(http, waiting.secret)


async def _still(http: Http, playing: Playing) -> object:
    return await PlexSource(http).picture(f"/library/metadata/{playing.first('Attic').key}/thumb/1")


async def _portrait(http: Http, playing: Playing) -> object:
    return await JellyfinSource(http).picture(f"/Items/{playing.first('Cabin').id}/Images/Primary")


async def _told(http: Http, playing: Playing) -> object:
    source = PlexSource(http) if http.name == "Attic" else JellyfinSource(http)
    async with aclosing(source.changes()) as hints:
        return await anext(hints)


BENT = dict.fromkeys(("truncated", "malformed", "wrong-type"), "")
"""What is found is looked for in the text, and only answers with status 200 are bent."""
PICTURE = {
    "truncated": "",
    "malformed": "",
    "wrong-type": "gave text/plain for a picture",
    "portal": "gave text/html for a picture",
    "to-web": "sends us on to nowhere",
}
UNREAD = {"not-open": "refuses our token (HTTP 401)"}
NOT_LET_IN = dict.fromkeys(
    ("unauthorised", "expired", "not-open"), "the name or password is wrong, or the account is"
)
NO_CODES = dict.fromkeys(("unauthorised", "expired", "not-open"), "has Quick Connect switched off")
ENDLESS = ("drip", "reset-body", "truncated", "malformed", "wrong-type")
"""These need an answer's end, and events have none."""

PHASES = {
    "finding a Plex": Phase("Attic", "*", _found, None, BENT),
    "finding a Jellyfin": Phase("Cabin", "*", _found, None, BENT),
    "a code of plex.tv": Phase("plex.tv", "/api/v2/pins*", _code, None, BENT),
    "its token": Phase("plex.tv", "/api/v2/pins/*", _allowed),
    "whose account": Phase("plex.tv", "/api/v2/user", _account, DEFAULT_ACCOUNT_TOKEN),
    "its servers": Phase("plex.tv", "/api/v2/resources*", _servers, DEFAULT_ACCOUNT_TOKEN),
    "a password": Phase("Cabin", "/users/authenticatebyname", _password, None, NOT_LET_IN),
    "a code of Quick Connect": Phase("Cabin", "/quickconnect/initiate", _quick, None, NO_CODES),
    "its token there": Phase("Cabin", "/quickconnect/connect*", _typed),
    "a picture of a Plex": Phase("Attic", "*/thumb/*", _still, DEFAULT_TOKEN, PICTURE),
    "a picture of a Jellyfin": Phase("Cabin", "*/images/*", _portrait, DEFAULT_API_KEY, PICTURE),
    "events of a Plex": Phase("Attic", "/:/eventsource/*", _told, DEFAULT_TOKEN, UNREAD),
    "asking a Jellyfin": Phase("Cabin", "/items*", _told, DEFAULT_API_KEY),
}


async def _asked(phase: Phase, playing: Playing, patience: httpx2.Timeout) -> object:
    own = sign_in.headers if phase.server == "Cabin" else headers
    address = playing.addresses[phase.server]
    door = Http(phase.server, address, own(phase.token, "tests"), sleep=no_pause, timeout=patience)
    try:
        return await phase.ask(door, playing)
    finally:
        await door.close()


def outcome(phase: Phase, playing: Playing, *, hurried: bool = False) -> object:
    """What comes of asking once, without breath between tries: the error, if one does."""
    try:
        return asyncio.run(_asked(phase, playing, IMPATIENT if hurried else PATIENT))
    except SourceError as error:
        return error


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        (name, fault)
        for name, phase in PHASES.items()
        for fault in STOPS
        if fault not in ENDLESS or "eventsource" not in phase.at
    ],
)
def test_a_fault_beside_syncs(
    playing: Playing, name: str, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    phase = PHASES[name]
    if fault == "time-out":
        monkeypatch.setattr(channel, "_SILENCE", 0.3)
    if fault == "drip":
        soon_in_vain(monkeypatch)
        monkeypatch.setattr(pictures, "WITHIN", 0.3)
    faults = playing.apps[phase.server].state.faults
    script = faults.script(fault, phase.at)
    sentences = [phase.otherwise[fault]] if fault in phase.otherwise else list(STOPS[fault])
    try:
        found = outcome(phase, playing, hurried=fault in HANGS)
    finally:
        faults.clear()
    assert script.struck > 0
    if isinstance(found, SourceError):
        assert found.source == phase.server
        assert any(sentence and sentence in found.problem for sentence in sentences), found
        assert not any(secret in f"{found} {found!r} {vars(found)}" for secret in SECRETS)
    else:
        assert found or phase.ask is _found  # half of an answer may not say who it is
        assert sentences == [""]
    monkeypatch.undo()
    again = outcome(phase, playing)
    assert again
    assert not isinstance(again, SourceError)
