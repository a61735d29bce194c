"""What is counted ahead, held against counting it all again."""

from __future__ import annotations

from sqlalchemy import Connection, select

from fullcredits.store import Store, figures
from fullcredits.store.schema import libraries, person_departments, title_genres, titles, totals

_COUNTED = {
    "genres": select(title_genres.c.title_id, title_genres.c.genre, title_genres.c.year),
    "people": select(
        person_departments.c.person_id,
        person_departments.c.department,
        person_departments.c.titles,
        person_departments.c.sort_folded,
    ),
    "totals": select(totals.c.name, totals.c.number),
    "libraries": select(libraries.c.id, libraries.c.titles),
    "held": select(titles.c.id).where(titles.c.held),
    "in libraries": select(titles.c.id, titles.c.in_libraries),
}


def check_figures(store: Store) -> None:
    """All figures are what they would be were they made anew."""
    with store.engine.connect() as db, db.begin() as transaction:
        before = _counted(db)
        figures.refresh(db)
        after = _counted(db)
        transaction.rollback()
    assert before == after
    assert before["people"]


def _counted(db: Connection) -> dict[str, list[tuple[object, ...]]]:
    return {
        name: sorted(map(tuple, db.execute(query)), key=repr) for name, query in _COUNTED.items()
    }
