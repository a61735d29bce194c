"""A database with sources in it that are read over real sockets."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Column, Select, Table, event, select
from starlette.applications import Starlette

from fullcredits.model import Server, SourceKind
from fullcredits.simulate import DEFAULT_API_KEY, DEFAULT_TOKEN
from fullcredits.sources import open_source
from fullcredits.sources.contract import Source
from fullcredits.store import Connection, Store, problems, sources
from fullcredits.store.schema import metadata
from fullcredits.sync.meanwhile import Meanwhile
from fullcredits.sync.rules import USUAL
from fullcredits.sync.run import sync_source
from fullcredits.sync.small import sync_named
from fullcredits.sync.watch import Summary

TOKENS = {SourceKind.PLEX: DEFAULT_TOKEN, SourceKind.JELLYFIN: DEFAULT_API_KEY}
HISTORY = ("sync_runs",)
"""Tables that every run writes to."""
NOTED = ("people_read_at", "people_swept_at", "read_at", "look_at", "compared_at")
"""Columns that move on whenever something was read, even if it brought nothing new."""
LIST = "person_lists"
"""How far a list of all persons came."""
TIMES = {
    "media_items": ("read_at", "look_at", "unsettled_since", "gone_since"),
    "holds": ("next_look", "first_seen", "last_seen"),
    "people": ("gone_since",),
    "sources": ("people_read_at", "people_swept_at"),
    "sync_problems": ("first_seen", "next_try"),
}
"""What is noted with a time."""
PLAN = re.compile(r"UPDATE media_items SET ([\w=?%():, ]*?) WHERE")
"""An update of media items, and what it sets."""
PLANNED = {"marker", "due", "look_at", "unsettled_since", "shown", "signs", "read_at"}

Dump = Mapping[str, list[tuple[Any, ...]]]


class Diary:
    """A watch that keeps the words it is told."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.finishes: list[Summary] = []

    def waiting(self, name: str, why: str) -> None:
        pass

    def source(self, name: str, server: str) -> None:
        pass

    def listed(self, listing: str, titles: int, total: int) -> None:
        pass

    def planned(self, titles: int) -> None:
        pass

    def stored(self, titles: int, credits: int, left: float | None) -> None:
        pass

    def people(self, persons: int) -> None:
        pass

    def step(self, words: str) -> None:
        pass

    def silent(self, name: str, seconds: float, asked: str) -> None:
        pass

    def problem(self, message: str) -> None:
        self.problems.append(message)

    def finished(self, summary: Summary) -> None:
        self.finishes.append(summary)


