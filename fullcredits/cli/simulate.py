"""`fullcredits simulate`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.text import Text

from fullcredits.cli.serve import address_of, listen, serve_on
from fullcredits.cli.terminal import out
from fullcredits.errors import ConfigError
from fullcredits.model import SourceKind
from fullcredits.simulate import (
    DEFAULT_API_KEY,
    DEFAULT_TOKEN,
    jellyfin_app,
    open_catalogue,
    plex_app,
)


class Cost(StrEnum):
    """How long answers take."""

    NONE = "none"
    REAL = "real"


def simulate(
    kind: Annotated[SourceKind, typer.Argument(help="The kind of server to play.")],
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0: any free one.")] = 0,
    catalogue: Annotated[
        list[Path] | None,
        typer.Option(
            help="A file of films or series to serve instead of the invented ones (JSON lines, "
            "may be gzipped). May be given several times.",
        ),
    ] = None,
    token: Annotated[
        str | None, typer.Option(help="The token (Plex) or API key (Jellyfin) to accept.")
    ] = None,
    cost: Annotated[
        Cost, typer.Option(help="real: a Jellyfin's People take 1.4 ms a credit, one at a time.")
    ] = Cost.NONE,
) -> None:
    """Play a media server on this machine, until Ctrl-C: for trying things out and for tests."""
    listening = listen("127.0.0.1", port)
    try:
        known = open_catalogue(catalogue)
    except (OSError, msgspec.DecodeError) as error:
        raise ConfigError(f"the catalogue cannot be read: {error}") from error
    if kind is SourceKind.PLEX:
        token = token or DEFAULT_TOKEN
        app = plex_app(known, token=token, share=None if catalogue else "attic")
    else:
        token = token or DEFAULT_API_KEY
        share = None if catalogue else "cabin"
        app = jellyfin_app(
            known, api_key=token, cost="real" if cost is Cost.REAL else None, share=share
        )
    out.print(Text.assemble(f"A simulated {kind} is at ", (address_of(listening), "bold")))
    out.print(Text(f"Its token is {token}; stop it with Ctrl-C.", style="dim"))
    serve_on(listening, app)
