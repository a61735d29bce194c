"""Filtering a filmography: what passes, and what there is left to choose."""

from __future__ import annotations

from itertools import chain

import pytest

from fullcredits.errors import NotFound
from fullcredits.pages.filmography import Gathered, gather_works
from fullcredits.pages.wanted import Wanted, choosers, wanted_of
from tests.unit.test_pages_filmography import ADA, episode, row

SHOWS = Wanted(kind="show")
ROWS = [
    row(1, year=1994, genres=["Drama"]),
    row(2, year=2001, genres=["Drama", "Comedy"], source_id=2, source="Cabin"),
    row(2, year=2001, genres=["Drama", "Comedy"], department="Directing", job="Director"),
    row(3, genres=[]),
    episode(1, genres=["Crime"]),
    episode(10, genres=["Crime"]),
]


def works() -> list[Gathered]:
    return list(chain(*gather_works(ADA, ROWS).values()))


@pytest.mark.parametrize(
    ("wanted", "titles"),
    [
        (Wanted(), [3, 50, 2, 1, 2]),
        (Wanted(department="directing"), [2]),
        (Wanted(kind="movie"), [3, 2, 1, 2]),
        (Wanted(kind="show"), [50]),
        (Wanted(decade="2000"), [50, 2, 2]),
        (Wanted(decade="2010"), [50]),
        (Wanted(genre="Drama"), [2, 1, 2]),
        (Wanted(genre="Drama", source="2"), [2]),
        (Wanted(genre="Crime", kind="movie"), []),
    ],
)
def test_what_passes(wanted: Wanted, titles: list[int]) -> None:
    assert [work.top_id for work in wanted_of(works(), wanted)] == titles


def test_each_filter_offers_what_the_others_leave_with_numbers() -> None:
    offered = {c.name: [x.text for x in c.choices] for c in choosers(works(), Wanted(), "/p")}
    assert offered == {
        "department": ["All", "Acting (4)", "Directing (1)"],
        "kind": ["All", "Films (4)", "Shows (1)"],
        "decade": ["All", "2010s (1)", "2000s (3)", "1990s (1)"],
        "genre": ["All", "Comedy (2)", "Crime (1)", "Drama (3)"],
        "source": ["All", "Attic (4)", "Cabin (1)"],
    }
    shows = {c.name: [x.text for x in c.choices] for c in choosers(works(), SHOWS, "/p")}
    assert shows["kind"] == offered["kind"]
    assert "genre" not in shows, "there is nothing to choose from one"


def test_choices_keep_the_others_in_their_address() -> None:
    asked = Wanted(decade="2000", department="acting")
    genre = next(c for c in choosers(works(), asked, "/p") if c.name == "genre")
    assert [choice.address for choice in genre.choices] == [
        "/p?department=acting&decade=2000",
        "/p?department=acting&decade=2000&genre=Comedy",
        "/p?department=acting&decade=2000&genre=Crime",
        "/p?department=acting&decade=2000&genre=Drama",
    ]


def test_what_is_chosen_stays_to_be_seen_though_nothing_is_left_of_it() -> None:
    found = choosers(works(), Wanted(genre="Crime", kind="movie"), "/p")
    assert [c.chosen.text for c in found if c.chosen.value] == ["Films (0)", "Crime (0)"]


@pytest.mark.parametrize("wanted", [Wanted(genre="Opera"), Wanted(decade="x"), Wanted(source="9")])
def test_a_choice_there_is_not(wanted: Wanted) -> None:
    with pytest.raises(NotFound):
        choosers(works(), wanted, "/p")
