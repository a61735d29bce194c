"""`fullcredits password`."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer
from rich.text import Text

from fullcredits.cli.asking import agree, ask_secret
from fullcredits.cli.opening import opened
from fullcredits.cli.terminal import out
from fullcredits.errors import ConfigError

VARIABLE = "FULLCREDITS_WEB_PASSWORD"
_MISSING = f"the password is missing: set {VARIABLE}, or give --stdin and write it there"


def password(
    context: typer.Context,
    stdin: Annotated[
        bool, typer.Option("--stdin", help="Read it from standard input, up to the line's end.")
    ] = False,
    remove: Annotated[
        bool, typer.Option("--remove", help="No password from now on: for this machine only.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Set, change or remove the password of the pages. Everybody is signed out.

    It is asked for twice, or taken from standard input or the variable FULLCREDITS_WEB_PASSWORD.
    """
    if remove and stdin:
        raise ConfigError("give one of --stdin and --remove")
    with opened(context) as app:
        entrance = app.entrance
        if not remove:
            entrance.set_password(_new(stdin=stdin))
            out.print(Text("The password is set. Everybody is signed out."))
            return
        if not entrance.guarded():
            raise ConfigError("there is no password")
        if not yes and not agree("Remove the password of the pages?"):
            raise ConfigError("the password was kept; give --yes to remove it without being asked")
        entrance.remove_password()
    out.print(Text("The password is removed: the pages are for this machine only."))


def _new(*, stdin: bool) -> str:
    if stdin:
        return sys.stdin.readline().rstrip("\r\n")
    given = os.environ.get(VARIABLE)
    if given:
        return given
    first = ask_secret("New password", _MISSING)
    if ask_secret("Again", _MISSING) != first:
        raise ConfigError("the two passwords are not the same: nothing was changed")
    return first
