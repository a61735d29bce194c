"""`fullcredits serve`."""

from __future__ import annotations

import errno
import ipaddress
import socket
from typing import Annotated

import typer
import uvicorn
from rich.text import Text
from starlette.types import ASGIApp

from fullcredits.app import App
from fullcredits.cli.opening import opened
from fullcredits.cli.terminal import out
from fullcredits.config import Config
from fullcredits.errors import ConfigError


def serve(
    context: typer.Context,
    port: Annotated[
        int | None, typer.Option(help="Port to listen on; 0: any free one.", show_default="8484")
    ] = None,
) -> None:
    """Serve the pages on this machine, until Ctrl-C."""
    with opened(context) as app:
        config: Config = app.config
        serve_app(app, listen(config.host, config.port if port is None else port))


def listen(host: str, port: int) -> socket.socket:
    """A socket on a loopback address. Raises ConfigError for others, or when the port is taken."""
    if host != "localhost" and not _is_loopback(host):
        raise ConfigError(
            f"the host {host} is not a loopback address; there is no log-in yet, so pages are "
            "served to this machine only: put a reverse proxy with a log-in in front"
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()  # from here on a browser waits for us instead of being refused
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise ConfigError(
                f"port {port} is taken by another program; choose one with --port"
            ) from error
        raise ConfigError(f"cannot listen on {host}:{port}: {error.strerror}") from error
    return listening


def serve_app(app: App, listening: socket.socket) -> None:
    """Serve the pages until interrupted; says the address first."""
    out.print(Text.assemble("Fullcredits is at ", (address_of(listening), "bold")))
    out.print(Text("Stop it with Ctrl-C.", style="dim"))
    serve_on(listening, app.pages())


def address_of(listening: socket.socket) -> str:
    """What to type into a browser."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def serve_on(listening: socket.socket, application: ASGIApp) -> None:
    """Serve a web application on a socket until interrupted."""
    config = uvicorn.Config(
        application, log_level="warning", access_log=False, server_header=False, proxy_headers=False
    )
    with listening:
        uvicorn.Server(config).run(sockets=[listening])


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
