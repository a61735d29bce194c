"""Opening the database: SQLite in a file, or PostgreSQL by address."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from fullcredits.errors import ConfigError, StoreError

_WRITERS = 0x46756C6C
"""The number of the lock that writers on PostgreSQL wait for; any will do."""

BUSY_SECONDS = 30
"""How long a write waits for another one to end."""
PATIENT_SECONDS = 600
"""The same of a sync, which goes on after whatever others write: who is who of a large library, on
a slow machine."""

_PRAGMAS = (
    "journal_mode=WAL",
    "foreign_keys=ON",
    "synchronous=NORMAL",
    "temp_store=MEMORY",
    # KiB: what a batch writes to all indexes fits, so no page is written twice on its way.
    "cache_size=-16384",
    # Pages of the log: the same pages of an index are copied home once, not with each batch.
    "wal_autocheckpoint=4000",
)
"""Of every SQLite connection."""


class Store:
    """An open database, safe to share between threads; every use is one short transaction.

    Make one with `open_store`. Code above the store passes the connection that `reading` and
    `writing` give to the functions of `store.read`, `store.search` and `store.write`.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._turn = threading.Lock()
        """To write. Other threads of this process wait here: SQLite would let them try again and
        again, each with a connection and its memory."""
        self._hurried = threading.Event()
        self._reader = engine
        if engine.dialect.name == "postgresql":
            # By default each statement there sees what others wrote before it; SQLite sees one.
            self._reader = engine.execution_options(isolation_level="REPEATABLE READ")

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of the database; SQLite readers never wait for a writer."""
        with _explained(), self._reader.connect() as connection, connection.begin():
            yield connection

    @contextlib.contextmanager
    def writing(self, patience: float = BUSY_SECONDS) -> Iterator[Connection]:
        """One transaction that is kept whole at the end, or undone whole by any exception.

        Others that write wait for its end, of this process or another. Raises StoreError after so
        many seconds of that.
        """
        with self._turn_to_write(patience) as left, _explained(), self._begun(left) as db:
            yield db

    def hurry(self) -> None:
        """The program ends: from now on no write waits for long for another process."""
        self._hurried.set()

    @contextlib.contextmanager
    def _begun(self, patience: float) -> Iterator[Connection]:
        """A transaction to write in; waits in steps: somebody may end the program meanwhile."""
        deadline = time.monotonic() + patience
        while True:
            began = time.monotonic()
            step = min(max(deadline - began, 0), BUSY_SECONDS)
            db = self.engine.connect().execution_options(patience=step)
            try:
                transaction = db.begin()
                break
            except DBAPIError:
                db.close()
                now = time.monotonic()
                waited = now - began >= step / 2  # else it is something else that is wrong
                if not waited or now >= deadline or self._hurried.is_set():
                    raise
        with db, transaction:
            yield db

    @contextlib.contextmanager
    def _turn_to_write(self, patience: float) -> Iterator[float]:
        """Gives what is left of the patience."""
        began = time.monotonic()
        if not self._turn.acquire(timeout=patience):
            raise StoreError("the database refused: another write takes too long")
        try:
            yield max(patience - (time.monotonic() - began), 0)
        finally:
            self._turn.release()

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        # Without the statement and its values: those may be long, and are not the user's matter.
        raise StoreError(f"the database refused: {error.orig}") from error


def open_engine(address: str) -> Engine:
    """An engine for a database address like `sqlite:///path` or `postgresql://…`.

    Raises ConfigError for an address that is neither.
    """
    try:
        url = make_url(address)
        match url.get_backend_name():
            case "sqlite":
                return _sqlite(url)
            case "postgresql":
                return _postgresql(url)
    except (ValueError, SQLAlchemyError) as error:  # ValueError: of a port that is no number
        raise ConfigError(f"the database address cannot be read: {type(error).__name__}") from error
    raise ConfigError("the database address must begin with sqlite:/// or postgresql://")


def _sqlite(url: URL) -> Engine:
    # The connection used last comes first: what its cache holds is still true.
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        poolclass=QueuePool,
        pool_use_lifo=True,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: Any) -> None:
        # We begin transactions ourselves: sqlite3's own way starts them too late for readers.
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A writer takes its lock at once: upgrading a read lock later cannot wait, only fail.
        patience = connection.get_execution_options().get("patience")
        if patience is None:
            connection.exec_driver_sql("BEGIN")
            return
        wait = "PRAGMA busy_timeout={:.0f}"
        connection.exec_driver_sql(wait.format(patience * 1000))
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        finally:
            connection.exec_driver_sql(wait.format(BUSY_SECONDS * 1000))

    return engine


def _postgresql(url: URL) -> Engine:
    engine = create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # One writer at a time, as on SQLite: what is read here nobody changes meanwhile.
        patience = connection.get_execution_options().get("patience")
        if patience is not None:
            wait = func.set_config("lock_timeout", f"{max(patience * 1000, 1):.0f}", True)
            connection.execute(select(wait, func.pg_advisory_xact_lock(_WRITERS)))

    return engine
