"""Being let in to a server, step by step: its certificate, and who signs in how."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from fullcredits.cli.asking import agree, ask, ask_secret, choose, somebody, tell
from fullcredits.errors import ConfigError, Unreachable
from fullcredits.model import USUAL_TRUST, SourceKind, Trust, Trusted
from fullcredits.setup import Doors, Login
from fullcredits.sources import Found, certificates
from fullcredits.sources.plex.account import PlexServer
from fullcredits.sources.trouble import Untrusted

PAUSE = 1.0
"""Seconds between looks whether a code was confirmed."""
_TEN_MINUTES = 600

SIGN_IN_WHY = (
    "Signing in is recommended: a Jellyfin tells of changes only to users, so they come within "
    "seconds; an API key is told of none, but sees every library. You can have both."
)
_HOW_JELLYFIN = (
    ("password", "Sign in with name and password (recommended; the password is not kept)"),
    ("quick", "Sign in with Quick Connect: a code you type where you are signed in (recommended)"),
    ("key", "API key (Dashboard → API Keys): sees every library, is told of no changes"),
)
_HOW_PLEX = (
    ("account", "Sign in at plex.tv (recommended: the server is found again when it moves)"),
    ("token", "Paste a Plex token"),
)


@dataclass(frozen=True, slots=True)
class Given:
    """What the command line gave; what is None may be asked for."""

    token: str | None = field(default=None, repr=False)
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    quick_connect: bool = False
    plex: bool = False
    server: str | None = None
    insecure: bool = False
    ca: Path | None = None
    fingerprint: str | None = None

    def trust(self) -> Trust:
        """As far as it needs nobody to look at a certificate. Raises ConfigError."""
        if sum((self.insecure, self.ca is not None, self.fingerprint is not None)) > 1:
            raise ConfigError("give one of --insecure, --ca and --fingerprint")
        if self.insecure:
            return Trust(Trusted.ANY)
        return certificates.authorities(self.ca) if self.ca else USUAL_TRUST


async def reach(doors: Doors, address: str, given: Given) -> tuple[Found, Trust]:
    """Which server answers, and whose certificate it may have.

    A certificate that nobody vouches for is shown and asked about.
    """
    trust = given.trust()
    try:
        found = await doors.find(address, trust)
        if given.fingerprint is None:
            return found, trust
        where = found.address
    except Untrusted as error:
        if given.fingerprint is None and not (somebody() and trust is USUAL_TRUST):
            raise
        where = error.address
    pinned = await _pinned(doors, where, given.fingerprint)
    return await doors.find(where, pinned), pinned


async def _pinned(doors: Doors, address: str, fingerprint: str | None) -> Trust:
    """Trust in the certificate shown there, if its owner knows it."""
    shown = await doors.certificate(address)
    if fingerprint is not None:
        if not certificates.same_fingerprint(shown.fingerprint, fingerprint):
            raise ConfigError(
                f"{address} shows another certificate than the one you expect; its SHA-256 "
                f"fingerprint is {shown.fingerprint}"
            )
    else:
        tell(f"{address} shows a certificate that nobody vouches for:", "yellow")
        tell(f"  for      {shown.subject}\n  by       {shown.issuer}\n  until    {shown.ends}")
        tell(f"  SHA-256  {shown.fingerprint}")
        if not agree("Is it your server's? Trust it from now on?"):
            raise ConfigError(f"the certificate of {address} is not trusted: nothing was kept")
    return Trust(Trusted.CERTIFICATE, shown.pem)


async def sign_in(doors: Doors, found: Found, trust: Trust, given: Given) -> Login:
    """What lets us in to a server whose address is known."""
    if found.kind is SourceKind.PLEX:
        return await _into_plex(doors, found, given)
    if given.plex or given.server:
        raise ConfigError("a Jellyfin has no account at plex.tv: give --user or --token")
    if given.user is not None or given.quick_connect:
        token = await _as_user(doors, found.address, trust, given)
        return Login(given.token, token) if given.token else Login(token)
    if given.token is not None:
        return Login(given.token)
    if somebody():
        tell(SIGN_IN_WHY, "dim")
    missing = "how to be let in is missing: give --user, --quick-connect or --token (an API key)"
    how = choose("How shall Fullcredits be let in?", _HOW_JELLYFIN, missing)
    if how != "key":
        return Login(
            await _as_user(doors, found.address, trust, Given(quick_connect=how == "quick"))
        )
    key = ask_secret("API key", "the API key is missing")
    if agree("Sign in as a user too, to be told of changes?", default=True):
        quick = agree("With Quick Connect, instead of a password?")
        return Login(key, await _as_user(doors, found.address, trust, Given(quick_connect=quick)))
    return Login(key)


async def _as_user(doors: Doors, address: str, trust: Trust, given: Given) -> str:
    if given.quick_connect:
        quick = await doors.begin_quick_connect(address, trust)
        tell(f"Type this code where you are signed in (your user → Quick Connect): {quick.code}")
        return await _confirmed(
            lambda: doors.end_quick_connect(address, quick.secret, trust), _TEN_MINUTES
        )
    user = given.user or ask("User name", "the user name is missing: give --user")
    password = given.password
    if password is None:
        missing = "the password is missing: set FULLCREDITS_PASSWORD"
        password = ask_secret(f"Password of {user}", missing)
    return await doors.sign_in(address, user, password, trust)


async def _into_plex(doors: Doors, found: Found, given: Given) -> Login:
    if given.user is not None or given.quick_connect:
        raise ConfigError("only a Jellyfin takes a user name; a Plex needs --plex or --token")
    if given.token is not None:
        return Login(given.token)
    missing = "how to be let in is missing: give --plex to sign in at plex.tv, or --token"
    if not given.plex:
        how = choose("How shall Fullcredits be let in?", _HOW_PLEX, missing)
        if how == "token":
            return Login(ask_secret("Plex token", missing))
    account = await plex_account(doors)
    for server in await doors.plex_tv.servers(account):
        if server.id == found.server_id:
            return Login(server.token, account)
    raise ConfigError(f"this Plex account may not use the server at {found.address}")


async def plex_account(doors: Doors) -> str:
    """A Plex account's token, by a code that its user confirms in a browser."""
    pin = await doors.plex_tv.begin_pin()
    tell("Open this page, sign in and allow Fullcredits:")
    tell(f"  {pin.page}", "bold")
    return await _confirmed(lambda: doors.plex_tv.end_pin(pin.id), pin.seconds)


