"""The small readings of what servers write."""

from __future__ import annotations

import datetime as dt

import httpx2
import pytest

from fullcredits.sources.trouble import http_date, retry_after
from fullcredits.sources.values import day, ids, moment, prose, whole, words


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (12, 12), ("12", 12), (12.0, 12), ("12.0", 12), (-1, -1), (0, 0), (True, None),
        (None, None), ("", None), ("x", None), ("inf", None), ("nan", None), (1e300, None),
        ([], None), ("٣", 3),
    ],
)  # fmt: skip
def test_whole(value: object, number: int | None) -> None:
    assert whole(value) == number


@pytest.mark.parametrize(
    ("value", "text"),
    [("a", "a"), (" a ", " a "), ("", None), ("  ", None), (1917, "1917"), (True, None),
     (None, None), ("a\x00\tb", "a\tb"), ("\x00", None)],
)  # fmt: skip
def test_words(value: object, text: str | None) -> None:
    assert words(value) == text


def test_prose_keeps_its_lines() -> None:
    assert prose("One.\r\n\r\nTwo\x07.  \n") == "One.\n\nTwo."
    assert prose(" \n ") is None
    assert prose(None) is None


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("1999-11-24T00:00:00.0000000Z", dt.date(1999, 11, 24)),
        ("2019-10-18T05:04:58.0000000+00:00", dt.date(2019, 10, 18)),
        ("2001-09-27", dt.date(2001, 9, 27)),
        ("0001-01-01T00:00:00.0000000Z", None),
        ("2001-13-45", None), ("", None), (None, None), (2001, None),
    ],
)  # fmt: skip
def test_day(value: object, date: dt.date | None) -> None:
    assert day(value) == date


@pytest.mark.parametrize(
    ("value", "when"),
    [
        ("2026-11-22T21:40:37.7328742Z", dt.datetime(2026, 11, 22, 21, 40, 37, tzinfo=dt.UTC)),
        ("2026-11-22T23:40:37+02:00", dt.datetime(2026, 11, 22, 21, 40, 37, tzinfo=dt.UTC)),
        ("2026-11-22T21:40:37", dt.datetime(2026, 11, 22, 21, 40, 37, tzinfo=dt.UTC)),
        (1735865761, dt.datetime(2025, 1, 3, 0, 56, 1, tzinfo=dt.UTC)),
        ("1735865761", dt.datetime(2025, 1, 3, 0, 56, 1, tzinfo=dt.UTC)),
        ("0001-01-01T00:00:00.0000000Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-14:00", None),
        (0, None), (10**14, None), ("soonT", None), (None, None),
    ],
)  # fmt: skip
def test_moment(value: object, when: dt.datetime | None) -> None:
    assert moment(value) == when


def test_ids_are_sorted_and_each_once() -> None:
    pairs = [("TMDB", " 5 "), ("imdb", "tt1"), ("tmdb", "5"), ("tvdb", ""), ("tvdb", "0")]
    assert ids(pairs) == (("imdb", "tt1"), ("tmdb", "5"))


@pytest.mark.parametrize(
    ("scheme", "value", "is_one"),
    [
        ("imdb", "tt0107048", True), ("imdb", "nm0000560", True), ("imdb", "0107048", False),
        ("imdb", "tt", False), ("imdb", "tt1/../2", False), ("tmdb", "65", True),
        ("tmdb", ":9717106", False), ("tmdb", "-1", False), ("tmdb", "٣", False),
        ("tmdb", "1" * 13, False), ("tvdb", "74205", True), ("tvdb", "a-show", False),
        ("plex", "5d776841103a2d001f56a97b", True), ("plex", "5d77", False),
        ("zap2it", "EP00000001.0001", True), ("tvrage", "anything", True),
    ],
)  # fmt: skip
def test_an_id_has_the_form_of_its_catalogue(scheme: str, value: str, is_one: bool) -> None:
    assert ids([(scheme, value)]) == (((scheme, value),) if is_one else ())


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("005", 5.0), ("120", 120.0), ("0", 0.0), ("", None), ("soon", None), ("-5", None),
        ("1.5", None), ("٣", None), ("9" * 400, 86400.0),
        ("Wed, 21 Oct 2099 07:28:00 GMT", 86400.0),
        ("Sun, 22 Nov 2026 22:00:09 GMT", 9.0),
        ("Sun, 22 Nov 2026 21:00:00 GMT", 0.0),
        ("Sun, 99 Nov 2026 22:00:09 GMT", None),
    ],
)  # fmt: skip
def test_retry_after(text: str, seconds: float | None) -> None:
    headers = {"Retry-After": text, "Date": "Sun, 22 Nov 2026 22:00:00 GMT"}
    assert retry_after(httpx2.Headers({k: v for k, v in headers.items() if v.isascii()})) == seconds


def test_http_dates_are_utc() -> None:
    when = dt.datetime(2026, 11, 22, 22, 0, 9, tzinfo=dt.UTC)
    assert http_date("Sun, 22 Nov 2026 22:00:09 GMT") == when
    assert http_date("Sun, 22 Nov 2026 22:00:09 -0000") == when
    assert http_date("") is None
