"""`fullcredits hold`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.text import Text

from fullcredits.cli.opening import opened
from fullcredits.cli.terminal import out, print_json
from fullcredits.errors import ConfigError, NotFound
from fullcredits.store import Connection, holds
from fullcredits.store.alike import alike
from fullcredits.sync.identify import identify

hold = typer.Typer(
    name="hold",
    help="What servers said and is not believed yet: vanished titles, casts that came back thin "
    "or absurd.",
    no_args_is_help=True,
)

Numbers = Annotated[
    list[str],
    typer.Argument(metavar="NUMBER…", help="The numbers that `hold list` gives, also like 12-336."),
]


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
    for group in alike(found):
        numbers, one = _spans([hold.id for hold in group.holds]), group.holds[0]
        out.print(Text.assemble((f"{numbers:>3}  ", "bold"), f"{one.source}: {group.words}"))
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
def accept(context: typer.Context, numbers: Numbers) -> None:
    """Believe the server: the titles are gone, the cast is as it says."""
    with opened(context) as app:
        with app.store.writing() as db:
            for number in _meant(db, numbers):
                holds.accept(db, number)
        identify(app.store)


@hold.command("refuse")
def refuse(context: typer.Context, numbers: Numbers) -> None:
    """Keep what was known, until the server says something else."""
    with opened(context) as app, app.store.writing() as db:
        for number in _meant(db, numbers):
            holds.refuse(db, number)


def _spans(numbers: Sequence[int]) -> str:
    """Rising numbers like "3, 12-336"."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in spans)


def _meant(db: Connection, words: Sequence[str]) -> list[int]:
    """Of numbers and spans of them, those under which something is held. Raises ConfigError, and
    NotFound where nothing is.
    """
    held = [one.id for one in holds.list_holds(db)]
    meant: dict[int, None] = {}
    for word in (part for argument in words for part in argument.split(",") if part):
        first, dash, last = word.partition("-")
        if not first.isdecimal() or not (last.isdecimal() if dash else True):
            raise ConfigError(f"“{word}” is no number of `hold list`: say it like 12, or 12-336")
        span = range(int(first), int(last or first) + 1)
        some = [number for number in held if number in span]
        if not some:
            raise NotFound(f"nothing is held under the number {word}")
        meant |= dict.fromkeys(some)
    return list(meant)
