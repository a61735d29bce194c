"""What servers said and is not believed yet, as the page "Sync" shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from fullcredits.pages.moments import when
from fullcredits.store.holds import Hold, Word
from fullcredits.store.schedules import local

HOLDS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class HoldLine:
    """Something a server said that is not believed yet."""

    id: int
    words: str
    outlook: str
    """What comes of it when nobody says anything."""
    believe: str
    """What to press to believe the server; "" where that was said."""
    keep: str
    """What to press to keep what was known; "" where that was said."""


def hold_lines(held: Sequence[Hold], moment: dt.datetime) -> tuple[HoldLine, ...]:
    """What waits for a word first, then what had it; the newest of each before the others, and not
    more than are shown.
    """
    inorder = sorted(held, key=lambda hold: (hold.word is not None, -hold.id))
    return tuple(_line(hold, moment) for hold in inorder[:HOLDS_SHOWN])


def _line(hold: Hold, moment: dt.datetime) -> HoldLine:
    titles = hold.library is not None
    outlook = (
        "Kept until you decide, or until they are back" if titles else _next_look(hold, moment)
    )
    if hold.word is Word.REFUSED:
        outlook = "Kept, as you said, until the server says something else"
    elif hold.word is Word.ACCEPTED:
        outlook = "Believed with the next sync, as you said"
    return HoldLine(
        id=hold.id,
        words=hold.words,
        outlook=outlook,
        believe="" if hold.word is Word.ACCEPTED else ("They are gone" if titles else "Believe it"),
        keep=""
        if hold.word is Word.REFUSED
        else ("Keep them" if titles else "Keep what was known"),
    )


def _next_look(hold: Hold, moment: dt.datetime) -> str:
    at = local(hold.next_look)
    if at is None:
        return "Kept; looked at again when the server is at rest"
    return f"Kept; looked at again {when(max(at, moment), moment)}, and then believed or not"
