"""Conditions on lists of values of any length."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from fullcredits.model import SourceKind
from fullcredits.store import Store, bulk
from fullcredits.store.among import among
from fullcredits.store.schema import source_people
from tests.store import made

KEYS = [
    "plain",
    "é",
    "e\u0301",
    "楊紫瓊",
    '"quoted"',
    "it's",
    "back\\slash",
    "🎬",
    "{1,2}",
    "NULL",
    "",
]


@pytest.fixture
def keyed(store: Store) -> Store:
    """Source persons with odd keys, numbered from 1, and 40,000 more."""
    number = made.source(store, "Attic", SourceKind.PLEX)
    keys = [*KEYS, *(f"many {n}" for n in range(40_000))]
    columns = ("id", "source_id", "key", "name", "name_folded", "by_name", "weighed", "undecided")
    with store.writing() as db:
        rows = [(n, number, k, "A", "a", False, False, False) for n, k in enumerate(keys, 1)]
        bulk.insert_rows(db, source_people, columns, rows)
    return store


def test_texts_and_numbers_are_found_as_they_are(keyed: Store) -> None:
    key, row_id = source_people.c.key, source_people.c.id
    with keyed.reading() as db:
        for n, wanted in enumerate(KEYS, 1):
            assert db.scalars(select(row_id).where(among(key, [wanted]))).all() == [n]
        assert set(db.scalars(select(key).where(among(key, {*KEYS, "nobody"})))) == set(KEYS)
        some = select(key).where(among(row_id, range(1, 4))).order_by(row_id)
        assert db.scalars(some).all() == KEYS[:3]


def test_a_list_may_be_empty_or_longer_than_any_number_of_marks(keyed: Store) -> None:
    row_id = source_people.c.id
    with keyed.reading() as db:
        assert db.scalars(select(row_id).where(among(row_id, []))).all() == []
        assert len(db.scalars(select(row_id).where(among(row_id, range(50_000)))).all()) == 40_011
        assert db.scalars(select(row_id).where(~among(row_id, range(2, 50_000)))).all() == [1]
        many = [f"many {n}" for n in range(40_000)]
        both = among(source_people.c.key, many) & among(row_id, [12, 1])
        assert db.scalars(select(row_id).where(both)).all() == [12]
