"""A server on its way to becoming a source, or to being signed in to again, step by step.

Kept in memory only, by whoever asks the questions: what was given so far, what is still to be
answered. Nothing is stored before the last step, and only if the server answers.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from enum import StrEnum

from fullcredits.errors import ConfigError, Refused, Unreachable
from fullcredits.model import USUAL_TRUST, SourceKind, Trust, Trusted
from fullcredits.setup.desk import Desk
from fullcredits.setup.values import Checked, Login, Settings
from fullcredits.sources import Found, certificates
from fullcredits.sources.jellyfin.wire import QuickConnect
from fullcredits.sources.plex.account import Pin, PlexServer
from fullcredits.sources.trouble import Untrusted
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


class Joining:
    """How far it is with one server."""

    def __init__(
        self,
        desk: Desk,
        row: SourceRow | None = None,
        *,
        name: str | None = None,
        wanted: str | None = None,
        moves: bool = False,
    ) -> None:
        """`row`: the source to be signed in to again, or only to be reached otherwise (`moves`);
        without it, a new one is added, as `name`. `wanted`: which of the servers of a Plex
        account, by name or id.
        """
        self._desk = desk
        self.row = row
        self.name = name
        self._wanted = wanted
        self._moves = moves
        self.trouble = ""
        """What went wrong while nobody looked on, or ""."""
        self.turn = threading.Lock()
        """For who answers, or looks whether a code was confirmed: one at a time."""
        self.at_once = row.at_once if row else None
        self.trust = row.trust if row else USUAL_TRUST
        self.found: Found | None = None
        self.certificate: certificates.Certificate | None = None
        self.pin: Pin | None = None
        self.quick: QuickConnect | None = None
        self.servers: list[PlexServer] = []
        self.checked: Checked | None = None
        self.address = ""
        """Where it is looked for."""
        self._account: str | None = None
        self._key: str | None = None

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

    # Where it is, and its certificate

    async def reach(self, address: str, trust: Trust | None = None) -> None:
        """Find the server there; `trust` None means the usual one, and to ask where it is not
        enough. Raises ConfigError, also for a server that is a source already, and SourceError.
        """
        self.address = address
        try:
            self._met(await self._desk.doors.find(address, trust or USUAL_TRUST))
        except Untrusted as error:
            if trust is not None:
                raise
            self.certificate = await self._desk.doors.certificate(error.address)
            self.address = error.address
            return
        self.trust = trust or USUAL_TRUST
        if self._moves:
            await self._change(None)

    async def expect(self, address: str, fingerprint: str) -> None:
        """As `reach`, trusting exactly the certificate with this SHA-256 fingerprint."""
        doors = self._desk.doors
        try:
            self.address = (await doors.find(address)).address
        except Untrusted as error:
            self.address = error.address
        self.certificate = await doors.certificate(self.address)
        shown = self.certificate.fingerprint
        if not certificates.same_fingerprint(shown, fingerprint):
            raise ConfigError(
                f"{self.address} shows another certificate than the one you expect; its SHA-256 "
                f"fingerprint is {shown}"
            )
        await self.accept()

    async def accept(self) -> None:
        """The certificate is the server's. Raises as `reach`."""
        assert self.certificate is not None
        trust = Trust(Trusted.CERTIFICATE, self.certificate.pem)
        self.certificate = None
        await self.reach(self.address, trust)

    def stay(self) -> None:
        """Where the source of `row` is."""
        assert self.row is not None
        self.found = Found(self.row.kind, self.row.address, self.row.server_id or "")

    def _met(self, found: Found) -> None:
        if self.row is None:
            self._desk.refuse_known(found)
        self.found = found

    # Being let in

    async def by_token(self, token: str) -> None:
        """By a Plex token or an API key. Raises ConfigError, SourceError."""
        if self.row is not None:
            await self._let_in(self._desk.with_token(self.row, token))
            return
        try:
            await self._let_in(Login(token))
        except Refused as error:
            assert self.found is not None
            kind = self.found.kind.capitalize()
            raise Refused(
                error.source, f"this {kind} does not take this token: is it the right one?"
            ) from None

    async def by_password(self, user: str, password: str, key: str | None = None) -> None:
        """As a Jellyfin user, beside an API key where there is one. Raises SourceError."""
        token = await self._desk.doors.sign_in(self._where, user, password, self.trust)
        await self._as_user(token, key)

    async def begin_quick(self, key: str | None = None) -> None:
        """As `by_password`, by a code to be typed at the Jellyfin. Raises SourceError."""
        self._key = key
        self.quick = await self._desk.doors.begin_quick_connect(self._where, self.trust)

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
                token = await self._desk.doors.end_quick_connect(self._where, secret, self.trust)
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
            settings = self._settings
            self.checked = await self._desk.add(
                self.name, found.kind, found.address, login, settings
            )

    async def _change(self, login: Login | None) -> None:
        assert self.row is not None
        self.checked = await self._desk.change(self.row, self._where, login, self._settings)

    @property
    def _settings(self) -> Settings:
        return Settings(self.trust, self.at_once)

    @property
    def _where(self) -> str:
        assert self.found is not None
        return self.found.address


def _named(wanted: str, servers: Sequence[PlexServer]) -> PlexServer:
    found = [s for s in servers if wanted.casefold() in (s.name.casefold(), s.id.casefold())]
    if len(found) != 1:
        names = ", ".join(server.name for server in servers)
        raise ConfigError(f"this account has no one server named {wanted!r}; it has: {names}")
    return found[0]
