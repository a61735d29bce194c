"""Who may be called otherwise by another server: facts from the store, and keeping the pairs."""

from __future__ import annotations

from collections.abc import Collection

from fullcredits.identity.evidence import parts_of
from fullcredits.identity.spellings import Billed, find_alike
from fullcredits.model import Department
from fullcredits.store import Connection
from fullcredits.store.identity.spellings import BilledRow, SpellingRow, keep_spellings, load_billed


def note_spellings(db: Connection, titles: Collection[int]) -> None:
    """Look who may be called otherwise on titles that changed."""
    found = {
        title: [SpellingRow(title, *pair) for pair in find_alike(map(_billed, rows))]
        for title, rows in load_billed(db, titles).items()
    }
    keep_spellings(db, titles, found)


def _billed(row: BilledRow) -> Billed:
    parts = parts_of(row.part, row.department is Department.ACTING)
    return Billed(row.source, row.person, row.name, row.department, parts)
