"""The table of differences in docs/servers.md: what pretend servers say otherwise, and why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from tests.contract.forms.form import Form
from tests.contract.forms.known import known

PAGE = Path(__file__).parents[3] / "docs" / "servers.md"
_ROW = re.compile(
    r"^\| (Plex|Jellyfin)(?:: ([^|]+))? \| (more|less|order) \| ([^|]+) \| .+ \|$", re.M
)
_WORDS = {"never there": "less", "not always there": "less", "unheard of": "more"}


class Difference(NamedTuple):
    """One field of one kind of answer."""

    kind: str
    how: str
    """more, less, order, or the type that was never recorded."""
    field: str
    """Without brackets, and without the envelope: `People.Role`."""


class Listed(NamedTuple):
    """One field of a row of the table."""

    kinds: frozenset[str]
    """Empty: all kinds of that dialect."""
    how: str
    field: str
    """`LibraryOptions.*` is all below it."""

    def covers(self, found: Difference) -> bool:
        """Whether it is about this difference."""
        if self.how != found.how or (self.kinds and found.kind not in self.kinds):
            return False
        if self.field == "*":
            return True
        if self.field.endswith(".*"):
            return found.field.startswith(self.field[:-1])
        return self.field == found.field


def listed(dialect: str) -> list[Listed]:
    """The table's rows about a dialect, field by field."""
    return [
        Listed(frozenset(filter(None, kinds.split("; "))), how, field)
        for whose, kinds, how, fields in _ROW.findall(PAGE.read_text())
        if whose.lower() == dialect
        for field in re.findall(r"`([^`]+)`", fields)
    ]


def differences(name: str, kind: str, values: Iterable[object]) -> Iterator[Difference]:
    """How answers of a kind deviate from the form that is written down."""
    for path, why in known(name)[kind].form.differences(Form.of(values)).items():
        field = path.replace("[]", "").removeprefix("Items.").lstrip(".")
        how = "order" if why.startswith("behind") else _WORDS.get(why, why)
        yield Difference(kind, how, field)


def unlisted(name: str, kind: str, values: Iterable[object]) -> list[Difference]:
    """Those that the table does not explain."""
    known_ones = listed(name.partition("-")[0])
    return [
        found
        for found in differences(name, kind, values)
        if not any(one.covers(found) for one in known_ones)
    ]
