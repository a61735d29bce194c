"""A small library on a server of each kind, and a database that knew it before it changed."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import shutil
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

import httpx2
import pytest
from sqlalchemy import select
from starlette.applications import Starlette

from fullcredits.model import Server, SourceKind
from fullcredits.simulate import (
    DEFAULT_PASSWORD,
    DEFAULT_TOKEN,
    DEFAULT_USER,
    Catalogue,
    jellyfin_app,
    open_catalogue,
    plex_app,
    running,
)
from fullcredits.simulate.catalogue import Human, Stated, Work
from fullcredits.simulate.faults import Faults
from fullcredits.simulate.plex.dialect import Dialect
from fullcredits.sources import patience
from fullcredits.sources.contract import Source
from fullcredits.sources.http import Http
from fullcredits.sources.jellyfin import sign_in
from fullcredits.sources.jellyfin.client import JellyfinSource
from fullcredits.sources.plex.client import PlexSource, headers
from fullcredits.sources.plex.xml import as_json
from fullcredits.store import Store, problems, sources
from fullcredits.store.engine import open_engine
from fullcredits.store.schema import libraries, media_items, media_people, source_people
from fullcredits.sync.run import sync_source
from fullcredits.sync.watch import Summary
from tests import served, stated
from tests.faults import facts
from tests.faults.facts import Facts
from tests.sync.household import Diary

FILMS = [f"film-{n:03}" for n in (0, 1, 2, 3, 4, 5, 6, 8, 9, 10)]
LATER, DROPPED, RECAST = "film-010", "film-009", "film-000"
SHOW, EPISODES = "show-01", 4
NAMES = {SourceKind.PLEX: "Attic", SourceKind.JELLYFIN: "Cabin"}
PATIENT = httpx2.Timeout(60.0)
IMPATIENT = httpx2.Timeout(connect=5.0, read=1.5, write=5.0, pool=5.0)
"""What does not hang is to come in time, however busy this machine is."""
_SOON = 0.3
"""Seconds for what is asked for once something trickled."""

Truth = Counter[served.Stated]
"""Credits as served."""

NOTHING = Facts({}, {})

Known = Counter[tuple[str, str, str, str]]
"""Credits without their places: key, name, kind, part."""


def soon_in_vain(monkeypatch: pytest.MonkeyPatch) -> None:
    """What trickles is waited for as long as what hangs, and a moment where it does so again."""
    monkeypatch.setattr(patience, "LONGEST_ANSWER", IMPATIENT.read)
    monkeypatch.setattr(patience, "SHORT_PATIENCE", _SOON)


def small_catalogue() -> Catalogue:
    """Ten films and one show with four episodes."""
    held = open_catalogue().held([*FILMS, SHOW])
    episodes = [work.id for work in held if work.kind == "episode"][:EPISODES]
    seasons = {work.parent for work in held if work.id in episodes}
    kept = [w for w in held if w.kind in ("movie", "show") or w.id in {*episodes, *seasons}]
    return Catalogue({work.id: work for work in kept})


@dataclass(frozen=True)
class Scene:
    """A running server whose library changed after `template` was synced from it."""

    kind: SourceKind
    app: Starlette
    address: str
    token: str
    template: Path
    before: Known
    """What the template holds of titles that are still there; so `facts_before`."""
    facts_before: Facts = NOTHING

    @property
    def name(self) -> str:
        return NAMES[self.kind]

    @property
    def faults(self) -> Faults:
        found: Faults = self.app.state.faults
        return found

    def served(self) -> Truth:
        """Every credit the server serves."""
        read = served.plex if self.kind is SourceKind.PLEX else served.jellyfin
        return read(self.address, self.token)

    @cached_property
    def truth(self) -> Truth:
        """The same, read once: of scenes whose content no test changes."""
        return self.served()

    @cached_property
    def facts(self) -> Facts:
        """What it serves beside credits, read once."""
        if self.kind is SourceKind.PLEX:
            return facts.of_plex(self.address, self.token)
        return facts.of_jellyfin(self.address)

    def source(self, *, hurried: bool) -> Source:
        """A client that takes no breath between tries; a hurried one soon calls it a time-out."""
        timeout = IMPATIENT if hurried else PATIENT
        if self.kind is SourceKind.PLEX:
            own = headers(self.token, "tests")
            http = Http(
                self.name,
                self.address,
                own,
                from_xml=as_json,
                sleep=no_pause,
                timeout=timeout,
            )
            return PlexSource(http)
        own = sign_in.headers(self.token, "tests")
        return JellyfinSource(Http(self.name, self.address, own, sleep=no_pause, timeout=timeout))

    def sync(self, store: Store, *, hurried: bool = False, asked: bool = False) -> Summary:
        """One run; `asked`: its owner wants it now."""
        return asyncio.run(self._sync(store, hurried, asked))

    async def _sync(self, store: Store, hurried: bool, asked: bool) -> Summary:
        with store.reading() as db:
            row = sources.source_named(db, self.name)
        source = self.source(hurried=hurried)
        try:
            return await sync_source(store, source, row, Diary(), asked=asked)
        finally:
            await source.close()

    def add(self, store: Store) -> None:
        """Configure the source in an empty database."""
        with store.writing() as db:
            known = Server(f"id of {self.name}", self.name, "1.0")
            added = sources.add_source(db, self.name, self.kind, self.address, b"sealed", known)
            sources.forget_server(db, added)  # the first sync learns who it is

    def touch(self) -> None:
        """Let every title look changed."""
        library = self.app.state.library
        for item in list(library.items.values()):
            library.touch(item.work.id)
            if self.kind is SourceKind.PLEX:
                item.updated += 1 + item.version  # its clock counts whole seconds


@contextmanager
def scene(kind: SourceKind, empty: Path, folder: Path) -> Iterator[Scene]:
    """Serve the small library, sync it to `folder`, then change it, and let it be at rest for an
    hour. `empty` is a database.
    """
    catalogue = small_catalogue()
    first = Catalogue({w.id: w for w in catalogue.works.values() if w.id != LATER})
    app = plex_app(first) if kind is SourceKind.PLEX else jellyfin_app(first)
    template = Path(shutil.copy(empty, folder / f"{kind}.db"))
    with running(app) as address:
        found = Scene(kind, app, address, token_of(kind, address), template, Counter())
        with opened(template) as store:
            found.add(store)
            assert found.sync(store).state == "done"
            dropped = key_of(app, DROPPED)
            before = Counter(c[:4] for c in stated.credits_of(store, found.name).elements())
            assert facts.stored(store, found.name) == found.facts
            known = facts.stored(store, found.name, but=dropped)
        _change(app, catalogue)
        found.touch()
        app.state.clock.ahead += 3600
        kept = Counter({c: n for c, n in before.items() if c[0] != dropped})
        ready = dataclasses.replace(found, before=kept, facts_before=known)
        assert ready.truth
        pictured = [person for person in ready.facts.people.values() if person.portrait]
        assert 0 < len(pictured) < len(ready.facts.people)
        told = [person for person in ready.facts.people.values() if person.biography]
        assert bool(told) == (kind is SourceKind.JELLYFIN)
        yield ready


@contextmanager
def served_by(
    catalogue: Catalogue,
    kind: SourceKind,
    version: str | Dialect,
    token: str | None = None,
    *,
    cost: Literal["real"] | None = None,
) -> Iterator[Scene]:
    """A server of a version, which no database knows yet; `token` None is the owner's. `cost`: what
    People take at a Jellyfin.
    """
    if kind is SourceKind.PLEX:
        app = plex_app(catalogue, version=version)
    else:
        assert isinstance(version, str)
        app = jellyfin_app(catalogue, version=version, cost=cost)
    with running(app) as address:
        yield Scene(kind, app, address, token or token_of(kind, address), Path(), Counter())


def token_of(kind: SourceKind, address: str) -> str:
    """A token of the owner; at a Jellyfin a user's, because a key is nobody there."""
    if kind is SourceKind.PLEX:
        return DEFAULT_TOKEN
    body = json.dumps({"Username": DEFAULT_USER, "Pw": DEFAULT_PASSWORD}).encode()
    told = {"Content-Type": "application/json", **sign_in.headers(None, "tests")}
    request = urllib.request.Request(f"{address}/Users/AuthenticateByName", body, told)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return str(json.load(answer)["AccessToken"])


