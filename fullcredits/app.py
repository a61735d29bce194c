"""The whole program put together: settings, database, secrets, sources, pictures, pages."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from fastapi import FastAPI

from fullcredits.config import Config
from fullcredits.errors import ConfigError
from fullcredits.images.cache import Cache
from fullcredits.images.pictures import Pictures
from fullcredits.model import Library, Server, SourceKind
from fullcredits.sources import Found, jellyfin_door, normalised, open_source, server_at
from fullcredits.sources.contract import Source
from fullcredits.sources.jellyfin.sign_in import by_password
from fullcredits.store import sources as stored
from fullcredits.store.secrets import Secrets
from fullcredits.store.upgrade import open_store
from fullcredits.sync.identify import identify
from fullcredits.sync.run import sync_source
from fullcredits.sync.watch import Summary, Watch
from fullcredits.web.app import create_app


@dataclass(frozen=True, slots=True)
class Checked:
    """A source that answered."""

    name: str
    kind: SourceKind
    server: Server
    libraries: list[Library]


class App:
    """An installation: everything that its data directory holds, opened."""

    def __init__(self, config: Config) -> None:
        """Open it, making what is missing. Raises ConfigError or StoreError."""
        self.config = config
        try:
            config.data_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(
                f"the data directory {config.data_dir} cannot be made: {error.strerror}"
            ) from error
        self.secrets = Secrets(config.data_dir)
        self.store = open_store(config.database_address)

    def close(self) -> None:
        """Let go of the database."""
        self.store.close()

    def client_id(self) -> str:
        """Who we are to every server: made once for an installation, then always the same."""
        path = self.config.data_dir / "client-id"
        if not path.exists():
            path.write_text(f"{uuid.uuid4()}\n")
        return path.read_text().strip()

    def source_rows(self, names: Sequence[str] = ()) -> list[stored.SourceRow]:
        """The sources of these names, or all. Raises NotFound."""
        with self.store.reading() as db:
            if names:
                return [stored.source_named(db, name) for name in names]
            return stored.list_sources(db)

    def connect(self, row: stored.SourceRow) -> Source:
        """A connection to a configured source, to be closed by the caller."""
        token = self.secrets.open(row.secret)
        return open_source(
            row.kind,
            row.name,
            row.address,
            token,
            self.client_id(),
            trust=row.trust,
            limit=row.at_once,
        )

    @asynccontextmanager
    async def connected(self, row: stored.SourceRow) -> AsyncIterator[Source]:
        """A connection to a configured source."""
        source = self.connect(row)
        try:
            yield source
        finally:
            await source.close()

    async def server_at(self, address: str) -> Found:
        """What server answers there. Raises ConfigError if none we speak with."""
        found = await server_at(address)
        if found is None:
            raise ConfigError(
                f"neither a Plex nor a Jellyfin answers at {address}; "
                "check the address and that the server runs"
            )
        return found

    async def sign_in(self, address: str, user: str, password: str) -> str:
        """A Jellyfin token for a user. Raises SourceError."""
        async with jellyfin_door(address, address, self.client_id()) as door:
            return await by_password(door, user, password)

    async def add_source(
        self, name: str | None, kind: SourceKind, address: str, token: str
    ) -> Checked:
        """Keep a server that answers, by default under the name it gives itself."""
        source = open_source(kind, name or address, address, token, self.client_id())
        try:
            server = await source.server()
            libraries = await source.libraries()
        finally:
            await source.close()
        name = name or server.name
        with self.store.writing() as db:
            sealed = self.secrets.seal(token)
            stored.add_source(db, name, kind, normalised(address), sealed, server)
        return Checked(name, kind, server, libraries)

    async def check_source(self, name: str) -> Checked:
        """Ask a configured source who it is and what it holds. Raises NotFound, SourceError."""
        (row,) = self.source_rows([name])
        async with self.connected(row) as source:
            return Checked(row.name, row.kind, await source.server(), await source.libraries())

    def remove_source(self, row: stored.SourceRow) -> None:
        """Forget a source and what it stated."""
        with self.store.writing() as db:
            stored.remove_source(db, row.id)
            identify(db)

    async def sync(
        self, watch: Watch, names: Sequence[str] = (), *, full: bool = False
    ) -> list[Summary]:
        """Sync sources one after the other. Raises NotFound for a name nobody has."""
        summaries = []
        for row in self.source_rows(names):
            async with self.connected(row) as source:
                summaries.append(await sync_source(self.store, source, row, watch, full=full))
        return summaries

    def pages(self) -> FastAPI:
        """The web application over this installation."""
        cache = Cache(self.config.data_dir / "pictures", self.config.picture_budget * 2**20)
        return create_app(self.store, Pictures(self.store, cache, self._source_of))

    def _source_of(self, source_id: int) -> Source:
        with self.store.reading() as db:
            return self.connect(stored.source_by_id(db, source_id))
