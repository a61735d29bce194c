"""Processes of one installation share the places at a server, however each of them ends."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fullcredits.model import SourceKind, TitleKind
from fullcredits.simulate import running
from fullcredits.sources import open_source, places
from fullcredits.sources.trouble import Crowded
from tests.contract.answering import TOKEN
from tests.contract.test_client_gate import Crowd

ADDRESS = "http://cabin:8096"

ASKING = """
import asyncio, sys
from pathlib import Path
from fullcredits.model import SourceKind, TitleKind
from fullcredits.sources import open_source, places

folder, kind, address, token, limit = sys.argv[1:]
places.share_in(Path(folder))

async def go():
    limited = int(limit) or None
    source = open_source(SourceKind(kind), "Attic", address, token, "client", limit=limited)
    print("ready", flush=True)
    sys.stdin.readline()
    await asyncio.gather(*(source.records({"1": TitleKind.MOVIE}) for _ in range(12)))
    await source.close()

asyncio.run(go())
"""

HOLDING = """
import asyncio, sys
from pathlib import Path
from fullcredits.sources import places

places.share_in(Path(sys.argv[1]))

async def go():
    async with places.place(sys.argv[2], 2), places.place(sys.argv[2], 2):
        print("ready", flush=True)
        sys.stdin.readline()

asyncio.run(go())
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(places, "_folder", None)
    places.share_in(tmp_path)
    return tmp_path


def started(script: str, *arguments: object) -> subprocess.Popen[str]:
    """A process that is ready, and goes on when it is told to."""
    process = subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.fixture
def holder(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that has both places."""
    with started(HOLDING, folder, ADDRESS) as process:
        yield process
        process.kill()


async def visit(*, free: int = 2) -> None:
    async with places.place(ADDRESS, free):
        pass


@pytest.mark.parametrize(
    ("kind", "limit", "most"),
    [(SourceKind.JELLYFIN, 0, 2), (SourceKind.JELLYFIN, 1, 1), (SourceKind.PLEX, 0, 4)],
)
def test_requests_at_once_of_two_processes(
    folder: Path, kind: SourceKind, limit: int, most: int
) -> None:
    crowd = Crowd()
    with running(crowd) as address:
        asking = [started(ASKING, folder, kind, address, TOKEN, limit) for _ in range(2)]
        for process in asking:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        assert [process.wait(60) for process in asking] == [0, 0]
    for process in asking:
        process.communicate()
    assert crowd.served == 24
    assert crowd.most == most


def test_the_places_of_one_that_is_killed_are_free(holder: subprocess.Popen[str]) -> None:
    async def go() -> None:
        waiting = asyncio.create_task(visit())
        await asyncio.sleep(0.05)
        assert not waiting.done()
        holder.kill()
        await waiting

    asyncio.run(go())


def test_who_has_places_and_hangs_is_waited_for_and_told(
    holder: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Silence says meanwhile that the server is waited for."""
    os.kill(holder.pid, signal.SIGSTOP)
    monkeypatch.setattr(places, "PATIENCE", 0.3)

    async def go() -> float:
        source = open_source(SourceKind.JELLYFIN, "Cabin", ADDRESS, TOKEN, "client")
        asked = asyncio.create_task(source.records({"1": TitleKind.MOVIE}))
        await asyncio.sleep(0.1)
        silence = source.silence
        with pytest.raises(Crowded, match=r"another process of this .* minutes: see"):
            await asked
        await source.close()
        return silence

    monkeypatch.setattr(places, "PATIENCE", 0.3)
    assert asyncio.run(go()) > 0


def test_who_asks_a_lot_lets_in_who_asks_little(folder: Path) -> None:
    order: list[str] = []

    async def visit(name: str) -> None:
        async with places.place(ADDRESS, 1):
            order.append(name)
            await asyncio.sleep(0.03)

    async def a_lot() -> None:
        for _ in range(10):
            await visit("much")

    async def go() -> None:
        much = asyncio.create_task(a_lot())
        await asyncio.sleep(0.04)
        await visit("little")
        await much

    asyncio.run(go())
    assert order.index("little") <= 3


def test_a_turn_is_not_lost_with_one_who_gives_up(folder: Path) -> None:
    async def go() -> None:
        async with places.place(ADDRESS, 1):
            for _ in range(2):
                waiting = asyncio.create_task(visit(free=1))
                await asyncio.sleep(0.03)
                waiting.cancel()
                await asyncio.gather(waiting, return_exceptions=True)
        async with asyncio.timeout(30):
            await visit(free=1)

    asyncio.run(go())


def test_where_nothing_can_be_locked_each_counts_for_itself(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_locks(*_: object) -> None:
        raise OSError(37, "No locks available")

    async def go() -> None:
        async with places.place(ADDRESS, 1), asyncio.timeout(30):
            await visit(free=1)

    monkeypatch.setattr("fcntl.flock", no_locks)
    asyncio.run(go())
    if Path("/proc/self/fd").exists():
        before = len(os.listdir("/proc/self/fd"))
        asyncio.run(go())
        assert len(os.listdir("/proc/self/fd")) == before


def test_in_a_folder_that_is_gone_too(folder: Path) -> None:
    places.share_in(folder / "no" / "such")

    async def go() -> None:
        async with places.place(ADDRESS, 1), asyncio.timeout(30):
            await visit(free=1)

    asyncio.run(go())
