"""Every kind of answer that was recorded: which recordings are of it, and what a pretend server is
asked for the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

By = Literal["key", "user", "nobody", "stranger"]
"""Whose token a question carries."""


@dataclass(frozen=True)
class Kind:
    """A kind of answer."""

    name: str
    recordings: tuple[str, ...]
    """File names or patterns, below a version's folder (Jellyfin) or that of the dialect."""
    asks: str = ""
    """The address; words in braces are filled in, see `Asker`."""
    part: str = ""
    """The part of the answer that is compared, like `MediaContainer.Metadata`."""
    only: str = ""
    """Of a list, rows of this type alone."""
    by: By = "key"
    legacy: bool = False
    """Plex: from agents of old."""

    def values(self, answer: Any) -> Iterator[Any]:
        """What of an answer is compared: the part, or each row of it that is of the type."""
        for name in filter(None, self.part.split(".")):
            answer = answer.get(name, [])
        if self.part == "MediaContainer":  # the rows are kinds of their own
            answer = {k: v for k, v in answer.items() if k not in ("Metadata", "Directory")}
        if not self.only:
            yield answer
        for row in _rows(answer) if self.only else ():
            if self.only in (row.get("type"), row.get("Type"), "*"):
                yield row


def _rows(answer: Any) -> Sequence[Any]:
    return answer if isinstance(answer, list) else [answer]
