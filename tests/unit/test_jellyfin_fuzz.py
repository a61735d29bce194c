"""Whatever a Jellyfin sends: rows, broken rows or Nonsense, never another error."""

from __future__ import annotations

import contextlib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fullcredits.errors import Nonsense
from fullcredits.model import TitleKind
from fullcredits.sources.decoding import decode
from fullcredits.sources.jellyfin import translate, wire
from tests.unit.any_json import anything, check_storable, encoded, rows

NAMES = [
    "Items", "TotalRecordCount", "Id", "Name", "Type", "People", "Role", "PrimaryImageTag", "Etag",
    "ProviderIds", "Imdb", "ImageTags", "Primary", "BackdropImageTags", "Genres", "Taglines",
    "Overview", "PremiereDate", "EndDate", "DateCreated", "ProductionYear", "ProductionLocations",
    "RunTimeTicks", "IndexNumber", "SeriesId", "SeasonId", "ItemId", "CollectionType", "Version",
    "ProductName", "AccessToken", "LocationType", "ParentBackdropItemId",
]  # fmt: skip


def read(content: bytes) -> None:
    for answer in (wire.PublicInfo, wire.User, wire.SignedIn):
        with contextlib.suppress(Nonsense):
            decode("Cabin", content, answer)
    with contextlib.suppress(Nonsense):
        for view in decode("Cabin", content, wire.ViewsAnswer).items:
            if library := translate.library(view):
                check_storable(library)
    with contextlib.suppress(Nonsense):
        page = wire.ITEMS.decode("Cabin", content)
        people = translate.People()
        for row in page.rows:
            check_storable(translate.person_facts(row))
            for kind in TitleKind:
                check_storable(people.record(row, translate.title_kind(row, kind) or kind))


@given(anything(NAMES))
def test_any_json(value: Any) -> None:
    read(encoded(value))


@given(rows(NAMES, "Id"))
def test_any_rows(value: list[Any]) -> None:
    read(encoded({"Items": value, "TotalRecordCount": 3}))


@given(st.binary(max_size=80))
def test_any_bytes(content: bytes) -> None:
    read(content)


@given(rows(NAMES, "Id"), st.integers(min_value=0))
def test_anything_cut_off(value: list[Any], length: int) -> None:
    content = encoded({"Items": value})
    read(content[: length % len(content)])


def test_endless_nesting() -> None:
    for opening in (b"[", b'{"Items":', b'{"Items":[{"People":['):
        read(opening * 100_000)
    read(b'{"Items":[{"Id":"1","x":' + b"[" * 9_000 + b"]" * 9_000 + b"}]}")
