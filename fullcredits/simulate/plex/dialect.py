"""Which Plex is played. Everything that differs between versions is asked of a Dialect.

The recorded answers and threads say that these differences exist, not with which version each
came or went; so the oldest version here has them all, and each can be asked for by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one version of Plex behaves; the defaults are those of 1.42."""

    version: str
    text_numbers: bool = False
    """Writes numbers and truth values of JSON as text: "size":"1", "hidden":"0"."""
    single_objects: bool = False
    """Writes a list of one as the one object."""
    totals: bool = True
    """Tells ``totalSize`` of a paged list."""
    tag_counts: bool = False
    """Tells with each person on how many items they are."""
    legacy_agents: bool = False
    """The libraries were matched by agents of old: people without ``tagKey``, nobody acts in
    episodes, guids of the agents, no ``Guid`` list."""
    wordless_ends: bool = False
    """Tells of an item's end as "done", without its type; others as "deleted"."""
    speaks_json: bool = True
    """Heeds ``Accept``; a proxy on the way may drop it, and then all is XML."""
    excludes: bool = True
    """Heeds ``excludeElements``, which is a request and no promise."""
    sorts_by_id: bool = True
    """Knows the order ``id``, which nobody documents; else a list in it is a 400."""
    wants_portions: bool = False
    """A list without a Start and a Size is a 400, as logs have announced."""
    pages_records: bool = False
    """Pages the records of many keys like a list, by twenty where no Size is told."""
    most_records: int | None = None
    """Gives at most so many records of many keys, and does not say so."""

    def worded(self, value: Any) -> Any:
        """A JSON-able value as this version writes it."""
        if isinstance(value, Mapping):
            return {name: self.worded(inner) for name, inner in value.items()}
        if isinstance(value, list):
            if self.single_objects and len(value) == 1 and isinstance(value[0], Mapping):
                return self.worded(value[0])
            return [self.worded(inner) for inner in value]
        if not self.text_numbers or value is None or isinstance(value, str):
            return value
        return str(int(value)) if isinstance(value, bool) else str(value)


DIALECTS = {
    "1.32": Dialect(
        "1.32.8.7639-fb6452ebf",
        text_numbers=True,
        single_objects=True,
        totals=False,
        tag_counts=True,
        legacy_agents=True,
    ),
    "1.36": Dialect("1.36.1.4407-1d6ec8a95", text_numbers=True, tag_counts=True),
    "1.40": Dialect("1.40.4.8679-424562606", single_objects=True),
    "1.41": Dialect("1.41.9.9961-46083195d"),
    "1.42": Dialect("1.42.2.10156-f737b826c"),
    "1.43": Dialect("1.43.1.10576-06378bdcd", wordless_ends=True),
}
"""By the version as it is asked for."""
DEFAULT_VERSION = "1.43"
