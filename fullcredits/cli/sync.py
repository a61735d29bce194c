"""`fullcredits sync`."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from fullcredits.app import App
from fullcredits.cli.opening import opened
from fullcredits.cli.pictures import fetch_pictures
from fullcredits.cli.terminal import BarWatch, LineWatch, err, out, print_json
from fullcredits.errors import ConfigError
from fullcredits.sync.watch import Summary
from fullcredits.text import some_of, title_named

PARTIAL = 8
"""Exit code of a sync that left problems with single titles."""


def sync(
    context: typer.Context,
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="SOURCE", help="Only these sources; otherwise all."),
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="Read everything again, changed or not.")
    ] = False,
    pictures: Annotated[
        bool, typer.Option("--pictures", help="Then fetch pictures, so that pages have them.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the summary as JSON; no progress.")
    ] = False,
) -> None:
    """Read what is new or changed on the servers into the database.

    Exit code 0: all well. 3 or 4: a server could not be read or refused us (the others were still
    synced). 8: done, but single titles had problems, or something is held; both are listed.
    """
    with opened(context) as app:
        if not app.desk.rows():
            raise ConfigError("there is no source yet: add one with `fullcredits source add`")
        summaries = run_sync(app, names or (), full=full, as_json=as_json)
        if pictures:
            fetch_pictures(app, quiet=as_json)
    if as_json:
        print_json([{"state": s.state, **_as_dict(s)} for s in summaries])
    else:
        print_summaries(summaries)
    code = exit_code(summaries)
    if code:
        raise typer.Exit(code)


def run_sync(
    app: App, names: Iterable[str] = (), *, full: bool = False, as_json: bool = False
) -> list[Summary]:
    """Sync with the progress that fits: bars on a terminal, lines elsewhere, silence for JSON."""
    watch = BarWatch() if err.is_terminal and not as_json else LineWatch(quiet=as_json)
    with watch:
        return asyncio.run(app.sync(watch, tuple(names), full=full))


def exit_code(summaries: Iterable[Summary]) -> int:
    """The worst of what happened."""
    codes = [s.exit_code or (PARTIAL if s.state == "partial" else 0) for s in summaries]
    return max((c for c in codes if c != PARTIAL), default=0) or max(codes, default=0)


def print_summaries(summaries: Iterable[Summary]) -> None:
    """A table of what is held of each source now, and what this sync brought."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("", overflow="fold")
    for words in ("", "in all", "new", "changed", "gone"):
        table.add_column(words, justify="right")
    for s in summaries:
        rows = (
            ("titles", s.titles_held, s.titles_new, s.titles_changed, s.titles_gone),
            ("credits", s.credits_held, s.credits_new, s.credits_changed, s.credits_gone),
            ("people", s.people_held, s.people_new, s.people_changed, None),
        )
        for name, (words, *counts) in zip((s.source, "", ""), rows, strict=True):
            told = ("" if n is None else f"{n:,}" for n in counts)
            table.add_row(Text(name, style="bold"), words, *told)
    out.print(table)
    for s in summaries:
        some = "problem" if s.problems == 1 else "problems"
        problems = f", {s.problems:,} {some}" if s.problems else ""
        out.print(Text(f"{s.source}: {s.seconds:,.1f} s, {s.requests:,} requests{problems}"))
        for note in s.notes:
            out.print(Text(note, style="dim"))
        if s.unsettled:
            out.print(Text(_unsettled(s), style="dim"))
        if s.holds:
            text = f"{s.holds:,} held back: see fullcredits hold list"
            out.print(Text(f"{s.source}: {text}", style="yellow"))
        if s.error:
            out.print(Text(f"{s.source} could not be read to the end: {s.error}", style="red"))


def _unsettled(summary: Summary) -> str:
    """Which titles are read again, why and when."""
    which = some_of([*map(title_named, summary.unsettled_titles)], summary.unsettled)
    return (
        f"{which} of {summary.source} may change yet: saved on the server just before, while it "
        "scanned, or absurd at first sight. They are read again by `fullcredits serve` within "
        "minutes, and by the next `fullcredits sync`"
    )


def _as_dict(summary: Summary) -> dict[str, object]:
    return {name: getattr(summary, name) for name in summary.__dataclass_fields__}
