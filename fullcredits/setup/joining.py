"""A server on its way to becoming a source, or to being signed in to again, step by step.

Kept in memory only, by whoever asks the questions: what was given so far, what is still to be
answered. Nothing is stored before the last step, and only if the server answers.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from enum import StrEnum

from fullcredits.errors import ConfigError, Refused, Unreachable
from fullcredits.model import USUAL_TRUST, SourceKind, Trust
from fullcredits.setup.desk import Desk
from fullcredits.setup.reaching import Reaching
from fullcredits.setup.values import Checked, Login, Onlooker, Settings
from fullcredits.sources import Found, normalised
from fullcredits.sources.jellyfin.wire import QuickConnect
from fullcredits.sources.plex.account import Pin, PlexServer
from fullcredits.store.sources import SourceRow


class Step(StrEnum):
    """What is to be answered next."""

    CERTIFICATE = "certificate"
    """Whether a certificate that nobody vouches for is the server's."""
    LETTING_IN = "letting in"
    """Who signs in how."""
    CODE = "code"
    """A code is to be confirmed elsewhere; look whether it was."""
    SERVER = "server"
    """Which of the servers of a Plex account."""
    DONE = "done"


class Joining(Reaching):
    """How far it is with one server."""

    def __init__(
        self,
        desk: Desk,
        row: SourceRow | None = None,
        *,
        name: str | None = None,
        wanted: str | None = None,
        moves: bool = False,
        onlooker: Onlooker | None = None,
    ) -> None:
        """`row`: the source to be signed in to again, or only to be reached otherwise (`moves`);
        without it, a new one is added, as `name`. `wanted`: which of the servers of a Plex
        account, by name or id.
        """
        super().__init__(desk, row)
        self._onlooker = onlooker or Onlooker()
        self.name = name
        self._wanted = wanted
        self._moves = moves
        self.trouble = ""
        """What went wrong while nobody looked on, or ""."""
        self.turn = threading.Lock()
        """For who answers, or looks whether a code was confirmed: one at a time."""
        self.at_once = row.at_once if row else None
        self.link_address = row.link_address if row else None
        self.pin: Pin | None = None
        self.quick: QuickConnect | None = None
        self.servers: list[PlexServer] = []
        self.checked: Checked | None = None
        self._account: str | None = None
        self._key: str | None = None

    def limit(self, at_once: int | None) -> None:
        """At most so many requests at once; None for as many as this kind of server can use.
        Raises ConfigError, as `reach` does where it is not yet known what answers.
        """
        self.at_once = at_once
        if self.row is not None:
            self._desk.refuse_limit(self.row.kind, at_once)

    def link(self, address: str) -> None:
        """Where links to the server lead; "" for what they lead to by themselves. Raises
        ConfigError.
        """
        try:
            self.link_address = normalised(address) if address.strip() else None
        except ConfigError as error:
            raise ConfigError(f"links cannot lead there: {error}") from None

    def stays_at(self, address: str, trust: Trust | None) -> bool:
        """Whether a source is reached so already: then its server need not be asked, see `keep`.
        Raises ConfigError.
        """
        assert self.row is not None
        known = (self.row.address, self.row.trust)
        return (normalised(address), trust or USUAL_TRUST) == known

    def keep(self) -> None:
        """Keep the limit and where links lead, of a source that stays where it is; its server is
        not asked.
        """
        assert self.row is not None
        self._desk.keep_settings(self.row, self._settings)

    @property
    def step(self) -> Step:
        """What is to be answered next."""
        if self.checked is not None:
            return Step.DONE
        if self.certificate is not None:
            return Step.CERTIFICATE
        if self.pin is not None or self.quick is not None:
            return Step.CODE
        return Step.SERVER if self.servers else Step.LETTING_IN

    async def reach(self, address: str, trust: Trust | None = None) -> None:
        """As `Reaching.reach`; a source that is only to be reached otherwise is changed then."""
        await super().reach(address, trust)
        if self._moves and self.certificate is None:
            await self._change(None)

    async def by_token(self, token: str) -> None:
        """By a Plex token or an API key. Raises ConfigError, SourceError."""
        await self.prove(token)
        await self._let_in(self._desk.with_token(self.row, token) if self.row else Login(token))

    async def prove(self, token: str) -> None:
        """See whether the server takes a token, before more is asked. Raises SourceError."""
        found = self.found
        assert found is not None
        try:
            await self._desk.prove(found.kind, found.address, token, self._settings)
        except Refused:
            what = "API key" if found.kind is SourceKind.JELLYFIN else "token"
            raise Refused(
                self._called,
                f"this {found.kind.capitalize()} does not take this {what}: is it the right one?",
            ) from None

    async def by_password(self, user: str, password: str, key: str | None = None) -> None:
        """As a Jellyfin user, beside an API key where there is one. Raises SourceError."""
        token = await self._desk.doors.sign_in(
            self._called, self._where, user, password, self.trust
        )
        await self._as_user(token, key)

    async def begin_quick(self, key: str | None = None) -> None:
        """As `by_password`, by a code to be typed at the Jellyfin. Raises SourceError."""
        self._key = key
        self.quick = await self._desk.doors.begin_quick_connect(
            self._called, self._where, self.trust
        )

    async def begin_pin(self) -> None:
        """By a Plex account, with a code to be confirmed at plex.tv. Raises SourceError."""
        self.pin = await self._desk.doors.plex_tv.begin_pin()

    def stop(self) -> None:
        """The code is not waited for any more."""
        self.pin = self.quick = None

    async def look(self) -> None:
        """See whether the code was confirmed, and go on if so.

        Raises ConfigError or SourceError, of an old code for instance: then it is to be begun
        again.
        """
        try:
            if self.quick is not None:
                secret = self.quick.secret
                token = await self._desk.doors.end_quick_connect(
                    self._called, self._where, secret, self.trust
                )
                if token is not None:
                    self.quick = None
                    await self._as_user(token, self._key)
            elif self.pin is not None:
                account = await self._desk.doors.plex_tv.end_pin(self.pin.id)
                if account is not None:
                    self.pin = None
                    await self._by_account(account)
        except Unreachable:
            if self.step is not Step.CODE:
                raise  # else a moment without network: the code is still good
        except (ConfigError, Refused):
            self.stop()
            raise

    async def take(self, server_id: str) -> None:
        """One of the account's servers. Raises ConfigError, SourceError."""
        server = next((one for one in self.servers if one.id == server_id), None)
        if server is None:
            raise ConfigError("this account has no such server: choose another one")
        doors = self._desk.doors
        if self.found is None or self.row is not None:
            address = await doors.plex_tv.address_of(server)
            self._met(Found(SourceKind.PLEX, address, server.id))
        self.name = self.name or server.name
        await self._let_in(Login(server.token, self._account))

    def _met(self, found: Found) -> None:
        super()._met(found)
        self._desk.refuse_limit(found.kind, self.at_once)

    async def _by_account(self, account: str) -> None:
        self._account = account
        servers = await self._desk.doors.plex_tv.servers(account)
        if self.found is not None:
            servers = [one for one in servers if one.id == self.found.server_id]
            if not servers:
                raise ConfigError(f"this Plex account may not use the server at {self._where}")
        elif not servers:
            raise ConfigError("this Plex account has no server, and none is shared with it")
        elif self._wanted is not None:
            servers = [_named(self._wanted, servers)]
        self.servers = servers
        if len(self.servers) == 1:
            await self.take(self.servers[0].id)

    async def _as_user(self, token: str, key: str | None) -> None:
        if self.row is not None and key is None:
            key = await self._desk.api_key(self.row)
        await self._let_in(Login(key, token) if key else Login(token))

    async def _let_in(self, login: Login) -> None:
        found = self.found
        assert found is not None
        if self.row is not None:
            await self._change(login)
        else:
            self.checked = await self._desk.add(
                self.name, found.kind, found.address, login, self._settings, self._onlooker
            )

    async def _change(self, login: Login | None) -> None:
        assert self.row is not None
        self.checked = await self._desk.change(
            self.row, self._where, login, self._settings, self._onlooker
        )

    @property
    def _called(self) -> str:
        """What errors call the server."""
        return self.row.name if self.row else self._where

    @property
    def _settings(self) -> Settings:
        return Settings(self.trust, self.at_once, self.link_address)


def _named(wanted: str, servers: Sequence[PlexServer]) -> PlexServer:
    found = [s for s in servers if wanted.casefold() in (s.name.casefold(), s.id.casefold())]
    if len(found) != 1:
        names = ", ".join(server.name for server in servers)
        raise ConfigError(f"this account has no one server named {wanted!r}; it has: {names}")
    return found[0]
