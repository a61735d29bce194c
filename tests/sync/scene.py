"""A server of a test's own whose answers go wrong, and what is promised for that case."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import func, select
from starlette.requests import Request
from starlette.responses import Response

from fullcredits.model import SourceKind
from fullcredits.simulate import DEFAULT_API_KEY, DEFAULT_TOKEN
from fullcredits.store.holds import Hold, list_holds
from fullcredits.store.schema import media_items, sync_runs
from fullcredits.sync.watch import Summary
from tests import served
from tests.served import Stated
from tests.stated import credits_of
from tests.sync.household import TOKENS, Household
from tests.sync.twisting import Twisting

WRONG_TOKEN = "a-token-that-is-wrong"
KINDS = (SourceKind.PLEX, SourceKind.JELLYFIN)
FILMS = 40


class Scene(NamedTuple):
    """A server of a test's own, whose answers may be replaced or twisted."""

    house: Household
    server: Twisting
    kind: SourceKind
    address: str

    def fault(self, answer: Callable[[Request], Response | None]) -> None:
        """From now on this speaks first."""
        self.server.app.state.faults[:] = [answer]

    def later(self, pause: dt.timedelta) -> None:
        """Let time pass, here and on the server."""
        self.house.later(pause, self.server.app)

    def mend(self) -> None:
        """The server answers for itself again."""
        self.server.app.state.faults.clear()
        self.server.twist = None

    def sync(self) -> Summary:
        return self.house.sync("Shelf")

    def served(self) -> Counter[Stated]:
        """Every credit as served, read independently."""
        read = served.plex if self.kind is SourceKind.PLEX else served.jellyfin
        return read(self.address, TOKENS[self.kind])

    def stored(self) -> Counter[Stated]:
        return credits_of(self.house.store, "Shelf")

    def key(self, work: str) -> str:
        """The key the server has for a work."""
        item = self.server.app.state.library.item(work)
        return str(item.key if self.kind is SourceKind.PLEX else item.id)

    @property
    def library(self) -> Any:
        """What the server holds."""
        return self.server.app.state.library

    def holds(self) -> list[Hold]:
        """What is not believed."""
        with self.house.store.reading() as db:
            return list_holds(db)

    def gone(self) -> int:
        query = select(func.count()).where(media_items.c.gone_since.is_not(None))
        count: int = self.house.rows(query)[0][0]
        return count


def check_sentence(message: str) -> None:
    """One sentence for a user: no token, no stack trace, no second line."""
    assert message
    assert message == message.strip()
    assert "\n" not in message
    assert len(message) < 250
    for secret in (DEFAULT_TOKEN, DEFAULT_API_KEY, WRONG_TOKEN):
        assert secret not in message
    assert not re.search(r"Traceback|Error\(|httpx|msgspec|<class", message)


def fails(house: Household, name: str, code: int, *words: str) -> None:
    """Run a sync that cannot go on, and hold it to its promises."""
    summary = house.sync(name)
    assert (summary.state, summary.exit_code) == ("failed", code)
    assert summary.error is not None
    check_sentence(summary.error)
    for word in words:
        assert word in summary.error
    last = select(sync_runs.c.state, sync_runs.c.error).order_by(sync_runs.c.id.desc()).limit(1)
    assert house.rows(last) == [("failed", summary.error)]
