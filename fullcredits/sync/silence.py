"""Telling that one waits: after some seconds of silence, then for as long as it lasts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

LONG = 5.0
"""Seconds after which whoever looks on wants to know what is waited for."""
_LOOK = 1.0


@asynccontextmanager
async def told(silence: Callable[[], float], tell: Callable[[float], None]) -> AsyncIterator[None]:
    """As long as this is open: `tell` how many seconds the silence lasts, each second once it is
    LONG; 0 when it is over.
    """
    heard = True

    async def look() -> None:
        nonlocal heard
        while True:
            await asyncio.sleep(_LOOK)
            seconds = silence()
            if seconds >= LONG:
                heard = False
                tell(seconds)
            elif not heard:
                heard = True
                tell(0.0)

    looking = asyncio.create_task(look())
    try:
        yield
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
        if not heard:
            tell(0.0)
