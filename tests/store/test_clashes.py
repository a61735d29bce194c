"""Ids that contradict each other are marked as they come."""

from __future__ import annotations

from sqlalchemy import select

from fullcredits.store import Connection, Store, figures
from fullcredits.store.read import quality
from fullcredits.store.schema import person_ids
from tests.library import Library


def _marked(db: Connection) -> list[tuple[int, str]]:
    query = select(person_ids.c.person_id, person_ids.c.value).where(person_ids.c.clashes)
    return sorted(map(tuple, db.execute(query).all()))


def test_what_contradicts_a_new_id_is_marked_on_both_sides(store: Store) -> None:
    with store.writing() as db:
        made = Library(db)
        ada, bo, cy = (made.person(name) for name in ("Ada", "Bo", "Cy"))
        made.person_id(ada, "tmdb", "77")
        made.person_id(cy, "tmdb", "5")
        made.person_id(cy, "plex", "77")
        made.person_id(bo, "tmdb", "77")
        figures.mark_clashes(db, [(bo, "tmdb", "77")])
        assert _marked(db) == [(ada, "77"), (bo, "77")]
        made.person_id(cy, "tmdb", "6")
        figures.mark_clashes(db, [(cy, "tmdb", "6")])
        assert _marked(db) == [(ada, "77"), (bo, "77"), (cy, "5"), (cy, "6")]
        assert [row.person.id for row in quality.shared_ids(db, 9)] == [ada, bo]
        assert [row.id.value for row in quality.several_ids(db, 9)] == ["5", "6"]


def test_an_id_whose_other_is_gone_is_not_shown(store: Store) -> None:
    with store.writing() as db:
        made = Library(db)
        ada, bo = made.person("Ada"), made.person("Bo")
        for person in (ada, bo):
            made.person_id(person, "imdb", "nm1")
        figures.mark_clashes(db)
        db.execute(person_ids.delete().where(person_ids.c.person_id == bo))
        assert quality.shared_ids(db, 9) == []
