"""What an owner may set about how careful a sync is."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple


class Rules(NamedTuple):
    """As the settings of the same names say; see docs/configure.md."""

    reread_days: int = 14
    """In so many days every record is read again, whatever the markers say; 0: never."""
    grace_days: int = 30
    """So long what is gone from a server stays in the database."""
    held_share: float = 0.25
    """A larger share of a library that disappears at once is held for the owner."""

    @property
    def grace(self) -> dt.timedelta:
        """As a span of time."""
        return dt.timedelta(days=self.grace_days)


USUAL = Rules()
