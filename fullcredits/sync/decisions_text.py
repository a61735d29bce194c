"""The owner's decisions as text that a human can read: written out, and read in again."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, NamedTuple

from fullcredits.errors import IdentityError
from fullcredits.identity.rulings import Verb
from fullcredits.store import Connection
from fullcredits.store.identity import decisions
from fullcredits.store.identity.decisions import Subject
from fullcredits.store.identity.naming import Meant
from fullcredits.sync import owner

_NEEDED = {
    Verb.MERGE: {"one", "other"},
    Verb.APART: {"one", "other"},
    Verb.SPLIT: {"one"},
    Verb.RENAME: {"one", "name"},
    Verb.PORTRAIT: {"one", "portrait"},
}

_MORE = {Verb.SPLIT: {"other", "from"}}


class ReadIn(NamedTuple):
    """What became of a text."""

    made: int
    """Decisions that are new here."""
    known: int
    """Decisions that stand already."""
    idle: int
    """Of the new ones: about somebody whom no source here has now."""


class _Entry(NamedTuple):
    verb: Verb
    subject: Subject
    reason: str | None
    decided_at: dt.datetime | None


def write_out(db: Connection) -> str:
    """The decisions that stand, the oldest first, as JSON."""
    rows = [
        {
            "verb": row.verb,
            **row.subject,
            "reason": row.reason,
            "decided_at": row.decided_at.isoformat(timespec="seconds"),
        }
        for row in decisions.load_decisions(db, standing=True)
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def read_in(db: Connection, text: str) -> ReadIn:
    """Make the decisions of a text that was written out, all or none.

    Raises:
        IdentityError: the text is no such text, or one contradicts a decision that stands.

    """
    entries = _entries(text)
    standing = decisions.load_decisions(db, standing=True)
    known = [(row.verb, dict(row.subject)) for row in standing]
    fresh = [entry for entry in entries if (entry.verb, entry.subject) not in known]
    for number, entry in enumerate(entries, 1):
        if entry not in fresh:
            continue
        try:
            owner.say(db, *entry)
        except IdentityError as error:
            raise IdentityError(f"Entry {number} ({entry.verb}): {error}") from error
    meant = Meant(db, [words for entry in fresh for words in entry.subject["one"]])
    idle = [e for e in fresh if all(meant.person(words) is None for words in e.subject["one"])]
    return ReadIn(len(fresh), len(entries) - len(fresh), len(idle))


def _entries(text: str) -> list[_Entry]:
    try:
        rows = json.loads(text)
        if not isinstance(rows, list):
            raise TypeError("it is not a list")
    except (ValueError, TypeError) as error:
        raise IdentityError(f"This is no list of decisions: {error}.") from error
    found: list[_Entry] = []
    for number, row in enumerate(rows, 1):
        try:
            found.append(_entry(dict(row)))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise IdentityError(f"Entry {number} is no decision: {error}.") from error
    return found


def _entry(row: dict[str, Any]) -> _Entry:
    verb, reason, at = Verb(row.pop("verb")), row.pop("reason", None), row.pop("decided_at", None)
    needed = _NEEDED[verb]
    if needed - row.keys() or row.keys() - needed - _MORE.get(verb, set()):
        raise ValueError(f"{verb} needs {sorted(needed)}, not {sorted(row)}")
    for side in decisions.SIDES:
        for words in row.get(side, ()):
            _check_words(words, credits=verb is Verb.SPLIT and side == "one")
    if verb is Verb.PORTRAIT:
        _check_words(row["portrait"], credits=False)
    if not isinstance(row.get("name", ""), str):
        raise TypeError("the name is no text")
    when = dt.datetime.fromisoformat(at) if at else None
    return _Entry(verb, row, str(reason) if reason else None, when)


def _check_words(words: dict[str, Any], *, credits: bool) -> None:
    texts = [words["source"], words["key"]]
    for credit in words["credits"] if credits else words.get("credits", ()):
        texts += [credit["key"], credit["job"], credit["character"], *credit["ids"]]
    if not all(isinstance(text, str) for text in texts):
        raise TypeError("a source, key, job, character or id is no text")
