"""`fullcredits hold`."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from fullcredits.cli.opening import opened
from fullcredits.cli.terminal import out, print_json
from fullcredits.store import holds
from fullcredits.sync.identify import identify

hold = typer.Typer(
    name="hold",
    help="What servers said and is not believed yet: vanished titles, casts that came back thin "
    "or absurd.",
    no_args_is_help=True,
)

Number = Annotated[int, typer.Argument(help="The number that `hold list` gives it.")]


@hold.command("list")
def list_(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """List what is held, and what comes of it when nobody says anything."""
    with opened(context) as app, app.store.reading() as db:
        found = holds.list_holds(db)
    if as_json:
        print_json([one._asdict() | {"words": one.words} for one in found])
        return
    for one in found:
        out.print(Text.assemble((f"{one.id:>3}  ", "bold"), f"{one.source}: {one.words}"))
        out.print(Text(f"     {_outlook(one)}", style="dim"))
    if not found:
        out.print(Text("Nothing is held."))


def _outlook(one: holds.Hold) -> str:
    if one.word is holds.Word.REFUSED:
        return "kept, as you said, until the server says something else"
    if one.word is holds.Word.ACCEPTED:
        return "taken with the next sync, as you said"
    if one.library is None:
        return "kept until further looks confirm it"
    return "kept until you say: fullcredits hold accept, or refuse"


@hold.command("accept")
def accept(context: typer.Context, number: Number) -> None:
    """Believe the server: the titles are gone, the cast is as it says."""
    with opened(context) as app:
        with app.store.writing() as db:
            holds.accept(db, number)
        identify(app.store)


@hold.command("refuse")
def refuse(context: typer.Context, number: Number) -> None:
    """Keep what was known, until the server says something else."""
    with opened(context) as app, app.store.writing() as db:
        holds.refuse(db, number)
