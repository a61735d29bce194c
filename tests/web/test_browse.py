"""Lists of everybody and everything: who is where, and every state in the address."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from starlette.testclient import TestClient

from fullcredits import pages
from fullcredits.errors import NotFound
from fullcredits.store import Store
from tests.library import Ids, Library


@pytest.fixture
def household(store: Store) -> Store:
    """Titles of two sources and decades; people of some letters."""
    with store.writing() as db:
        made = Library(db)
        attic, cabin = made.source(), made.source("Cabin", "jellyfin")
        for source, kind, title, year, genres in (
            (attic, "movie", "The Apple", 1994, ["Drama"]),
            (attic, "movie", "Banana", 2001, ["Comedy", "Drama"]),
            (cabin, "show", "Cherry", 1999, ["Épopée"]),
            (cabin, "movie", "Date", None, []),
        ):
            title_id = made.title(kind, title, year=year, genres=genres)
            made.item(made.library(source), source, title_id, kind)
        gone = made.title("movie", "Gone", year=1994, genres=["Drama"])
        library = made.library(attic)
        made.item(library, attic, gone, "movie", gone_since=dt.datetime(2026, 1, 1))
        item = made.item(library, attic, made.title("movie", "Elder", year=2002), "movie")
        for name, jobs in (
            ("Zoë Quill", ["Acting"] * 3), ("Ann Quill", ["Acting", "Writing"]),
            ("Bo Abbott", ["Writing"]), ("نجيب محفوظ", ["Writing"]), ("50 Cent", ["Acting"]),
        ):  # fmt: skip
            person = made.person(name)
            for number, department in enumerate(jobs):
                made.credit(item, attic, person, name, str(number), "Job", department)
        made.person("Nobody Quill")
    return store


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, ["Bo Abbott", "50 Cent", "Ann Quill", "Zoë Quill", "نجيب محفوظ"]),
        ({"letter": "q"}, ["Ann Quill", "Zoë Quill"]),
        ({"letter": "x"}, []),
        ({"department": "writing"}, ["Bo Abbott", "Ann Quill", "نجيب محفوظ"]),
        ({"sort": "credits"}, ["Zoë Quill", "Ann Quill", "Bo Abbott", "نجيب محفوظ", "50 Cent"]),
        ({"sort": "credits", "department": "writing", "letter": "q"}, ["Ann Quill"]),
    ],
)
def test_people(household: Store, asked: dict[str, Any], names: list[str]) -> None:
    with household.reading() as db:
        assert [p.name for p in pages.all_people(db, **asked).people] == names


def test_people_whose_names_begin_with_no_letter_of_ours(household: Store) -> None:
    with household.reading() as db:
        assert [p.name for p in pages.all_people(db, letter="other").people] == ["نجيب محفوظ"]


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, ["The Apple", "Banana", "Cherry", "Date", "Elder"]),
        ({"sort": "year"}, ["Elder", "Banana", "Cherry", "The Apple", "Date"]),
        ({"kind": "show"}, ["Cherry"]),
        ({"decade": "1990"}, ["The Apple", "Cherry"]),
        ({"genre": "Drama"}, ["The Apple", "Banana"]),
        ({"genre": "Épopée"}, ["Cherry"]),
        ({"source": "2"}, ["Cherry", "Date"]),
        ({"source": "1", "genre": "Drama", "decade": "2000", "kind": "movie"}, ["Banana"]),
    ],
)
def test_titles(household: Store, asked: dict[str, Any], names: list[str]) -> None:
    with household.reading() as db:
        page = pages.all_titles(db, **asked)
        assert [card.title for card in page.cards] == names
        assert page.pages.total == len(names)


def test_what_there_is_to_choose(household: Store) -> None:
    with household.reading() as db:
        kind, decade, genre, source = pages.all_titles(db, genre="Drama").filters
    assert [choice.text for choice in decade.choices] == ["All", "2000s", "1990s"]
    assert [choice.text for choice in genre.choices] == ["All", "Comedy", "Drama", "Épopée"]
    assert [choice.text for choice in source.choices] == ["All", "Attic", "Cabin"]
    assert kind.choices[1].address == "/titles?kind=movie&genre=Drama"


@pytest.mark.parametrize(
    "asked",
    [{"sort": "size"}, {"kind": "album"}, {"decade": "x"}, {"genre": "%"}, {"source": "9"}],
)
def test_no_such_titles(household: Store, asked: dict[str, Any]) -> None:
    with household.reading() as db, pytest.raises(NotFound):
        pages.all_titles(db, **asked)


@pytest.mark.parametrize("asked", [{"sort": "x"}, {"letter": "qq"}, {"department": "x"}])
def test_no_such_people(household: Store, asked: dict[str, Any]) -> None:
    with household.reading() as db, pytest.raises(NotFound):
        pages.all_people(db, **asked)


def test_everybody_is_reached_page_by_page(client: TestClient, ids: Ids) -> None:
    reached: list[str] = []
    for number in range(1, 6):
        text = client.get(f"/people?page={number}").text
        main = text.partition('class="faces')[2].partition("</ul>")[0]
        reached += [part for part in main.split('"') if part.startswith("/person/")]
    assert len(reached) == len(set(reached)) == 300 - 1 + 1 + 3 + 1 + 1 + 24 * 3
