"""Encoded answers: every record is worded and encoded once per shape, until it changes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import NamedTuple

import msgspec
from starlette.responses import Response

from fullcredits.simulate.jellyfin.errors import json_bytes
from fullcredits.simulate.jellyfin.fields import EVERY_FIELD, selected
from fullcredits.simulate.jellyfin.library import Item, JellyfinLibrary, Person
from fullcredits.simulate.jellyfin.listing import Page, Row
from fullcredits.simulate.jellyfin.query import Arguments
from fullcredits.simulate.jellyfin.records import item_record, person_record

SECONDS_PER_CREDIT = 0.0014
"""What a real server needs for each entry of People, whatever a client does (measured)."""

_encode = msgspec.json.Encoder().encode


class Shape(NamedTuple):
    """Which fields of a record are wanted."""

    fields: frozenset[str]
    images: bool
    user_data: bool

    @classmethod
    def of(cls, arguments: Arguments, *, user: bool) -> Shape:
        """The shape that a listing's arguments ask for; unknown fields are dropped silently."""
        return cls(
            arguments.words("fields") & EVERY_FIELD,
            arguments.truth("enableImages", True),
            user and arguments.truth("enableUserData", True),
        )


class _Kept(NamedTuple):
    version: tuple[int, int]
    row: bytes
    credits: int


class Answers:
    """Words and encodes for one library, and takes the time that real servers take.

    ``cost`` "real" makes an answer with People last as long as on a real server, and makes such
    requests wait for each other; None answers at once.
    """

    def __init__(self, library: JellyfinLibrary, cost: str | None) -> None:
        self._library = library
        self._cost = cost
        self._kept: dict[tuple[str, Shape], _Kept] = {}
        self._people = asyncio.Lock()

    async def page(self, page: Page, shape: Shape) -> Response:
        """The answer with the rows of a page."""
        body, credits = self._rows(page.rows, shape)
        await self._take_time(credits, shape)
        tail = b'],"TotalRecordCount":%d,"StartIndex":%d}' % (page.total, page.start)
        return json_bytes(b'{"Items":[' + body + tail)

    async def single(self, row: Row, *, user: bool) -> Response:
        """The answer with every field of one item or person."""
        shape = Shape(EVERY_FIELD, images=True, user_data=user)
        body, credits = self._rows([row], shape)
        await self._take_time(credits, shape)
        return json_bytes(body)

    async def _take_time(self, credits: int, shape: Shape) -> None:
        if self._cost != "real" or "people" not in shape.fields:
            return
        async with self._people:
            await asyncio.sleep(credits * SECONDS_PER_CREDIT)

    def _rows(self, rows: Iterable[Row], shape: Shape) -> tuple[bytes, int]:
        kept = [self._row(row, shape) for row in rows]
        return b",".join([k.row for k in kept]), sum([k.credits for k in kept])

    def _row(self, row: Row, shape: Shape) -> _Kept:
        people = "people" in shape.fields and isinstance(row, Item)
        version = (row.version, self._library.persons_version if people else 0)
        kept = self._kept.get((row.id, shape))
        if kept is None or kept.version != version:
            kept = self._kept[row.id, shape] = self._word(row, shape, version)
        return kept

    def _word(self, row: Row, shape: Shape, version: tuple[int, int]) -> _Kept:
        record = (
            person_record(self._library, row)
            if isinstance(row, Person)
            else item_record(self._library, row, people="people" in shape.fields)
        )
        told = selected(record, shape.fields, **_images(shape))
        return _Kept(version, _encode(told), len(told.get("People", ())))


def _images(shape: Shape) -> dict[str, bool]:
    return {"images": shape.images, "user_data": shape.user_data}
