"""What looks absurd is shown, and believed when a second look says the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from starlette.requests import Request

from fullcredits.sync.doubts import CROWD, ENOUGH
from fullcredits.sync.settling import LATELY, SOON
from fullcredits.sync.thin import PAUSES
from fullcredits.sync.watch import Summary
from tests.sync.household import asked
from tests.sync.scene import FILMS, Scene
from tests.sync.twisting import key_of, rows_of

HOUR, DAY = PAUSES
FILM = "film-001"
RECORDS = ("includeGuids=1&skipRefresh", "fields=People%2C", "fields=People,")
"""Of a request for full records."""


def names(number: int) -> list[str]:
    return [f"Player {n}" for n in range(number)]


CAST = names(20)
ODD = [*names(19), "Ma\u202erio"]


def say(scene: Scene, cast: list[str], *, film: str | None = FILM) -> None:
    """From now on the server gives a film, or all, this cast, and shows no other marker."""
    key = film and scene.key(film)

    def twist(_: Request, content: Any) -> None:
        for row in rows_of(content):
            film_row = (row.get("Type") or row.get("type")) in ("Movie", "movie")
            if film_row and key in (None, key_of(row)):
                _cast(row, cast)

    scene.server.twist = twist


def _cast(row: dict[str, Any], cast: list[str]) -> None:
    if "ratingKey" in row:
        if "Role" in row:
            row["Role"] = [{"tag": name, "role": "Somebody"} for name in cast]
        for kind in ("Director", "Writer", "Producer"):
            row.pop(kind, None)
    elif "People" in row:
        row["People"] = [
            {
                "Name": name,
                "Id": hashlib.md5(name.encode()).hexdigest(),
                "Role": "Somebody",
                "Type": "Actor",
            }
            for name in cast
        ]


def read(scene: Scene, *, full: bool = False) -> tuple[Summary, int]:
    """Sync; how many times a title's record was asked for."""
    with asked(scene.server.app) as paths:
        summary = scene.house.sync("Shelf", full=full)
    found = [path for path in paths if any(words in path for words in RECORDS)]
    return summary, sum(map(_keys, found))


def _keys(path: str) -> int:
    path = path.replace("%2C", ",")
    start = "/library/metadata/" if "/library/metadata/" in path else "ids="
    return len(path.partition(start)[2].partition("?")[0].partition("&")[0].split(","))


@pytest.fixture
def known(scene: Scene) -> Iterator[Scene]:
    """The film has a cast of twenty, and that was believed."""
    say(scene, CAST)
    assert scene.sync().unsettled == 0
    scene.later(LATELY)
    yield scene
    assert scene.stored() == scene.served()


def changed(scene: Scene, cast: list[str]) -> Summary:
    """The film has another cast and marker, and is read."""
    scene.library.touch(FILM)
    scene.later(LATELY + SOON)
    say(scene, cast)
    summary, records = read(scene)
    assert (summary.state, records) == ("done", 1)
    return summary


def test_what_is_really_odd_is_read_once_more_and_no_more(known: Scene) -> None:
    assert changed(known, ODD).unsettled == 1
    assert known.stored() == known.served()
    assert read(known)[1] == 0
    known.later(SOON)
    summary, records = read(known)
    assert (summary.unsettled, records) == (0, 1)
    for pause in (SOON, LATELY, HOUR, HOUR):
        known.later(pause)
        assert read(known)[1] == 0
    assert read(known, full=True)[0].unsettled == 0
    changed(known, ODD)  # the same under another marker; on a Plex the poster has another address
    known.later(SOON)
    assert read(known)[0].unsettled == 0
    known.later(LATELY)
    assert read(known)[1] == 0


def test_a_library_of_odd_names_is_read_twice(scene: Scene) -> None:
    """All forty films, and no more than that whatever time passes."""
    say(scene, ODD, film=None)
    summary, first = read(scene)
    assert summary.unsettled == FILMS
    again = 0
    for pause in (SOON, SOON, LATELY, HOUR, HOUR):
        scene.later(pause)
        summary, records = read(scene)
        again += records
    assert (again, summary.unsettled) == (FILMS, 0)
    assert first > FILMS, "there is a show, too"
    assert scene.stored() == scene.served()


@pytest.mark.parametrize("absurd", [ODD, names(CROWD + 1)], ids=["odd", "crowd"])
def test_a_mistake_is_gone_at_the_second_look(known: Scene, absurd: list[str]) -> None:
    """Under the same marker; and nobody keeps a crowd that was never believed."""
    assert changed(known, absurd).unsettled == 1
    assert known.stored() == known.served()
    known.later(SOON)
    say(known, CAST)
    summary, records = read(known)
    assert (summary.state, summary.unsettled, summary.holds, records) == ("done", 0, 0, 1)
    known.later(HOUR)
    assert read(known)[1] == 0


def test_a_crowd_that_comes_twice_is_believed_and_kept(known: Scene) -> None:
    assert changed(known, names(CROWD + 1)).unsettled == 1
    known.later(SOON)
    assert read(known)[0].unsettled == 0
    known.library.touch(FILM)
    known.later(LATELY + SOON)
    say(known, CAST)
    assert read(known)[0].holds == 1
    known.later(HOUR)
    assert read(known)[0].holds == 0


def test_a_cast_of_a_thousand_is_none(known: Scene) -> None:
    assert changed(known, names(CROWD)).unsettled == 0


def test_what_is_absurd_anew_at_each_look_is_not_read_for_ever(known: Scene) -> None:
    numbers = count()
    summary = changed(known, [*CAST, f"Oddity {next(numbers)}\0"])
    looks = 0
    while summary.unsettled:
        known.later(LATELY)
        say(known, [*CAST, f"Oddity {next(numbers)}\0"])
        summary, records = read(known)
        looks += records
        assert looks <= 1 + ENOUGH / LATELY
    known.later(HOUR)
    assert read(known)[1] == 0
    known.server.twist = None
    say(known, [*CAST, f"Oddity {next(numbers) - 1}"])  # as it is stored


def test_a_thin_cast_with_an_odd_name_is_held_and_then_believed(known: Scene) -> None:
    known.library.touch(FILM)
    known.later(LATELY + SOON)
    say(known, ODD[-5:])
    summary, _ = read(known)
    assert (summary.holds, summary.unsettled) == (1, 0)
    known.later(HOUR)
    summary, _ = read(known)
    assert (summary.holds, summary.unsettled) == (0, 1)
    known.later(SOON)
    assert read(known)[0].unsettled == 0
