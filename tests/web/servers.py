"""The page "Servers" as its owner has it, with pretend servers to be added there."""

from __future__ import annotations

import re
from html import unescape
from typing import NamedTuple

from httpx2 import Response

from fullcredits.simulate import (
    DEFAULT_API_KEY,
    DEFAULT_PASSWORD,
    DEFAULT_TOKEN,
    jellyfin_app,
    open_catalogue,
    plex_app,
)
from fullcredits.web.keeping import NotKept
from tests.plextv import ACCOUNT, PlexTv
from tests.web.visitor import House, Visitor, shown_error

CABIN = jellyfin_app(open_catalogue(), share="cabin")
ATTIC = plex_app(open_catalogue(), share="attic")
SECRETS = (DEFAULT_API_KEY, DEFAULT_PASSWORD, DEFAULT_TOKEN, ACCOUNT, "pa55word")
HTMX = {"HX-Request": "true"}


class Plex(NamedTuple):
    """A Plex, and the plex.tv that knows of it."""

    address: str
    tv: PlexTv
    tv_address: str

    @property
    def id(self) -> str:
        return str(ATTIC.state.library.machine_id)


class Keeper(NotKept):
    """Counts how often it was told of changed sources."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    def wake(self) -> None:
        self._owner.woken += 1


class Owner(Visitor):
    """Somebody at the pages, who never gets to see a secret there."""

    def __init__(self, house: House) -> None:
        visitor = house.visitor("127.0.0.1")
        super().__init__(visitor.client, visitor.base)
        self.house = house
        self.woken = 0
        house.app.state.keeping = Keeper(self)

    def get(self, path: str, **headers: str) -> Response:
        return self._clean(super().get(path, **headers))

    def post(self, path: str, page: str | None = None, **typed: str) -> Response:
        return self._clean(super().post(path, page, **typed))

    def _clean(self, answer: Response) -> Response:
        for secret in SECRETS:
            assert secret not in answer.text + str(answer.headers) + str(answer.url)
        return answer

    def sent_on(self, path: str, page: str | None = None, **typed: str) -> str:
        """Where a form that was taken leads."""
        answer = self.post(path, page, **typed)
        assert answer.status_code == 303, shown_error(answer)
        return answer.headers["location"]

    @property
    def names(self) -> list[str]:
        return [row.name for row in self.house.desk.rows()]

    @property
    def database(self) -> bytes:
        return b"".join(file.read_bytes() for file in self.house.folder.parent.glob("*.db*"))


def heading(answer: Response) -> str:
    found = re.search(r"<h1>(.*?)</h1>", answer.text)
    assert found
    return unescape(re.sub(r"<[^>]+>", "", found[1]))


def text_of(answer: Response) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())
