"""`fullcredits serve`."""

from __future__ import annotations

import errno
import os
import socket
import threading
from types import FrameType
from typing import Annotated

import typer
import uvicorn
from rich.text import Text
from starlette.types import ASGIApp

from fullcredits.app import App
from fullcredits.cli.opening import opened
from fullcredits.cli.password import VARIABLE
from fullcredits.cli.terminal import out
from fullcredits.config import Config
from fullcredits.errors import ConfigError
from fullcredits.web.reach import is_loopback


def serve(
    context: typer.Context,
    port: Annotated[
        int | None, typer.Option(help="Port to listen on; 0: any free one.", show_default="8484")
    ] = None,
) -> None:
    """Serve the pages and keep them in step with the servers, until Ctrl-C.

    To this machine only, unless the settings name another `host` or `hosts`: then a password is
    needed first, see `fullcredits password`.
    """
    with opened(context) as app:
        first_password(app)
        config: Config = app.config
        serve_app(app, listen(config.host, config.port if port is None else port))


def first_password(app: App) -> None:
    """Take the one that the environment gives, where there is none yet. Raises ConfigError where
    one is needed and missing.
    """
    if app.entrance.guarded():
        return
    given = os.environ.get(VARIABLE)
    if given:
        app.entrance.set_password(given)
    elif not app.reach.alone:
        raise ConfigError(
            "the settings let other machines reach the pages, and there is no password yet: set "
            f"one with `fullcredits password`, or by the variable {VARIABLE}"
        )


def listen(host: str, port: int) -> socket.socket:
    """A socket on an address of this machine. Raises ConfigError where it cannot be had."""
    try:
        family, *_, where = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        both = family is socket.AF_INET6 and host == "::" and socket.has_dualstack_ipv6()
        # From here on a browser waits for us instead of being refused.
        return socket.create_server(where[:2], family=family, dualstack_ipv6=both)
    except socket.gaierror as error:
        raise ConfigError(f"the host {host} is not known: is the name right?") from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ConfigError(
                f"port {port} is taken by another program; choose one with --port"
            ) from error
        if error.errno == errno.EADDRNOTAVAIL:
            raise ConfigError(f"the host {host} is not an address of this machine") from error
        raise ConfigError(f"cannot listen on {host}:{port}: {error.strerror}") from error


def serve_app(app: App, listening: socket.socket) -> None:
    """Serve the pages and keep the sources in step until interrupted; says the address first."""
    address = f"{address_of(listening)}{app.config.base_path.removeprefix('/')}"
    out.print(Text.assemble("Fullcredits is at ", (address, "bold")))
    if not is_loopback(listening.getsockname()[0]):
        port = listening.getsockname()[1]
        out.print(Text(f"Others reach it by this machine's address or name, at port {port}."))
    out.print(Text("Stop it with Ctrl-C.", style="dim"))
    with app.keeping() as keeping:
        pages = app.pages(keeping)
        serve_on(listening, pages, ending=pages.state.ending)


def address_of(listening: socket.socket) -> str:
    """What to type into a browser on this machine."""
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  every address
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


class _Server(uvicorn.Server):
    """Says that it ends before it waits for answers under way: some have no end of their own."""

    def __init__(self, config: uvicorn.Config, ending: threading.Event) -> None:
        super().__init__(config)
        self._ending = ending

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End, on a signal."""
        self._ending.set()
        super().handle_exit(sig, frame)


def serve_on(
    listening: socket.socket,
    application: ASGIApp,
    ending: threading.Event | None = None,
    *,
    dates: bool = False,
) -> None:
    """Serve a web application on a socket until interrupted; `ending` is set then. `dates`: it says
    itself when it answered.
    """
    config = uvicorn.Config(
        application,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=not dates,
        proxy_headers=False,
        timeout_graceful_shutdown=5,
    )
    with listening:
        _Server(config, ending or threading.Event()).run(sockets=[listening])
