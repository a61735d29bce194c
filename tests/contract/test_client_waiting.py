"""A server that accepts and never answers: how long it is waited for, what it is asked then."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from fullcredits.simulate import DEFAULT_TOKEN, Catalogue, plex_app, running
from fullcredits.sources import patience as module
from fullcredits.sources.http import Http
from fullcredits.sources.patience import (
    LONGEST_ANSWER,
    MOST_IN_VAIN,
    SHORT_PATIENCE,
    SMALL,
    USUAL,
)
from fullcredits.sources.plex.client import PlexSource, headers
from fullcredits.sources.trouble import Hangs, TooSlow

LARGE, SMALLEST = "/library/sections/1/all", PlexSource.pulse
SHORT = httpx2.Timeout(connect=5.0, read=0.3, write=5.0, pool=5.0)

Ask = Callable[[Http], Coroutine[Any, Any, None]]


async def get(http: Http) -> None:
    await http.get(LARGE)


async def let_in(http: Http) -> None:
    await http.get("/")


class Asked:
    """What a server was asked, and how long each answer was waited for."""

    def __init__(self, app: Starlette, patch: pytest.MonkeyPatch) -> None:
        self.app = app
        self._patch = patch
        self.waits: list[tuple[str, float]] = []
        """(path, seconds for something of the answer)."""

    def do(self, *asks: Ask, pulse: bool = True, timeout: httpx2.Timeout = SHORT) -> list[str]:
        """Ask one after another; returns how each ended, by its error's class, or "well"."""

        async def go(address: str) -> list[str]:
            http = Http("Attic", address, headers(DEFAULT_TOKEN, "tests"), timeout=timeout)
            http.pulse = SMALLEST if pulse else ""

            async def note(request: httpx2.Request) -> None:
                self.waits.append((request.url.path, request.extensions["timeout"]["read"]))

            http._client.event_hooks["request"] = [note]
            ends = []
            for ask in asks:
                try:
                    await ask(http)
                    ends.append("well")
                except (TooSlow, Hangs) as error:
                    ends.append(f"{type(error).__name__}: {error.problem}")
            await http.close()
            assert not [end for end in ends if DEFAULT_TOKEN in end]
            return ends

        with running(self.app) as address:
            return asyncio.run(go(address))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    monkeypatch.setattr(module, "SMALL", 0.3)
    return Asked(plex_app(Catalogue({})), monkeypatch)


def test_one_request_hangs_and_the_server_lives(asked: Asked) -> None:
    asked.app.state.faults.script("time-out", f"{LARGE}*", times=1)
    ends = asked.do(let_in, get, get)
    assert ends[1].startswith("TooSlow: took too long to answer")
    assert (ends[0], ends[2]) == ("well", "well")
    assert [path for path, _ in asked.waits] == ["/", LARGE, SMALLEST, LARGE]


def test_nothing_answers_any_more(asked: Asked) -> None:
    """It costs one wait and a short one, whatever else there was to ask."""
    asked.app.state.faults.script("time-out", "/library/*")
    _, end = asked.do(let_in, get)
    assert end.startswith("Hangs: took too long to answer")
    assert "did not answer the smallest request either: it hangs" in end
    assert [path for path, _ in asked.waits] == ["/", LARGE, SMALLEST]


def test_what_hangs_again_and_again_is_given_up(asked: Asked) -> None:
    """Though small things are answered all the time."""
    asked.app.state.faults.script("time-out", f"{LARGE}*")
    ends = asked.do(let_in, *[get] * MOST_IN_VAIN)
    assert all(end.startswith("TooSlow") for end in ends[1:-1])
    many = f"Hangs: took too long to answer, {MOST_IN_VAIN} times running: "
    assert ends[-1] == f"{many}look into its log, or restart it"
    paths = [path for path, _ in asked.waits]
    assert paths == ["/", *[LARGE, SMALLEST] * (MOST_IN_VAIN - 1), LARGE]


def test_an_answer_in_between_is_a_sign_of_life(asked: Asked) -> None:
    asked.app.state.faults.script("time-out", f"{LARGE}*")
    ends = asked.do(let_in, *[get, let_in] * MOST_IN_VAIN)
    assert not [end for end in ends if end.startswith("Hangs")]


