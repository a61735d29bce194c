"""A served library and a Chromium to look at it with."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import insert, select, update

from fullcredits.access import Entrance
from fullcredits.store import Connection, Store
from fullcredits.store.engine import open_engine
from fullcredits.store.identity.decisions import Said, add_decisions
from fullcredits.store.schema import (
    evidence,
    media_people,
    metadata,
    source_people,
    suspects,
)
from fullcredits.web.app import create_app
from tests.browser.serving import serving
from tests.desks import desk_of
from tests.library import Ids, filled

CHROMIUM = Path("/usr/bin/chromium")


@dataclass(frozen=True)
class PlainPicture:
    content: bytes
    etag: str
    lasting: bool = True


class PlainPictures:
    """Every picture, as a plain colour."""

    async def picture(self, image_id: int, width: int) -> PlainPicture | None:
        file = io.BytesIO()
        Image.new("RGB", (width, width), (40 * image_id % 256, 90, 120)).save(file, "WEBP")
        return PlainPicture(file.getvalue(), f'"{image_id}-{width}"')


@dataclass(frozen=True)
class Served:
    """Where the library is, and what is where in it."""

    base: str
    ids: Ids
    database: Path

    @property
    def addresses(self) -> dict[str, str]:
        """Every kind of page."""
        ids = self.ids
        paths = {
            "home": "/",
            "library": f"/library/{ids.films}?kind=movie",
            "movie": f"/movie/{ids.movie}",
            "crowd": f"/movie/{ids.crowd}",
            "show": f"/show/{ids.show}",
            "season": f"/season/{ids.season}",
            "episode": f"/episode/{ids.episode}",
            "credits": f"/show/{ids.show}/credits?department=guests",
            "person": f"/person/{ids.lead}",
            "hostile": f"/person/{ids.hostile}",
            "appearances": f"/person/{ids.lead}/show/{ids.show}",
            "search": "/search?q=quill",
            "nothing found": "/search?q=zzzz",
            "people": "/people",
            "titles": "/titles?genre=Drama",
            "identity": f"/person/{ids.lead}/identity",
            "review": "/review",
            "suspects": "/suspects",
            "decisions": "/decisions?all=yes",
            "closest": "/search?q=ada+quell",
            "character": "/character?name=Inspector+Vinter",
            "filmography": f"/person/{ids.lead}/credits?kind=movie",
            "filtered": f"/person/{ids.lead}?kind=show",
            "collaborators": f"/person/{ids.lead}/with",
            "together": f"/person/{ids.lead}/with/{ids.guest}",
            "missing": "/movie/424242",
            "look": "/look",
            "quality": "/quality",
            "wrong": "/quality/no-portrait",
        }
        return {name: self.base + path for name, path in paths.items()}


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("browser")
    store = Store(open_engine(f"sqlite:///{folder / 'fullcredits.db'}"))
    with store.writing() as db:
        metadata.create_all(db)
    ids = filled(store, crowd=400)
    with store.writing() as db:
        _ask_and_decide(db, ids)
    app = create_app(store, PlainPictures(), Entrance(store), desk_of(store, folder / "data"))
    with serving(app) as base:
        yield Served(base, ids, folder / "fullcredits.db")
    store.close()


def _ask_and_decide(db: Connection, ids: Ids) -> None:
    """Something to review, a suspect, and a decision."""
    held = media_people.c.person_id.is_not(None)
    query = select(media_people.c.source_person_id, media_people.c.person_id).where(held)
    people = {row.person_id: row.source_person_id for row in db.execute(query).all()}
    for person, record in people.items():
        where = source_people.c.id == record
        db.execute(update(source_people).where(where).values(person_id=person))
    lead, *others = people[ids.lead], *(r for p, r in people.items() if p != ids.lead)
    clues = [["rarity", 5.0, 16, 0, ""], ["department", -2.9, 0, 0, ""], ["titles", 3, 2, 1, ""]]
    for one, other, joined in ((lead, others[0], False), (lead, others[1], False)):
        row = {"one_id": one, "other_id": other, "joined": joined, "score": 2.0, "clues": clues}
        db.execute(insert(evidence).values(row))
    row = {"source_person_id": lead, "kind": "career", "first": 1901, "last": 2019}
    db.execute(insert(suspects).values(row))
    side = {"source": "Attic", "key": "x", "name": "Ada Quill"}
    subject = {"one": [side], "name": "Augusta Ada Quill"}
    add_decisions(db, [Said("rename", subject, "as in the film's own titles")])


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Gone with these tests: as long as it is there, no other event loop can run in its thread."""
    if not CHROMIUM.exists():
        reason = "Chromium is not installed (Debian: apt install chromium)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
