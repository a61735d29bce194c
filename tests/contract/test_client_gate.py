"""Never more requests at once at one server than it can use, whoever asks."""

from __future__ import annotations

import asyncio
import threading

import pytest
from starlette.types import Receive, Scope, Send

from fullcredits.model import SourceKind, TitleKind
from fullcredits.simulate import running
from fullcredits.sources import http as http_module
from fullcredits.sources import jellyfin_door, open_source, server_at
from fullcredits.sources.gate import Gate
from fullcredits.sources.http import Http
from tests.contract.answering import TOKEN, said, scripted


class Crowd:
    """A server that takes its time, and counts how many requests are under way."""

    def __init__(self) -> None:
        self.most = self.served = self._now = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._now += 1
        self.most = max(self.most, self._now)
        await asyncio.sleep(0.03)
        self._now -= 1
        self.served += 1
        if "Images" in scope["path"]:
            answer = said(b"\xff\xd8", 200, "image/jpeg")
        else:
            answer = said({"Items": [], "TotalRecordCount": 0, "MediaContainer": {}})
        await answer(scope, receive, send)


@pytest.mark.parametrize(
    ("kind", "limit", "most"),
    [
        (SourceKind.JELLYFIN, None, 2),
        (SourceKind.JELLYFIN, 1, 1),
        (SourceKind.JELLYFIN, 50, 2),
        (SourceKind.PLEX, None, 4),
        (SourceKind.PLEX, 1, 1),
    ],
)
def test_requests_at_once(kind: SourceKind, limit: int | None, most: int) -> None:
    """Of several connections, in several threads, for records and pictures alike."""
    crowd = Crowd()

    async def ask(address: str) -> None:
        source = open_source(kind, "Attic", address, TOKEN, "client", limit=limit)
        try:
            assert source.pace.parallel <= most
            await asyncio.gather(
                *(source.records({"1": TitleKind.MOVIE}) for _ in range(4)),
                *(source.picture("/Items/1/Images/Primary") for _ in range(4)),
            )
        finally:
            await source.close()

    with running(crowd) as address:
        threads = [threading.Thread(target=asyncio.run, args=[ask(address)]) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
    assert crowd.served == 24
    assert crowd.most == most


@pytest.mark.parametrize(("limit", "most"), [(None, 2), (1, 1)])
def test_who_finds_a_server_or_signs_in_counts_too(limit: int | None, most: int) -> None:
    """Beside a source that is read: its limit holds for all."""
    crowd = Crowd()

    async def sign_in(address: str) -> None:
        async with jellyfin_door("Cabin", address, "client") as door:
            await asyncio.gather(*(door.find("/System/Info/Public") for _ in range(3)))

    async def go(address: str) -> None:
        source = open_source(SourceKind.JELLYFIN, "Cabin", address, TOKEN, "client", limit=limit)
        try:
            await asyncio.gather(
                *(source.records({"1": TitleKind.MOVIE}) for _ in range(3)),
                *(server_at(address) for _ in range(2)),
                sign_in(address),
            )
        finally:
            await source.close()

    with running(crowd) as address:
        asyncio.run(go(address))
    assert crowd.served >= 8
    assert crowd.most == most


def test_a_gate_is_made_wider_and_narrower() -> None:
    most = now = 0

    async def visit(gate: Gate) -> None:
        nonlocal most, now
        async with gate.place():
            now += 1
            most = max(most, now)
            await asyncio.sleep(0.01)
            now -= 1

    async def crowd(places: int, *, then: int | None = None) -> int:
        nonlocal most
        most = 0
        gate = Gate(places)
        visits = [asyncio.create_task(visit(gate)) for _ in range(8)]
        await asyncio.sleep(0)
        if then is not None:
            gate.resize(then)
            await asyncio.gather(*visits[:places])
            most = 0
        await asyncio.gather(*visits)
        return most

    assert asyncio.run(crowd(2)) == 2
    assert asyncio.run(crowd(2, then=4)) == 4
    assert asyncio.run(crowd(4, then=1)) == 1


def test_whoever_looks_on_goes_first() -> None:
    order: list[str] = []

    async def go() -> None:
        gate = Gate(1)

        async def visit(name: str, *, first: bool = False) -> None:
            async with gate.place(first=first):
                order.append(name)
                await asyncio.sleep(0)

        async with gate.place():
            waiting = [asyncio.create_task(visit(name)) for name in ("a", "b")]
            await asyncio.sleep(0)
            waiting.append(asyncio.create_task(visit("picture", first=True)))
            await asyncio.sleep(0)
        await asyncio.gather(*waiting)

    asyncio.run(go())
    assert order == ["picture", "a", "b"]


def test_a_place_is_not_lost_with_one_who_gives_up() -> None:
    async def go() -> None:
        gate = Gate(1)

        async def visit() -> None:
            async with gate.place():
                await asyncio.sleep(0)

        for called_up in (False, True):
            async with gate.place():
                waiting = asyncio.create_task(visit())
                await asyncio.sleep(0.01)
                if not called_up:
                    waiting.cancel()
                    await asyncio.sleep(0.01)
            waiting.cancel()  # with `called_up`: just after the place was given to it
            await asyncio.gather(waiting, return_exceptions=True)
            await asyncio.wait_for(visit(), 2)

    asyncio.run(go())


@pytest.mark.parametrize(
    ("share", "first", "rests"), [(100, False, 0), (25, False, 3), (25, True, 0)]
)
def test_the_server_rests_for_a_share_of_the_time(
    monkeypatch: pytest.MonkeyPatch, share: int, first: bool, rests: float
) -> None:
    """A request that took a second is followed by three of rest where a quarter is ours."""
    ticks = iter(range(100))
    rested: list[float] = []

    class Clock:
        @staticmethod
        def monotonic() -> float:
            return float(next(ticks))

    async def sleep(seconds: float) -> None:
        rested.append(seconds)

    monkeypatch.setattr(http_module, "time", Clock)

    async def go(address: str) -> None:
        http = Http("Attic", address, {}, share=share, sleep=sleep)
        await http.send("GET", http.url("/"), first=first)
        await http.close()

    with scripted({"/": said({})}) as (address, _):
        asyncio.run(go(address))
    assert sum(rested) == rests
