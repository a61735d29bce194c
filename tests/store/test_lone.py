"""Who stands alone is somebody as soon as credits name them; all others wait for identity."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from fullcredits.model import Credit, SourceKind
from fullcredits.store import Store
from fullcredits.store.identity.decisions import undo_decision
from fullcredits.store.schema import (
    media_people,
    people,
    person_departments,
    person_ids,
    source_people,
)
from fullcredits.store.write import put_records
from fullcredits.sync import owner
from fullcredits.sync.identify import identify
from tests.store import made


class Shelf:
    """A source with titles."""

    def __init__(self, store: Store, name: str, kind: SourceKind = SourceKind.PLEX) -> None:
        self.store = store
        self.id = made.source(store, name, kind)
        self.library = made.library(store, self.id)

    def film(self, key: str, *credits: Credit) -> None:
        """A film whose record comes."""
        item = made.film(key, f"Film {key}")
        made.listed(self.store, self.id, self.library, item)
        with self.store.writing() as db:
            put_records(db, self.id, [made.record(item, *credits)])


def waiting(store: Store) -> set[str]:
    """Keys of those who wait for identity."""
    with store.reading() as db:
        return set(db.scalars(select(source_people.c.key).where(source_people.c.undecided)))


def test_newcomers_are_people_at_once_with_all_that_belongs_to_them(store: Store) -> None:
    shelf = Shelf(store, "Attic")
    shelf.film("1")
    identify(store)
    shelf.film("1", made.actor(0, " Zoë Ek ", "Ada", "z"), made.actor(1, "Bo Fo", "Cy", "b"))
    assert waiting(store) == set()
    with store.reading() as db:
        zoe = db.execute(select(people).where(people.c.name == "Zoë Ek")).one()
        assert (zoe.name_folded, zoe.sort_folded, zoe.also_known_as) == ("zoe ek", "ek zoe", [])
        own = select(person_ids.c.scheme, person_ids.c.value).where(
            person_ids.c.person_id == zoe.id
        )
        assert db.execute(own).all() == [("plex", "z")]
        row = db.execute(select(source_people).where(source_people.c.key == "z")).one()
        assert (row.person_id, row.own_person_id) == (zoe.id, zoe.id)
        held = select(media_people.c.person_id).where(media_people.c.source_person_id == row.id)
        assert db.scalars(held).all() == [zoe.id]
        counted = select(person_departments.c.department, person_departments.c.titles)
        counted = counted.where(person_departments.c.person_id == zoe.id)
        assert set(db.execute(counted).all()) == {("", 1), ("Acting", 1)}


def ana(billing: int, key: str | None = None, name: str = "Ana Ek") -> Credit:
    return made.actor(billing, name, f"Part {billing}", key)


@pytest.mark.parametrize(
    ("kind", "credits", "expected"),
    [
        (SourceKind.PLEX, [ana(0, "a"), ana(1, "b", "ana ek")], {"a", "b"}),
        (SourceKind.PLEX, [ana(0, "a"), ana(1, "a")], set()),
        (SourceKind.JELLYFIN, [ana(0)], set()),
        (SourceKind.JELLYFIN, [ana(0), ana(1)], {"name:Ana Ek"}),
    ],
)
def test_namesakes_and_names_with_several_credits_wait(
    store: Store, kind: SourceKind, credits: list[Credit], expected: set[str]
) -> None:
    Shelf(store, "Attic", kind).film("1", *credits)
    assert waiting(store) == expected


def test_whoever_has_a_known_name_waits(store: Store) -> None:
    Shelf(store, "Attic").film("1", made.actor(0, "Ana Ek", "", "a"))
    Shelf(store, "Cabin", SourceKind.JELLYFIN).film("1", made.actor(0, "Ana Ek"))
    assert waiting(store) == {"name:Ana Ek"}


def test_whoever_takes_the_name_that_another_gets_at_once_waits(store: Store) -> None:
    attic = Shelf(store, "Attic")
    attic.film("1", made.actor(0, "Ana Ek", "", "a"))
    identify(store)
    attic.film("2", made.actor(0, "Bo Fo", "", "a"), made.actor(1, "Bo Fo", "", "b"))
    assert waiting(store) == {"a", "b"}


def test_a_key_is_the_same_human_on_every_plex(store: Store) -> None:
    Shelf(store, "Attic").film("1", made.actor(0, "Ana Ek", "", "a"))
    Shelf(store, "Cabin").film("1", made.actor(0, "Anna Ekh", "", "a"))
    identify(store)
    with store.reading() as db:
        assert len(set(db.scalars(select(source_people.c.person_id)))) == 1


def test_of_whom_the_owner_spoke_waits(store: Store) -> None:
    attic, den = Shelf(store, "Attic"), Shelf(store, "Den")
    attic.film("1", made.actor(0, "Ana Ek", "", "a"))
    den.film("1", made.actor(0, "Bo Fo", "", "b"))
    identify(store)
    with store.writing() as db:
        ana, bo = db.scalars(select(people.c.id).order_by(people.c.id))
        decision = owner.merge(db, [ana, bo])
        db.execute(media_people.delete())
        db.execute(source_people.delete())
    attic.film("2", made.actor(0, "Ana Ek", "", "a"))
    den.film("2", made.actor(0, "Bo Fo", "", "b"))
    assert waiting(store) == {"a", "b"}
    with store.writing() as db:
        undo_decision(db, decision)
        db.execute(source_people.delete())
    attic.film("3", made.actor(0, "Ana Ek", "", "a"))
    assert waiting(store) == set()
