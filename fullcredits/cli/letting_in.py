"""Being let in to a server, step by step: its certificate, and who signs in how."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from fullcredits.cli.asking import (
    agree,
    ask,
    ask_secret,
    choose,
    somebody,
    tell,
    until_it_does,
)
from fullcredits.errors import ConfigError, Refused, SourceError
from fullcredits.model import USUAL_TRUST, SourceKind, Trust, Trusted
from fullcredits.setup import Joining, Step
from fullcredits.sources import certificates

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

    def refuse_beside_account(self) -> None:
        """Raises ConfigError for what means nothing where a Plex account says how to get in."""
        flags = {
            "--token": self.token,
            "--user": self.user,
            "--password": self.password,
            "--quick-connect": self.quick_connect,
            "--insecure": self.insecure,
            "--ca": self.ca,
            "--fingerprint": self.fingerprint,
        }
        if given := [flag for flag, value in flags.items() if value]:
            raise ConfigError(
                f"{' and '.join(given)} can only be had with the server's address: give that too, "
                "or leave it out to find the server by your Plex account"
            )

    def trust(self) -> Trust | None:
        """As far as it needs nobody to look at a certificate; None where nothing is said of it.

        Raises ConfigError.
        """
        if sum((self.insecure, self.ca is not None, self.fingerprint is not None)) > 1:
            raise ConfigError("give one of --insecure, --ca and --fingerprint")
        if self.insecure:
            return Trust(Trusted.ANY)
        return certificates.authorities(self.ca) if self.ca else None


async def find(joining: Joining, given: Given) -> None:
    """As `reach`, at an address that is asked for."""
    given.trust()  # what is wrong with it no other address would mend

    async def ask_and_reach() -> None:
        await reach(joining, ask("Address of the server", "the address is missing"), given)

    await until_it_does(ask_and_reach, ConfigError, SourceError)


async def reach(joining: Joining, address: str, given: Given) -> None:
    """Find which server answers, and whose certificate it may have.

    A certificate that nobody vouches for is shown and asked about.
    """
    trust = given.trust()
    if given.fingerprint is not None:
        await joining.expect(address, given.fingerprint)
        return
    if trust is None and not somebody():
        trust = USUAL_TRUST
    await joining.reach(address, trust)
    if joining.step is Step.CERTIFICATE:
        _recognise(joining)
        await joining.accept()


def _recognise(joining: Joining) -> None:
    """Ask whether a certificate is the server's. Raises ConfigError where it is not."""
    shown = joining.certificate
    assert shown is not None
    tell(f"{joining.address} shows a certificate that nobody vouches for:", "yellow")
    tell(f"  for      {shown.subject}\n  by       {shown.issuer}\n  until    {shown.ends}")
    tell(f"  SHA-256  {shown.fingerprint}")
    if not agree("Is it your server's? Trust it from now on?"):
        raise ConfigError(f"the certificate of {joining.address} is not trusted: nothing was kept")


async def sign_in(joining: Joining, given: Given) -> None:
    """Be let in to a server whose address is known."""
    assert joining.found is not None
    if joining.found.kind is SourceKind.PLEX:
        await _into_plex(joining, given)
        return
    if given.plex or given.server:
        raise ConfigError("a Jellyfin has no account at plex.tv: give --user or --token")
    if given.user is not None or given.quick_connect:
        await _as_user(joining, given)
        return
    if given.token is not None:
        await joining.by_token(given.token)
        return
    if somebody():
        tell(SIGN_IN_WHY, "dim")
    missing = "how to be let in is missing: give --user, --quick-connect or --token (an API key)"
    how = choose("How shall Fullcredits be let in?", _HOW_JELLYFIN, missing)
    if how != "key":
        await _as_user(joining, Given(quick_connect=how == "quick"))
        return
    key = await until_it_does(lambda: _key(joining), Refused)
    if agree("Sign in as a user too, to be told of changes?", default=True):
        quick = agree("With Quick Connect, instead of a password?")
        await _as_user(joining, Given(token=key, quick_connect=quick))
    else:
        await joining.by_token(key)


async def _key(joining: Joining) -> str:
    key = ask_secret("API key", "the API key is missing")
    await joining.prove(key)
    return key


async def _as_user(joining: Joining, given: Given) -> None:
    if given.quick_connect:
        await joining.begin_quick(given.token)
        assert joining.quick is not None
        code = joining.quick.code
        tell(f"Type this code where you are signed in (your user → Quick Connect): {code}")
        await _confirmed(joining, _TEN_MINUTES)
        return
    if given.user is not None and given.password is not None:
        await joining.by_password(given.user, given.password, given.token)
    else:
        await until_it_does(lambda: _by_password(joining, given), Refused)


async def _by_password(joining: Joining, given: Given) -> None:
    user = given.user or ask("User name", "the user name is missing: give --user")
    password = given.password
    if password is None:
        missing = "the password is missing: set FULLCREDITS_PASSWORD"
        password = ask_secret(f"Password of {user}", missing)
    await joining.by_password(user, password, given.token)


async def _into_plex(joining: Joining, given: Given) -> None:
    if given.user is not None or given.quick_connect:
        raise ConfigError("only a Jellyfin takes a user name; a Plex needs --plex or --token")
    if given.token is not None:
        await joining.by_token(given.token)
        return
    missing = "how to be let in is missing: give --plex to sign in at plex.tv, or --token"
    if not given.plex:
        how = choose("How shall Fullcredits be let in?", _HOW_PLEX, missing)
        if how == "token":
            await until_it_does(
                lambda: joining.by_token(ask_secret("Plex token", missing)), Refused
            )
            return
    await by_account(joining)


async def by_account(joining: Joining) -> None:
    """By a Plex account: a code that its user confirms in a browser, then one of its servers."""
    await joining.begin_pin()
    assert joining.pin is not None
    tell("Open this page, sign in and allow Fullcredits:")
    tell(f"  {joining.pin.page}", "bold")
    await _confirmed(joining, joining.pin.seconds)
    if joining.step is Step.SERVER:
        servers = joining.servers
        choices = [
            (s.id, f"{s.name} (shared by {s.owner})" if s.owner else s.name) for s in servers
        ]
        names = ", ".join(server.name for server in servers)
        await joining.take(
            choose("Which server?", choices, f"say which one with --server: {names}")
        )


async def _confirmed(joining: Joining, seconds: float) -> None:
    """Wait until somebody confirmed the code elsewhere."""
    tell("Waiting for you …", "dim")
    try:
        async with asyncio.timeout(seconds):
            while True:
                await joining.look()
                if joining.step is not Step.CODE:
                    return
                await asyncio.sleep(PAUSE)
    except TimeoutError:
        raise ConfigError("nobody confirmed the code in time: begin again") from None
