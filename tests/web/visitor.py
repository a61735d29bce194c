"""A browser as far as access is concerned: cookies, forms with their tokens, where it is sent."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from httpx2 import Response
from starlette.testclient import TestClient

from fullcredits.access import Entrance
from fullcredits.store import Store
from fullcredits.web.app import create_app
from fullcredits.web.reach import Reach
from tests.desks import desk_of

PASSWORD = "correct horse battery"
_FIELD = re.compile(r'name="form_token" value="([0-9a-f]+)"')


class NoPictures:
    async def picture(self, image_id: int, width: int) -> None:
        return None


class Visitor:
    """Somebody with a browser of their own."""

    def __init__(self, client: TestClient, base: str) -> None:
        self.client = client
        self.base = base

    def get(self, path: str, **headers: str) -> Response:
        return self.client.get(path, headers=headers)

    def token(self, page: str) -> str:
        """The token of the forms of a page."""
        found = _FIELD.search(self.get(page).text)
        assert found, page
        return found[1]

    def post(self, path: str, page: str | None = None, **typed: str) -> Response:
        """Send a form of that page (by default the one at the same path)."""
        values = {"form_token": self.token(page or path), **typed}
        return self.client.post(path, data=values, headers={"Origin": self.base})

    def sign_in(self, password: str = PASSWORD, wanted: str = "/") -> Response:
        return self.post("/log-in", password=password, next=wanted)

    @property
    def cookie(self) -> str:
        return self.client.cookies.get("fullcredits") or ""


class House:
    """Served pages, and whoever comes."""

    def __init__(
        self, store: Store, reach: Reach | None = None, base: str = "", **settings: str
    ) -> None:
        self.entrance = Entrance(store)
        file = store.engine.url.database
        assert file
        self.folder = Path(file).with_name("data")
        self.desk = desk_of(store, self.folder, **settings)
        self.app = create_app(store, NoPictures(), self.entrance, self.desk, reach or Reach())
        self.base = base or "http://127.0.0.1"

    def visitor(self, address: str = "192.0.2.7", base: str = "") -> Visitor:
        base = base or self.base
        client = TestClient(self.app, base, follow_redirects=False, client=(address, 4711))
        return Visitor(client, base)


def shown_error(answer: Response) -> str:
    """What a page says is wrong with what was typed."""
    found = re.search(r'role="alert"[^>]*>(.*?)</p>', answer.text)
    return unescape(found[1]) if found else ""
