"""Who is who, for what changed: in portions, each decided by itself and kept in a transaction.

What waits is marked in the database, so identity may be stopped anywhere and goes on from there;
called when nothing waits, it looks and does nothing. It may run while a sync writes: what comes
meanwhile waits again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from fullcredits.store import Connection, Store, figures
from fullcredits.store.engine import PATIENT_SECONDS
from fullcredits.store.identity.waiting import (
    media_items_wait,
    newest_item,
    newest_person,
    source_people_wait,
)
from fullcredits.sync.identify_people import decide_people
from fullcredits.sync.identify_titles import decide_titles
from fullcredits.sync.owner import concerned


def identify(store: Store) -> None:
    """Decide titles and people anew where anything changed, until nothing waits."""
    for _ in portions(store):
        pass


def portions(store: Store) -> Iterator[bool]:
    """As `identify`, giving way (True) after each portion: whoever goes no further leaves nothing
    half done. What comes meanwhile, from another server's sync, is left to that.
    """
    changed = False
    for step in (_titles, _people):
        for _ in step(store):
            changed = True
            yield True
    with store.reading() as db:
        changed |= figures.totals_are_old(db)
    if changed:
        with store.writing(PATIENT_SECONDS) as db:
            figures.count_totals(db)


def anything_waits(db: Connection) -> bool:
    """Whether there is anything to decide."""
    return media_items_wait(db) or source_people_wait(db)


def identify_concerned(store: Store, decision: int) -> None:
    """Decide anew whom the owner's decision concerns, and nobody else while a sync goes on: its
    identity decides about the others, and the owner waits for one portion of it at most.
    """
    with store.writing() as db:
        first = concerned(db, decision)
        if first and decide_people(db, first):
            figures.let_totals_be_old(db)
    with store.reading() as db:
        others_wait = anything_waits(db)
    if not others_wait:
        identify(store)


def identify_listed(store: Store) -> None:
    """Point every media item at its title: titles can be browsed, and are counted, from then on."""
    if list(_titles(store)):
        with store.writing(PATIENT_SECONDS) as db:
            figures.count_totals(db)


def identify_titles(store: Store) -> None:
    """As `identify_listed`, without counting anything."""
    list(_titles(store))


def _titles(store: Store) -> Iterator[bool]:
    return _portions(store, newest_item, media_items_wait, decide_titles)


def _people(store: Store) -> Iterator[bool]:
    """Titles are to be decided before."""
    return _portions(store, newest_person, source_people_wait, decide_people)


def _portions(
    store: Store,
    newest: Callable[[Connection], int | None],
    wait: Callable[[Connection, int], bool],
    decide: Callable[[Connection], bool],
) -> Iterator[bool]:
    with store.reading() as db:
        last = newest(db)
    more = last is not None
    while more:
        assert last is not None
        with store.writing(PATIENT_SECONDS) as db:
            more = decide(db) and wait(db, last)
        yield True