def test_nothing_is_asked_of_one_that_never_took_our_token(asked: Asked) -> None:
    """It may be somebody else's."""
    asked.app.state.faults.script("time-out", "*")
    (end,) = asked.do(get)
    assert end.startswith("TooSlow")
    assert [path for path, _ in asked.waits] == [LARGE]


def test_less_is_asked_for_with_less_patience(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until something came."""
    monkeypatch.setattr(module, "SHORT_PATIENCE", 0.2)
    asked.app.state.faults.script("time-out", f"{LARGE}*", times=2)
    asked.do(let_in, get, get, get, get, pulse=False)
    usual = SHORT.read
    assert asked.waits[1:] == [(LARGE, usual), (LARGE, 0.2), (LARGE, 0.2), (LARGE, usual)]


def test_how_long_it_takes_at_most() -> None:
    """A server that hangs wholly is given up after three and a half minutes, one that goes on
    answering small things only after eight, and after ten where the rest trickles.
    """
    usual = USUAL.read
    assert usual is not None
    assert usual + SMALL == 210
    assert usual + (MOST_IN_VAIN - 1) * SHORT_PATIENCE == 480
    assert LONGEST_ANSWER + (MOST_IN_VAIN - 1) * SHORT_PATIENCE == 600


def test_what_trickles_is_given_up(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of the patience for a whole answer is had once, though bytes come all the time."""
    monkeypatch.setattr(module, "LONGEST_ANSWER", 0.5)
    monkeypatch.setattr(module, "SHORT_PATIENCE", 0.25)
    asked.app.state.faults.script("drip", f"{LARGE}*")
    ends = asked.do(let_in, *[get] * MOST_IN_VAIN)
    waited = [end.partition(" for one answer")[0] for end in ends[1:]]
    late = "TooSlow: took longer than {} s"
    short = [late.format(0.25)] * (MOST_IN_VAIN - 2)
    assert waited == [late.format(0.5), *short, "Hangs: took longer than 0.25 s"]
    paths = [path for path, _ in asked.waits]
    assert paths == ["/", *[LARGE, SMALLEST] * (MOST_IN_VAIN - 1), LARGE]


def test_what_trickled_once_has_all_the_time_again(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After any whole answer."""
    monkeypatch.setattr(module, "LONGEST_ANSWER", 0.5)
    monkeypatch.setattr(module, "SHORT_PATIENCE", 0.25)
    asked.app.state.faults.script("drip", f"{LARGE}*")
    ends = asked.do(let_in, get, let_in, get)
    assert all(end.startswith("TooSlow: took longer than 0.5 s") for end in (ends[1], ends[3]))


def test_silence_lasts_until_something_comes(asked: Asked) -> None:
    found: list[float] = []

    async def look(http: Http) -> None:
        asking = asyncio.create_task(http.get(LARGE))
        found.append(http.silence)
        await asyncio.sleep(0.2)
        found.append(http.silence)
        await asyncio.gather(asking, return_exceptions=True)
        found.append(http.silence)
        await http.get("/")
        found.append(http.silence)

    asked.app.state.faults.script("time-out", f"{LARGE}*")
    assert asked.do(look) == ["well"]
    before, during, after, answered = found
    assert during > 0
    assert (before, after, answered) == (0, 0, 0)


def test_what_trickles_is_waited_for_too(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    """The wait counts from the request until the whole answer, and it is known what came."""
    monkeypatch.setattr(module, "LONGEST_ANSWER", 1.0)
    looks: list[tuple[float, int]] = []

    async def look(http: Http) -> None:
        asking = asyncio.create_task(http.get(LARGE))
        while not asking.done():
            await asyncio.sleep(0.02)
            looks.append((http.silence, http.arriving))
        await asyncio.gather(asking, return_exceptions=True)

    asked.app.state.faults.script("drip", f"{LARGE}*")
    assert asked.do(look) == ["well"]
    *during, after = looks
    assert len({bytes_ for _, bytes_ in during}) > 2
    assert during == sorted(set(during)), "neither begins anew with what comes"
    assert after == (0, 0)
