"""A state machine: anything happens to two servers, between syncs and during them; when it is
quiet, one sync makes the database equal what is served.

What is held is excepted until its owner says to believe it: titles of which many vanished at once,
and casts that came back thin.
"""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy import select

from fullcredits.model import SourceKind
from fullcredits.simulate import running
from fullcredits.sources import patience
from fullcredits.store import Store, holds, runs, schedules, sources
from fullcredits.store.engine import open_engine
from fullcredits.store.plan import ask_for
from fullcredits.store.schema import titles
from fullcredits.store.upgrade import open_store
from fullcredits.sync.settling import LATELY
from fullcredits.sync.watch import Summary
from tests import who
from tests.stated import credits_of
from tests.sync.counted import check_figures
from tests.sync.household import Household, asked
from tests.sync.soak import equality
from tests.sync.soak.changes import CHANGES
from tests.sync.soak.hearing import Run, hears
from tests.sync.soak.shelf import Shelf
from tests.sync.twisting import Twisting

FAULTS = (
    "broken", "reset-body", "starting", "truncated", "missing", "short", "empty", "repeated",
    "moving-total", "portal", "unauthorised", "reset-head",
)  # fmt: skip
KINDS = (SourceKind.PLEX, SourceKind.JELLYFIN)
PAUSES = (0, 1, 11, 70, 60 * 25)
"""Minutes."""
_REST = LATELY + dt.timedelta(minutes=5)

shelves = st.integers(0, 1)
numbers = st.integers(0, 999)
changes = st.sampled_from(list(CHANGES))
meanwhile = st.lists(st.tuples(st.integers(1, 12), changes, numbers), max_size=3)
deaths = st.integers(-25, 25)
"""At which request a run is killed; 0 or less: at none."""


class Stage:
    """Two sockets that serve whatever is put behind them, and an empty database to copy."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.template = folder / "empty.db"
        open_store(f"sqlite:///{self.template}").close()
        self.servers: list[Twisting] = []
        self.addresses: list[str] = []

    def fresh(self, name: str) -> Store:
        """An empty database."""
        path = self.folder / name
        for old in self.folder.glob(f"{name}*"):
            old.unlink()
        return Store(open_engine(f"sqlite:///{shutil.copy(self.template, path)}"))


@contextmanager
def staged() -> Iterator[Stage]:
    """Everything that examples share; pages of listings are short, and pauses none."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="fullcredits-soak-"))
        stage = Stage(Path(folder))
        for name, value in (
            ("fullcredits.sources.plex.client._PAGE", 6),
            ("fullcredits.sources.jellyfin.client._PAGE", 7),
            ("fullcredits.sources.patience.pause", _no_pause),
            ("fullcredits.sync.live.QUIET", 0.0),
        ):
            stack.enter_context(mock.patch(name, value))
        for kind in KINDS:
            server = Twisting(Shelf(kind).app)
            stage.servers.append(server)
            stage.addresses.append(stack.enter_context(running(server)))
        Machine.stage = stage
        yield stage


_usual_pause = patience.pause


def _no_pause(*told: Any, **more: Any) -> float | None:
    """Second tries where there would be some, but at once."""
    return None if _usual_pause(*told, **more) is None else 0.0


