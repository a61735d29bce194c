"""Who is who while titles are read, and a slow server is waited for: in rounds."""

from __future__ import annotations

import time
from collections.abc import Collection

from fullcredits.store import Connection, Store, figures
from fullcredits.store.engine import PATIENT_SECONDS
from fullcredits.store.identity import person_facts, waiting
from fullcredits.store.persons import newest_person
from fullcredits.sync.identify_people import count_names, decide_people
from fullcredits.sync.identify_titles import decide_titles

SECONDS = 30.0
"""After so long a round begins, however few wait."""
SHARE = 16
"""Before, one begins when one of so many persons waits: whoever is on many titles waits again and
again, and with each comes all they are connected with, ever more. What waits at the end is decided
when the server has given all."""


class Rounds:
    """In a round everybody who waits is decided once, those named last first, a portion at a time;
    so whoever keeps coming again has their turn at its end. Totals are left to `identify`.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._ended = time.monotonic()
        self._below: int | None = None
        """Of the round under way: whoever has a lower row id has not had their turn."""

    def portion(self) -> None:
        """Decide a portion of the titles that wait and one of the people, where a round is under
        way or due.
        """
        begins = self._below is None
        if begins and not self._is_due():
            return
        with self._store.writing(PATIENT_SECONDS) as db:
            if decide_titles(db):
                figures.let_totals_be_old(db)
        with self._store.writing(PATIENT_SECONDS) as db:
            if begins:
                count_names(db)
            seeds = waiting.waiting_below(db, self._below, person_facts.PORTION)
            _decide(db, seeds)
        self._below = min(seeds) if len(seeds) == person_facts.PORTION else None
        if self._below is None:
            self._ended = time.monotonic()

    def _is_due(self) -> bool:
        if time.monotonic() - self._ended > SECONDS:
            return True
        with self._store.reading() as db:
            # As many as ever were: about as many as there are.
            many = max(person_facts.PORTION, newest_person(db) // SHARE)
            return waiting.many_wait(db, many)


def identify_read(store: Store, items: Collection[int]) -> None:
    """Decide who is credited in these media items, whose records were just read, and nobody else:
    somebody looks at them.
    """
    with store.writing(PATIENT_SECONDS) as db:
        if decide_titles(db):
            figures.let_totals_be_old(db)
        _decide(db, waiting.waiting_on(db, items))


def _decide(db: Connection, persons: Collection[int]) -> None:
    if persons and decide_people(db, persons):
        figures.let_totals_be_old(db)
