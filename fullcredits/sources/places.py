"""Places at a server, shared by all processes of an installation.

A command beside a running `serve` asks the same server: together they are to ask it no more at once
than one of them may. A place is a file in the data directory, and who locks it has it. The system
lets go of what a process locked however it ends, so nobody has to be tidied up after. Where files
cannot be locked (some network drives), each process counts for itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import hashlib
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

PATIENCE = 420.0
"""Seconds until a place is free. Who asks a server has let go of it by then, however slow it is: an
answer and the rest after it end sooner (`LONGEST_ANSWER`, `LONGEST_REST` of `patience`)."""
_LOOK = 0.01
"""Seconds between two looks whether one is free."""

_folder: Path | None = None


def share_in(folder: Path) -> None:
    """From now on all servers' places are shared with whoever uses the same folder."""
    global _folder
    with contextlib.suppress(OSError):
        folder.mkdir(exist_ok=True)
    _folder = folder


@asynccontextmanager
async def place(address: str, places: int) -> AsyncIterator[None]:
    """One of so many places at the server at this address.

    Only who has its turn looks for one, and who had a place takes a new turn: so processes that
    ask a lot let one in that asks little. Raises TimeoutError where none was free in time.
    """
    held = await _taken(address, places)
    try:
        yield
    finally:
        if held is not None:
            os.close(held)


async def _taken(address: str, places: int) -> int | None:
    """The open file that is the place; None where none can be locked."""
    if _folder is None:
        return None
    server = _folder / hashlib.sha256(address.encode()).hexdigest()[:16]
    end = time.monotonic() + PATIENCE
    try:
        turn = await _first_free([f"{server}-turn"], end)
        try:
            return await _first_free([f"{server}-{n}" for n in range(places)], end)
        finally:
            os.close(turn)
    except TimeoutError:  # an OSError too
        raise
    except OSError:
        return None


async def _first_free(files: list[str], end: float) -> int:
    while True:
        for file in files:
            opened = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(opened)
            except BaseException:
                os.close(opened)
                raise
            else:
                return opened
        if time.monotonic() > end:
            raise TimeoutError
        await asyncio.sleep(_LOOK)
