"""What servers said and is not believed yet, as the page "Sync" shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from fullcredits.pages.moments import when
from fullcredits.store.alike import Alike, alike, kind_of
from fullcredits.store.holds import Hold, Word
from fullcredits.store.schedules import local
from fullcredits.text import title_named

HOLDS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class HoldLine:
    """Something a server said that is not believed yet, of one title or of many alike."""

    id: int
    """Its number, of several the highest."""
    kind: str
    """Of several, what they have in common (`alike.kind_of`); "" for one."""
    words: str
    outlook: str
    """What comes of it when nobody says anything; "" where that is said of all of them."""
    believe: str
    """What to press to believe the server; "" where that was said."""
    keep: str
    """What to press to keep what was known; "" where that was said."""
    each: tuple[HoldLine, ...] = ()
    """Of several, each by itself: not more than are shown."""
    more: int = 0
    """Of several, how many are not shown."""


@dataclass(frozen=True, slots=True)
class Held:
    """What is held of a source."""

    lines: tuple[HoldLine, ...]
    """What waits for a word of the owner, then what had it; the newest of each first."""
    more: int
    """How many holds are in none of them."""
    undecided: int
    """How many of all that is held wait for that word, or for further looks."""


def held_of(found: Sequence[Hold], moment: dt.datetime) -> Held:
    """What is held of one source."""
    groups = alike(found)
    groups.sort(key=lambda group: (group.holds[0].word is not None, -group.holds[-1].id))
    return Held(
        lines=tuple(_line(group, moment) for group in groups[:HOLDS_SHOWN]),
        more=sum(len(group.holds) for group in groups[HOLDS_SHOWN:]),
        undecided=sum(hold.word is None for hold in found),
    )


def _line(group: Alike, moment: dt.datetime) -> HoldLine:
    many, first = len(group.holds), group.holds[0]
    believe, keep = f"Believe all {many:,}", "Keep all as known"
    if first.library is not None:
        one = first.missing == 1
        believe, keep = ("It is gone", "Keep it") if one else ("They are gone", "Keep them")
    elif many == 1:
        believe, keep = "Believe it", "Keep what was known"
    several = group.holds if many > 1 else ()
    return HoldLine(
        id=group.holds[-1].id,
        kind=kind_of(first) if several else "",
        words=group.words,
        outlook=_outlook(group, moment),
        believe="" if first.word is Word.ACCEPTED else believe,
        keep="" if first.word is Word.REFUSED else keep,
        each=tuple(_one_of_several(hold) for hold in several[:HOLDS_SHOWN]),
        more=max(0, len(several) - HOLDS_SHOWN),
    )


def _one_of_several(hold: Hold) -> HoldLine:
    return HoldLine(
        id=hold.id,
        kind="",
        words=hold.words if hold.odd is None else title_named(hold.title or ""),
        outlook="",
        believe="" if hold.word is Word.ACCEPTED else "Believe it",
        keep="" if hold.word is Word.REFUSED else "Keep what was known",
    )


def _outlook(group: Alike, moment: dt.datetime) -> str:
    first = group.holds[0]
    if first.word is Word.REFUSED:
        return "Kept, as you said, until the server says something else"
    if first.word is Word.ACCEPTED:
        return "Believed with the next sync, as you said"
    if first.library is not None:
        return (
            f"Kept until you decide, or until {'it is' if first.missing == 1 else 'they are'} back"
        )
    looks = [at for hold in group.holds if (at := local(hold.next_look)) is not None]
    if not looks:
        return "Kept; looked at again when the server is at rest"
    soonest = when(max(min(looks), moment), moment)
    if max(looks) > max(min(looks), moment):
        soonest = f"from {soonest} on"
    return f"Kept; looked at again {soonest}, and then believed or not"
