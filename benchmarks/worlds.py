"""Worlds to decide in: what several pretend servers say of real films, and who is really meant.

A world is given as the facts that identity looks at, made straight from the simulators' libraries
without sockets, sync and database. The TMDB id of a person is the truth; a credit with a name only
has none and is there as noise, and so has a credit in which the server itself fused two people.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from fullcredits.identity.evidence import Credit, Person, parts_of
from fullcredits.identity.spellings import Billed, Otherwise, find_alike
from fullcredits.model import Department, ExternalId
from fullcredits.simulate import Catalogue, Human, JellyfinLibrary, PlexLibrary, Stated, Work
from fullcredits.simulate.catalogue import catalogue_of
from fullcredits.simulate.jellyfin.ids import person_id
from fullcredits.sources.jellyfin.jobs import CAST, KINDS
from fullcredits.text import fold

MOST_ROLES = 200
_PLEX_JOBS = {
    "Role": (Department.ACTING, "Actor"),
    "Director": (Department.DIRECTING, "Director"),
    "Writer": (Department.WRITING, "Writer"),
    "Producer": (Department.PRODUCTION, "Producer"),
}
Truth = Callable[[Human], str | None]


def called_otherwise(persons: Sequence[Person], credits: Iterable[Credit]) -> list[Otherwise]:
    """Who may be called otherwise by another server, of a whole library; `persons` by number."""
    on_title: dict[int, list[Credit]] = defaultdict(list)
    for credit in credits:
        on_title[credit.title].append(credit)
    found: list[Otherwise] = []
    for there in on_title.values():
        if len({persons[credit.person].source for credit in there}) > 1:
            billed = [
                Billed(person.source, person.id, person.name, credit.department, credit.parts)
                for credit in there
                for person in (persons[credit.person],)
            ]
            found += (Otherwise(there[0].work, *pair) for pair in find_alike(billed))
    return found


@dataclass(slots=True)
class World:
    """Facts of several servers and the human behind each credit, where that is known."""

    name: str
    overlap: int | None = None
    """The share of titles that both servers have, in per cent."""
    persons: list[Person] = field(default_factory=list)
    credits: list[Credit] = field(default_factory=list)
    truth: dict[int, str] = field(default_factory=dict)
    titles: dict[str, int] = field(default_factory=dict)
    """Title numbers by the id of their work."""
    _numbers: dict[tuple[int, str], int] = field(default_factory=dict)
    _sources: int = 0

    def add_plex(self, works: list[Work], truth: Truth, *, legacy: bool = False) -> None:
        """Add a Plex server; a legacy one has no keys for people."""
        self._sources += 1
        library = PlexLibrary(works, f"Plex {self._sources}")
        roots = _roots(works)
        for key, item in library.items.items():
            people = library.people(key)
            for kind, (department, job) in _PLEX_JOBS.items():
                for tag in people.get(kind, ())[:MOST_ROLES]:
                    tag_key = None if legacy else tag.key
                    person = self._person(
                        tag_key or f"name:{fold(tag.name)}",
                        tag.name,
                        tag_key is None,
                        (ExternalId("plex", tag_key),) if tag_key else (),
                    )
                    self._credit(
                        person, item.work, roots, department, tag.role or job, [tag.human], truth
                    )

    def add_jellyfin(self, works: list[Work], truth: Truth) -> None:
        """Add a Jellyfin server: it knows people by their names, and the ids of the last saved."""
        self._sources += 1
        library = JellyfinLibrary(works, f"Jellyfin {self._sources}")
        roots = _roots(works)
        for item_id, item in library.items.items():
            for credit in library.people(item_id):
                told = library.person_named(credit.name).told
                ids = tuple(ExternalId(*pair) for pair in told.ids)
                key = person_id(credit.name)
                person = self._person(key, credit.name, True, ids, _day(told.born))
                department, silent = KINDS[credit.kind]
                part = credit.role if credit.kind in CAST else credit.role or silent
                self._credit(
                    person, item.work, roots, department, part or silent, credit.humans, truth
                )

    def begin_source(self) -> None:
        """Let what is added from here on be another server's."""
        self._sources += 1

    def add_keyed(
        self,
        key: tuple[str, str],
        name: str,
        work: str,
        department: Department,
        part: str,
        year: int | None,
        human: str | None,
    ) -> None:
        """Add a credit, on a film or show as a whole, of somebody whom that server knows by id."""
        person = self._person(key[1], name, False, (ExternalId(*key),))
        title = self.titles.setdefault(work, len(self.titles))
        parts = parts_of(part, department is Department.ACTING)
        if human is not None:
            self.truth[len(self.credits)] = human
        self.credits.append(
            Credit(len(self.credits), person, title, title, department, parts, year)
        )

    def _person(
        self,
        key: str,
        name: str,
        by_name: bool,
        ids: tuple[ExternalId, ...],
        born: dt.date | None = None,
    ) -> int:
        number = self._numbers.get((self._sources, key))
        if number is None:
            number = self._numbers[self._sources, key] = len(self.persons)
            self.persons.append(Person(number, self._sources, fold(name), by_name, ids, born))
        return number

    def _credit(
        self,
        person: int,
        work: Work,
        roots: Mapping[str, str],
        department: Department,
        part: str,
        humans: Iterable[Human],
        truth: Truth,
    ) -> None:
        number = len(self.credits)
        title = self.titles.setdefault(work.id, len(self.titles))
        show = self.titles.setdefault(roots[work.id], len(self.titles))
        acting = department is Department.ACTING
        self.credits.append(
            Credit(number, person, title, show, department, parts_of(part, acting), work.year)
        )
        known = {truth(human) for human in humans}
        if len(known) == 1 and (human := known.pop()) is not None:
            self.truth[number] = human


