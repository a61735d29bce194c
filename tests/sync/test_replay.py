"""Changes of casts as they happen, version by version: the database equals each, but for what is
held; and what is asked for is in proportion.
"""

from __future__ import annotations

import datetime as dt
import gzip
import json
from typing import Any

import pytest

from fullcredits.model import SourceKind
from fullcredits.store import Store
from tests.shared_data import shared_path
from tests.sync.replay import FILE, History, Tally, history_of, replay

START = dt.datetime(2026, 7, 14, tzinfo=dt.UTC)
KINDS = pytest.mark.parametrize("kind", list(SourceKind))


def _cast(*people: int, first: str = "Part") -> list[list[Any]]:
    """Actors by their numbers, in this order, and a director."""
    acting = [
        [n, f"Person {n}", f"{first} {n}", "Acting", "Actor", place]
        for place, n in enumerate(people)
    ]
    return [*acting, [99, "Person 99", None, "Directing", "Director", None]]


def _invented() -> History:
    """Twenty titles: one is reordered, recast, renamed, emptied by mistake, and filled again."""
    whole = _cast(*range(1, 13))
    of_one = [
        whole,
        _cast(*range(12, 0, -1)),
        _cast(*range(1, 12), first="Role"),
        _cast(*range(1, 15)),
        [],
        _cast(*range(1, 15)),
        _cast(*range(1, 5)),
    ]
    hours = [dt.timedelta(hours=n) for n in (0, 1, 2, 3, 4, 5, 6)]
    versions = [
        {"at": (START + pause).isoformat(), "credits": credits}
        for pause, credits in zip(hours, of_one, strict=True)
    ]
    told = [{"kind": "movie", "tmdb_id": 1, "title": "Changing", "versions": versions}]
    told += [
        {
            "kind": "tv" if n % 3 else "movie",
            "tmdb_id": n,
            "title": f"Title {n}",
            "versions": [{"at": START.isoformat(), "credits": _cast(n, n + 1)}],
        }
        for n in range(2, 21)
    ]
    return history_of(map(json.dumps, told))


@KINDS
def test_an_invented_history(kind: SourceKind, sqlite_store: Store) -> None:
    came = replay(kind, _invented(), sqlite_store)
    assert (came.steps, came.changed, came.held) == (6, 6, 2)
    _in_proportion(came)


@KINDS
def test_the_first_days_of_a_real_one(kind: SourceKind, sqlite_store: Store) -> None:
    """All of it: `make replay`."""
    with gzip.open(shared_path("data", FILE), "rt", encoding="utf-8") as lines:
        history = history_of(lines, most_steps=8)
    came = replay(kind, history, sqlite_store)
    assert came.steps == 8
    _in_proportion(came)


def _in_proportion(came: Tally) -> None:
    """Each title that changed is read once; one that is held is looked at a few times more."""
    assert came.changed <= came.read <= came.changed + 3 * came.held
