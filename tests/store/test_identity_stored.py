from __future__ import annotations

import random

import pytest
from sqlalchemy import select, update

from fullcredits.errors import IdentityError, NotFound
from fullcredits.identity.rulings import Verb
from fullcredits.model import Credit, SourceKind
from fullcredits.store import Store
from fullcredits.store.schema import media_items, media_people, source_people, sources
from fullcredits.store.write import put_records
from fullcredits.sync import owner
from fullcredits.sync.identify import identify
from tests.store import made

Grouping = set[frozenset[int]]
_NAMES = [f"{first} {last}" for first in ("Ana", "Bo", "Cy", "Dee") for last in ("Vega", "Moss")]


def put(store: Store, source_id: int, film: int, *credits: Credit) -> None:
    item = made.film(str(film), f"Film {film}", marker=None, ids=f"imdb:tt{film}")
    library = made.library(store, source_id)
    made.listed(store, source_id, library, item)
    with store.writing() as db:
        put_records(db, source_id, [made.record(item, *credits)])


def decide(store: Store) -> None:
    identify(store)


def held(store: Store) -> dict[int, int]:
    """Who holds each credit."""
    with store.reading() as db:
        return {
            row.id: row.person_id
            for row in db.execute(select(media_people.c.id, media_people.c.person_id))
        }


def grouping(store: Store) -> Grouping:
    groups: dict[int, set[int]] = {}
    for credit, person in held(store).items():
        groups.setdefault(person, set()).add(credit)
    return {frozenset(group) for group in groups.values()}


def source_person(store: Store, source: str) -> int:
    with store.reading() as db:
        query = select(source_people.c.id).join(sources).where(sources.c.name == source)
        number: int = db.execute(query).scalars().one()
        return number


@pytest.fixture
def hill(store: Store) -> Store:
    """Dave Hill on a Plex in film 1, and on a Jellyfin in films 1 and 2."""
    attic = made.source(store)
    cabin = made.source(store, "Cabin", SourceKind.JELLYFIN)
    put(store, attic, 1, made.actor(0, "Dave Hill", "Smith", key="aa"))
    for film in (1, 2):
        put(store, cabin, film, made.actor(0, "Dave Hill", "Smith"))
    decide(store)
    assert len(grouping(store)) == 1
    return store


def test_not_the_same_holds_and_is_undone_exactly(hill: Store) -> None:
    before = held(hill)
    one, other = source_person(hill, "Attic"), source_person(hill, "Cabin")
    with hill.writing() as db:
        number = owner.rule_on_pair(db, Verb.APART, one, other, "his nephew")
    decide(hill)
    assert sorted(map(len, grouping(hill))) == [1, 2]
    with hill.writing() as db:
        owner.take_back(db, number)
    decide(hill)
    assert held(hill) == before
    with hill.writing() as db, pytest.raises(NotFound):
        owner.take_back(db, number)


def test_a_split_moves_the_named_credit_and_is_undone_exactly(hill: Store) -> None:
    before = held(hill)
    cabin = source_person(hill, "Cabin")
    with hill.writing() as db:
        of_cabin = media_people.c.source_person_id == cabin
        second = max(db.scalars(select(media_people.c.id).where(of_cabin)))
        number = owner.rule_split(db, cabin, [second])
    decide(hill)
    assert frozenset({second}) in grouping(hill)
    with hill.writing() as db:
        owner.take_back(db, number)
    decide(hill)
    assert held(hill) == before


def test_a_decision_outlives_a_rebuilt_server(hill: Store) -> None:
    cabin = source_person(hill, "Cabin")
    with hill.writing() as db:
        of_cabin = media_people.c.source_person_id == cabin
        owner.rule_split(db, cabin, [max(db.scalars(select(media_people.c.id).where(of_cabin)))])
        db.execute(sources.delete().where(sources.c.name == "Cabin"))
    again = made.source(hill, "Cabin", SourceKind.JELLYFIN)
    for film in (2, 1):
        put(hill, again, film, made.actor(0, "Dave Hill", "Smith"))
    decide(hill)
    assert sorted(map(len, grouping(hill))) == [1, 2]


def test_decisions_are_written_out_and_read_in(hill: Store) -> None:
    one, other = source_person(hill, "Attic"), source_person(hill, "Cabin")
    with hill.writing() as db:
        number = owner.rule_on_pair(db, Verb.APART, one, other, "his nephew")
        text = owner.export_text(db)
        assert owner.import_text(db, text) == 0
        owner.take_back(db, number)
        assert owner.import_text(db, text) == 1
        assert owner.export_text(db) == text
    decide(hill)
    assert len(grouping(hill)) == 2


@pytest.mark.parametrize("text", ["{", "[1]", '[{"verb": "merge"}]', '[{"verb": "praise"}]'])
def test_what_is_no_list_of_decisions_is_refused(store: Store, text: str) -> None:
    with store.writing() as db, pytest.raises(IdentityError):
        owner.import_text(db, text)


def test_a_contradiction_leaves_nothing_behind(hill: Store) -> None:
    one, other = source_person(hill, "Attic"), source_person(hill, "Cabin")
    with hill.writing() as db:
        owner.rule_on_pair(db, Verb.APART, one, other)
        before = owner.export_text(db)
    with pytest.raises(IdentityError, match="two people"), hill.writing() as db:
        owner.rule_on_pair(db, Verb.MERGE, one, other)
    with hill.reading() as db:
        assert owner.export_text(db) == before


def test_step_by_step_is_as_everything_anew(store: Store) -> None:
    dice = random.Random(11)
    kinds = (SourceKind.PLEX, SourceKind.JELLYFIN, SourceKind.JELLYFIN)
    of = [made.source(store, f"Server {n}", kind) for n, kind in enumerate(kinds)]
    for crowd in range(4):  # Many others, so that few undecided are not everybody.
        names = (f"Extra{n} Somebody{crowd}" for n in range(60))
        put(store, of[0], 900 + crowd, *(made.actor(n, name) for n, name in enumerate(names)))
    decide(store)
    for _ in range(25):
        which = dice.randrange(3)
        cast = dice.sample(_NAMES, dice.randrange(6))
        keys = [f"{name} {dice.randrange(2)}" if which == 0 else None for name in cast]
        credits = [
            made.actor(n, name, dice.choice(["", "Smith"]), key)
            for n, (name, key) in enumerate(zip(cast, keys, strict=True))
        ]
        put(store, of[which], dice.randrange(8), *credits)
        if dice.random() < 0.2:
            with store.writing() as db:
                gone = media_items.c.key == str(dice.randrange(8))
                db.execute(update(media_items).where(gone).values(undecided=True))
        decide(store)
        step_by_step = grouping(store)
        with store.writing() as db:
            db.execute(update(source_people).values(undecided=True))
        decide(store)
        assert grouping(store) == step_by_step
