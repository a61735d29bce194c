"""Deciding in portions, step by step and in any order, is as deciding everything at once."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import Connection, event, select

from fullcredits.model import Credit, ExternalId, MediaItem, PersonFacts, SourceKind, TitleKind
from fullcredits.store import Store
from fullcredits.store.gone import mark_gone, titles_named
from fullcredits.store.identity import person_facts, title_facts
from fullcredits.store.persons import put_person_facts
from fullcredits.store.schema import (
    name_words,
    names_counted,
    source_people,
)
from fullcredits.store.sources import remove_source
from fullcredits.store.write import put_records
from fullcredits.sync.identify import identify, portions
from tests.store import made
from tests.who import decide_anew, people, titles

SERVERS = (
    ("Attic", SourceKind.PLEX),
    ("Cabin", SourceKind.JELLYFIN),
    ("Den", SourceKind.JELLYFIN),
    ("Loft", SourceKind.PLEX),
)
NAMES = [f"{first} {last}" for first in ("Ana", "Bo", "Cy", "Dee") for last in ("Vega", "Moss")]
NAMES += ["Vega Ana", "Cy J Moss"]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Portions so small that many are needed."""
    monkeypatch.setattr(title_facts, "PORTION", 2)
    monkeypatch.setattr(person_facts, "PORTION", 3)
    monkeypatch.setattr(person_facts, "TITLES", 2)


