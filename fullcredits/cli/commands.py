"""The tree of commands."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.main
from typer.core import TyperGroup

from fullcredits import __version__, logs
from fullcredits.cli.terminal import out
from fullcredits.config import load_config

_WHERE = {
    "demo": "demo:demo",
    "serve": "serve:serve",
    "password": "password:password",
    "sync": "sync:sync",
    "status": "schedule:status",
    "schedule": "schedule:schedule",
    "person": "show:person",
    "title": "show:title",
    "search": "show:search",
    "simulate": "simulate:simulate",
    "source": "source:sources",
    "pictures": "pictures:pictures",
    "hold": "hold:hold",
    "people": "people:people",
}
"""What each command is: a module here, and its function or group. In the order of help."""


class _Commands(Mapping[str, Any]):
    """Loads a command when it is wanted: most need a small part of the program only."""

    def __iter__(self) -> Iterator[str]:
        return iter(_WHERE)

    def __len__(self) -> int:
        return len(_WHERE)

    def __getitem__(self, name: str) -> Any:
        return _loaded(name)


class _Tree(TyperGroup):
    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = _Commands()  # type: ignore[assignment]


@functools.cache
def _loaded(name: str) -> Any:
    module, _, attribute = _WHERE[name].partition(":")
    found = getattr(importlib.import_module(f"fullcredits.cli.{module}"), attribute)
    alone = typer.Typer(rich_markup_mode="markdown", add_completion=False)
    if isinstance(found, typer.Typer):
        alone.add_typer(found, name=name)
        return typer.main.get_group(alone).commands[name]
    alone.command(name)(found)
    return typer.main.get_command(alone)


cli = typer.Typer(
    name="fullcredits",
    cls=_Tree,
    help="The complete cast and crew of everything on your Plex and Jellyfin servers.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=(
        "Begin with: fullcredits source add · fullcredits sync · fullcredits serve. "
        "To look around without a server: fullcredits demo."
    ),
)


def _version(wanted: bool) -> None:
    if wanted:
        out.print(f"fullcredits {__version__}")
        raise typer.Exit


@cli.callback()
def settings(
    context: typer.Context,
    data_dir: Annotated[
        Path | None,
        typer.Option(
            help="Where database, key and pictures are kept.", show_default="the platform's place"
        ),
    ] = None,
    database: Annotated[
        str | None,
        typer.Option(
            help="Database address, sqlite:///… or postgresql://….",
            show_default="a file in data-dir",
        ),
    ] = None,
    log_level: Annotated[
        str | None, typer.Option(help="debug, info, warning or error.", show_default="info")
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say it and stop.")
    ] = False,
) -> None:
    """Settings that every command takes; also from FULLCREDITS_… variables and a TOML file."""
    config = load_config(data_dir=data_dir, database=database, log_level=log_level)
    logs.set_up(config.log_level)
    context.obj = config
