"""The whole program put together: settings, database, secrets, sources, pictures, pages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fullcredits.access import Entrance
from fullcredits.config import Config
from fullcredits.errors import ConfigError
from fullcredits.images.cache import Cache
from fullcredits.images.pictures import Pictures
from fullcredits.setup import Desk
from fullcredits.sources import places
from fullcredits.sources.contract import Source
from fullcredits.store import sources as stored
from fullcredits.store.secrets import Secrets
from fullcredits.store.upgrade import open_store
from fullcredits.sync.background import Background
from fullcredits.sync.lease import this_process
from fullcredits.sync.rules import Rules
from fullcredits.sync.syncing import Syncing
from fullcredits.sync.watch import Summary, Watch

if TYPE_CHECKING:
    from fastapi import FastAPI

    from fullcredits.web.keeping import Keeping
    from fullcredits.web.reach import Reach


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
        places.share_in(config.data_dir / "places")
        self.secrets = Secrets(config.data_dir)
        self.store = open_store(config.database_address)
        self.desk = Desk(config, self.store, self.secrets)
        self.entrance = Entrance(self.store)
        cache = Cache(config.data_dir / "pictures", config.picture_budget * 2**20)
        self.pictures = Pictures(self.store, cache, self._source_of)

    def close(self) -> None:
        """Let go of the database."""
        self.store.close()

    async def sync(
        self, watch: Watch, names: Sequence[str] = (), *, full: bool = False
    ) -> list[Summary]:
        """Sync sources one after the other; one that somebody else syncs is waited for.

        Raises NotFound for a name nobody has.
        """
        holder = this_process("fullcredits sync")
        syncing = Syncing(self.store, self.desk.connections.connected, holder, self.rules)
        try:
            return [await syncing.patiently(row, watch, full=full) for row in self.desk.rows(names)]
        except asyncio.CancelledError:
            self.store.hurry()
            raise

    @property
    def rules(self) -> Rules:
        """How careful its syncs are, by the settings."""
        config = self.config
        return Rules(config.reread_days, config.grace_days, config.held_share / 100)

    @property
    def reach(self) -> Reach:
        """From where its pages are reached, by the settings."""
        from fullcredits.web.reach import Reach, is_loopback, machine_names

        config = self.config
        alone = not config.hosts and is_loopback(config.host)
        # Who serves others is called by the machine's name too.
        own = () if alone else machine_names(config.host)
        return Reach((*config.hosts, *own), config.base_path, config.trusted_proxies, alone)

    def keeping(self) -> Background:
        """What keeps the database in step with the servers, for as long as it is open."""
        holder = this_process("fullcredits serve")
        return Background(self.store, self.desk.connections.connected, holder, self.rules)

    def pages(self, keeping: Keeping | None = None) -> FastAPI:
        """The web application over this installation; pictures are fetched ahead beside it."""
        # A third of the program: only who serves them loads them.
        from fullcredits.images.keep import kept_ahead
        from fullcredits.web.app import create_app

        @asynccontextmanager
        async def beside(_: FastAPI) -> AsyncIterator[None]:
            async with kept_ahead(self.pictures):
                yield

        return create_app(
            self.store, self.pictures, self.entrance, self.desk, self.reach, keeping, beside
        )

    def _source_of(self, source_id: int) -> Source:
        with self.store.reading() as db:
            return self.desk.connections.connect(stored.source_by_id(db, source_id))
