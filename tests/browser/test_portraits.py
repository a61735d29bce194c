"""Choosing among the portraits that servers have of somebody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ViewportSize

from fullcredits.access import Entrance
from fullcredits.model import SourceKind
from fullcredits.store import Store
from fullcredits.store.engine import open_engine
from fullcredits.store.schema import metadata
from fullcredits.store.write import put_records
from fullcredits.sync.identify import identify
from fullcredits.web.app import create_app
from tests.browser.conftest import PlainPictures
from tests.browser.serving import serving
from tests.desks import desk_of
from tests.store import made

PORTRAIT_WIDTH = 112
"""Pixels: 7rem."""


@pytest.fixture
def chooser(tmp_path: Path) -> Iterator[str]:
    """The page of somebody of whom two servers have portraits."""
    store = Store(open_engine(f"sqlite:///{tmp_path / 'fullcredits.db'}"))
    with store.writing() as db:
        metadata.create_all(db)
    for name, kind in (("Attic", SourceKind.PLEX), ("Cabin", SourceKind.JELLYFIN)):
        source = made.source(store, name, kind)
        film = made.film("1", "Film", ids="imdb:tt1")
        person = made.person("Ada Quill", portrait=f"/portrait/{name}")
        made.listed(store, source, made.library(store, source), film)
        with store.writing() as db:
            credit = made.actor(0, person.name)._replace(person=person)
            put_records(db, source, [made.record(film, credit)])
    identify(store)
    app = create_app(store, PlainPictures(), Entrance(store), desk_of(store, tmp_path / "data"))
    with serving(app) as base:
        yield f"{base}/person/1/identity"
    store.close()


@pytest.mark.parametrize("width", [390, 1440])
def test_portraits_are_large_enough_to_be_told_apart(
    browser: Browser, chooser: str, width: int
) -> None:
    with browser.new_page(viewport=ViewportSize(width=width, height=900)) as page:
        page.goto(chooser)
        page.get_by_text("Choose the portrait").click()
        boxes = [box.bounding_box() for box in page.locator(".portraits .box").all()]
    assert [box and round(box["width"]) for box in boxes] == [PORTRAIT_WIDTH] * 2
    assert all(box and box["height"] > PORTRAIT_WIDTH for box in boxes)
