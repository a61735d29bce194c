"""`fullcredits pictures …`: what is in the cache, fetching ahead by hand, second chances."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import typer
from rich.progress import Progress as Bars
from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from fullcredits.app import App
from fullcredits.cli.opening import opened
from fullcredits.cli.terminal import err, out, print_json
from fullcredits.images.ahead import Progress, fetch_ahead
from fullcredits.store import images

pictures = typer.Typer(
    help="See what is in the picture cache, fill it, ask again for what could not be had.",
    no_args_is_help=True,
)

_MIB = 2**20

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@pictures.command("show")
def show(context: typer.Context, as_json: Json = False) -> None:
    """Show how many pictures pages have, what they take on disk, and which cannot be had."""
    with opened(context) as app:
        facts = _facts(app)
    if as_json:
        print_json(facts)
        return
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for words, number in (
        ("in the cache", f"{facts['cached']:,}"),
        ("  looked at", f"{facts['looked_at']:,}"),
        ("  fetched ahead", f"{facts['ahead']:,}"),
        ("  on disk", f"{facts['bytes'] / _MIB:,.0f} of {facts['budget'] / _MIB:,.0f} MiB"),
        ("not asked for yet", f"{facts['waiting']:,}"),
        ("cannot be had", f"{facts['dead']:,}"),
    ):
        table.add_row(words, number)
    out.print(table)
    for cause in facts["why"]:
        out.print(Text(f"  {cause['source']}: {cause['reason']}: {cause['pictures']:,}", "dim"))
    if facts["dead"]:
        out.print(
            Text("They are asked for again by and by; at once after `fullcredits pictures retry`.")
        )


def _facts(app: App) -> dict[str, Any]:
    names = {row.id: row.name for row in app.desk.rows()}
    held = app.pictures.fetcher.cache.held
    with app.store.reading() as db:
        tally = images.tally(db)
        why = images.why_dead(db)
    return {
        "cached": held.looked_at + held.ahead,
        "looked_at": held.looked_at,
        "ahead": held.ahead,
        "bytes": held.taken,
        "budget": held.budget,
        "known": sum(tally),
        "waiting": tally.waiting,
        "dead": tally.dead,
        "why": [
            {"source": names[source_id], "reason": reason, "pictures": count}
            for source_id, reason, count in why
        ],
    }


@pictures.command("fetch")
def fetch(context: typer.Context, as_json: Json = False) -> None:
    """Fetch pictures until pages have all they show or the cache is full.

    What was added last comes first, with its stars. `fullcredits serve` does the same, more
    gently, after every sync. Stop it with Ctrl-C at any time: it goes on from there.
    """
    with opened(context) as app:
        progress = fetch_pictures(app, quiet=as_json)
    if as_json:
        print_json(progress)


def fetch_pictures(app: App, *, quiet: bool = False) -> Progress:
    """Fetch ahead, and tell how it goes."""
    if quiet or not err.is_terminal:
        progress = asyncio.run(fetch_ahead(app.pictures, gently=False))
    else:
        with Bars(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=err,
            transient=True,
        ) as bars:
            task = bars.add_task("looking what is missing")

            def told(progress: Progress) -> None:
                bars.update(task, description=f"{progress.fetched:,} pictures fetched")

            progress = asyncio.run(fetch_ahead(app.pictures, gently=False, told=told))
    if not quiet:
        out.print(Text(_sentence(progress)))
    return progress


def _sentence(progress: Progress) -> str:
    parts = [f"{progress.fetched:,} pictures fetched"]
    if progress.failed:
        parts.append(f"{progress.failed:,} could not be had")
    if progress.left:
        parts.append(f"{progress.left:,} not asked for now")
    if progress.full:
        parts.append("the cache is full (see picture_budget)")
    return ", ".join(parts) + "."


@pictures.command("retry")
def retry(
    context: typer.Context,
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="SOURCE", help="Only of these sources; otherwise of all."),
    ] = None,
) -> None:
    """Forget that pictures could not be had: they are asked for again when they are needed."""
    with opened(context) as app:
        sources = [row.id for row in app.desk.rows(names or ())]
        with app.store.writing() as db:
            forgiven = images.forgive(db, sources)
    out.print(Text(f"{forgiven:,} pictures will be asked for again."))
