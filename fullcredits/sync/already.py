"""Whether the owner has said something already, in words that mean the same."""

from __future__ import annotations

from collections.abc import Iterable

from fullcredits.identity.rulings import Verb
from fullcredits.store import Connection
from fullcredits.store.identity.decisions import DecisionRow, Subject, load_decisions
from fullcredits.store.identity.naming import Words

_Keys = set[tuple[object, ...]]


def said_already(db: Connection, verb: Verb, subject: Subject) -> int | None:
    """The number of the decision that stands and says this; None if there is none."""
    spoken_of = _keys(subject["one"])
    for row in reversed(load_decisions(db, standing=True)):
        if row.verb != verb:
            continue
        if _says_so(row, verb, subject):
            return row.id
        if verb in (Verb.RENAME, Verb.PORTRAIT) and _keys(row.subject["one"]) & spoken_of:
            return None  # of several names, or portraits, the last one stands
    return None


def _says_so(row: DecisionRow, verb: Verb, subject: Subject) -> bool:
    ones, others = _sides(subject)
    one, other = _sides(row.subject)
    match verb:
        case Verb.MERGE:
            return one | other >= ones | others
        case Verb.APART:
            return (one >= ones and other >= others) or (one >= others and other >= ones)
        case Verb.SPLIT:
            return (one, other) == (ones, others)
        case Verb.WHOLE:
            return one >= ones
        case Verb.RENAME:
            return one == ones and row.subject["name"] == subject["name"]
        case Verb.PORTRAIT:
            portraits = (_keys([it["portrait"]]) for it in (row.subject, subject))
            return one == ones and next(portraits) == next(portraits)


def _sides(subject: Subject) -> tuple[_Keys, _Keys]:
    return _keys(subject["one"]), _keys(subject.get("other", ()))


def _keys(words: Iterable[Words]) -> _Keys:
    """What these words name, however it is called."""
    return {(one["source"], one["key"], _credits(one)) for one in words}


def _credits(words: Words) -> frozenset[tuple[str, str, str]]:
    credits = words.get("credits", ())
    return frozenset((one["key"], one["job"], one["character"]) for one in credits)