async def plex_server(doors: Doors, account: str, wanted: str | None) -> PlexServer:
    """One of the account's servers: the one of that name or id, the only one, or a chosen one."""
    servers = await doors.plex_tv.servers(account)
    if not servers:
        raise ConfigError("this Plex account has no server, and none is shared with it")
    if wanted is not None:
        named = [s for s in servers if wanted.casefold() in (s.name.casefold(), s.id.casefold())]
        if len(named) != 1:
            names = ", ".join(server.name for server in servers)
            raise ConfigError(f"this account has no one server named {wanted!r}; it has: {names}")
        return named[0]
    if len(servers) == 1:
        return servers[0]
    choices = [(s, f"{s.name} (shared by {s.owner})" if s.owner else s.name) for s in servers]
    names = ", ".join(server.name for server in servers)
    return choose("Which server?", choices, f"say which one with --server: {names}")


async def _confirmed(look: Callable[[], Awaitable[str | None]], seconds: float) -> str:
    """Wait until somebody confirmed a code elsewhere."""
    tell("Waiting for you …", "dim")
    try:
        async with asyncio.timeout(seconds):
            while True:
                try:
                    token = await look()
                except Unreachable:  # a moment without network does not make the code void
                    token = None
                if token is not None:
                    return token
                await asyncio.sleep(PAUSE)
    except TimeoutError:
        raise ConfigError("nobody confirmed the code in time: begin again") from None
