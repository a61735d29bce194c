"""Small readings shared by both dialects: text, numbers and dates as servers write them."""

from __future__ import annotations

import datetime as dt
import re

from fullcredits.model import ExternalId
from fullcredits.text import storable

_MOST = 2**53
_NUMBER = re.compile(r"[0-9]{1,12}")
_FORMS = {
    "imdb": re.compile(r"(?:tt|nm)[0-9]{1,12}"),
    "tmdb": _NUMBER,
    "tvdb": _NUMBER,
    "plex": re.compile(r"[0-9a-f]{24}"),
}
"""What ids look like in the catalogues that we know, of titles and of people."""


def words(value: object) -> str | None:
    """A text of one line, as served but printable; None where there is none to see."""
    if type(value) is str and value.isprintable():  # the way of nearly all of them
        return value if value and not value.isspace() else None
    if value is None or isinstance(value, bool):
        return None
    text = storable(str(value))
    return text if text.strip() else None


def prose(value: str | None) -> str | None:
    """A text of several lines, its line breaks kept as line feeds."""
    if not value:
        return None
    lines = [storable(line).rstrip() for line in value.splitlines()]
    return "\n".join(lines).strip() or None


def whole(value: object) -> int | None:
    """A number, be it written as 12, 12.0 or "12"; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, int | float) and abs(value) < _MOST:
        return int(value)
    return None


def truth(value: object) -> bool:
    """Whether it is true, be it written as true, 1, "1" or "true"."""
    return value is True or whole(value) == 1 or value == "true"


def day(value: object) -> dt.date | None:
    """The calendar day an ISO date or time begins with; None for none and for the year 1."""
    if not isinstance(value, str):
        return None
    try:
        date = dt.date.fromisoformat(value[:10])
    except ValueError:
        return None
    return date if date.year > 1 else None


def moment(value: object) -> dt.datetime | None:
    """A time in UTC and whole seconds, from ISO text or from seconds since 1970."""
    try:
        if isinstance(value, str) and "T" in value:
            when = dt.datetime.fromisoformat(value)
        elif seconds := whole(value):
            when = dt.datetime.fromtimestamp(seconds, dt.UTC)
        else:
            return None
        if when.tzinfo is None:
            when = when.replace(tzinfo=dt.UTC)
        when = when.astimezone(dt.UTC).replace(microsecond=0)
    except (ValueError, OverflowError, OSError):
        return None
    return when if when.year > 1 else None


def is_id(scheme: str, value: str) -> bool:
    """Whether an id may be one of that catalogue; one of a catalogue that we do not know may."""
    form = _FORMS.get(scheme)
    return form is None or form.fullmatch(value) is not None


def ids(pairs: list[tuple[str, str]]) -> tuple[ExternalId, ...]:
    """External ids, each once, sorted; without empty values, and without those that their
    catalogue cannot have given.
    """
    found = {
        ExternalId(storable(scheme).strip().lower(), storable(value).strip())
        for scheme, value in pairs
    }
    return tuple(
        sorted(
            pair for pair in found if pair.scheme and pair.value not in ("", "0") and is_id(*pair)
        )
    )
