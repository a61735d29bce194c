"""What one pretend Jellyfin server holds."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar

from fullcredits.simulate.audience import Verb, Watcher
from fullcredits.simulate.catalogue import Human, Kind, Work
from fullcredits.simulate.clock import Clock
from fullcredits.simulate.jellyfin.dialect import DEFAULT_VERSION, DIALECTS, Dialect
from fullcredits.simulate.jellyfin.ids import Ticks, net_guid, person_id, ticks
from fullcredits.simulate.jellyfin.people import Credit, people_of

_EPOCH = 1_577_836_800  # 2020-01-01: nothing was added earlier.
_TYPES: dict[Kind, str] = {
    "movie": "Movie",
    "show": "Series",
    "season": "Season",
    "episode": "Episode",
}


@dataclass(frozen=True, slots=True)
class View:
    """A library. Films and series hang below its ``folder``, not below its own ``id``. What lies at
    its ``path`` is in every library with that path.
    """

    id: str
    folder: str
    name: str
    collection: str
    path: str


@dataclass(slots=True)
class Item:
    """A work on this server; ``version`` grows with every change of it or of one above."""

    id: str
    work: Work
    parent: Item | None
    view: View
    created: Ticks
    saved: Ticks
    children: list[Item] = field(default_factory=list)
    version: int = 0
    shown: int | None = None
    """How many of its people a scan has come to; None: all."""

    @property
    def type(self) -> str:
        """Movie, Series, Season or Episode."""
        return _TYPES[self.work.kind]

    @property
    def series(self) -> Item | None:
        """The series of a season or episode."""
        if self.parent is None:
            return None
        return self.parent.parent or self.parent


@dataclass(slots=True)
class Person:
    """Everybody of one name. What is told of them is told of the last one saved.

    The portrait is that of the first who had one.
    """

    id: str
    name: str
    saved: Ticks
    humans: dict[str, Human] = field(default_factory=dict)
    version: int = 0
    """Grows with every change of what is told."""
    type: ClassVar[str] = "Person"

    @property
    def told(self) -> Human:
        """The human whose ids, dates and biography the person carries."""
        return next(reversed(self.humans.values()))

    @property
    def pictured(self) -> Human | None:
        """The human on the portrait; None when nobody of that name has one."""
        return next((human for human in self.humans.values() if human.portrait), None)


class JellyfinLibrary:
    """The items and persons of one server; may be changed while it is served.

    Every change gives the item a new Etag. Persons stay listed when their last credit goes, as
    on the real server until its weekly cleaning. ``persons_version`` counts changes of persons,
    ``changes`` those of anything; ``watchers`` are told of those of items.
    """

    def __init__(
        self, works: Iterable[Work], name: str, dialect: Dialect = DIALECTS[DEFAULT_VERSION]
    ) -> None:
        self.name = name
        self.dialect = dialect
        self.server_id = hashlib.md5(f"jellyfin server {name}".encode()).hexdigest()
        self.views = (
            _view(name, "Movies", "movies", "/media/movies"),
            _view(name, "Shows", "tvshows", "/media/shows"),
        )
        self.items: dict[str, Item] = {}
        self.persons: dict[str, Person] = {}
        self.persons_version = 0
        self.changes = 0
        self.watchers: list[Watcher] = []
        self.clock = Clock()
        self.scanning = False
        """Whether its folders are being looked through."""
        self.unreached: set[str] = set()
        """Ids of persons whom no user reaches through a library, see `Dialect`."""
        self._by_work: dict[str, Item] = {}
        self._place = 0
        """Ids are made of paths; this is how often the folders moved."""
        for work in works:
            self._add(work, None)

    def item(self, work_id: str) -> Item:
        """The item that this server has of a work.

        Raises:
            KeyError: the server does not hold the work.

        """
        return self._by_work[work_id]

    def people(self, item_id: str) -> list[Credit]:
        """The People of an item as they are served, with the humans behind each credit."""
        item = self.items[item_id]
        return self._people_of(item.work)[: item.shown]

    def person_named(self, name: str) -> Person:
        """The person item of that name.

        Raises:
            KeyError: nobody of that name was ever credited here.

        """
        return self.persons[person_id(name)]

    def put(self, work: Work) -> str:
        """Add a work, or replace what the server knows of it; returns the item's id.

        Raises:
            KeyError: the parent of a new season or episode is not held.

        """
        known = self._by_work.get(work.id)
        item = known or self._add(work, self.clock.time())
        item.work = work
        self._save(item)
        self._meet(work, item.saved)
        self._tell("updated" if known else "added", item)
        return item.id

    def rebuild(self, name: str | None = None) -> None:
        """Give everything another id, as when its folders are moved; with a name, as another
        server that was set up anew. Persons keep theirs: they are made of names.
        """
        if name is not None:
            self.server_id = hashlib.md5(f"jellyfin server {name}".encode()).hexdigest()
        self._place += 1
        items = list(self.items.values())
        self.items.clear()
        for item in items:
            item.id = self._id_of(item.work)
            self.items[item.id] = item
            self._save(item)

    def _id_of(self, work: Work) -> str:
        return net_guid(f"{self.name}/{work.id}{'/moved' * self._place}")

    def show_people(self, work_id: str, count: int | None) -> None:
        """Serve only so many of an item's people (None: all); its Etag stays as it is."""
        item = self._by_work[work_id]
        item.shown = count
        item.version += 1
        self.changes += 1

    def put_human(self, human: Human) -> None:
        """Change what the persons who are this human are told to be; no item's Etag changes."""
        for person in self.persons.values():
            if human.id in person.humans:
                person.humans[human.id] = human
                person.saved = ticks(self.clock.time())
                person.version += 1
        self.persons_version += 1
        self.changes += 1

    def touch(self, work_id: str) -> None:
        """Give the item a new Etag although nothing in it changed."""
        item = self._by_work[work_id]
        self._save(item)
        self._tell("updated", item)

    def drop(self, work_id: str) -> None:
        """Delete an item and everything below it."""
        item = self._by_work.pop(work_id)
        for child in tuple(item.children):
            self.drop(child.work.id)
        if item.parent:
            item.parent.children.remove(item)
        del self.items[item.id]
        self.changes += 1
        self._tell("removed", item)

    def _tell(self, verb: Verb, item: Item) -> None:
        for watcher in self.watchers:
            watcher(verb, item)

    def _save(self, item: Item) -> None:
        # Two changes within the clock's resolution must still be told apart.
        item.saved = max(ticks(self.clock.time()), item.saved + 1)
        self.changes += 1
        below = [item]
        while below:
            item = below.pop()
            item.version += 1
            below += item.children

    def _add(self, work: Work, now: float | None) -> Item:
        parent = self._by_work[work.parent] if work.parent else None
        created = now or _EPOCH + zlib.crc32(work.id.encode()) % 200_000_000 + 0.7328742
        saved = now or created + zlib.crc32(work.title.encode()) % 10_000_000
        item = Item(
            id=self._id_of(work),
            work=work,
            parent=parent,
            view=self.views[0 if work.kind == "movie" else 1],
            created=ticks(created),
            saved=ticks(saved),
            # Above that of one that went and had the same id: its rows may still be kept.
            version=self.changes,
        )
        self.items[item.id] = self._by_work[work.id] = item
        if parent:
            parent.children.append(item)
        self._meet(work, item.saved)
        return item

    def _people_of(self, work: Work) -> list[Credit]:
        return people_of(work.credits, apart=self.dialect.roles_apart)

    def _meet(self, work: Work, saved: Ticks) -> None:
        """Enter a work's people among the persons; whoever is entered last is told of."""
        for credit in self._people_of(work):
            key = person_id(credit.name)
            person = self.persons.get(key)
            if person is None:
                person = self.persons[key] = Person(key, credit.name, saved)
                self.persons_version += 1
            for human in credit.humans:
                person.humans.pop(human.id, None)
                person.humans[human.id] = human
            person.version += 1
        self.changes += 1


def _view(server: str, name: str, collection: str, path: str) -> View:
    view, folder = net_guid(f"{server}/view/{name}"), net_guid(f"{server}/folder/{name}")
    return View(view, folder, name, collection, path)
