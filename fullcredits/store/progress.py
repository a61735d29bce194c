"""What is kept with a run while it is under way: who is at it, and how far they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Progress(NamedTuple):
    """A moment of a sync."""

    doing: str = "asking who it is"
    """In words, like "reading titles"."""
    done: int = 0
    """Of what is being done, so many are …"""
    total: int | None = None
    """… of so many; None where nobody knows."""
    credits: int = 0
    """Credits read so far."""
    credits_a_second: float = 0.0
    left: float | None = None
    """Seconds until everything is read, as far as can be told."""
    problems: int = 0
    silent: int = 0
    """Seconds for which nothing whole came of what was asked, in steps; 0 while answers come."""
    asked: str = ""
    """What that is, like "the movies in Films (so far 2 kB)"."""

    @classmethod
    def of(cls, kept: Mapping[str, Any] | None) -> Progress:
        """What was kept with a run; an older version may have kept less or more."""
        told = kept or {}
        return cls(**{name: told[name] for name in cls._fields if name in told})


class Holder(NamedTuple):
    """Who syncs."""

    program: str
    """Like "fullcredits serve"."""
    machine: str
    process: int
    token: str
    """Tells apart processes that had the same number one after the other."""

    @classmethod
    def read(cls, kept: str) -> Holder | None:
        """What `kept` gave; None for anything else."""
        parts = kept.split("|")
        if len(parts) != len(cls._fields) or not parts[2].isdigit():
            return None
        return cls(parts[0], parts[1], int(parts[2]), parts[3])

    @property
    def kept(self) -> str:
        """As the database has it."""
        return "|".join(str(part).replace("|", "/") for part in self)

    def __str__(self) -> str:
        return f"`{self.program}` (process {self.process} on {self.machine})"
