"""What the pages tell those who keep the sources in step, and ask them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from fastapi import Request


class Keeping(Protocol):
    """Whoever keeps the sources in step beside the pages. Nothing here waits for anything."""

    def wake(self) -> None:
        """Something changed in the database that concerns them: a schedule, a source, a wish."""

    def tell(self, source_id: int, keys: Collection[str]) -> None:
        """Somebody says that titles of a source changed; without keys: that something did."""

    def trouble(self, source_id: int) -> str | None:
        """Why a source's changes are not heard of; None while they are."""


class NotKept:
    """Nobody does."""

    def wake(self) -> None:
        """Nobody hears it."""

    def tell(self, source_id: int, keys: Collection[str]) -> None:
        """Nobody hears it."""

    def trouble(self, source_id: int) -> str | None:
        """Nobody listens."""
        return "nothing listens: “fullcredits serve” does"


def keeping(request: Request) -> Keeping:
    """Those of this application."""
    found: Keeping = request.app.state.keeping
    return found
