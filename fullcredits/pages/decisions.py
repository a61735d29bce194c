"""What the owner decided on who is who, in words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from fullcredits.errors import NotFound
from fullcredits.pages import addresses
from fullcredits.pages.parts import day
from fullcredits.pages.wording import Wording
from fullcredits.store import Connection
from fullcredits.store.identity.decisions import DecisionRow, load_decisions


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision."""

    number: int
    words: str
    """Like "Thandie Newton (Attic) and Thandiwe Newton (Cabin) are one person."."""
    reason: str
    when: str
    undone: str
    """Like "undone 3 March 2026"; "" while it stands."""


@dataclass(frozen=True, slots=True)
class DecisionsPage:
    """What the owner decided, the newest first."""

    address: str
    heading: str
    entries: tuple[Entry, ...]
    every: bool
    """Also those that were undone."""


def decisions(db: Connection, *, every: bool = False) -> DecisionsPage:
    """All decisions that stand, or every one there was."""
    rows = load_decisions(db, standing=not every)
    return DecisionsPage(
        address=addresses.decisions(every=every),
        heading="Your decisions",
        entries=entries(db, rows[::-1]),
        every=every,
    )


def decision(db: Connection, number: int) -> Entry:
    """The decision of that number. Raises NotFound."""
    for entry in decisions_of(db, [number]):
        return entry
    raise NotFound(f"There is no decision {number}.")


def decisions_of(db: Connection, numbers: Collection[int]) -> tuple[Entry, ...]:
    """The decisions of these numbers, whether they stand or not; those that there are."""
    if not numbers:
        return ()
    return entries(db, [row for row in load_decisions(db) if row.id in numbers])


def entries(db: Connection, rows: Sequence[DecisionRow]) -> tuple[Entry, ...]:
    """Decisions in words."""
    wording = Wording(db, rows)
    return tuple(
        Entry(
            number=row.id,
            words=wording.sentence(row),
            reason=row.reason or "",
            when=day(row.decided_at.date()),
            undone=f"undone {day(row.undone_at.date())}" if row.undone_at else "",
        )
        for row in rows
    )
