"""Lists of everybody and everything: who is where, and every state in the address."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from typing import Any

import pytest
from starlette.testclient import TestClient

from fullcredits import pages
from fullcredits.errors import NotFound
from fullcredits.pages import everything
from fullcredits.store import Store
from tests.library import Ids, Library


@pytest.fixture
def household(store: Store) -> Store:
    """Titles of two sources and decades; people of some letters."""
    with store.writing() as db:
        made = Library(db)
        attic, cabin = made.source(), made.source("Cabin", "jellyfin")
        items = []
        for source, kind, title, year, genres in (
            (attic, "movie", "The Apple", 1994, ["Drama"]),
            (attic, "movie", "Banana", 2001, ["Comedy", "Drama"]),
            (cabin, "show", "Cherry", 1999, ["Épopée"]),
            (cabin, "movie", "Date", None, []),
        ):
            title_id = made.title(kind, title, year=year, genres=genres)
            items.append(made.item(made.library(source), source, title_id, kind))
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
                part = items[number] if department == "Acting" else item
                made.credit(part, attic, person, name, str(number), "Job", department)
        made.person("Nobody Quill")
        made.done()
    return store


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, ["Bo Abbott", "50 Cent", "Ann Quill", "Zoë Quill", "نجيب محفوظ"]),
        ({"letter": "q"}, ["Ann Quill", "Zoë Quill"]),
        ({"letter": "x"}, []),
        ({"department": "writing"}, ["Bo Abbott", "Ann Quill", "نجيب محفوظ"]),
        ({"sort": "titles"}, ["Zoë Quill", "Ann Quill", "Bo Abbott", "50 Cent", "نجيب محفوظ"]),
        ({"sort": "titles", "department": "writing", "letter": "q"}, ["Ann Quill"]),
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
        page = pages.all_titles(db, pages.Asked(**asked))
        assert [card.title for card in page.cards] == names
        assert page.pages.total == len(names)


def test_what_there_is_to_choose(household: Store) -> None:
    with household.reading() as db:
        kind, decade, genre, source = pages.all_titles(db, pages.Asked(genre="Drama")).filters
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
        pages.all_titles(db, pages.Asked(**asked))


@pytest.mark.parametrize("asked", [{"sort": "x"}, {"letter": "qq"}, {"department": "x"}])
def test_no_such_people(household: Store, asked: dict[str, Any]) -> None:
    with household.reading() as db, pytest.raises(NotFound):
        pages.all_people(db, **asked)


@pytest.mark.parametrize("sort", ["name", "titles"])
def test_everybody_is_reached_page_by_page_and_back(
    client: TestClient, ids: Ids, sort: str
) -> None:
    address: str | None = f"/people?sort={sort}"
    onward: list[list[str]] = []
    while address:
        text = client.get(address).text
        onward.append(_people_in(text))
        address, last = _way(text, "next"), address
    reached = [person for stretch in onward for person in stretch]
    assert len(reached) == len(set(reached)) == 300 - 1 + 1 + 3 + 1 + 1 + 24 * 3
    back = []
    address = last
    while address:
        text = client.get(address).text
        back.append(_people_in(text))
        address = _way(text, "prev")
    assert len(back) == len(onward) == 4
    # Stretches are as long as they can be, so going back the first one is the short one.
    assert [person for stretch in reversed(back) for person in stretch] == reached


@pytest.mark.parametrize("sort", ["title", "year", "added"])
def test_every_title_is_reached_page_by_page_and_back(
    client: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    monkeypatch.setattr(everything, "SHOWN", 2)
    with store.writing() as db:
        made = Library(db)
        attic = made.source()
        library = made.library(attic)
        # Several of one name, one year, one time; and some without.
        for number in range(11):
            year = (1999, 1999, None)[number % 3]
            added = (dt.datetime(2026, 1, 1), dt.datetime(2026, 1, 2), None)[number % 3]
            title = made.title("movie", f"Film {number % 2}", year=year, added=added)
            made.item(library, attic, title, "movie", added=added)
        made.done()
    for base in ("/titles", f"/library/{library}"):
        address: str | None = f"{base}?sort={sort}"
        onward: list[list[str]] = []
        while address:
            text = client.get(address).text
            onward.append(_titles_in(text))
            address, last = _way(text, "next"), address
        reached = [title for page in onward for title in page]
        assert len(reached) == len(set(reached)) == 11
        back, address = [], last
        while address:
            text = client.get(address).text
            back.append(_titles_in(text))
            address = _way(text, "prev")
        assert back[::-1] == onward
        # By their numbers alone, from either end.
        numbered = [
            _titles_in(client.get(f"{base}?sort={sort}&page={n}").text) for n in range(1, 7)
        ]
        assert numbered == onward
        beside_none = f"{base}?sort={sort}&page=2&after=424242"
        assert _titles_in(client.get(beside_none).text) == onward[1]


def test_a_place_beside_nobody_is_the_beginning(client: TestClient, ids: Ids) -> None:
    first = _people_in(client.get("/people").text)
    assert _people_in(client.get("/people?after=424242").text) == first
    assert client.get("/people?after=0").status_code == 404
    assert client.get("/people?before=99999999999").status_code == 404


def _people_in(text: str) -> list[str]:
    main = text.partition('class="faces')[2].partition("</ul>")[0]
    return [part for part in main.split('"') if part.startswith("/person/")]


def _titles_in(text: str) -> list[str]:
    main = text.partition('class="posters')[2].partition("</ul>")[0]
    return [part for part in main.split('"') if part.startswith("/movie/")]


def _way(text: str, rel: str) -> str | None:
    found = re.search(f'rel="{rel}" href="([^"]*)"', text)
    return unescape(found[1]) if found else None


@pytest.mark.parametrize(
    "asked", ["", "?sort=year", "?sort=added", "?genre=Drama", "?kind=movie&decade=2000", "?page=2"]
)
def test_a_small_library_is_read_otherwise_and_shown_alike(
    client: TestClient, ids: Ids, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    address = f"/library/{ids.films}{asked}"
    small = client.get(address)
    assert small.status_code == 200
    monkeypatch.setattr("fullcredits.pages.everything.SMALL", 0)
    assert client.get(address).text == small.text
