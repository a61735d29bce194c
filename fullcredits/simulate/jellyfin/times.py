"""Times as Jellyfin writes and reads them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from fullcredits.simulate.jellyfin.ids import UNIX_EPOCH_TICKS, Ticks

_FRACTION = re.compile(r"\.(\d{1,9})")


def iso_ticks(when: Ticks) -> str:
    """With seven digits of a second and a Z."""
    seconds, rest = divmod(when - UNIX_EPOCH_TICKS, 10_000_000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:07}Z"


def iso_date(day: str | None) -> str | None:
    """Midnight of an ISO day."""
    return f"{day}T00:00:00.0000000Z" if day else None


def parse_time(text: str) -> Ticks:
    """A moment from a query, without a zone taken as UTC.

    Raises:
        ValueError: it is no date.

    """
    fraction = _FRACTION.search(text)
    digits = fraction[1][:7].ljust(7, "0") if fraction else "0"
    whole = datetime.fromisoformat(_FRACTION.sub("", text).replace("Z", "+00:00"))
    seconds = int((whole if whole.tzinfo else whole.replace(tzinfo=UTC)).timestamp())
    return UNIX_EPOCH_TICKS + seconds * 10_000_000 + int(digits)
