"""Asking for a picture as a source would, over real sockets."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Collection

import pytest

from fullcredits.errors import SourceError
from fullcredits.sources import pictures, strangers
from fullcredits.sources.address import Origin
from fullcredits.sources.contract import Picture
from fullcredits.sources.http import Http
from tests.contract.answering import TOKEN, said

CONTENT = b"\xff\xd8\xff"
JPEG = said(CONTENT, kind="image/jpeg")
NOWHERE = "http://127.0.0.1:1"
"""A source whose pictures are all elsewhere."""


def shown(base: str, ref: str, homes: Collection[Origin] = ()) -> Picture | None:
    async def go() -> Picture | None:
        http = Http("Attic", base, {"X-Plex-Token": TOKEN})
        try:
            return await pictures.fetch(http, ref, homes=homes)
        finally:
            await http.close()

    return asyncio.run(go())


def refused(base: str, ref: str, homes: Collection[Origin] = ()) -> SourceError:
    with pytest.raises(SourceError) as refusal:
        shown(base, ref, homes)
    assert str(refusal.value).startswith("Attic: ")
    assert TOKEN not in str(refusal.value)
    return refusal.value


def open_to_the_world(monkeypatch: pytest.MonkeyPatch) -> None:
    """127.0.0.1 counts as an address on the internet, and nothing else does."""
    outside = ipaddress.ip_address("127.0.0.1")
    monkeypatch.setattr(strangers, "is_public", lambda address: address == outside)