def _roots(works: Iterable[Work]) -> dict[str, str]:
    roots: dict[str, str] = {}
    for work in works:
        roots[work.id] = roots[work.parent] if work.parent else work.id
    return roots


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def shares(catalogue: Catalogue, overlap: int) -> tuple[list[Work], list[Work]]:
    """Two shares of a catalogue: of all titles, this many per cent are on both servers.

    The others go to one of the two, half each; seasons and episodes go with their show.
    """
    one: set[str] = set()
    other: set[str] = set()
    for work in catalogue.works.values():
        if work.parent is None:
            dice = zlib.crc32(f"share {work.id}".encode())
            both = dice % 1000 < overlap * 10
            if both or dice // 1000 % 2:
                one.add(work.id)
            if both or not dice // 1000 % 2:
                other.add(work.id)
    return catalogue.held(one), catalogue.held(other)


def worlds(catalogue: Catalogue, truth: Truth) -> Iterator[World]:
    """Each world of films and series with TMDB ids, one at a time: they are large."""
    for overlap in (100, 50, 10, 0):
        one, other = shares(catalogue, overlap)
        world = World(f"Plex + Jellyfin, {overlap} %", overlap)
        world.add_plex(one, truth)
        world.add_jellyfin(other, truth)
        yield world
    one, other = shares(catalogue, 50)
    world = World("Plex + Plex, 50 %", 50)
    world.add_plex(one, truth)
    world.add_plex(other, truth)
    yield world
    world = World("Jellyfin alone")
    world.add_jellyfin(list(catalogue.works.values()), truth)
    yield world
    world = World("Jellyfin + Jellyfin, 50 %", 50)
    world.add_jellyfin(one, truth)
    world.add_jellyfin(other, truth)
    yield world
    world = World("Jellyfin + Jellyfin, 0 %", 0)
    for share in shares(catalogue, 0):
        world.add_jellyfin(share, truth)
    yield world
    world = World("legacy Plex + Jellyfin, 50 %", 50)
    world.add_plex(one, truth, legacy=True)
    world.add_jellyfin(other, truth)
    yield world
    world = World("legacy Plex + Plex, 50 %", 50)
    world.add_plex(one, truth, legacy=True)
    world.add_plex(other, truth)
    yield world


def known_names(catalogue: Catalogue) -> Catalogue:
    """The catalogue with every credit that has a name only given to whoever bears that name.

    Of a film's full list most people come by name only. Nobody knows who they are; but a name
    that exactly one id is credited under nearly always means that human, and a server that knows
    people by id would not make a stranger of each. Names of several ids, and of none, stay
    strangers.
    """
    bearers: dict[str, dict[str, Human]] = defaultdict(dict)
    for work in catalogue.works.values():
        for stated in work.credits:
            if stated.human.ids:
                bearers[fold(stated.name)][stated.human.id] = stated.human
    meant = {
        name: dataclasses.replace(next(iter(humans.values())), ids=())
        for name, humans in bearers.items()
        if len(humans) == 1
    }

    def told(stated: Stated) -> Stated:
        if stated.human.ids or (human := meant.get(fold(stated.name))) is None:
            return stated
        return dataclasses.replace(stated, human=human)

    works = [
        dataclasses.replace(work, credits=tuple(map(told, work.credits)))
        for work in catalogue.works.values()
    ]
    return catalogue_of(works, catalogue.shares)
