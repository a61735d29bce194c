"""Connections to sources, and the secrets that open them."""

from __future__ import annotations

import contextlib
import os
import shlex
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fullcredits.config import Config
from fullcredits.errors import ConfigError, Failed, Nonsense, Refused, SourceError, Unreachable
from fullcredits.model import SourceKind
from fullcredits.setup.doors import Doors
from fullcredits.setup.values import Login, Settings
from fullcredits.sources import Source, open_source
from fullcredits.sources.plex.account import PlexServer
from fullcredits.sources.trouble import TooSlow
from fullcredits.store import Store, schedules
from fullcredits.store import sources as stored
from fullcredits.store.secrets import Secrets
from fullcredits.store.sources import Access, SourceRow


class Connections:
    """Opens connections to servers; opens and seals what lets us in."""

    def __init__(self, config: Config, store: Store, secrets: Secrets) -> None:
        self._config = config
        self._store = store
        self._secrets = secrets

    @property
    def doors(self) -> Doors:
        """For finding servers and signing in."""
        return Doors(self._config, self.client_id())

    def client_id(self) -> str:
        """Who we are to every server: made once for an installation, then always the same."""
        path = self._config.data_dir / "client-id"
        with contextlib.suppress(FileExistsError):
            if not path.exists():
                made = path.with_name(f".client-id.{uuid.uuid4()}")
                made.write_text(f"{uuid.uuid4()}\n")
                try:
                    os.link(made, path)  # of two processes at it, the first one's stays
                finally:
                    made.unlink()
        return path.read_text().strip()

    def connect(self, row: SourceRow) -> Source:
        """A connection to a configured source, to be closed by the caller."""
        user = self.account(row) if row.kind is SourceKind.JELLYFIN else None
        with self._store.reading() as db:
            share = schedules.schedule_of(db, row.id).share
        return self.open(
            row.name, row.kind, row.address, self.token(row), row, row.server_id, user, share
        )

    @asynccontextmanager
    async def connected(self, row: SourceRow) -> AsyncIterator[Source]:
        """A connection to a configured source.

        A Plex that answers no more where it was, or takes its token no more, is looked for
        through the account it was found with; so is one whose address is somebody else's now, who
        is not shown the token.
        """
        source = self.connect(row)
        account = self.account(row)
        try:
            if row.kind is SourceKind.PLEX and account is not None:
                source = await self._found_again(row, source, account)
            yield source
        finally:
            await source.close()

    async def _found_again(self, row: SourceRow, source: Source, account: str) -> Source:
        """Where it is now. Raises what ails it, and why plex.tv does not help."""
        try:
            await source.server()
        except (Unreachable, Refused, Nonsense, TooSlow) as error:
            ails = error
        except SourceError:
            return source  # it is there; what ails it is for the sync to tell
        else:
            return source
        try:
            for server in await self.doors.plex_tv.servers(account):
                if server.id == row.server_id:
                    return await self._moved(row, source, server, account)
            why = "the Plex account it was found with has no such server any more"
        except Refused:
            why = (
                "plex.tv, which could tell where it is now, no longer knows our sign-in: sign in "
                f"again with `fullcredits source sign-in {shlex.quote(row.name)} --plex`"
            )
            raise Refused(row.name, _both(ails.problem, why)) from None
        except SourceError as error:
            why = f"it was looked for through its Plex account, too: {error}"
        raise _kind_of(ails)(row.name, _both(ails.problem, why))

    async def _moved(
        self, row: SourceRow, source: Source, server: PlexServer, account: str
    ) -> Source:
        how = Settings(row.trust, row.at_once, row.link_address)
        address = row.address
        if not await self._answers(row):
            address = await self.doors.plex_tv.address_of(server)
            # Where it was found, the usual authorities vouch for it, or there is no https.
            how = Settings(at_once=row.at_once, link_address=row.link_address)
        access = self.sealed(address, Login(server.token, account), how)
        with self._store.writing() as db:
            stored.set_access(db, row.id, access)
            moved = stored.source_by_id(db, row.id)
        await source.close()
        return self.connect(moved)

    async def _answers(self, row: SourceRow) -> bool:
        """Whether the server is where it was: then it only wants another token."""
        try:
            return (await self.doors.find(row.address, row.trust)).server_id == row.server_id
        except (ConfigError, SourceError):
            return False

    def open(
        self,
        name: str,
        kind: SourceKind,
        address: str,
        token: str,
        how: Settings | SourceRow,
        server_id: str | None = None,
        user_token: str | None = None,
        share: int = 100,
    ) -> Source:
        """A connection to a server at an address, to be closed by the caller."""
        return open_source(
            kind,
            name,
            address,
            token,
            self.client_id(),
            server_id=server_id,
            user_token=user_token,
            trust=how.trust,
            limit=how.at_once,
            share=share,
        )

    def token(self, row: SourceRow) -> str:
        """What a source is read with: a Plex token, an API key, or a Jellyfin user's token."""
        return self._secrets.open(row.secret)

    def account(self, row: SourceRow) -> str | None:
        """What is kept beside it, see `Login.account`."""
        return self._secrets.open(row.account_secret) if row.account_secret else None

    def sealed(self, address: str, login: Login, how: Settings | SourceRow) -> Access:
        """As it is stored."""
        seal = self._secrets.seal
        account = seal(login.account) if login.account else None
        return Access(address, seal(login.token), account, how.trust, how.at_once, how.link_address)


def _both(problem: str, why: str) -> str:
    if problem.endswith("?"):
        return f"{problem} {why[0].upper()}{why[1:]}"
    return f"{problem}; {why}"


def _kind_of(error: SourceError) -> type[SourceError]:
    """What its caller can do about it."""
    kinds = (Unreachable, Refused, Nonsense, Failed)
    return next(kind for kind in kinds if isinstance(error, kind))
