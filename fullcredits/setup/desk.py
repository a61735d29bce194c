"""Everything about the sources of an installation, except reading them."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import replace

from fullcredits.config import Config
from fullcredits.errors import ConfigError, Refused
from fullcredits.model import SourceKind
from fullcredits.setup.connections import Connections
from fullcredits.setup.cut_lists import LONGEST, with_what_was_read
from fullcredits.setup.doors import Doors
from fullcredits.setup.plex import WHOSE_TOKEN
from fullcredits.setup.values import Checked, Login, Onlooker, Overview, Settings
from fullcredits.sources import AT_ONCE, Found, Source, normalised
from fullcredits.sources.remarks import Remark, in_clear, of_libraries
from fullcredits.store import Store, problems, runs
from fullcredits.store import sources as stored
from fullcredits.store.read.servers import cast_lengths
from fullcredits.store.secrets import Secrets
from fullcredits.store.sources import SourceRow
from fullcredits.sync.identify import identify

_NEW = Settings()
_NOBODY = Onlooker()


class Desk:
    """Finds, adds, checks, changes and forgets sources."""

    def __init__(self, config: Config, store: Store, secrets: Secrets) -> None:
        self._store = store
        self._secrets = secrets
        self.connections = Connections(config, store, secrets)

    @property
    def doors(self) -> Doors:
        """For finding servers and signing in."""
        return self.connections.doors

    def hook_word(self) -> str:
        """The part of the address for webhooks that nobody can guess. Raises StoreError."""
        return self._secrets.word("webhook")

    # What there is

    def rows(self, names: Sequence[str] = ()) -> list[SourceRow]:
        """The sources of these names, or all. Raises NotFound."""
        with self._store.reading() as db:
            if names:
                return [stored.source_named(db, name) for name in names]
            return stored.list_sources(db)

    def row(self, source_id: int) -> SourceRow:
        """The source with that id. Raises NotFound."""
        with self._store.reading() as db:
            return stored.source_by_id(db, source_id)

    def overview(self) -> list[Overview]:
        """All sources with their last sync and what failed in it; no server is asked."""
        with self._store.reading() as db:
            return [
                Overview(
                    row,
                    runs.last_run(db, row.id),
                    problems.open_problems(db, row.id),
                    row.told_of_changes,
                )
                for row in stored.list_sources(db)
            ]

    # Adding, checking, changing, forgetting

    def refuse_known(self, found: Found) -> None:
        """Raises ConfigError where that server is a source already: before somebody signs in,
        because a new sign-in ends the older one.
        """
        with self._store.reading() as db:
            stored.refuse_known(db, found.kind, found.server_id)

    def refuse_another(self, row: SourceRow, address: str, server_id: str) -> None:
        """Raises ConfigError where the server at an address is not the source's: before it is shown
        the source's token.
        """
        if row.server_id and server_id != row.server_id:
            raise ConfigError(
                f"another server than {row.name} answers at {address}: add it as a source of its "
                "own or, if it was set up anew, go on with it: "
                f"fullcredits source set {shlex.quote(row.name)} --rebuilt"
            )

    def refuse_limit(self, kind: SourceKind, at_once: int | None) -> None:
        """Raises ConfigError for more requests at once than this kind of server is ever asked."""
        most = AT_ONCE[kind]
        if at_once is not None and at_once > most:
            raise ConfigError(
                f"{at_once} requests at once are too many for a {kind.capitalize()}: it is given "
                f"{most} at most, because more bring nothing sooner there; choose {most} or fewer"
            )

    async def add(
        self,
        name: str | None,
        kind: SourceKind,
        address: str,
        login: Login,
        settings: Settings = _NEW,
        onlooker: Onlooker = _NOBODY,
    ) -> Checked:
        """Keep a server that answers, by default under the name it gives itself.

        Raises ConfigError for a name or server already there, SourceError.
        """
        address = normalised(address)
        checked = await self._ask(name, kind, address, login, settings, onlooker)
        access = self.connections.sealed(address, login, settings)
        with self._store.writing() as db:
            added = stored.add_source(
                db, checked.name, kind, access.address, access.secret, checked.server
            )
            stored.set_access(db, added, access)
        return checked

    async def prove(
        self, kind: SourceKind, address: str, token: str, settings: Settings = _NEW
    ) -> None:
        """See whether a server takes a token. Raises SourceError."""
        source = self.connections.open(address, kind, address, token, settings)
        try:
            await source.server()
        finally:
            await source.close()

    async def check(self, name: str, onlooker: Onlooker = _NOBODY) -> Checked:
        """Ask a configured source who it is and what it can tell, which what was read of it so far
        adds to. Raises NotFound, SourceError.
        """
        (row,) = self.rows([name])
        async with self.connections.connected(row) as source:
            (row,) = self.rows([name])
            account = self.connections.account(row)
            checked = await self._checked(source, row.name, row.address, account, onlooker)
        with self._store.reading() as db:
            casts = cast_lengths(db, row.id, LONGEST[row.kind])
        return replace(checked, remarks=with_what_was_read(row.kind, checked.remarks, casts))

    async def change(
        self,
        row: SourceRow,
        address: str | None = None,
        login: Login | None = None,
        settings: Settings | None = None,
        onlooker: Onlooker = _NOBODY,
    ) -> Checked:
        """Another way to the same server; what is None stays. Nothing changes unless it answers.

        Raises ConfigError where another server answers, SourceError.
        """
        address = normalised(address) if address else row.address
        login = login or Login(self.connections.token(row), self.connections.account(row))
        settings = settings or Settings(row.trust, row.at_once, row.link_address)
        checked = await self._ask(row.name, row.kind, address, login, settings, onlooker)
        self.refuse_another(row, address, checked.server.id)
        with self._store.writing() as db:
            stored.set_access(db, row.id, self.connections.sealed(address, login, settings))
            stored.note_server(db, row.id, checked.server)
        return checked

    def keep_settings(self, row: SourceRow, settings: Settings) -> None:
        """What may be decided about a source without asking its server: it may be off. Raises
        ConfigError.
        """
        self.refuse_limit(row.kind, settings.at_once)
        login = Login(self.connections.token(row), self.connections.account(row))
        with self._store.writing() as db:
            stored.set_access(db, row.id, self.connections.sealed(row.address, login, settings))

    def expect_another(self, name: str) -> None:
        """A source's server was set up anew: whichever answers next is taken for it. Raises
        NotFound.
        """
        (row,) = self.rows([name])
        with self._store.writing() as db:
            stored.forget_server(db, row.id)

    def with_token(self, row: SourceRow, token: str) -> Login:
        """Another token; a Jellyfin user signed in beside it stays."""
        return Login(
            token, self.connections.account(row) if row.kind is SourceKind.JELLYFIN else None
        )

    async def api_key(self, row: SourceRow) -> str | None:
        """The API key a Jellyfin is read with; None where it is a user's token, or no good."""
        async with self.connections.connected(row) as source:
            try:
                server = await source.server()
            except Refused:
                return None
        return self.connections.token(row) if server.account is None else None

    def remove(self, row: SourceRow) -> None:
        """Forget a source and what it stated."""
        with self._store.writing() as db:
            stored.remove_source(db, row.id)
        identify(self._store)

    async def _ask(
        self,
        name: str | None,
        kind: SourceKind,
        address: str,
        login: Login,
        settings: Settings,
        onlooker: Onlooker,
    ) -> Checked:
        source = self.connections.open(name or address, kind, address, login.token, settings)
        try:
            return await self._checked(source, name, address, login.account, onlooker)
        finally:
            await source.close()

    async def _checked(
        self,
        source: Source,
        name: str | None,
        address: str,
        account: str | None,
        onlooker: Onlooker,
    ) -> Checked:
        kind, server = source.kind, await source.server()
        onlooker.met(kind, address, server)
        seen_as, remarks = server.account, list[Remark]()
        if kind is SourceKind.PLEX and account is None:
            remarks = [WHOSE_TOKEN]
        elif kind is SourceKind.PLEX and account is not None:
            seen_as, remarks = await self.doors.plex_tv.seen_as(account, server.id)
        beside_a_user = kind is SourceKind.JELLYFIN and account is not None
        onlooker.seen_as(kind, seen_as, told=beside_a_user)
        libraries = await source.libraries()
        onlooker.holds(libraries)
        remarks += [*of_libraries(libraries), *in_clear(address), *await source.remarks(server)]
        remarks = [r for r in remarks if not (beside_a_user and r.code == "api-key")]
        return Checked(name or server.name, kind, address, server, seen_as, libraries, remarks)