class Machine(RuleBasedStateMachine):
    """One database, a Plex and a Jellyfin that share some works."""

    stage: Stage

    @initialize()
    def begin(self) -> None:
        """Both have their works, and neither was read."""
        self.shelves = [Shelf(kind) for kind in KINDS]
        self._serve()
        self.house = Household(self.stage.fresh("soak.db"))
        self._join(self.house)

    @rule(shelf=shelves, what=changes, n=numbers)
    def change(self, shelf: int, what: str, n: int) -> None:
        """Something happens to a server."""
        self.shelves[shelf].change(what, n)

    @rule(shelf=shelves, kind=st.sampled_from(FAULTS), place=numbers, times=st.integers(0, 4))
    def fail(self, shelf: int, kind: str, place: int, times: int) -> None:
        """Something goes wrong some times, or (0) until further notice."""
        self.shelves[shelf].fault(kind, place, times or None)

    @rule(shelf=shelves)
    def mend(self, shelf: int) -> None:
        """Nothing goes wrong there any more."""
        self.shelves[shelf].app.state.faults.clear()

    @rule(shelf=shelves, n=numbers)
    def upgrade(self, shelf: int, n: int) -> None:
        """It is another version."""
        self.shelves[shelf].upgrade(n)
        self._serve()

    @rule(minutes=st.sampled_from(PAUSES))
    def wait(self, minutes: int) -> None:
        """Time passes."""
        self._wait(dt.timedelta(minutes=minutes))

    @rule(shelf=shelves, then=meanwhile)
    def sync(self, shelf: int, then: list[tuple[int, str, int]]) -> None:
        """All is compared, and things happen meanwhile."""
        self._meanwhile(shelf, then)
        self.house.sync(self.shelves[shelf].name)

    @rule(shelf=shelves, then=meanwhile)
    def hear(self, shelf: int, then: list[tuple[int, str, int]]) -> None:
        """What the server told of is read, and things happen meanwhile."""
        self._meanwhile(shelf, then)
        changed, removed = self.shelves[shelf].take_heard()
        self.house.small(self.shelves[shelf].name, changed, removed)

    @rule(shelf=shelves, then=meanwhile, dies=deaths, how=st.integers(0, 11))
    def sync_and_hear(
        self, shelf: int, then: list[tuple[int, str, int]], dies: int, how: int
    ) -> None:
        """All is compared, or but one library, and what the server tells of meanwhile is heard;
        that may be killed.
        """
        name = self.shelves[shelf].name
        with self.house.store.reading() as db:
            source = sources.source_named(db, name).id
            owed = runs.owes_full(db, source)
            libraries = [plan.key for plan in schedules.library_schedules(db, source)]
        later = libraries[how : how + 1] if len(libraries) > 1 else []
        full, wanted = owed or how in (9, 10), how in (10, 11)
        self._heard(
            shelf,
            then,
            dies,
            lambda meanwhile: self.house.sync(
                name, full=full, asked=wanted, later=later, meanwhile=meanwhile
            ),
        )

    @rule(shelf=shelves, then=meanwhile, dies=deaths)
    def hear_on(self, shelf: int, then: list[tuple[int, str, int]], dies: int) -> None:
        """What the server told of is read, and what it tells of meanwhile heard; that may be
        killed.
        """
        told = self.shelves[shelf].take_heard()
        name = self.shelves[shelf].name
        self._heard(shelf, then, dies, lambda meanwhile: self.house.small(name, *told, meanwhile))

    @rule(n=numbers)
    def look(self, n: int) -> None:
        """Somebody opens the page of a title."""
        with self.house.store.reading() as db:
            every = list(db.scalars(select(titles.c.id).order_by(titles.c.id)))
        if every:
            ask_for(self.house.store, every[n % len(every)])

    @rule(believe=st.booleans(), which=numbers)
    def decide(self, believe: bool, which: int) -> None:
        """The owner says something of what is held."""
        with self.house.store.writing() as db:
            held = holds.list_holds(db)
            if held:
                say = holds.accept if believe else holds.refuse
                say(db, held[which % len(held)].id)

    def teardown(self) -> None:
        """Quiet returns: one sync, and all is right."""
        if hasattr(self, "house"):
            try:
                self._rest()
            finally:
                self.house.store.close()

    def _rest(self) -> None:
        for shelf in self.shelves:
            shelf.quiet()
        self._wait(_REST)
        for shelf in self.shelves:
            self._synced(shelf.name)
        self._check(but_held=True)
        with self.house.store.writing() as db:
            for hold in holds.list_holds(db):
                holds.accept(db, hold.id)
        for shelf in self.shelves:
            summary = self._synced(shelf.name)
            assert (summary.messages, summary.holds, summary.unsettled) == ([], 0, 0)
        self._check(but_held=False)
        self._check_who_is_who()
        self._check_beside_new()
        for shelf in self.shelves:
            with asked(shelf.app) as paths:
                summary = self._synced(shelf.name)
            assert not [p for p in paths if "&ids=" in p or "/library/metadata/" in p]

    def _serve(self) -> None:
        for server, shelf in zip(self.stage.servers, self.shelves, strict=True):
            server.app = shelf.app

    def _join(self, house: Household) -> None:
        for shelf, address in zip(self.shelves, self.stage.addresses, strict=True):
            house.add(shelf.name, shelf.kind, address)

    def _wait(self, pause: dt.timedelta) -> None:
        apps = [shelf.app for shelf in self.shelves]
        self.house.later(pause, *apps)

    def _meanwhile(self, shelf: int, then: list[tuple[int, str, int]]) -> None:
        for requests, what, n in then:
            one = self.shelves[shelf]
            one.during(requests, lambda one=one, what=what, n=n: one.change(what, n))  # type: ignore[misc]

    def _heard(self, shelf: int, then: list[tuple[int, str, int]], dies: int, run: Run) -> None:
        self._meanwhile(shelf, then)
        left = hears(self.shelves[shelf], dies, run)
        if left:
            name = self.shelves[shelf].name
            self.house.small(name, sorted(left.changed), sorted(left.removed))

    def _synced(self, name: str) -> Summary:
        summary = self.house.sync(name, asked=True)
        assert summary.error is None, summary.error
        assert summary.problems == 0, summary.messages
        return summary

    def _check(self, *, but_held: bool) -> None:
        store = self.house.store
        equality.check_sound(store)
        for shelf, address in zip(self.shelves, self.stage.addresses, strict=True):
            problems = self.house.problems(shelf.name)
            assert problems == [], problems
            held = equality.held_keys(store, shelf.name) if but_held else set()
            served, stored = shelf.titles(), equality.titles_of(store, shelf.name)
            assert {t for t in served if t.key not in held} == {
                t for t in stored if t.key not in held
            }
            said, known = shelf.credits(address), credits_of(store, shelf.name)
            assert _without(said, held) == _without(known, held)

    def _check_who_is_who(self) -> None:
        """What was decided step by step is what is decided of everything at once."""
        store = self.house.store
        step_by_step = who.titles(store), who.people(store)
        check_figures(store)
        who.decide_anew(store)
        assert (who.titles(store), who.people(store)) == step_by_step

    def _check_beside_new(self) -> None:
        """A database that never knew anything else says the same."""
        new = Household(self.stage.fresh("new.db"))
        try:
            self._join(new)
            for shelf in self.shelves:
                assert new.sync(shelf.name).error is None
            for name, rows in equality.facts_of(new.store).items():
                assert equality.facts_of(self.house.store)[name] == rows, name
        finally:
            new.store.close()


def _without(credits: Any, keys: set[str]) -> dict[Any, int]:
    return {stated: n for stated, n in credits.items() if stated.key not in keys}
