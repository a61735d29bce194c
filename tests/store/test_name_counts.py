"""How common names are, counted in portions."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from fullcredits.store import Store
from fullcredits.store.identity import name_counts
from fullcredits.store.identity.name_counts import count_names, forget_names, names_wait
from fullcredits.store.schema import name_words
from fullcredits.store.write import put_records
from fullcredits.text import NameWord
from tests.store import made

NAMES = ("Ada Lovelace", "Ada Byron", "Mary Byron", "Grace Hopper", "Ada  LOVELACE")


def counted(store: Store) -> dict[NameWord, int]:
    with store.reading() as db:
        return {NameWord(r.word, r.last): r.names for r in db.execute(select(name_words))}


def count(store: Store) -> int:
    """Count what there is; returns in how many portions."""
    portions = 0
    with store.writing() as db:
        while count_names(db):
            portions += 1
        assert not names_wait(db)
    return portions


def test_nobody_is_not_counted(store: Store) -> None:
    with store.writing() as db:
        assert count_names(db) is None
        assert not names_wait(db)
    assert counted(store) == {}


def test_portions_give_what_one_count_gives(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that comes again in a later portion is one name still."""
    source = made.source(store)
    made.listed(store, source, made.library(store, source), made.film())
    cast = [made.actor(n, name, key=f"p{n}") for n, name in enumerate(NAMES)]
    record = made.record(made.film(), *cast)
    with store.writing() as db:
        put_records(db, source, [record])
    monkeypatch.setattr(name_counts, "PORTION", 2)
    assert count(store) == 3
    wanted = {
        NameWord("ada", False): 2,
        NameWord("mary", False): 1,
        NameWord("grace", False): 1,
        NameWord("lovelace", True): 1,
        NameWord("byron", True): 2,
        NameWord("hopper", True): 1,
    }
    assert counted(store) == wanted
    with store.writing() as db:
        forget_names(db, [])
    assert count(store) == 1  # all at once, beside what was known
    assert counted(store) == wanted
