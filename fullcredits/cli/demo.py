"""`fullcredits demo`: the whole program at work on two simulated servers."""

from __future__ import annotations

import asyncio
import socket
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.text import Text

from fullcredits.app import App
from fullcredits.cli.serve import listen, serve_app
from fullcredits.cli.sync import print_summaries, run_sync
from fullcredits.cli.terminal import err
from fullcredits.config import Config
from fullcredits.errors import ConfigError
from fullcredits.model import SourceKind
from fullcredits.setup import Login
from fullcredits.simulate import jellyfin_app, open_catalogue, plex_app, running

DEMO_TOKEN = "demonstration"  # noqa: S105  a made-up token of a made-up server
_HERE: Final[dict[str, Any]] = {"host": "127.0.0.1", "hosts": (), "base_path": ""}
"""For this machine only, whatever the settings say."""


def demo(
    context: typer.Context,
    port: Annotated[
        int | None,
        typer.Option(help="Port to serve on; 0: any free one.", show_default="8484, or a free one"),
    ] = None,
) -> None:
    """Look around without a server.

    Starts a simulated Plex and a simulated Jellyfin with an invented library, syncs them over
    HTTP into a database and serves its pages, until Ctrl-C. Everything is kept in a temporary
    folder and gone afterwards; your own settings and data are not touched.
    """
    config: Config = context.obj
    with ExitStack() as stack:
        listening = stack.enter_context(_listen(config, port))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fullcredits-demo-")))
        err.print(Text("Starting a simulated Plex and a simulated Jellyfin …", style="dim"))
        catalogue = open_catalogue()
        plex = plex_app(catalogue, name="Attic", token=DEMO_TOKEN, share="attic")
        jellyfin = jellyfin_app(catalogue, name="Cabin", api_key=DEMO_TOKEN, share="cabin")
        attic = stack.enter_context(running(plex))
        cabin = stack.enter_context(running(jellyfin))
        app = App(config.model_copy(update={"data_dir": folder, "database": "", **_HERE}))
        stack.callback(app.close)
        login = Login(DEMO_TOKEN)
        asyncio.run(app.desk.add("Attic", SourceKind.PLEX, attic, login))
        asyncio.run(app.desk.add("Cabin", SourceKind.JELLYFIN, cabin, login))
        print_summaries(run_sync(app))
        serve_app(app, listening)


def _listen(config: Config, port: int | None) -> socket.socket:
    if port is not None:
        return listen(_HERE["host"], port)
    try:
        return listen(_HERE["host"], config.port)
    except ConfigError:
        return listen(_HERE["host"], 0)
