"""The owner's word on who is who: said, taken back, written out and read in again.

Each function runs inside one transaction; `identify` then decides anew for whom it concerns.
"""

from __future__ import annotations

import json
from collections.abc import Collection

from fullcredits.errors import IdentityError
from fullcredits.identity.rulings import Ruling, Verb, refuse_contradiction
from fullcredits.store import Connection
from fullcredits.store.identity import decisions
from fullcredits.store.identity.decisions import Subject


def rule_on_pair(
    db: Connection, verb: Verb, one: int, other: int, reason: str | None = None
) -> int:
    """Say that two source persons are one human (MERGE) or two (APART); returns the decision's id.

    Raises:
        IdentityError: earlier decisions say the contrary.
        NotFound: there is no such source person.

    """
    words = {"one": decisions.person_words(db, one), "other": decisions.person_words(db, other)}
    return _keep(db, verb, words, reason)


def rule_split(
    db: Connection, person: int, credits: Collection[int], reason: str | None = None
) -> int:
    """Say that these credits of a source person are another human's; returns the decision's id.

    Raises:
        IdentityError: an earlier split took some of these credits.
        NotFound: there is no such source person or credit.

    """
    words = [decisions.credit_words(db, credit) for credit in sorted(credits)]
    subject = {"one": decisions.person_words(db, person), "credits": words}
    return _keep(db, Verb.SPLIT, subject, reason)


def take_back(db: Connection, decision: int) -> None:
    """Undo a decision: everything is again as if it had never been made.

    Raises:
        NotFound: no such decision stands.

    """
    decisions.undo_decision(db, decision)


def rulings(db: Connection) -> list[Ruling]:
    """The decisions that stand, about the rows they mean today; others are left out."""
    standing = (row for row in decisions.load_decisions(db) if row.undone_at is None)
    found = (_ruling(db, row.id, row.verb, row.subject) for row in standing)
    return [ruling for ruling in found if ruling is not None]


def export_text(db: Connection) -> str:
    """The decisions that stand, as JSON that a human can read."""
    rows = [
        {"verb": row.verb, **row.subject, "reason": row.reason}
        for row in decisions.load_decisions(db)
        if row.undone_at is None
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def import_text(db: Connection, text: str) -> int:
    """Make the decisions of an exported text that do not stand already; returns how many.

    Raises:
        IdentityError: the text is no such export, or one contradicts a decision that stands.

    """
    try:
        entries = [_entry(dict(row)) for row in json.loads(text)]
    except (ValueError, TypeError, KeyError) as error:
        raise IdentityError(f"This is no list of decisions: {error!r}") from error
    known = [
        (row.verb, dict(row.subject))
        for row in decisions.load_decisions(db)
        if row.undone_at is None
    ]
    fresh = [entry for entry in entries if (entry[0], entry[2]) not in known]
    for verb, reason, subject in fresh:
        _keep(db, verb, subject, reason)
    return len(fresh)


def _entry(row: dict[str, object]) -> tuple[Verb, str | None, Subject]:
    verb, reason = Verb(str(row.pop("verb"))), row.pop("reason", None)
    wanted = {"one", "credits"} if verb is Verb.SPLIT else {"one", "other"}
    if row.keys() != wanted:
        raise ValueError(f"{verb} needs {sorted(wanted)}, not {sorted(row)}")
    return verb, str(reason) if reason else None, row


def _keep(db: Connection, verb: Verb, subject: Subject, reason: str | None) -> int:
    standing = rulings(db)
    made = decisions.add_decision(db, verb, subject, reason)
    ruling = _ruling(db, made, verb, subject)
    if ruling is not None:
        # The error ends the caller's transaction, and the new row with it.
        refuse_contradiction(standing, ruling)
    return made


def _ruling(db: Connection, number: int, verb: str, subject: Subject) -> Ruling | None:
    one = decisions.person_named(db, subject["one"])
    other = decisions.person_named(db, subject["other"]) if "other" in subject else None
    if one is None or ("other" in subject and other is None):
        return None
    words = subject.get("credits", ())
    credits = {credit for named in words for credit in decisions.credits_named(db, one, named)}
    return Ruling(number, Verb(verb), one, other, frozenset(credits))
