"""Who is asking: tokens, API keys, sign-in and Quick Connect."""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from dataclasses import dataclass
from urllib.parse import unquote

from starlette.requests import HTTPConnection, Request

from fullcredits.simulate.jellyfin.dialect import Dialect
from fullcredits.simulate.jellyfin.errors import Refused, empty, failed
from fullcredits.simulate.jellyfin.ids import ticks
from fullcredits.simulate.jellyfin.query import Arguments
from fullcredits.simulate.jellyfin.times import iso_ticks

_PAIR = re.compile(r'(\w+)\s*=\s*(?:"([^"]*)"|([^,"]*))')


@dataclass(frozen=True, slots=True)
class Caller:
    """What a request says of itself; ``user`` is None for an API key and before sign-in."""

    client: str = ""
    device: str = ""
    device_id: str = ""
    version: str = ""
    token: str | None = None
    user: str | None = None


@dataclass(slots=True)
class QuickConnect:
    """A request to be let in that waits for somebody to type its code."""

    secret: str
    code: str
    caller: Caller
    added: float
    authenticated: bool = False

    def record(self) -> dict[str, object]:
        """As the server tells it."""
        return {
            "Authenticated": self.authenticated,
            "Secret": self.secret,
            "Code": self.code,
            "DeviceId": self.caller.device_id,
            "DeviceName": self.caller.device,
            "AppName": self.caller.client,
            "AppVersion": self.caller.version,
            "DateAdded": iso_ticks(ticks(self.added)),
        }


class Gate:
    """The one user of a simulated server, its API keys and its tokens."""

    def __init__(self, dialect: Dialect, *, api_key: str, user: str, password: str) -> None:
        self._dialect = dialect
        self.user_name = user
        self.user_id = hashlib.md5(f"user {user}".encode()).hexdigest()
        self.api_keys = {api_key: "Fullcredits"}
        self._password = password
        self._tokens: dict[str, str] = {}
        self._waiting: dict[str, QuickConnect] = {}

    def read(self, request: HTTPConnection) -> Caller:
        """The caller as the headers tell it, known here or not."""
        headers, arguments = request.headers, Arguments.of(request)
        schemes = ("mediabrowser", "emby") if self._dialect.legacy_auth else ("mediabrowser",)
        header = headers.get("Authorization", "")
        if not header and self._dialect.legacy_auth:
            header = headers.get("X-Emby-Authorization", "")
        scheme, _, rest = header.partition(" ")
        told = _pairs(rest) if scheme.lower() in schemes else {}
        token = told.get("token") or arguments.text("ApiKey")
        if not token and self._dialect.legacy_auth:
            token = (
                headers.get("X-Emby-Token")
                or headers.get("X-MediaBrowser-Token")
                or arguments.text("api_key")
            )
        return Caller(
            client=told.get("client", ""),
            device=told.get("device", ""),
            device_id=told.get("deviceid", ""),
            version=told.get("version", ""),
            token=token,
            user=self.user_id if token in self._tokens else None,
        )

    def admit(self, request: Request) -> Caller:
        """The caller, if known.

        Raises:
            Refused: no token, or none that is known here: 401 without a body.

        """
        caller = self.read(request)
        if caller.token in self._tokens or caller.token in self.api_keys:
            return caller
        raise Refused(empty(401))

    def sign_in(self, caller: Caller, name: str, password: str) -> str:
        """A new token; an older one of the same device stops working.

        Raises:
            Refused: 400 when the caller does not name client and device, 401 when name or
                password are wrong.

        """
        if not (caller.client and caller.device and caller.device_id and caller.version):
            raise Refused(failed(400))
        if name.lower() != self.user_name.lower() or password != self._password:
            raise Refused(failed(401))
        return self._let_in(caller)

    def initiate(self, caller: Caller) -> QuickConnect:
        """Begin a Quick Connect."""
        if not (caller.client and caller.device and caller.device_id and caller.version):
            raise Refused(failed(400))
        waiting = QuickConnect(
            secrets.token_hex(32), f"{secrets.randbelow(900_000) + 100_000}", caller, time.time()
        )
        self._waiting[waiting.secret] = waiting
        return waiting

    def waiting(self, secret: str) -> QuickConnect | None:
        """The Quick Connect of that secret."""
        return self._waiting.get(secret)

    def authorize(self, code: str) -> bool:
        """Type a code: whether somebody waits with it. The date moves a minute ahead then."""
        for waiting in self._waiting.values():
            if waiting.code == code and not waiting.authenticated:
                waiting.authenticated = True
                waiting.added = time.time() + 60
                return True
        return False

    def redeem(self, secret: str) -> tuple[Caller, str]:
        """The token of an authorised Quick Connect, once.

        Raises:
            Refused: nobody typed its code.

        """
        waiting = self._waiting.get(secret)
        if waiting is None or not waiting.authenticated:
            raise Refused(failed(401))
        del self._waiting[secret]
        return waiting.caller, self._let_in(waiting.caller)

    def sign_out(self, token: str | None) -> None:
        """Forget a user's token, as when somebody revokes it."""
        self._tokens.pop(token or "", None)

    def _let_in(self, caller: Caller) -> str:
        token = secrets.token_hex(16)
        self._tokens = {t: d for t, d in self._tokens.items() if d != caller.device_id}
        self._tokens[token] = caller.device_id
        return token


def _pairs(text: str) -> dict[str, str]:
    """``Name="Value"`` pairs; values are URL-decoded, quotes may be left out."""
    return {
        match[1].lower(): unquote(match[2] if match[2] is not None else match[3].strip())
        for match in _PAIR.finditer(text)
    }
