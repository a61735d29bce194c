"""`fullcredits status` and `fullcredits schedule`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, NamedTuple

import typer
from rich.table import Table
from rich.text import Text

from fullcredits import pages
from fullcredits.app import App
from fullcredits.cli.opening import opened
from fullcredits.cli.terminal import out, print_json
from fullcredits.errors import ConfigError
from fullcredits.pages.moments import clock
from fullcredits.pages.parts import joined
from fullcredits.pages.syncs import SyncPage
from fullcredits.store import Connection, schedules
from fullcredits.store.schedules import Schedule
from fullcredits.store.sources import SourceRow
from fullcredits.text import counted, fold

Json = Annotated[bool, typer.Option("--json", help="Print as JSON.")]


def status(context: typer.Context, as_json: Json = False) -> None:
    """What is being synced and how far it is, how the last syncs went, what is next."""
    with opened(context) as app:
        page = _page(app)
    if as_json:
        print_json([source.now for source in page.sources])
        return
    for source in page.sources:
        now = source.now
        out.print(Text.assemble((source.name, "bold"), f"  {now.headline}"))
        for fact in now.facts:
            out.print(Text(f"  {fact}", style="dim"))
        for run in now.runs[:3]:
            words = f", {run.state}" if run.state else ""
            out.print(Text(f"  {run.when}: {run.what}{words}: {run.came_of_it}  ({run.cost})"))
        open_ = len(source.problems) + source.more_problems
        if open_:
            out.print(Text(f"  {counted(open_, 'open problem')}", style="yellow"))
        if source.held.undecided:
            words = f"  {source.held.undecided:,} held back: see fullcredits hold list"
            out.print(Text(words, style="yellow"))
    if not page.sources:
        out.print(Text("No sources yet. Add one with: fullcredits source add"))


def schedule(
    context: typer.Context,
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="SOURCE", help="Only these sources; otherwise all."),
    ] = None,
    every: Annotated[
        int | None,
        typer.Option(
            min=0, max=720, help="Hours between two comparisons of everything; 0: none by itself."
        ),
    ] = None,
    library: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Let --every or --usual be about this library only."),
    ] = None,
    usual: Annotated[
        bool, typer.Option("--usual", help="Compare that library as often as its server again.")
    ] = False,
    quiet: Annotated[
        str | None,
        typer.Option(
            metavar="FROM-TO", help="Quiet hours like 22:00-06:30, in local time; - for none."
        ),
    ] = None,
    share: Annotated[
        int | None,
        typer.Option(min=5, max=100, help="Per cent of its time the server may work for us."),
    ] = None,
    pause: Annotated[
        bool | None,
        typer.Option("--pause/--resume", help="Ask nothing of the server, or go on."),
    ] = None,
    now: Annotated[
        bool, typer.Option("--now", help="Let a running `serve` sync as soon as it can.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show or change when `fullcredits serve` syncs. It notices within seconds."""
    if usual and not library:
        raise ConfigError("--usual is said of a library: name it with --library")
    if library and (every is None) is not usual:
        raise ConfigError("say how often that library is compared: by --every, or --usual")
    with opened(context) as app:
        rows = app.desk.rows(names or ())
        if not rows:
            raise ConfigError("there is no source yet: add one with `fullcredits source add`")
        with app.store.writing() as db:
            decided = {}
            if library:
                _set_libraries(db, rows, library, every)
            for row in rows:
                known = schedules.schedule_of(db, row.id)
                of_all = None if library else every
                wanted = _changed(known, of_all, quiet, share, pause, now=now)
                if wanted != known:
                    schedules.set_schedule(db, row.id, wanted)
                decided[row.name] = _Decided(wanted, _own(db, row.id))
    if as_json:
        print_json([{"name": name, **plan.told()} for name, plan in decided.items()])
    else:
        _print(decided)


class _Decided(NamedTuple):
    """Of a source."""

    schedule: Schedule
    libraries: dict[str, int]
    """Minutes, by name, of libraries that have a schedule of their own."""

    def told(self) -> dict[str, Any]:
        libraries = [{"name": name, "every": every} for name, every in self.libraries.items()]
        return {**self.schedule._asdict(), "libraries": libraries}


def _own(db: Connection, source_id: int) -> dict[str, int]:
    libraries = schedules.library_schedules(db, source_id)
    return {library.name: library.every for library in libraries if library.every is not None}


def _set_libraries(
    db: Connection, rows: Sequence[SourceRow], names: Sequence[str], hours: int | None
) -> None:
    """Raises ConfigError where no source has a library of such a name."""
    found = [library for row in rows for library in schedules.library_schedules(db, row.id)]
    for name in names:
        meant = [library for library in found if fold(library.name) == fold(name)]
        if not meant:
            there = joined(sorted({f"“{library.name}”" for library in found}))
            known = f"there are {there}" if there else "none is known before the first sync"
            raise ConfigError(f"there is no library “{name}”: {known}")
        for library in meant:
            every = None if hours is None else hours * 60
            schedules.set_library_schedule(db, library.id, every)


def _changed(
    known: Schedule,
    every: int | None,
    quiet: str | None,
    share: int | None,
    pause: bool | None,
    *,
    now: bool,
) -> Schedule:
    changed = known._replace(
        every=known.every if every is None else every * 60,
        share=known.share if share is None else share,
    )
    if pause is not None:
        changed = changed.pausing() if pause else changed._replace(paused=False)
    if now:
        changed = changed._replace(asked="all")
    if quiet is None:
        return changed
    start, dash, end = quiet.partition("-")
    if not dash:
        raise ConfigError("quiet hours are given like 22:00-06:30, or as - for none")
    return changed.quiet(start, end)


def _print(decided: dict[str, _Decided]) -> None:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for words in ("name", "compared every", "quiet", "share", ""):
        table.add_column(words, overflow="fold")
    for name, (plan, libraries) in decided.items():
        quiet = (
            f"{clock(plan.quiet_from)}–{clock(plan.quiet_to)}" if plan.quiet_to is not None else "–"
        )
        table.add_row(
            Text(name, style="bold"),
            _often(plan.every),
            quiet,
            f"{plan.share} %",
            "paused" if plan.paused else "",
        )
        for library, every in libraries.items():
            table.add_row(Text(f"  {library}"), _often(every))
    out.print(table)


def _often(minutes: int) -> str:
    return counted(minutes // 60, "hour") if minutes else "never by itself"


def _page(app: App) -> SyncPage:
    with app.store.reading() as db:
        return pages.syncs(db, lambda _: None)
