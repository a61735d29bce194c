"""What one pretend Plex server holds, and its numbers for it."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from fullcredits.simulate.audience import Verb, Watcher
from fullcredits.simulate.catalogue import Human, Work
from fullcredits.simulate.clock import Clock
from fullcredits.simulate.plex.tags import TagBook, Tagged

MOVIES, SHOWS = 1, 2
_FIRST_KEY = 1001
_EPOCH = 1_577_836_800  # 2020-01-01: nothing was added earlier.


@dataclass(frozen=True, slots=True)
class Section:
    """A library section: ``type`` is movie or show."""

    key: int
    type: str
    title: str
    path: str
    legacy: bool = False
    """Whether its agent is one of old."""

    def holds(self, work: Work) -> bool:
        """Whether the work is listed in this section."""
        return (work.kind == "movie") == (self.type == "movie")


@dataclass(slots=True)
class Item:
    """A work on this server; ``key`` is its ratingKey, times are epoch seconds.

    ``version`` grows with every change of the item, of one above it or of one below it.
    """

    key: int
    work: Work
    parent: Item | None
    section: Section
    added: int
    updated: int
    children: list[Item]
    version: int = 0
    shown: int | None = None
    """How many people of each kind an agent has brought so far; None: all."""


class PlexLibrary:
    """The items of one server; may be changed while it is served, as scans and people do.

    Every change makes the item's ``updatedAt`` the present second; ``changes`` counts them and
    ``watchers`` are told.
    """

    def __init__(self, works: Iterable[Work], name: str, *, legacy: bool = False) -> None:
        self.name = name
        self.machine_id = hashlib.sha1(f"plex server {name}".encode()).hexdigest()
        self.sections = (
            Section(MOVIES, "movie", "Movies", "/media/movies", legacy),
            Section(SHOWS, "show", "TV Shows", "/media/shows", legacy),
        )
        self.items: dict[int, Item] = {}
        self._by_work: dict[str, Item] = {}
        self.changes = 0
        self.watchers: list[Watcher] = []
        self.clock = Clock()
        self.refreshing = False
        """Whether its sections say that they are being scanned."""
        self._next_key = _FIRST_KEY
        self._media: dict[str, list[Item]] | None = None
        held = list(works)
        self.tags = TagBook(dict.fromkeys(c.human for w in held for c in w.credits), legacy=legacy)
        for work in held:
            self._add(work, None)

    def item(self, work_id: str) -> Item:
        """The item that this server has of a work.

        Raises:
            KeyError: the server does not hold the work.

        """
        return self._by_work[work_id]

    def people(self, key: int) -> dict[str, list[Tagged]]:
        """Everybody served for an item, by kind, uncapped; each with the human behind the tag."""
        item = self.items[key]
        people = self.tags.tagged(item.work)
        if item.shown is None:
            return people
        return {kind: tags[: item.shown] for kind, tags in people.items()}

    def media_of(self, human: Human) -> list[Item]:
        """The items that credit this human in any served kind, in the order of their keys."""
        if self._media is None:
            self._media = {}
            for item in self.items.values():
                people = self.tags.tagged(item.work)
                for human_id in {t.human.id for tags in people.values() for t in tags}:
                    self._media.setdefault(human_id, []).append(item)
        return self._media.get(human.id, [])

    def put(self, work: Work) -> int:
        """Add a work, or replace what the server knows of it; returns its ratingKey.

        Raises:
            KeyError: the parent of a new season or episode is not held.

        """
        known = self._by_work.get(work.id)
        now = int(self.clock.time())
        verb: Verb = "added" if known is None else "updated"
        if known is None:
            known = self._add(work, now)
        known.work, known.updated = work, now
        self._changed(known)
        self._tell(verb, known)
        return known.key

    def rebuild(self, name: str | None = None) -> None:
        """Give everything another key, as after taking a library away and adding it again; with a
        name, as another server that was set up anew.
        """
        if name is not None:
            self.machine_id = hashlib.sha1(f"plex server {name}".encode()).hexdigest()
        now = int(self.clock.time())
        items = list(self.items.values())
        self.items.clear()
        for item in items:
            item.key, self._next_key = self._next_key, self._next_key + 1
            item.updated = item.added = now
            self.items[item.key] = item
            self._changed(item)

    def show_people(self, work_id: str, count: int | None) -> None:
        """Serve only so many of each kind (None: all); ``updatedAt`` stays as it is."""
        item = self._by_work[work_id]
        item.shown = count
        self._changed(item)

    def touch(self, work_id: str) -> None:
        """Make the item look changed although nothing in it did, as metadata refreshes do."""
        item = self._by_work[work_id]
        item.updated = int(self.clock.time())
        self._changed(item)
        self._tell("updated", item)

    def drop(self, work_id: str) -> None:
        """Delete an item and everything below it; its keys are never given out again."""
        item = self._by_work.pop(work_id)
        for child in tuple(item.children):
            self.drop(child.work.id)
        if item.parent:
            item.parent.children.remove(item)
        del self.items[item.key]
        self._changed(item)
        self._tell("removed", item)

    def _tell(self, verb: Verb, item: Item) -> None:
        for watcher in self.watchers:
            watcher(verb, item)

    def _changed(self, item: Item) -> None:
        self._media = None
        self.changes += 1
        above = item.parent
        while above:
            above.version += 1
            above = above.parent
        below = [item]
        while below:
            item = below.pop()
            item.version += 1
            below += item.children

    def _add(self, work: Work, now: int | None) -> Item:
        parent = self._by_work[work.parent] if work.parent else None
        added = now or _EPOCH + zlib.crc32(work.id.encode()) % 200_000_000
        updated = now or added + zlib.crc32(work.title.encode()) % 10_000_000
        section = next(s for s in self.sections if s.holds(work))
        item = Item(self._next_key, work, parent, section, added, updated, [])
        self._next_key += 1
        self.items[item.key] = self._by_work[work.id] = item
        if parent:
            parent.children.append(item)
        return item
