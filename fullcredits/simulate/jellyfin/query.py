"""The arguments of a request, read the way ASP.NET reads them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import HTTPConnection

from fullcredits.simulate.jellyfin.errors import invalid
from fullcredits.simulate.jellyfin.ids import Ticks
from fullcredits.simulate.jellyfin.times import parse_time


class Arguments:
    """Query arguments by name, whatever case the name is written in; the first of a name counts.

    The readers raise `Refused` with the 400 of the real server when a value has the wrong form;
    inside lists, what cannot be read is dropped silently, as there.
    """

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = {name.lower(): value for name, value in values.items()}

    @classmethod
    def of(cls, request: HTTPConnection) -> Arguments:
        """The arguments of a request."""
        pairs = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
        return cls(dict(reversed(pairs)))

    def apart_from(self, *names: str) -> frozenset[tuple[str, str]]:
        """All arguments but these, names in lower case, to compare with those of others."""
        return frozenset(pair for pair in self._values.items() if pair[0] not in names)

    def text(self, name: str) -> str | None:
        """The value, or None when it is missing or empty."""
        return self._values.get(name.lower()) or None

    def texts(self, name: str) -> list[str]:
        """The parts of a comma separated list."""
        return [part.strip() for part in (self.text(name) or "").split(",") if part.strip()]

    def words(self, name: str) -> frozenset[str]:
        """The parts of a list of words, in lower case."""
        return frozenset(part.lower() for part in self.texts(name))

    def number(self, name: str) -> int | None:
        """A whole number."""
        value = self.text(name)
        if value is None:
            return None
        try:
            return int(value)
        except ValueError:
            raise invalid(name, value) from None

    def truth(self, name: str, default: bool) -> bool:
        """A truth value, ``true`` or ``false`` in any case."""
        value = self.text(name)
        if value is None:
            return default
        if value.lower() not in ("true", "false"):
            raise invalid(name, value)
        return value.lower() == "true"

    def guid(self, name: str) -> str | None:
        """An id as 32 hex digits, written with or without dashes."""
        value = self.text(name)
        if value is None:
            return None
        found = read_guid(value)
        if found is None:
            raise invalid(name, value)
        return found

    def guids(self, name: str) -> list[str]:
        """The ids of a list."""
        return [found for part in self.texts(name) if (found := read_guid(part))]

    def time(self, name: str) -> Ticks | None:
        """A moment."""
        value = self.text(name)
        if value is None:
            return None
        try:
            return parse_time(value)
        except ValueError:
            raise invalid(name, value) from None


def read_guid(text: str) -> str | None:
    """32 lower-case hex digits, or None when the text is no GUID."""
    try:
        return uuid.UUID(text).hex
    except ValueError:
        return None
