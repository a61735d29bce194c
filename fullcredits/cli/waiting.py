"""Saying at the terminal that a server takes its time."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

from fullcredits.cli.asking import tell
from fullcredits.sources.waiting import seen
from fullcredits.sync.silence import told

T = TypeVar("T")

_AGAIN = 10.0
"""Seconds between two words that one waits."""


async def patiently(asking: Awaitable[T]) -> T:
    """What servers are asked for; whoever does not answer for some seconds is named, at first and
    then now and again.
    """
    said = -_AGAIN

    with seen() as waits:

        def silence() -> float:
            return max((one.silence for one in waits), default=0.0)

        def say(seconds: float) -> None:
            nonlocal said
            if not seconds:
                said = -_AGAIN
            elif seconds >= said + _AGAIN:
                said = seconds
                longest = max(waits, key=lambda one: one.silence)
                first = " other commands first" if longest.crowded else ""
                tell(f"Waiting for {longest.whom} to answer{first}, {seconds:.0f} s …", "dim")

        async with told(silence, say):
            return await asking
