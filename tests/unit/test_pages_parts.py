"""The words for dates, durations and counts; addresses."""

from __future__ import annotations

import datetime as dt
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullcredits.errors import NotFound
from fullcredits.model import ExternalId
from fullcredits.pages import addresses, parts
from fullcredits.pages.parts import paragraphs
from fullcredits.text import numbered


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        (None, None, ""),
        (1995, 1995, "1995"),
        (1995, None, "1995"),
        (2011, 2014, "2011–14"),
        (1998, 2003, "1998–2003"),
        (2000, 2001, "2000–01"),
    ],
)
def test_years(first: int | None, last: int | None, shown: str) -> None:
    assert parts.years(first, last) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"), [(None, ""), (0, ""), (59, ""), (3000, "50 min"), (3600, "1 h"),
                           (10200, "2 h 50 min")],
)  # fmt: skip
def test_runtime(seconds: int | None, shown: str) -> None:
    assert parts.runtime(seconds) == shown


def test_age_counts_full_years() -> None:
    born = dt.date(1970, 3, 4)
    assert parts.age(born, dt.date(2000, 3, 3)) == 29
    assert parts.age(born, dt.date(2000, 3, 4)) == 30


@pytest.mark.parametrize(
    ("number", "title", "shown"),
    [
        (2, "Season 2", "Season 2"),
        (2, "Season 02", "Season 2"),
        (2, "The Return", "Season 2: The Return"),
        (0, "Specials", "Specials"),
        (None, "Extras", "Extras"),
    ],
)
def test_numbered(number: int | None, title: str, shown: str) -> None:
    assert numbered("Season", number, title) == shown


def test_a_page_past_the_end_is_the_last() -> None:
    pages = parts.paged(101, 50, 9, str)
    assert (pages.page, pages.last, pages.before, pages.after) == (3, 3, "2", None)
    assert list(pages.cut(range(101), 50)) == [100]
    assert parts.paged(0, 50, 1, str).last == 1


def test_ids_lead_to_catalogues_that_have_pages_and_cannot_leave_their_address() -> None:
    ids = [ExternalId("plex", "5d77"), ExternalId("tmdb", "12"), ExternalId("imdb", "../x?y")]
    links = parts.id_links(ids, "person")
    assert [link.text for link in links] == ["IMDb", "TMDB"]
    assert links[0].address == "https://www.imdb.com/name/..%2Fx%3Fy/"


@given(st.integers(1, 2**31 - 1), st.text())
def test_an_address_names_its_page_whatever_the_title(number: int, name: str) -> None:
    address = addresses.of("movie", number, name)
    assert address.isascii()
    assert "?" not in address
    assert addresses.number_in(address.rpartition("/")[2]) == number


@pytest.mark.parametrize("ref", ["", "x", "0", "-1", "1x", "2147483648", "9" * 30, "¹", "1\n"])
def test_what_names_no_page(ref: str) -> None:
    with pytest.raises(NotFound):
        addresses.number_in(ref)


def test_addresses_leave_defaults_out() -> None:
    assert addresses.library(3) == "/library/3"
    assert addresses.library(3, sort="year", page=2) == "/library/3?page=2&sort=year"
    assert addresses.search("a&b c") == "/search?q=a%26b+c"
    assert addresses.of("person", 4, "¿¡") == "/person/4"


def test_a_very_long_paragraph_is_parted_at_sentences_and_nothing_of_it_is_lost() -> None:
    short, long = "One line.", "A sentence of a life, told. " * 200
    parts = paragraphs(f"{short}\n\n{long}\n")
    assert parts[0] == short
    assert all(part.endswith("told.") and len(part) <= 1_600 for part in parts[1:])
    assert " ".join(parts[1:]) == long.strip()
    assert "".join(paragraphs("x" * 5_000)) == "x" * 5_000
    assert paragraphs(None) == ()


@pytest.mark.parametrize("letter", ["x", "漢", "&", "&\n"])
def test_a_text_longer_than_a_page_can_carry_ends_somewhere(letter: str) -> None:
    parts = paragraphs(letter * 500_000)
    assert parts[-1] == "…"
    assert len(parts[0]) <= 1_600
    assert 30_000 < sum(len(f"<p>{escape(part)}</p>".encode()) for part in parts) <= 40_020
