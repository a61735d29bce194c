"""What the owner decided on who is who, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fullcredits.identity.rulings import Verb
from fullcredits.pages import addresses
from fullcredits.pages.parts import day, joined
from fullcredits.store import Connection
from fullcredits.store.identity.decisions import DecisionRow, load_decisions
from fullcredits.store.identity.naming import Words
from fullcredits.text import counted


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
        entries=tuple(map(entry, reversed(rows))),
        every=every,
    )


def decision(db: Connection, number: int) -> Entry:
    """The decision of that number; there must be one."""
    return next(entry(row) for row in load_decisions(db) if row.id == number)


def entry(row: DecisionRow) -> Entry:
    """A decision in words."""
    return Entry(
        number=row.id,
        words=_sentence(row),
        reason=row.reason or "",
        when=day(row.decided_at.date()),
        undone=f"undone {day(row.undone_at.date())}" if row.undone_at else "",
    )


def _sentence(row: DecisionRow) -> str:
    ones, others = _named(row.subject["one"]), _named(row.subject.get("other", ()))
    match Verb(row.verb):
        case Verb.MERGE:
            return f"{joined([*ones, *others])} are one person."
        case Verb.APART:
            return f"{joined(ones)} and {joined(others)} are not the same person."
        case Verb.SPLIT:
            credits = sum(len(words["credits"]) for words in row.subject["one"])
            whose = joined(others) if others else "somebody else"
            many = counted(credits, "credit")
            return f"{many} of {joined(ones)} {'is' if credits == 1 else 'are'} by {whose}."
        case Verb.RENAME:
            return f"{joined(ones)} is called {row.subject['name']}."
        case Verb.PORTRAIT:
            return f"{joined(ones)} has the portrait that {row.subject['portrait']['source']} has."


def _named(words: Iterable[Words]) -> list[str]:
    named = {(one.get("name") or one["key"], one["source"]): None for one in words}
    return [f"{name} ({source})" for name, source in named]
