"""One pretend server of a machine, to which things happen also while it is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from fullcredits.model import SourceKind
from fullcredits.simulate import Catalogue, jellyfin_app, plex_app
from fullcredits.simulate.jellyfin.library import View
from fullcredits.simulate.plex.library import Section
from tests import served
from tests.served import Stated
from tests.sync.household import TOKENS
from tests.sync.soak.changes import CHANGES
from tests.sync.soak.stock import AT_FIRST, STOCK

VERSIONS = {
    SourceKind.PLEX: ("1.41", "1.42", "1.43"),
    SourceKind.JELLYFIN: ("10.8", "10.10", "10.11", "12.0"),
}
PLACES = {
    SourceKind.PLEX: ("/library/metadata/*", "/library/sections/*/all*", "/library/sections*", "*"),
    SourceKind.JELLYFIN: ("/items?*&ids=*", "/items?*parentid=*", "/items?*person*", "*"),
}
"""Where a fault may strike."""


class Title(NamedTuple):
    """What a server says of a title, as far as the pretend server itself knows it."""

    key: str
    title: str
    kind: str
    library: str
    parent: str | None


class Shelf:
    """A server; `app` is put on a socket by whoever runs the machine."""

    def __init__(self, kind: SourceKind) -> None:
        self.kind = kind
        self.name = kind.value.capitalize()
        make = plex_app if kind is SourceKind.PLEX else jellyfin_app
        works = {key: STOCK[key] for key in AT_FIRST}
        self.app: Starlette = make(Catalogue(works), name=self.name)
        self.clock = self.app.state.clock
        self.library.watchers.append(self._hear)
        self._third_library()
        self.heard: dict[str, set[str]] = {"changed": set(), "removed": set()}
        """Keys, as the server's own messages would name them."""
        self._due: list[tuple[int, Callable[[], None]]] = []

    @property
    def library(self) -> Any:
        """What it holds."""
        return self.app.state.library

    def upgrade(self, n: int) -> None:
        """It goes on in another version; what was to go wrong is forgotten."""
        self._due.clear()
        versions = VERSIONS[self.kind]
        make: Any = plex_app if self.kind is SourceKind.PLEX else jellyfin_app
        version = versions[n % len(versions)]
        self.app = make(Catalogue({}), name=self.name, version=version, library=self.library)

    def change(self, what: str, n: int) -> None:
        """Let something happen to it now."""
        CHANGES[what](self.library, n)

    def during(self, requests: int, what: Callable[[], None]) -> None:
        """Let something happen so many requests from now."""
        self._due.append((requests, what))
        if self._count not in self.app.state.faults:
            self.app.state.faults.insert(0, self._count)

    def never(self, what: Callable[[], None]) -> None:
        """Let what was to happen not happen."""
        self._due = [(left, due) for left, due in self._due if due != what]

    def fault(self, kind: str, place: int, times: int | None) -> None:
        """Let requests of one sort go wrong."""
        places = PLACES[self.kind]
        self.app.state.faults.script(kind, places[place % len(places)], times=times)

    def quiet(self) -> None:
        """Nothing goes wrong any more, and no scan is under way."""
        self.app.state.faults.clear()
        self._due.clear()
        self.change("mend", 0)

    def take_heard(self) -> tuple[list[str], list[str]]:
        """What it told of since the last time: changed and removed keys."""
        changed, removed = (sorted(self.heard[name]) for name in ("changed", "removed"))
        self.heard = {"changed": set(), "removed": set()}
        return changed, removed

    def titles(self) -> set[Title]:
        """All it holds."""
        return {
            Title(
                self.key(item),
                item.work.title,
                item.work.kind,
                self._library_of(item),
                self.key(item.parent) if item.parent else None,
            )
            for item in self.library.items.values()
        }

    def credits(self, address: str) -> Counter[Stated]:
        """Every credit as served, read independently."""
        read = served.plex if self.kind is SourceKind.PLEX else served.jellyfin
        return read(address, TOKENS[self.kind])

    def key(self, item: Any) -> str:
        """The key it gives an item."""
        return str(item.key if self.kind is SourceKind.PLEX else item.id)

    def _library_of(self, item: Any) -> str:
        return str(item.section.title if self.kind is SourceKind.PLEX else item.view.name)

    def _third_library(self) -> None:
        if self.kind is SourceKind.PLEX:
            classics = Section(3, "movie", "Classics", "/media/classics")
            self.library.sections = (*self.library.sections, classics)
        else:
            view = View("c" * 32, "d" * 32, "Classics", "movies", "/media/classics")
            self.library.views = (*self.library.views, view)

    def _hear(self, verb: str, item: Any) -> None:
        self.heard["removed" if verb == "removed" else "changed"].add(self.key(item))

    def _count(self, _: Request) -> Response | None:
        ready = [what for left, what in self._due if left <= 1]
        self._due = [(left - 1, what) for left, what in self._due if left > 1]
        for what in ready:
            what()
        return None