class World:
    """A store with four servers, and changes to them that come by chance."""

    def __init__(self, store: Store, dice: random.Random) -> None:
        self.store = store
        self.dice = dice
        self.sources = {name: made.source(store, name, kind) for name, kind in SERVERS}
        self.libraries = {n: made.library(store, number) for n, number in self.sources.items()}

    def change(self) -> None:
        """Something happens on one of the servers."""
        change = self.dice.choices((self.film, self.show, self.facts, self.gone), (10, 5, 8, 1))[0]
        change(self.dice.choice(list(self.sources)))

    def film(self, server: str) -> None:
        number = self.dice.randrange(8)
        ids = self._ids(number)
        item = MediaItem(
            f"film {number}",
            TitleKind.MOVIE,
            f"Film {self.dice.randrange(6)}",
            year=self.dice.choice([1990, 1991, 2005]),
            external_ids=ids,
            overview=self.dice.choice([None, "A night.", "A day."]),
        )
        self._put(server, item, self._cast(server))

    def show(self, server: str) -> None:
        number = self.dice.randrange(3)
        show = MediaItem(
            f"show {number}", TitleKind.SHOW, f"Show {number}", external_ids=self._ids(100 + number)
        )
        self._put(server, show, self._cast(server))
        for episode in range(self.dice.randrange(4)):
            item = MediaItem(
                f"show {number} episode {episode}",
                TitleKind.EPISODE,
                self.dice.choice(["The Lantern", "The Mirror", f"Episode {episode}"]),
                show_key=show.key,
                season_number=self.dice.randrange(2),
                episode_number=episode,
            )
            self._put(server, item, self._cast(server))

    def facts(self, server: str) -> None:
        if dict(SERVERS)[server] is SourceKind.JELLYFIN:
            name = self.dice.choice(NAMES)
            ids = (ExternalId("tmdb", str(self.dice.randrange(6))),)
            facts = PersonFacts(made.person(name), external_ids=ids)
            with self.store.writing() as db:
                put_person_facts(db, self.sources[server], [facts])

    def gone(self, server: str) -> None:
        with self.store.writing() as db:
            film = [f"film {self.dice.randrange(8)}"]
            mark_gone(db, [row.id for row in titles_named(db, self.sources[server], film)])

    def _ids(self, number: int) -> tuple[ExternalId, ...]:
        schemes = self.dice.sample(["imdb", "tmdb"], self.dice.randrange(3))
        return tuple(ExternalId(scheme, str(number // 2)) for scheme in sorted(schemes))

    def _cast(self, server: str) -> list[Credit]:
        keyed = dict(SERVERS)[server] is SourceKind.PLEX
        credits = []
        for billing, name in enumerate(self.dice.sample(NAMES, self.dice.randrange(6))):
            key = f"{name} {self.dice.randrange(2)}" if keyed else None
            credits.append(made.actor(billing, name, self.dice.choice(["", "Smith"]), key))
        return credits

    def _put(self, server: str, item: MediaItem, cast: list[Credit]) -> None:
        source, library = self.sources[server], self.libraries[server]
        made.listed(self.store, source, library, item)
        with self.store.writing() as db:
            put_records(db, source, [made.record(item, *cast)])


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("seed", range(4))
def test_step_by_step_is_as_everything_at_once(store: Store, seed: int) -> None:
    world = World(store, random.Random(seed))
    for _ in range(12):
        for _ in range(world.dice.randrange(1, 4)):
            world.change()
        identify(store)
    steps = titles(store), people(store)
    decide_anew(store)
    assert (titles(store), people(store)) == steps


def waiting(store: Store) -> int:
    with store.reading() as db:
        return len(db.scalars(select(source_people.c.id).where(source_people.c.undecided)).all())


@pytest.mark.usefixtures("small")
def test_what_comes_from_another_sync_meanwhile_is_left_to_that(store: Store) -> None:
    attic = made.source(store)
    namesakes = [made.actor(n, "Ana Vega", key=f"ana {n}") for n in range(3)]
    namesakes += [made.actor(n, f"{n} Moss", key=f"{n} {k}") for n in range(9) for k in "ab"]
    put(store, attic, made.film("0"), *namesakes, decide=False)
    for steps, _ in enumerate(portions(store), 1):
        assert steps < 100
        more = [made.actor(n, f"{steps} Fo", key=f"{steps} {n}") for n in range(2)]
        put(store, attic, made.film(str(steps), f"Film {steps}"), *more, decide=False)
    assert waiting(store) > 0
    identify(store)
    assert waiting(store) == 0


@pytest.mark.usefixtures("small")
def test_who_goes_no_further_leaves_nothing_half_done(store: Store) -> None:
    attic = made.source(store)
    film = made.film("0")
    put(store, attic, film, *(made.actor(n, f"{n // 2} Ek", key=str(n)) for n in range(20)),
        decide=False)  # fmt: skip
    left = portions(store)
    while waiting(store) == 20:
        assert next(left)
    assert 0 < waiting(store) < 20
    identify(store)
    assert len(people(store)) == 20


@pytest.mark.usefixtures("small")
def test_what_a_removed_server_said_plays_no_part(store: Store) -> None:
    world = World(store, random.Random(5))
    for _ in range(25):
        world.change()
    identify(store)
    with store.writing() as db:
        remove_source(db, world.sources["Attic"])
    identify(store)
    steps = titles(store), people(store)
    decide_anew(store)
    assert (titles(store), people(store)) == steps


def test_other_spellings_are_found_and_lost_as_titles_and_names_change(store: Store) -> None:
    attic = made.source(store)
    cabin = made.source(store, "Cabin", SourceKind.JELLYFIN)
    film = made.film("1", "Film", ids="imdb:tt1")
    other = made.film("2", "Other", ids="imdb:tt2")
    put(store, attic, film, made.actor(0, "Ana Vega", "Maeve", key="aa"))
    put(store, attic, other, made.actor(0, "Ana Vega", "Lena", key="aa"))
    put(store, cabin, film, made.actor(0, "Anna Vega", "Maeve"))
    assert len(people(store)) == 1
    put(store, cabin, film, made.actor(0, "Anna Vega", "Maeve"), made.actor(1, "Ana Vega"))
    assert len(people(store)) == 2, "the server knows both names"
    put(store, cabin, film, made.actor(0, "Anna Vega", "Maeve"))
    assert len(people(store)) == 1
    put(store, attic, other, made.actor(0, "Zed Quill", "Lena", key="aa"))
    assert len(people(store)) == 2, "they are called otherwise on all their titles now"
    steps = people(store)
    decide_anew(store)
    assert people(store) == steps


def test_the_order_in_which_servers_come_plays_no_part(
    sqlite_store: Store, postgres_store: Store
) -> None:
    found = []
    for store, order in ((sqlite_store, SERVERS), (postgres_store, tuple(reversed(SERVERS)))):
        world = World(store, random.Random(0))
        for server, _ in order:
            for number in range(12):
                world.dice.seed(f"{server} {number}")
                world.film(server)
                world.show(server)
            identify(store)
        found.append((titles(store), people(store)))
    assert found[0] == found[1]


def test_nothing_waiting_nothing_is_read_or_written(store: Store) -> None:
    world = World(store, random.Random(1))
    for _ in range(6):
        world.change()
    identify(store)
    statements: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
    identify(store)
    assert [s.split()[0] for s in statements if s.split()[0] not in ("BEGIN", "SELECT")] == []
    assert len([s for s in statements if s.startswith("SELECT")]) <= 4


def test_a_renamed_person_is_decided_by_the_new_name_and_counted_once(store: Store) -> None:
    attic = made.source(store)
    cabin = made.source(store, "Cabin", SourceKind.JELLYFIN)
    film = made.film("1", "Film", ids="imdb:tt1")
    put(store, attic, film, made.actor(0, "Ana Vega", key="aa"))
    put(store, cabin, film, made.actor(0, "Ana Vega"))
    assert len(people(store)) == 1
    put(store, attic, film, made.actor(0, "Ana Moss", key="aa"))
    assert len(people(store)) == 2
    with store.reading() as db:
        counted = {(row.word, row.last): row.names for row in db.execute(select(name_words))}
        assert db.scalar(select(names_counted.c.up_to)) is not None
    assert counted == {("ana", False): 2, ("vega", True): 1, ("moss", True): 1}


def put(store: Store, source: int, item: MediaItem, *credits: Credit, decide: bool = True) -> None:
    library = made.library(store, source)
    made.listed(store, source, library, item)
    with store.writing() as db:
        put_records(db, source, [made.record(item, *credits)])
    if decide:
        identify(store)


def test_films_that_an_id_joined_come_apart_without_it(store: Store) -> None:
    cabin = made.source(store, "Cabin", SourceKind.JELLYFIN)
    den = made.source(store, "Den", SourceKind.JELLYFIN)
    put(store, cabin, made.film("1", "The Harbour", ids="imdb:tt1"))
    put(store, den, made.film("2", "Havnen", ids="imdb:tt1"))
    assert len(titles(store)) == 1
    put(store, den, made.film("2", "Havnen"))
    assert len(titles(store)) == 2


def test_people_whom_an_id_joined_come_apart_without_it(store: Store) -> None:
    servers = [made.source(store, name, SourceKind.JELLYFIN) for name in ("Cabin", "Den")]
    for source, name in zip(servers, ("Ana Vega", "A. Vega"), strict=True):
        put(store, source, made.film(name, name), made.actor(0, name))
    found = []
    for ids in ((ExternalId("tmdb", "1"),), ()):
        with store.writing() as db:
            put_person_facts(
                db, servers[0], [PersonFacts(made.person("Ana Vega"), external_ids=ids)]
            )
            one = (ExternalId("tmdb", "1"),)
            put_person_facts(
                db, servers[1], [PersonFacts(made.person("A. Vega"), external_ids=one)]
            )
        identify(store)
        found.append(len(people(store)))
    assert found == [1, 2]


class Killed(Exception):
    """The power went."""


@pytest.mark.usefixtures("small")
def test_a_kill_anywhere_is_made_good_by_the_next_run(
    sqlite_store: Store, postgres_store: Store
) -> None:
    def killed_now_and_then(db: Connection, *_: object) -> None:
        if dice.random() < 0.05:
            raise Killed

    dice = random.Random(3)
    worlds = [World(store, random.Random(3)) for store in (sqlite_store, postgres_store)]
    for world in worlds:
        for _ in range(25):
            world.change()
    event.listen(sqlite_store.engine, "before_cursor_execute", killed_now_and_then)
    kills = 0
    while True:
        try:
            identify(sqlite_store)
        except Killed:
            kills += 1
        else:
            break
    event.remove(sqlite_store.engine, "before_cursor_execute", killed_now_and_then)
    identify(postgres_store)
    assert kills > 5
    assert titles(sqlite_store) == titles(postgres_store)
    assert people(sqlite_store) == people(postgres_store)
