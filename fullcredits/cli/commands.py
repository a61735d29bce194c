"""The tree of commands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fullcredits import __version__, logs
from fullcredits.cli import (
    demo,
    hold,
    password,
    people,
    pictures,
    schedule,
    serve,
    show,
    simulate,
    source,
    sync,
)
from fullcredits.cli.terminal import out
from fullcredits.config import load_config

cli = typer.Typer(
    name="fullcredits",
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


cli.command("demo")(demo.demo)
cli.command("serve")(serve.serve)
cli.command("password")(password.password)
cli.command("sync")(sync.sync)
cli.command("status")(schedule.status)
cli.command("schedule")(schedule.schedule)
cli.add_typer(source.sources, name="source")
cli.add_typer(pictures.pictures, name="pictures")
cli.add_typer(hold.hold, name="hold")
cli.command("person")(show.person)
cli.command("title")(show.title)
cli.add_typer(people.people, name="people")
cli.command("search")(show.search)
cli.command("simulate")(simulate.simulate)
