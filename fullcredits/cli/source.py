"""`fullcredits source add | list | test | remove`."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from fullcredits.app import Checked
from fullcredits.cli.opening import opened
from fullcredits.cli.terminal import err, out, print_json
from fullcredits.errors import ConfigError
from fullcredits.model import SourceKind

sources = typer.Typer(
    help="Add, list, test and remove media servers.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Name = Annotated[str, typer.Argument(help="The source's name.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@sources.command("add")
def add(
    context: typer.Context,
    address: Annotated[
        str | None,
        typer.Argument(help="Like http://nas:32400 or https://jellyfin.example.org/base."),
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="What to call it.", show_default="what it calls itself")
    ] = None,
    kind: Annotated[
        SourceKind | None, typer.Option(help="What answers there.", show_default="found out")
    ] = None,
    token: Annotated[
        str | None,
        typer.Option(
            envvar="FULLCREDITS_TOKEN",
            help="Plex token, or Jellyfin API key. Better given by the variable or when asked: "
            "arguments are seen by others on the machine.",
        ),
    ] = None,
    user: Annotated[
        str | None, typer.Option(help="Jellyfin: sign in as this user instead of with a key.")
    ] = None,
    password: Annotated[
        str | None,
        typer.Option(envvar="FULLCREDITS_PASSWORD", help="The user's password; asked if missing."),
    ] = None,
) -> None:
    """Add a media server. Asks for what is missing; nothing is kept unless the server answers."""
    address = address or _ask("Address of the server", "the address")
    with opened(context) as app:
        server = asyncio.run(app.server_at(address))
        found, address = kind or server.kind, server.address
        if user is not None:
            if found is not SourceKind.JELLYFIN:
                raise ConfigError("only a Jellyfin takes a user name; a Plex needs --token")
            password = password if password is not None else _ask_secret(f"Password of {user}")
            token = asyncio.run(app.sign_in(address, user, password))
        elif token is None:
            what = "Plex token" if found is SourceKind.PLEX else "Jellyfin API key"
            token = _ask_secret(what)
        checked = asyncio.run(app.add_source(name, found, address, token))
    out.print(Text(f"Added {checked.name}."))
    _print_checked(checked)
    out.print(Text("Read it with: fullcredits sync", style="dim"))


@sources.command("list")
def list_(context: typer.Context, as_json: Json = False) -> None:
    """List the configured servers."""
    with opened(context) as app:
        rows = app.source_rows()
    if as_json:
        print_json(
            [
                {
                    "name": row.name,
                    "kind": row.kind,
                    "address": row.address,
                    "server": row.server_name,
                    "version": row.server_version,
                }
                for row in rows
            ]
        )
        return
    if not rows:
        out.print(Text("No sources yet. Add one with: fullcredits source add"))
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    for words in ("name", "kind", "address", "server", "version"):
        table.add_column(words)
    for row in rows:
        table.add_row(
            Text(row.name, style="bold"),
            str(row.kind),
            Text(row.address),
            Text(row.server_name or ""),
            row.server_version or "",
        )
    out.print(table)


@sources.command("test")
def check(context: typer.Context, name: Name, as_json: Json = False) -> None:
    """Ask a server who it is and what it holds."""
    with opened(context) as app:
        checked = asyncio.run(app.check_source(name))
    if as_json:
        print_json(checked)
    else:
        _print_checked(checked)


@sources.command("remove")
def remove(
    context: typer.Context,
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Forget a server and all it stated. The server itself is not touched."""
    with opened(context) as app:
        (row,) = app.source_rows([name])
        if not yes and not (
            err.is_terminal and typer.confirm(f"Forget {row.name} and everything read from it?")
        ):
            raise ConfigError(f"{row.name} was kept; give --yes to remove it without being asked")
        app.remove_source(row)
    out.print(Text(f"Removed {row.name}."))


def _print_checked(checked: Checked) -> None:
    server = checked.server
    out.print(Text(f"{server.name}: {checked.kind} {server.version}"))
    if server.account:
        out.print(Text(f"seen as {server.account}", style="dim"))
    if not checked.libraries:
        out.print(Text("No library with films or series is visible to us.", style="yellow"))
    for library in checked.libraries:
        out.print(Text(f"  {library.name} ({library.kind})"))


def _ask(question: str, what: str) -> str:
    if not err.is_terminal:
        raise ConfigError(f"{what} is missing")
    return str(typer.prompt(question, err=True))


def _ask_secret(what: str) -> str:
    if not err.is_terminal:
        raise ConfigError(f"the {what} is missing: give it by option or variable, see --help")
    return str(typer.prompt(what, hide_input=True, err=True))
