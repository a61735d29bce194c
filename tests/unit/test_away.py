"""How much of a library has to vanish so that a disk may be away."""

from __future__ import annotations

import pytest

from fullcredits.model import TitleKind
from fullcredits.store.gone import Suspect
from fullcredits.sync.away import looks_away

MOVIE, SHOW, SEASON, EPISODE = TitleKind


def films(number: int) -> list[Suspect]:
    return [Suspect(n, f"f{n}", 1, MOVIE, None) for n in range(number)]


def shows(number: int, episodes: int, first: int = 0) -> list[Suspect]:
    found: list[Suspect] = []
    for show in (f"s{n}" for n in range(first, first + number)):
        found.append(Suspect(1, show, 1, SHOW, None))
        found += [Suspect(1, f"{show}-{n}", 1, EPISODE, show) for n in range(episodes)]
    return found


@pytest.mark.parametrize(
    ("missing", "living", "away"),
    [
        # Nothing is left, however little there was.
        (films(1), {MOVIE: 1}, True),
        (films(4), {MOVIE: 4}, True),
        (shows(1, 0), {SHOW: 1}, True),
        (shows(4, 100), {SHOW: 4, EPISODE: 400}, True),
        (films(2) + shows(1, 3), {MOVIE: 2, SHOW: 1, EPISODE: 3}, True),
        (films(2), {MOVIE: 2, SHOW: 1}, False),
        # A share of what there was, and not too few.
        (films(4), {MOVIE: 5}, False),
        (films(5), {MOVIE: 6}, True),
        (films(5), {MOVIE: 20}, False),
        (films(6), {MOVIE: 20}, True),
        (shows(2, 2), {SHOW: 4, EPISODE: 9}, True),
        (shows(2, 1), {SHOW: 4, EPISODE: 9}, False),
        (shows(3, 50), {SHOW: 12, EPISODE: 160}, False),
        # One title alone, however long.
        (shows(1, 300), {SHOW: 2, EPISODE: 301}, False),
        # Parts of shows that are there.
        (shows(1, 30)[1:], {SHOW: 2, EPISODE: 100}, True),
        (shows(1, 30)[1:], {SHOW: 2, EPISODE: 120}, False),
        (shows(1, 4)[1:], {SHOW: 2, EPISODE: 5}, False),
        ([], {MOVIE: 1}, False),
        ([], {}, False),
    ],
)
def test_what_looks_like_a_disk_that_is_away(
    missing: list[Suspect], living: dict[TitleKind, int], away: bool
) -> None:
    assert looks_away(missing, living, 0.25) == away
    assert not looks_away(missing, living, 1.0)


@pytest.mark.parametrize(
    ("missing", "living", "before", "away"),
    [
        (films(1), {MOVIE: 1}, {}, False),
        (shows(1, 300), {SHOW: 1, EPISODE: 300}, {}, False),
        (films(1), {MOVIE: 1}, {MOVIE: 1}, True),
        (films(1), {MOVIE: 1, SHOW: 1}, {MOVIE: 1}, False),
        (films(2), {MOVIE: 2}, {}, True),
        (films(2), {MOVIE: 8}, {MOVIE: 2}, False),
        (films(2), {MOVIE: 8}, {MOVIE: 3}, True),
    ],
)
def test_what_a_server_tells_as_it_happens(
    missing: list[Suspect],
    living: dict[TitleKind, int],
    before: dict[TitleKind, int],
    away: bool,
) -> None:
    """The last title of a library may be deleted, and not several."""
    assert looks_away(missing, living, 0.25, before, told=True) == away


def test_of_what_is_held_few_are_enough() -> None:
    assert not looks_away(films(3), {MOVIE: 4}, 0.25)
    assert looks_away(films(3), {MOVIE: 4}, 0.25, few=1)
    assert not looks_away(films(1), {MOVIE: 4}, 0.25, few=1)
