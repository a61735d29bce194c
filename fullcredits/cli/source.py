"""`fullcredits source add | list | test | set | sign-in | remove`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from fullcredits.cli.asking import agree, choose
from fullcredits.cli.checked import Shown, print_overview, print_remarks
from fullcredits.cli.letting_in import Given, by_account, find, reach, sign_in
from fullcredits.cli.opening import opened
from fullcredits.cli.terminal import out, print_json
from fullcredits.cli.waiting import patiently
from fullcredits.errors import ConfigError
from fullcredits.model import USUAL_TRUST
from fullcredits.setup import Checked, Joining, Onlooker
from fullcredits.sources import AT_ONCE
from fullcredits.store.sources import SourceRow

sources = typer.Typer(
    help="Add, list, test, change and remove media servers.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Name = Annotated[str, typer.Argument(help="The source's name.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Token = Annotated[
    str | None,
    typer.Option(
        envvar="FULLCREDITS_TOKEN",
        help="Plex token, or Jellyfin API key. Better given by the variable or when asked: "
        "arguments are seen by others on the machine.",
    ),
]
User = Annotated[
    str | None,
    typer.Option(help="Jellyfin: sign in as this user, instead of or beside --token."),
]
Password = Annotated[
    str | None,
    typer.Option(envvar="FULLCREDITS_PASSWORD", help="The user's password; asked if missing."),
]
Quick = Annotated[
    bool, typer.Option("--quick-connect", help="Jellyfin: sign in by a code you type there.")
]
Plex = Annotated[
    bool, typer.Option("--plex", help="Plex: sign in at plex.tv; finds the server by itself.")
]
Insecure = Annotated[
    bool,
    typer.Option("--insecure", help="Accept any https certificate: others may then read along."),
]
Authorities = Annotated[
    Path | None, typer.Option("--ca", help="Accept https certificates signed by those in a file.")
]
Fingerprint = Annotated[
    str | None,
    typer.Option(help="Accept exactly the https certificate with this SHA-256 fingerprint."),
]
Limit = Annotated[
    int | None,
    typer.Option(
        min=0,
        max=max(AT_ONCE.values()),
        help="Requests at once at most: 1 to 4 at a Plex, 1 or 2 at a Jellyfin, where more bring "
        "nothing sooner; 0: as many as gain something.",
    ),
]
Links = Annotated[
    str | None,
    typer.Option(
        "--link-address",
        help='Where browsers find it, for links to it: like http://nas:8096; "" for the usual.',
    ),
]

_WHERE = (
    ("address", "A Plex or Jellyfin server whose address I know"),
    ("account", "A Plex server of my account: sign in at plex.tv and choose"),
)


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
    token: Token = None,
    user: User = None,
    password: Password = None,
    quick_connect: Quick = False,
    plex: Plex = False,
    server: Annotated[
        str | None, typer.Option(help="Plex: which of the account's servers, by name or id.")
    ] = None,
    insecure: Insecure = False,
    ca: Authorities = None,
    fingerprint: Fingerprint = None,
    limit: Limit = None,
    link_address: Links = None,
    as_json: Json = False,
) -> None:
    """Add a media server. Asks for what is missing; nothing is kept unless the server answers."""
    given = Given(token, user, password, quick_connect, plex, server, insecure, ca, fingerprint)
    with opened(context) as app:
        onlooker = Onlooker() if as_json else Shown()
        joining = Joining(app.desk, name=name, wanted=server, onlooker=onlooker)
        joining.limit(limit or None)
        joining.link(link_address or "")
        checked = asyncio.run(patiently(_add(joining, address, given)))
    if as_json:
        print_json(checked)
        return
    print_remarks(checked)
    out.print(Text(f"Added {checked.name}."))
    out.print(Text("Read it with: fullcredits sync", style="dim"))


async def _add(joining: Joining, address: str | None, given: Given) -> Checked:
    if address is None and not given.plex:
        missing = "the address is missing; or give --plex to find a Plex server by its account"
        if choose("What do you want to add?", _WHERE, missing) == "address":
            await find(joining, given)
    elif address is not None:
        await reach(joining, address, given)
    if joining.found is None:
        given.refuse_beside_account()
        await by_account(joining)
    else:
        await sign_in(joining, given)
    assert joining.checked is not None
    return joining.checked


@sources.command("list")
def list_(context: typer.Context, as_json: Json = False) -> None:
    """List the configured servers, and how their last sync went."""
    with opened(context) as app:
        print_overview(app.desk.overview(), as_json=as_json)


@sources.command("test")
def check(context: typer.Context, name: Name, as_json: Json = False) -> None:
    """Ask a server who it is, what it holds, and what it can and cannot tell about people."""
    with opened(context) as app:
        onlooker = Onlooker() if as_json else Shown()
        checked = asyncio.run(patiently(app.desk.check(name, onlooker)))
    if as_json:
        print_json(checked)
    else:
        print_remarks(checked)


@sources.command("set")
def set_(
    context: typer.Context,
    name: Name,
    address: Annotated[str | None, typer.Option(help="Where the server is now.")] = None,
    insecure: Insecure = False,
    ca: Authorities = None,
    fingerprint: Fingerprint = None,
    usual: Annotated[
        bool, typer.Option("--usual-certificates", help="Trust the usual authorities again.")
    ] = False,
    limit: Limit = None,
    link_address: Links = None,
    rebuilt: Annotated[
        bool,
        typer.Option("--rebuilt", help="It was set up anew: go on with it as the same source."),
    ] = False,
) -> None:
    """Change how a server is reached. What was read from it stays.

    It is asked whether it answers so, but not for a limit or where links lead.
    """
    given = Given(insecure=insecure, ca=ca, fingerprint=fingerprint)
    certificate = insecure or usual or ca is not None or fingerprint is not None
    if not (certificate or address or rebuilt) and limit is None and link_address is None:
        raise ConfigError("nothing to change: see `fullcredits source set --help`")
    with opened(context) as app:
        if rebuilt:
            app.desk.expect_another(name)
        (row,) = app.desk.rows([name])
        joining = Joining(app.desk, row, moves=True, onlooker=Shown())
        if limit is not None:
            joining.limit(limit or None)
        if link_address is not None:
            joining.link(link_address)
        if not (certificate or address or rebuilt):
            joining.keep()
            out.print(Text(f"Changed {row.name}."))
            return
        moved = given if certificate else None
        checked = asyncio.run(patiently(_set(joining, row, address, moved)))
    print_remarks(checked)
    out.print(Text(f"Changed {checked.name}."))


async def _set(
    joining: Joining, row: SourceRow, address: str | None, given: Given | None
) -> Checked:
    if given is None and row.trust != USUAL_TRUST:
        await joining.reach(address or row.address, row.trust)
    else:
        await reach(joining, address or row.address, given or Given())
    assert joining.checked is not None
    return joining.checked


@sources.command("sign-in")
def sign_in_(
    context: typer.Context,
    name: Name,
    token: Token = None,
    user: User = None,
    password: Password = None,
    quick_connect: Quick = False,
    plex: Plex = False,
) -> None:
    """Sign in to a server again, or as a user beside a Jellyfin API key. Nothing read is lost."""
    given = Given(token, user, password, quick_connect, plex)
    with opened(context) as app:
        (row,) = app.desk.rows([name])
        joining = Joining(app.desk, row, onlooker=Shown())
        checked = asyncio.run(patiently(_sign_in(joining, given)))
    print_remarks(checked)
    out.print(Text(f"Signed in to {checked.name}."))


async def _sign_in(joining: Joining, given: Given) -> Checked:
    joining.stay()
    await sign_in(joining, given)
    assert joining.checked is not None
    return joining.checked


@sources.command("remove")
def remove(
    context: typer.Context,
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Forget a server and all it stated. The server itself is not touched."""
    with opened(context) as app:
        (row,) = app.desk.rows([name])
        if not yes and not agree(f"Forget {row.name} and everything read from it?"):
            raise ConfigError(f"{row.name} was kept; give --yes to remove it without being asked")
        app.desk.remove(row)
    out.print(Text(f"Removed {row.name}."))
