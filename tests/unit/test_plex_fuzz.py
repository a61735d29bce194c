"""Whatever a Plex sends: rows, broken rows or Nonsense, never another error."""

from __future__ import annotations

import contextlib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fullcredits.errors import Nonsense
from fullcredits.model import TitleKind
from fullcredits.sources.decoding import decode
from fullcredits.sources.plex import translate
from fullcredits.sources.plex.wire import SECTIONS, TITLES, IdentityAnswer
from tests.unit.any_json import anything, check_storable, encoded, rows

NAMES = [
    "MediaContainer", "Metadata", "Directory", "Role", "Director", "Writer", "Producer", "Guid",
    "Genre", "ratingKey", "type", "guid", "title", "year", "index", "parentIndex", "duration",
    "addedAt", "updatedAt", "originallyAvailableAt", "thumb", "art", "tag", "tagKey", "role", "id",
    "key", "totalSize", "summary", "parentRatingKey", "grandparentRatingKey",
]  # fmt: skip


def read(content: bytes) -> None:
    with contextlib.suppress(Nonsense):
        decode("Attic", content, IdentityAnswer)
    with contextlib.suppress(Nonsense):
        for section in SECTIONS.decode("Attic", content).rows:
            if library := translate.library(section):
                check_storable(library)
    with contextlib.suppress(Nonsense):
        page = TITLES.decode("Attic", content)
        people = translate.People()
        for row in page.rows:
            for kind in TitleKind:
                check_storable(people.record(row, translate.title_kind(row, kind) or kind))


@given(anything(NAMES))
def test_any_json(value: Any) -> None:
    read(encoded(value))


@given(rows(NAMES, "ratingKey"))
def test_any_rows(value: list[Any]) -> None:
    read(encoded({"MediaContainer": {"totalSize": 3, "Metadata": value, "Directory": value}}))


@given(st.binary(max_size=80))
def test_any_bytes(content: bytes) -> None:
    read(content)


@given(rows(NAMES, "ratingKey"), st.integers(min_value=0))
def test_anything_cut_off(value: list[Any], length: int) -> None:
    content = encoded({"MediaContainer": {"Metadata": value}})
    read(content[: length % len(content)])


def test_endless_nesting() -> None:
    for opening in (b"[", b'{"MediaContainer":', b'{"MediaContainer":{"Metadata":[{"Role":['):
        read(opening * 100_000)
    read(b'{"MediaContainer":{"Metadata":[{"ratingKey":"1","x":' + b"[" * 9_000 + b"]" * 9_000
         + b"}]}}")  # fmt: skip
