"""What plex.tv knows: one account, its servers, and codes that wait for somebody to allow them."""

from __future__ import annotations

import hashlib
import secrets
import string
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

Record = dict[str, Any]

DEFAULT_ACCOUNT_TOKEN = "account-token"  # noqa: S105 - of a pretend account
_STRONG_SECONDS, _WEAK_SECONDS = 1800, 900
_ALPHABET = string.ascii_lowercase + string.digits


@dataclass(frozen=True, slots=True)
class Way:
    """An address a server can be reached at: near it, from afar, or through Plex's relay."""

    uri: str
    local: bool = True
    relay: bool = False

    def record(self) -> Record:
        """As a row of ``connections``."""
        parts = urlsplit(self.uri)
        default = 443 if parts.scheme == "https" else 80
        host = parts.hostname or ""
        return {
            "protocol": parts.scheme,
            "address": host,
            "port": parts.port or default,
            "uri": self.uri,
            "local": self.local,
            "relay": self.relay,
            "IPv6": ":" in host,
        }


@dataclass(frozen=True, slots=True)
class Offered:
    """A server that the account may use, with the token that opens it and no other.

    ``machine_id`` is the server's machineIdentifier. ``owner`` is None for one's own server, else
    the name of who shares it.
    """

    name: str
    machine_id: str
    access_token: str
    ways: tuple[Way, ...]
    owner: str | None = None
    version: str = "1.43.1.10576-06378bdcd"
    https_required: bool = False
    provides: str = "server"
    public_address: str = "203.0.113.7"

    def record(self, *, https: bool, relay: bool, ipv6: bool) -> Record:
        """As a row of ``/api/v2/resources``; the arguments say which ways are wanted."""
        ways = [way.record() for way in self.ways if relay or not way.relay]
        ways = [way for way in ways if (https or way["protocol"] == "http")]
        return {
            "name": self.name,
            "product": "Plex Media Server",
            "productVersion": self.version,
            "platform": "Linux",
            "platformVersion": "6.1.0",
            "device": "Docker Container",
            "clientIdentifier": self.machine_id,
            "createdAt": "2020-01-12T15:30:18Z",
            "lastSeenAt": _iso(time.time()),
            "provides": self.provides,
            "ownerId": None if self.owner is None else _number(self.owner),
            "sourceTitle": self.owner,
            "publicAddress": self.public_address,
            "accessToken": self.access_token,
            "owned": self.owner is None,
            "home": False,
            "synced": False,
            "relay": any(way.relay for way in self.ways),
            "presence": True,
            "httpsRequired": self.https_required,
            "publicAddressMatches": False,
            "dnsRebindingProtection": False,
            "natLoopbackSupported": False,
            "connections": [way for way in ways if ipv6 or not way["IPv6"]],
        }


@dataclass(slots=True)
class Pin:
    """A code that a client shows; the token comes with it once somebody allowed it."""

    id: int
    code: str
    client: str
    product: str
    made: float
    lives: int
    token: str | None = None

    @property
    def over(self) -> bool:
        """Whether its time has run out."""
        return time.time() >= self.made + self.lives

    def record(self) -> Record:
        """As ``/api/v2/pins`` tells it."""
        return {
            "id": self.id,
            "code": self.code,
            "product": self.product,
            "trusted": False,
            "clientIdentifier": self.client,
            "location": {
                "code": "NO",
                "european_union_member": False,
                "continent_code": "EU",
                "country": "Norway",
                "city": "Oslo",
                "time_zone": "Europe/Oslo",
                "postal_code": "0150",
                "in_privacy_restricted_country": True,
                "subdivisions": "Oslo",
                "coordinates": "59.913, 10.739",
            },
            "expiresIn": self.lives,
            "createdAt": _iso(self.made),
            "expiresAt": _iso(self.made + self.lives),
            "authToken": self.token,
            "newRegistration": None if self.token is None else False,
        }


@dataclass(slots=True)
class Account:
    """The one account of a pretend plex.tv; may be changed while it is served.

    ``tokens`` are good, and so are those that clients got for a code while ``secret`` was the same,
    also after a restart, unless they were withdrawn; ``expired`` ones get a 498, as those with a
    short life do when it is over. All others get a 401. ``managed``: one of a Plex Home, from which
    titles may be hidden.
    """

    servers: list[Offered]
    name: str = "owner"
    managed: bool = False
    tokens: set[str] = field(default_factory=lambda: {DEFAULT_ACCOUNT_TOKEN})
    expired: set[str] = field(default_factory=set)
    pins: dict[int, Pin] = field(default_factory=dict)
    secret: str = DEFAULT_ACCOUNT_TOKEN
    withdrawn: set[str] = field(default_factory=set)

    def begin(self, client: str, product: str, *, strong: bool) -> Pin:
        """A new code: four characters, or a long one that lives longer."""
        code = "".join(secrets.choice(_ALPHABET) for _ in range(25 if strong else 4))
        number = 111_000_000 + len(self.pins)
        lives = _STRONG_SECONDS if strong else _WEAK_SECONDS
        pin = Pin(number, code, client, product, time.time(), lives)
        self.pins[number] = pin
        return pin

    def authorise(self, code: str) -> bool:
        """Allow the client that shows this code: a new token is good; False for no such code."""
        for pin in self.pins.values():
            if pin.code.lower() == code.lower() and not pin.over:
                pin.token = self._token_of(hashlib.sha1(pin.client.encode()).hexdigest()[:12])
                self.tokens.add(pin.token)
                self.withdrawn.discard(pin.token)
                return True
        return False

    def knows(self, token: str) -> bool:
        """Whether a token is good."""
        issued = token == self._token_of(token[:12])
        return token in self.tokens or (issued and token not in self.withdrawn | self.expired)

    def _token_of(self, device: str) -> str:
        """What a device gets: nothing need be kept to know it again."""
        return device + hashlib.sha1(f"{device} {self.secret}".encode()).hexdigest()[:8]

    def expire(self, token: str) -> None:
        """Let the time of a token run out."""
        self.tokens.discard(token)
        self.expired.add(token)

    def withdraw(self, token: str) -> None:
        """Sign a client out."""
        self.tokens.discard(token)
        self.withdrawn.add(token)

    def user(self, token: str) -> Record:
        """As ``/api/v2/user`` tells it."""
        number = _number(self.name)
        return {
            "id": number,
            "uuid": hashlib.md5(self.name.encode()).hexdigest()[:16],
            "username": self.name,
            "title": self.name,
            "email": f"{self.name}@example.org",
            "friendlyName": "",
            "confirmed": True,
            "hasPassword": True,
            "authToken": token,
            "home": self.managed,
            "guest": False,
            "restricted": self.managed,
            "scrobbleTypes": "",
            "subscription": {"active": False, "status": "Inactive"},
            "profile": {"autoSelectAudio": True},
        }


def _number(name: str) -> int:
    return int(hashlib.md5(name.encode()).hexdigest()[:6], 16)


def _iso(when: float) -> str:
    return f"{datetime.fromtimestamp(when, UTC):%Y-%m-%dT%H:%M:%SZ}"