class Household:
    """A store, and the tokens of the sources in it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.rules = USUAL
        self._tokens: dict[str, str] = {}

    def add(self, name: str, kind: SourceKind, address: str, token: str | None = None) -> None:
        """Configure a source without asking it anything."""
        self._tokens[name] = TOKENS[kind] if token is None else token
        server = Server(f"id of {name}", name, "1.0")
        with self.store.writing() as db:
            added = sources.add_source(db, name, kind, address, b"sealed", server)
            sources.forget_server(db, added)  # the first sync learns who it is

    def move(self, name: str, address: str) -> None:
        """Let a source answer at another address."""
        table = metadata.tables["sources"]
        with self.store.writing() as db:
            db.execute(table.update().where(table.c.name == name).values(address=address))

    def open(self, source_id: int) -> Source:
        """A connection to a source."""
        with self.store.reading() as db:
            row = sources.source_by_id(db, source_id)
        return open_source(row.kind, row.name, row.address, self._tokens[row.name], "tests")

    def sync(
        self,
        name: str,
        *,
        full: bool = False,
        asked: bool = False,
        later: Collection[str] = (),
        meanwhile: Callable[[], Meanwhile] | None = None,
    ) -> Summary:
        """One run over one source; `meanwhile` gives what hears of changes, in its event loop."""

        def work(*run: Any) -> Awaitable[Summary]:
            hears = meanwhile() if meanwhile else None
            return sync_source(
                *run, full=full, asked=asked, later=later, meanwhile=hears, rules=self.rules
            )

        return self._run(name, work)

    def small(
        self,
        name: str,
        changed: Collection[str] = (),
        removed: Collection[str] = (),
        meanwhile: Callable[[], Meanwhile] | None = None,
    ) -> Summary:
        """A run without listings; `meanwhile` as of `sync`."""

        def work(*run: Any) -> Awaitable[Summary]:
            hears = meanwhile() if meanwhile else None
            return sync_named(
                *run, changed=changed, removed=removed, meanwhile=hears, rules=self.rules
            )

        return self._run(name, work)

    def _run(self, name: str, work: Callable[..., Awaitable[Summary]]) -> Summary:
        async def go() -> Summary:
            with self.store.reading() as db:
                row = sources.source_named(db, name)
            source = self.open(row.id)
            try:
                return await work(self.store, source, row, Diary())
            finally:
                await source.close()

        return asyncio.run(go())

    def rows(self, query: Select[Any]) -> list[Any]:
        """What a query gives."""
        with self.store.reading() as db:
            return list(db.execute(query))

    def problems(self, name: str) -> list[problems.ProblemRow]:
        """The open problems of a source."""
        with self.store.reading() as db:
            return problems.open_problems(db, sources.source_named(db, name).id)

    def later(self, pause: dt.timedelta, *apps: Starlette) -> None:
        """Let time pass: what was noted with a time is so much longer ago, and the clocks of these
        servers show it.
        """
        for app in apps:
            app.state.clock.ahead += pause.total_seconds()
        let_time_pass(self.store, pause)

    def dump(self) -> Dump:
        """Every row of every table that holds facts."""
        return {
            table.name: sorted(map(tuple, self.rows(select(*_facts(table)))), key=repr)
            for table in metadata.sorted_tables
            if table.name not in HISTORY
        }


def let_time_pass(store: Store, pause: dt.timedelta) -> None:
    """What was noted with a time is so much longer ago."""
    with store.writing() as db:
        for table, names in TIMES.items():
            _set_back(db, metadata.tables[table], names, pause)


def _set_back(db: Connection, table: Table, names: tuple[str, ...], pause: dt.timedelta) -> None:
    for row in db.execute(select(table.c.id, *(table.c[name] for name in names))).mappings().all():
        ago = {name: at - pause for name, at in row.items() if name != "id" and at}
        if ago:
            db.execute(table.update().where(table.c.id == row["id"]).values(**ago))


def _facts(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if column.name not in NOTED]


def _only_plans(statement: str) -> bool:
    """Whether a statement changes nothing but what is to be read when."""
    found = PLAN.match(statement)
    return found is not None and set(re.findall(r"(\w+)=", found[1])) <= PLANNED


@contextmanager
def written(store: Store, *plans: str) -> Iterator[list[str]]:
    """The statements that change rows, as long as the context lasts; those on runs left out,
    and those that only note what was read, or plan what will be, also in these tables `plans`.
    """
    statements: list[str] = []

    def note(_c: Any, cursor: Any, statement: str, *_: Any) -> None:
        verb, *words = statement.split(maxsplit=3)
        content = not (
            {*HISTORY, *plans} & set(words)
            or any(f"SET {name}=" in statement for name in (NOTED[0], NOTED[-1]))
            or _only_plans(" ".join(statement.split()))
        )
        if content and verb in ("INSERT", "UPDATE", "DELETE") and cursor.rowcount:
            statements.append(statement)

    event.listen(store.engine, "after_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(store.engine, "after_cursor_execute", note)


@contextmanager
def asked(app: Starlette) -> Iterator[list[str]]:
    """The paths (with query) that a simulated server is asked for, as long as the context lasts."""
    paths: list[str] = []
    before = len(app.state.requests)
    yield paths
    paths += [f"{r.path}?{r.query}" for r in app.state.requests[before:]]
