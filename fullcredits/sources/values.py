"""Small readings shared by both dialects: text, numbers and dates as servers write them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence

from fullcredits.model import ExternalId, TitleKind
from fullcredits.sources.decoding import MOST_KEY
from fullcredits.text import numbered, storable, visible

_MOST = 2**53
_MOST_STORED = 2**31
UNTITLED = "Untitled"
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
    return text if visible(text) else None


def title_of(value: object, kind: TitleKind, number: int | None) -> str:
    """What a title is called. Where the server does not say, a season or an episode has its number,
    and anything else is untitled.
    """
    return words(value) or numbered(kind.capitalize(), number, "") or UNTITLED


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


def number(value: object) -> int | None:
    """As `whole`, where that is of a size that databases hold."""
    found = whole(value)
    return found if found is not None and abs(found) < _MOST_STORED else None


def year(value: object) -> int | None:
    """A year of our calendar; 0 where there is none."""
    found = whole(value)
    return found if found is not None and 0 <= found <= dt.MAXYEAR else None


def seconds(value: object, fraction: int) -> int | None:
    """A span of time in whole seconds, of which the server counts so many fractions each; None for
    nothing and for less.
    """
    found = whole(value)
    span = number(found // fraction) if found is not None else None
    return span if span and span > 0 else None


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


Reader = Callable[[object], object]
"""One of the above: None where it can read nothing."""


def unread(row: object, readers: Iterable[tuple[str, Reader]]) -> list[str]:
    """What of a row is there and cannot be read, as "field value", by the readers of its fields."""
    return [
        f"{name} {value}"
        for name, read in readers
        if _says_something(value := getattr(row, name)) and read(value) is None
    ]


def _says_something(value: object) -> bool:
    """Servers write none as nothing, as a blank, 0, and as the first day of the year 1."""
    if isinstance(value, str):
        return value.strip() not in ("", "0") and not value.startswith("0001-01-01")
    return bool(value)


def key_of(value: str | None) -> str | None:
    """By what a server is asked for a person; None for none and for what is too long to be one."""
    return storable(value) if value and len(value) <= MOST_KEY else None


def is_id(scheme: str, value: str) -> bool:
    """Whether an id may be one of that catalogue; one of a catalogue that we do not know may."""
    form = _FORMS.get(scheme)
    return form is None or form.fullmatch(value) is not None


def ids(pairs: Sequence[tuple[str, str]]) -> tuple[ExternalId, ...]:
    """External ids, each once, sorted; without empty values, and without those that their
    catalogue cannot have given.
    """
    return tuple(sorted(pair for pair in _given(pairs) if is_id(*pair)))


def unread_ids(pairs: Sequence[tuple[str, str]]) -> list[ExternalId]:
    """Those that `ids` leaves out, because their catalogue cannot have given them."""
    return sorted(pair for pair in _given(pairs) if not is_id(*pair))


def _given(pairs: Iterable[tuple[str, str]]) -> set[ExternalId]:
    found = {
        ExternalId(storable(scheme).strip().lower(), storable(value).strip())
        for scheme, value in pairs
    }
    return {pair for pair in found if pair.scheme and pair.value not in ("", "0")}
