"""`fullcredits simulate`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.text import Text
from starlette.applications import Starlette

from fullcredits.cli.serve import address_of, listen, serve_on
from fullcredits.cli.terminal import out
from fullcredits.errors import ConfigError
from fullcredits.simulate import (
    DEFAULT_ACCOUNT_TOKEN,
    DEFAULT_API_KEY,
    DEFAULT_PASSWORD,
    DEFAULT_TOKEN,
    DEFAULT_USER,
    FAULT_KINDS,
    JELLYFIN_VERSIONS,
    PLEX_VERSIONS,
    offered_at,
    parse_fault,
    plextv_app,
    simulated,
)


class Played(StrEnum):
    """Servers that can be simulated."""

    PLEX = "plex"
    JELLYFIN = "jellyfin"
    PLEXTV = "plextv"


class Cost(StrEnum):
    """How long answers take."""

    NONE = "none"
    REAL = "real"


VERSIONS: dict[Played, tuple[str, ...]] = {
    Played.PLEX: tuple(PLEX_VERSIONS),
    Played.JELLYFIN: tuple(JELLYFIN_VERSIONS),
    Played.PLEXTV: (),
}
TOKENS = {
    Played.PLEX: DEFAULT_TOKEN,
    Played.JELLYFIN: DEFAULT_API_KEY,
    Played.PLEXTV: DEFAULT_ACCOUNT_TOKEN,
}


Files = Annotated[
    list[Path] | None,
    typer.Option(
        help="A file of films or series to serve instead of the invented ones (JSON lines, "
        "may be gzipped). May be given several times.",
    ),
]
Token = Annotated[
    str | None, typer.Option(help="The token (Plex) or API key (Jellyfin) to accept.")
]
Servers = Annotated[
    list[str] | None,
    typer.Option(
        metavar="ADDRESS[,remote=ADDRESS][,relay=ADDRESS]",
        help="plextv: a simulated Plex that the account may use, and how it is said to be reached; "
        "an address may be dead. May be given several times; codes are allowed on the page /auth.",
    ),
]
Name = Annotated[
    str | None,
    typer.Option(
        help="What the server calls itself. Two of one kind and name are one server at two "
        "addresses; another name is another server.",
    ),
]
Managed = Annotated[
    bool,
    typer.Option("--managed", help="plextv: the account is a managed one of a Plex Home."),
]
Version = Annotated[
    str | None,
    typer.Option(
        help=f"Of Plex {', '.join(PLEX_VERSIONS)}; of Jellyfin {', '.join(JELLYFIN_VERSIONS)}."
    ),
]
Costs = Annotated[
    Cost, typer.Option(help="real: a Jellyfin's People take 1.4 ms a credit, one at a time.")
]
Starting = Annotated[
    float,
    typer.Option(min=0.0, help="jellyfin: seconds of starting up, with the answers of that time."),
]
NoticeAfter = Annotated[
    float,
    typer.Option(
        min=0.0,
        help="jellyfin: seconds after the last change until it is told of.",
        show_default="30",
    ),
]
FaultTexts = Annotated[
    list[str] | None,
    typer.Option(
        metavar="KIND[:RATE][@PATTERN]",
        help="Commit a fault on a share of the requests that match, like "
        f"broken:0.1@/library/metadata/*. Kinds: {', '.join(FAULT_KINDS)}. May be given "
        "several times.",
    ),
]


def simulate(
    kind: Annotated[Played, typer.Argument(help="The kind of server to play.")],
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0: any free one.")] = 0,
    catalogue: Files = None,
    token: Token = None,
    server: Servers = None,
    managed: Managed = False,
    name: Name = None,
    version: Version = None,
    cost: Costs = Cost.NONE,
    starting: Starting = 0.0,
    notice_after: NoticeAfter = 30.0,
    fault: FaultTexts = None,
) -> None:
    """Play a media server on this machine, until Ctrl-C: for trying things out and for tests.

    While it runs it is changed by POST to /-/edit, /-/recast, /-/add, /-/delete, /-/refresh (with
    ?work=film-001) and /-/scan, slowed by /-/delay?seconds=1; GET /-/requests lists what it was
    asked.
    """
    if version is not None and version not in VERSIONS[kind]:
        known = ", ".join(VERSIONS[kind]) or "no versions of it"
        raise ConfigError(f"nobody plays {kind} {version}; there are {known}")
    token = token or TOKENS[kind]
    try:
        faults = [parse_fault(text) for text in fault or []]
    except ValueError as error:
        raise ConfigError(str(error)) from error
    if kind is Played.PLEXTV:
        app = _plextv(server or [], token, managed=managed)
    else:
        app = _app(kind, catalogue, token, version, cost, name)
    app.state.faults.extend(faults)
    if kind is Played.JELLYFIN:
        app.state.startup.begin(starting)
        app.state.notices.gathering = notice_after
    listening = listen("127.0.0.1", port)
    out.print(Text.assemble(f"A simulated {kind} is at ", (address_of(listening), "bold")))
    user = f"; its user {DEFAULT_USER} has the password {DEFAULT_PASSWORD}"
    known = f"Its token is {token}{user if kind is Played.JELLYFIN else ''}"
    out.print(Text(f"{known}; stop it with Ctrl-C.", style="dim"))
    if kind is not Played.PLEXTV:
        out.print(Text(_CONTROLS, style="dim"))
    serve_on(listening, app, dates=True)


_CONTROLS = (
    "Change it by POST to /-/edit, /-/recast, /-/add, /-/delete, /-/refresh (?work=film-001) and "
    "/-/scan, slow it by /-/delay?seconds=1; GET /-/requests lists what it was asked."
)


def _plextv(addresses: list[str], token: str, *, managed: bool) -> Starlette:
    try:
        servers = [offered_at(address, DEFAULT_TOKEN) for address in addresses]
        if len({server.machine_id for server in servers}) < len(servers):
            raise ConfigError("two of --server are the same one: give each a --name of its own")
        return plextv_app(servers, token=token, managed=managed)
    except (OSError, ValueError) as error:
        raise ConfigError(f"a --server cannot be offered: {error}") from error


def _app(
    kind: Played,
    files: list[Path] | None,
    token: str,
    version: str | None,
    cost: Cost,
    name: str | None,
) -> Starlette:
    try:
        return simulated(
            "plex" if kind is Played.PLEX else "jellyfin",
            files=files,
            token=token,
            version=version,
            cost="real" if cost is Cost.REAL else None,
            name=name,
        )
    except (OSError, msgspec.DecodeError) as error:
        raise ConfigError(f"the catalogue cannot be read: {error}") from error
