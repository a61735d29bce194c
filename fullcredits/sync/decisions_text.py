"""The owner's decisions as text that a human can read: written out, and read in again."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from fullcredits.errors import IdentityError
from fullcredits.identity.rulings import Verb
from fullcredits.store import Connection
from fullcredits.store.identity import decisions
from fullcredits.store.identity.decisions import Said, Subject
from fullcredits.store.identity.naming import Meant, Words
from fullcredits.sync import owner
from fullcredits.sync.wording import fit_name, fit_reason
from fullcredits.text import storable

_NEEDED = {
    Verb.MERGE: {"one", "other"},
    Verb.APART: {"one", "other"},
    Verb.SPLIT: {"one"},
    Verb.WHOLE: {"one"},
    Verb.RENAME: {"one", "name"},
    Verb.PORTRAIT: {"one", "portrait"},
}

_LONGEST_TEXT = 10_000
"""No name that a server gives is longer."""

_MORE = {Verb.SPLIT: {"other", "from"}}


class ReadIn(NamedTuple):
    """What became of a text."""

    made: int
    """Decisions that are new here."""
    known: int
    """Decisions that stand already."""
    idle: int
    """Of the new ones: about somebody, or something of theirs, that no source here has now."""


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
    rows = decisions.load_decisions(db, standing=True)
    known = {_canonical(row.verb, row.subject) for row in rows}
    fresh: dict[int, Said] = {}
    for number, entry in enumerate(entries, 1):
        if (said := _canonical(entry.verb, entry.subject)) not in known:
            known.add(said)
            fresh[number] = entry
    made = dict(zip(decisions.add_decisions(db, list(fresh.values())), fresh, strict=True))
    if refused := owner.first_refused(db, made.keys()):
        number, error = made[refused.number], refused.why
        words = f"Entry {number} ({fresh[number].verb}): {_why(error, made)}"
        raise IdentityError(words, error.decisions) from error
    return ReadIn(len(fresh), len(entries) - len(fresh), _count_idle(db, fresh.values()))


def _canonical(verb: str, subject: Subject) -> str:
    """A decision as one text, whatever the order of its fields."""
    return json.dumps([verb, subject], sort_keys=True)


def _why(error: IdentityError, made: Mapping[int, int]) -> str:
    """What an entry cannot stand beside: what is made with it has no number to be undone by.

    `made` are the entries by the number of their decision.
    """
    if not made.keys() & set(error.decisions):
        return str(error)
    earlier = [
        f"entry {made[number]}" if number in made else f"decision {number}"
        for number in error.decisions
    ]
    return f"it cannot stand beside {' and '.join(earlier)}; leave one of these out."


def _count_idle(db: Connection, entries: Collection[Said]) -> int:
    """Of how many a side, or the portrait, is nothing that any source here has."""
    spoken_of = [_spoken_of(entry.subject) for entry in entries]
    meant = Meant(db, [words for there in spoken_of for side in there for words in side])
    return sum(
        any(not any(_is_here(meant, words) for words in side) for side in there)
        for there in spoken_of
    )


def _spoken_of(subject: Subject) -> list[Sequence[Words]]:
    portrait = subject.get("portrait")
    sides = (subject.get("one"), subject.get("other"), portrait and [portrait])
    return [side for side in sides if side]


def _is_here(meant: Meant, words: Words) -> bool:
    if "credits" in words:
        return bool(meant.credits(words))
    return meant.person(words) is not None


def _entries(text: str) -> list[Said]:
    try:
        rows = json.loads(text.removeprefix("\ufeff"))  # which some editors write before it
    except (ValueError, RecursionError) as error:
        raise IdentityError(f"This is no list of decisions: {error}.") from error
    if not isinstance(rows, list):
        raise IdentityError("This is no list of decisions: it is not a list.")
    found: list[Said] = []
    for number, row in enumerate(rows, 1):
        try:
            found.append(_entry(row))
        except (_Wrong, IdentityError) as error:
            what = str(error).removesuffix(".")
            raise IdentityError(f"Entry {number} is no decision: {what}.") from error
    return found


class _Wrong(Exception):
    """What is no decision, in words."""


def _entry(row: Any) -> Said:
    fields = dict(_fields(row, "it"))
    said, reason, at = (fields.pop(name, None) for name in ("verb", "reason", "decided_at"))
    if not isinstance(said, str) or said not in set(Verb):
        raise _Wrong(f"its verb is {_kind(said)}, none of {', '.join(Verb)}")
    verb = Verb(said)
    needed = _NEEDED[verb]
    if needed - fields.keys() or fields.keys() - needed - _MORE.get(verb, set()):
        has = ", ".join(sorted(fields)) or "nothing"
        raise _Wrong(f"{verb} needs {', '.join(sorted(needed))}; it has {has}")
    for side in decisions.SIDES:
        if side in fields:
            for number, words in enumerate(_list(fields[side], side), 1):
                of_credits = verb == Verb.SPLIT and side == "one"
                _check_words(words, f"{side}, {number}", credits=of_credits)
    if verb == Verb.PORTRAIT:
        _check_words(fields["portrait"], "portrait", credits=False)
    if verb == Verb.RENAME:
        fields["name"] = fit_name(_text(fields["name"], "the name", empty=True))
    why = fit_reason(None if reason is None else _text(reason, "the reason", empty=True))
    return Said(verb, fields, why, _moment(at))


def _moment(at: Any) -> dt.datetime | None:
    if at is None:
        return None
    try:
        moment = dt.datetime.fromisoformat(at)
        moment = moment.astimezone(dt.UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, TypeError, OverflowError) as error:
        raise _Wrong(f"decided_at is {json.dumps(at)}, no date and time") from error
    return moment


def _check_words(words: Any, where: str, *, credits: bool) -> None:
    """That this names a source person, or credits of one, as `naming` does."""
    fields = _fields(words, where)
    for name in ("source", "key"):
        _text(fields.get(name), f"the {name} of {where}")
    _text(fields.get("name", ""), f"the name of {where}", empty=True)
    if not credits and "credits" not in fields:
        return
    for number, credit in enumerate(_list(fields.get("credits"), f"the credits of {where}"), 1):
        at = f"{where}, credit {number}"
        one = _fields(credit, at)
        _text(one.get("key"), f"the key of {at}")
        for name in ("job", "character"):
            _text(one.get(name), f"the {name} of {at}", empty=True)
        _text(one.get("title", ""), f"the title of {at}", empty=True)
        for known in _list(one.get("ids"), f"the ids of {at}", empty=True):
            _text(known, f"an id of {at}")


def _fields(value: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _Wrong(f"{what} is {_kind(value)}, not {{…}}")
    return value


def _list(value: Any, what: str, *, empty: bool = False) -> Sequence[Any]:
    if not isinstance(value, list):
        raise _Wrong(f"{what} is {_kind(value)}, not […]")
    if not value and not empty:
        raise _Wrong(f"{what} names nobody" if what in decisions.SIDES else f"{what} are none")
    return value


def _text(value: Any, what: str, *, empty: bool = False) -> str:
    if not isinstance(value, str):
        raise _Wrong(f"{what} is {_kind(value)}, no text")
    if not empty and not value.strip():
        raise _Wrong(f"{what} is empty")
    if storable(value) != value:
        raise _Wrong(f"{what} has a character that cannot be shown, like U+0000")
    if len(value) > _LONGEST_TEXT:
        raise _Wrong(f"{what} has more than {_LONGEST_TEXT:,} letters")
    return value


def _kind(value: Any) -> str:
    return "missing" if value is None else json.dumps(value)[:40]
