"""Finding: the same on both databases, best first."""

from __future__ import annotations

import pytest

from fullcredits.store import Store
from fullcredits.store.search import find_people, find_titles
from tests.library import Library


@pytest.fixture
def found(store: Store) -> Store:
    """People and titles whose order among the finds is known."""
    with store.writing() as db:
        made = Library(db)
        source = made.source()
        library = made.library(source)
        for title, year in (
            ("Heat", 1995), ("The Heat", 2013), ("Heatwave", 2022), ("Dead Heat", 1988),
            ("Wheatfield", 2001), ("100% Wolf", 2020), ("1000 Wolfs", 2021), ("A_B", 1990),
        ):  # fmt: skip
            title_id = made.title("movie", title, year=year)
            made.item(library, source, title_id, "movie")
        made.title("movie", "Heat Nobody Has")
        item = made.item(library, source, made.title("movie", "Everything"), "movie")
        for name, credits in (
            ("Zoë Saldaña", 3), ("Zoe Saldana", 5), ("Ann Lee", 1), ("Ang Lee", 2),
            ("Lee Ann", 9), ("Leeann Rimes", 4), ("Bruce Lee", 1), ("Galilee Jones", 8),
        ):  # fmt: skip
            person = made.person(name)
            for number in range(credits):
                made.credit(item, source, person, name, str(number))
        made.person("Lee Without Credits")
    return store


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("zoe SALDANA", ["Zoe Saldana", "Zoë Saldaña"]),
        ("saldaña, zoë", ["Zoe Saldana", "Zoë Saldaña"]),
        ("ann lee", ["Ann Lee", "Lee Ann", "Leeann Rimes"]),
        ("lee", ["Lee Ann", "Leeann Rimes", "Ang Lee", "Ann Lee", "Bruce Lee", "Galilee Jones"]),
        ("le", ["Lee Ann", "Leeann Rimes", "Ang Lee", "Ann Lee", "Bruce Lee"]),
        ("without", []),
        ("%", []),
        ("_", []),
        ("", []),
    ],
)
def test_people(found: Store, query: str, names: list[str]) -> None:
    with found.reading() as db:
        assert [row.person.name for row in find_people(db, query, 10)] == names


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("heat", ["The Heat", "Heat", "Heatwave", "Dead Heat", "Wheatfield"]),
        ("the heat", ["The Heat", "Heat", "Heatwave", "Dead Heat", "Wheatfield"]),
        ("100% wolf", ["100% Wolf", "1000 Wolfs"]),
        ("a_b", ["A_B"]),
        ("heat wave nothing", []),
        ("\\", []),
    ],
)
def test_titles(found: Store, query: str, names: list[str]) -> None:
    with found.reading() as db:
        assert [row.title for row in find_titles(db, query, 10)] == names


def test_a_limit_keeps_the_best(found: Store) -> None:
    with found.reading() as db:
        assert [row.person.name for row in find_people(db, "lee", 1)] == ["Lee Ann"]
