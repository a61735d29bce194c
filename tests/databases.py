"""A PostgreSQL of the tests' own: started once a session, with a cheap new database per test."""

from __future__ import annotations

import contextlib
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

START_SECONDS = 30


def postgres_programs() -> Path | None:
    """The folder of the newest PostgreSQL that Debian's package installed."""
    found = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    newest = max(found, key=lambda program: float(program.parent.parent.name), default=None)
    return newest.parent if newest else None


class Postgres:
    """A running server that listens on a socket in its own folder and on no port."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)

    def address(self, database: str) -> str:
        """Where a database is, for `open_store`."""
        return f"postgresql://postgres@/{database}?host={self._folder}"

    def create(self, *, template: str = "template0", name: str | None = None) -> str:
        """Make a database, a copy of another that nobody has open, and give its name."""
        name = name or f"test_{next(self._numbers)}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever still has it open."""
        self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


@contextlib.contextmanager
def running_postgres(programs: Path) -> Iterator[Postgres]:
    """Start a server for as long as the context lasts, then stop it and remove its folder.

    PostgreSQL refuses to run as root, so root starts it as the package's user. The folder is
    not pytest's: that user could not enter it.
    """
    folder = Path(tempfile.mkdtemp(prefix="fullcredits-postgres-"))
    user = group = groups = None
    if os.geteuid() == 0:
        entry = pwd.getpwnam("postgres")
        user, group, groups = entry.pw_uid, entry.pw_gid, list[str | int]()
        os.chown(folder, user, group)
    data = folder / "data"
    initdb: list[str | Path] = [
        programs / "initdb",
        "--pgdata",
        data,
        "--username=postgres",
        "--auth=trust",
    ]
    initdb += ["--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"]
    settings = {"listen_addresses": "", "unix_socket_directories": folder, "fsync": "off"}
    settings |= {"synchronous_commit": "off", "full_page_writes": "off", "max_connections": 50}
    command: list[str | Path] = [programs / "postgres", "-D", data]
    command += [f"--{name}={value}" for name, value in settings.items()]
    try:
        subprocess.run(
            initdb, user=user, group=group, extra_groups=groups, check=True, capture_output=True
        )
        with (
            (folder / "log").open("wb") as log,
            subprocess.Popen(
                command, user=user, group=group, extra_groups=groups, stderr=log
            ) as server,
        ):
            try:
                postgres = Postgres(folder)
                _wait(postgres, server, folder / "log")
                yield postgres
            finally:
                # "Fast shutdown": closes the connections that a failed test left open.
                server.send_signal(signal.SIGINT)
    finally:
        shutil.rmtree(folder)


def _wait(postgres: Postgres, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < end:
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(postgres.address("postgres")).close()
            return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}")
