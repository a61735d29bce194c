"""From where the pages are reached: by which names, in which folder, through which proxies."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from fullcredits.pages import addresses
from fullcredits.web.errors import error_page


@dataclass(frozen=True, slots=True)
class Reach:
    """How an installation is reached. By default from this machine only."""

    hosts: tuple[str, ...] = ()
    """Names, beside loopback's."""
    folder: str = ""
    """In which a proxy has the pages, like "/films"; "" where they have the host for themselves."""
    proxies: tuple[str, ...] = ()
    """Addresses and networks whose word on who is behind them counts."""
    alone: bool = True
    """Whether nobody but this machine's users gets here, so that no password is needed."""


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, and only reached from it."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def machine_names(host: str) -> tuple[str, ...]:
    """How others call a machine that serves at `host`: by that name, and by its own."""
    own = socket.gethostname().lower()
    return (host.lower(), own, f"{own.partition('.')[0]}.local")


def inside(scope: Scope) -> str:
    """The path of a request below the folder."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


class Below:
    """Makes of a request's path one that begins with the folder, and addresses too.

    Proxies pass on a path with their folder in front or without it.
    """

    def __init__(self, app: ASGIApp, folder: str) -> None:
        self._app = app
        self._folder = folder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] == "http" and self._folder:
            addresses.below(self._folder)
            if scope["path"] == self._folder:
                await RedirectResponse(addresses.at("/"))(scope, receive, send)
                return
            if not scope["path"].startswith(f"{self._folder}/"):
                scope["path"] = f"{self._folder}{scope['path']}"
            scope["root_path"] = self._folder
        await self._app(scope, receive, send)


class Hosts:
    """Answers only requests to a name that is ours.

    Without that a page of some other site could have its own name point here and read ours.
    Numbers are no names: nobody else's page can be at them.
    """

    def __init__(self, app: ASGIApp, names: Sequence[str], *, alone: bool) -> None:
        self._app = app
        self._names = frozenset(("localhost", *names))
        self._alone = alone

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or not."""
        if scope["type"] == "http":
            name = _name(Headers(scope=scope).get("host", ""))
            if not self._is_ours(name):
                answer = error_page(
                    400,
                    f"“{name}” is not one of the names that are answered here: "
                    "if it is yours, add it to the setting “hosts”.",
                )
                await answer(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _is_ours(self, name: str) -> bool:
        if name in self._names:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return is_loopback(name) or not self._alone


def _name(host: str) -> str:
    """A `Host` header without the port."""
    bare = host.partition("]")[0][1:] if host.startswith("[") else host.partition(":")[0]
    return bare.lower()
