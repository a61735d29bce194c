"""Who is who in rounds, while titles are read."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import select

from fullcredits.model import SourceKind
from fullcredits.store import Store
from fullcredits.store.identity import person_facts
from fullcredits.store.schema import media_items, media_people, source_people
from fullcredits.sync import rounds
from fullcredits.sync.identify import identify
from fullcredits.sync.rounds import Rounds, identify_read
from tests.store import made
from tests.store.test_identity_portions import World, put
from tests.who import decide_anew, people, titles


def _waiting(store: Store) -> set[str]:
    """The names of those who wait for identity."""
    with store.reading() as db:
        waits = source_people.c.undecided
        return set(db.scalars(select(source_people.c.name).where(waits)).all())


def _come(store: Store, cabin: int, film: str, *names: str) -> None:
    """A film in which each is credited for two parts, so that nobody is told at once."""
    cast = [made.actor(n, name, part) for n, name in enumerate(names) for part in ("Eve", "May")]
    put(store, cabin, made.film(film, f"Film {film}"), *cast, decide=False)


@pytest.fixture
def cabin(store: Store, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(person_facts, "PORTION", 2)
    return made.source(store, "Cabin", SourceKind.JELLYFIN)


def test_few_who_wait_are_left_for_later(store: Store, cabin: int) -> None:
    """With them comes all they are connected with."""
    going = Rounds(store)
    _come(store, cabin, "1", "Ana Vega")
    going.portion()
    assert _waiting(store) == {"Ana Vega"}
    _come(store, cabin, "2", "Bo Moss")
    going.portion()
    assert _waiting(store) == set()


def test_the_more_there_are_the_more_have_to_wait(store: Store, cabin: int) -> None:
    _come(store, cabin, "1", *(f"Person {n}" for n in range(rounds.SHARE * 3)))
    identify(store)
    going = Rounds(store)
    _come(store, cabin, "2", "Ana Vega", "Bo Moss")
    going.portion()
    assert _waiting(store) == {"Ana Vega", "Bo Moss"}
    _come(store, cabin, "3", "Cy Ek")
    going.portion()
    assert len(_waiting(store)) == 1


def test_after_a_while_few_are_enough(
    store: Store, cabin: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    going = Rounds(store)
    _come(store, cabin, "1", "Ana Vega")
    monkeypatch.setattr(rounds, "SECONDS", -1.0)
    going.portion()
    assert _waiting(store) == set()


def test_a_round_takes_everybody_once_and_those_named_last_first(store: Store, cabin: int) -> None:
    going = Rounds(store)
    _come(store, cabin, "1", "Ana Vega", "Bo Moss", "Cy Ek", "Di Fo", "Ed Gu")
    going.portion()
    assert _waiting(store) == {"Ana Vega", "Bo Moss", "Cy Ek"}
    _come(store, cabin, "2", "Ed Gu")  # who had their turn waits for the next round
    going.portion()
    assert _waiting(store) == {"Ana Vega", "Ed Gu"}
    going.portion()
    assert _waiting(store) == {"Ed Gu"}
    going.portion()
    assert _waiting(store) == {"Ed Gu"}, "a new round, for which one is too few"


def test_whom_somebody_looks_at_is_decided_at_once_and_nobody_else(
    store: Store, cabin: int
) -> None:
    _come(store, cabin, "1", "Ana Vega", "Bo Moss")
    _come(store, cabin, "2", "Bo Moss", "Cy Ek")
    with store.reading() as db:
        film = select(media_items.c.id).where(media_items.c.key == "2")
        looked_at = db.scalars(film).one()
    identify_read(store, [looked_at])
    assert _waiting(store) == {"Ana Vega"}
    with store.reading() as db:
        cast = select(media_people.c.person_id).where(media_people.c.media_item_id == looked_at)
        assert None not in db.scalars(cast).all()


@pytest.mark.parametrize("seed", range(3))
def test_rounds_come_out_as_everything_at_once(
    store: Store, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(person_facts, "PORTION", 3)
    world, going = World(store, random.Random(seed)), Rounds(store)
    for _ in range(25):
        world.change()
        monkeypatch.setattr(rounds, "SECONDS", world.dice.choice((-1.0, 30.0)))
        going.portion()
    identify(store)
    steps = titles(store), people(store)
    decide_anew(store)
    assert (titles(store), people(store)) == steps
