"""Opening a database at the schema this program knows: made, upgraded or refused."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine, column, inspect, select, table
from sqlalchemy.exc import DBAPIError

from fullcredits.errors import ConfigError, StoreError
from fullcredits.store.engine import PATIENT_SECONDS, Store, open_engine

MIGRATIONS = Path(__file__).with_name("migrations")
_LOCK = 0x46756C6C
"""Our number among PostgreSQL's advisory locks ("Full")."""


def open_store(address: str) -> Store:
    """Open a database, after making it or bringing it to this program's schema if need be.

    An older SQLite file is first copied beside itself, as `fullcredits.db.before-0002`. Several
    processes may open at once: one upgrades, the others wait for it. Raises ConfigError for an
    address that cannot be one, StoreError for a database that cannot be reached, is newer than
    the program, or holds something else. No error shows a password.
    """
    engine = open_engine(address)
    try:
        with _explained(engine):
            _check_address(engine)
            with engine.connect() as connection, connection.begin():
                ready = _revision(connection) == _known()[-1]
            if not ready:
                _upgrade(engine)
    except BaseException:
        engine.dispose()
        raise
    return Store(engine)


def _check_address(engine: Engine) -> None:
    url = engine.url
    if engine.dialect.name == "postgresql":
        # Else the rest of the password would pass for the host, and be shown.
        if "@" in f"{url.host}{url.database}":
            raise ConfigError(
                "in the database address, write an @ or / of the password as %40, %2F"
            )
        return
    if url.database in (None, "", ":memory:"):
        raise ConfigError("the database address must name a file: sqlite:///path")
    try:
        _file(engine).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"the database folder cannot be made: {error}") from error


def _known() -> list[str]:
    """The schemas this program knows, the newest last: what the migrations' files begin with."""
    return sorted(file.name.partition("_")[0] for file in MIGRATIONS.glob("versions/*_*.py"))


def _revision(connection: Connection) -> str | None:
    """Where the database is; None when it is new. Raises StoreError for one we must not touch."""
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    version = table("alembic_version", column("version_num"))
    revision: str | None = connection.scalar(select(version)) if version.name in tables else None
    if revision is None:
        raise StoreError(
            f"{_place(connection.engine)} holds tables that are not Fullcredits' own: "
            "set another database address"
        )
    known = _known()
    if revision not in known:
        raise StoreError(
            f"{_place(connection.engine)} was written by a newer Fullcredits (its schema is "
            f"{revision}, this program knows {known[-1]}): install that version again, or put "
            f"back a copy of the database from before"
        )
    return revision


def _upgrade(engine: Engine) -> None:
    # Seldom needed, and a tenth of a second to load.
    from alembic import command
    from alembic.config import Config

    newest = _known()[-1]
    with _alone(engine) as connection:
        revision = _revision(connection)
        if revision == newest:
            return
        if revision is not None and engine.dialect.name == "sqlite":
            _copy(_file(engine), newest)
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@contextlib.contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """One transaction, while no other process upgrades, in which tables may be rebuilt."""
    with engine.execution_options(patience=PATIENT_SECONDS).connect() as connection:
        sqlite = engine.dialect.name == "sqlite"
        # Never back to the pool: rebuilding a table drops the old one, and with foreign keys on
        # SQLite would drop the rows that point at it too. Off works only outside a transaction.
        connection.detach()
        if sqlite:
            connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        with connection.begin():
            if not sqlite:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            yield connection
            if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise StoreError("the upgrade would break the database, and was undone")


def _copy(path: Path, revision: str) -> None:
    """Copy a database others may be reading; in whole or not at all."""
    copy = path.with_name(f"{path.name}.before-{revision}")
    unfinished = path.with_name(f"{copy.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    with (
        contextlib.closing(sqlite3.connect(path)) as source,
        contextlib.closing(sqlite3.connect(unfinished)) as target,
    ):
        source.backup(target)
    unfinished.replace(copy)


def _file(engine: Engine) -> Path:
    return Path(engine.url.database or "")


def _place(engine: Engine) -> str:
    """How an error names the database."""
    if engine.dialect.name == "sqlite":
        return str(_file(engine))
    url = engine.url.set(drivername="postgresql", query={})
    return url.render_as_string(hide_password=True)


@contextlib.contextmanager
def _explained(engine: Engine) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        what = str(error.orig).strip().splitlines()[0]
        if "not a database" in what or "malformed" in what:
            what = "it is not a SQLite database, or damaged; put back a copy or set another address"
        raise StoreError(f"{_place(engine)} cannot be opened: {what}") from error
    except (OSError, sqlite3.Error) as error:
        raise StoreError(
            f"{_place(engine)} cannot be copied before its upgrade: {error}"
        ) from error