@contextmanager
def opened(path: Path) -> Iterator[Store]:
    """A database file as a store."""
    store = Store(open_engine(f"sqlite:///{path}"))
    try:
        yield store
    finally:
        store.close()


def _change(app: Starlette, catalogue: Catalogue) -> None:
    """One film more, one less, one with more people; somebody has a biography at last."""
    library = app.state.library
    library.put(catalogue.works[LATER])
    library.drop(DROPPED)
    library.put(with_newcomers(catalogue.works[RECAST]))
    star = catalogue.works[RECAST].credits[0].human
    if hasattr(library, "put_human"):
        library.put_human(replace(star, biography="Was born in a trunk.", born="1961-02-03"))


def with_newcomers(work: Work) -> Work:
    """The film with two actors more at the end of its cast."""
    last = max(credit.order or 0 for credit in work.credits)
    more = [
        Stated(Human(f"new-{n}", name), name, "Acting", "Actor", f"Somebody {n}", last + n)
        for n, name in enumerate(("Zita Newcomer", "Anton Latecomer"), 1)
    ]
    return replace(work, credits=(*work.credits, *more))


def key_of(app: Starlette, work_id: str) -> str:
    """The key a server has for a work."""
    item = app.state.library.item(work_id)
    return str(item.id if hasattr(item, "id") else item.key)


def known_credits(store: Store, name: str) -> Known:
    """What a database holds of a source, wherever it stands in a list."""
    return Counter(c[:4] for c in stated.credits_of(store, name).elements())


def problems_of(store: Store, name: str) -> list[problems.ProblemRow]:
    """What is not solved yet."""
    with store.reading() as db:
        return problems.open_problems(db, sources.source_named(db, name).id)


def titles_of(store: Store) -> dict[str, str]:
    """The living titles' names by key."""
    query = select(media_items.c.key, media_items.c.title).where(media_items.c.gone_since.is_(None))
    with store.reading() as db:
        return {row.key: row.title for row in db.execute(query)}


def libraries_of(store: Store) -> dict[str, str]:
    """The libraries' keys by kind."""
    with store.reading() as db:
        return {row.kind: row.key for row in db.execute(select(libraries.c.kind, libraries.c.key))}


def other_names_of(store: Store) -> dict[str, str]:
    """Who is named otherwise than any credit has it, by key."""
    m, p = media_people, source_people
    theirs = select(m.c.id).where(m.c.source_person_id == p.c.id)
    query = select(p.c.key, p.c.name).where(
        theirs.exists(), ~theirs.where(m.c.credited_as == p.c.name).exists()
    )
    with store.reading() as db:
        return {row.key: row.name for row in db.execute(query)}


async def no_pause(seconds: float) -> None:
    """In place of sleep."""
