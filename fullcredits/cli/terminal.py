"""What the commands print: to people on a terminal, to logs as plain lines, to scripts as JSON."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import sys
import time
from collections.abc import Iterable
from enum import Enum
from typing import Any

from rich.console import Console, RenderableType
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from fullcredits.sync.watch import Summary
from fullcredits.text import counted, remaining

WIDE = 1000
"""Into a file or pipe nothing is cut or wrapped."""

_AGAIN = 15.0
"""Seconds between two plain lines that say that one waits."""

out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else WIDE)
"""For what the user asked for."""
err = Console(stderr=True, highlight=False, soft_wrap=True)
"""For progress and trouble."""


def print_json(value: Any) -> None:
    """Print dataclasses, lists and plain values as JSON on standard output."""
    json.dump(value, sys.stdout, default=_plain, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


class _Rate(ProgressColumn):
    """Steps a second, where the task has any."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if not speed else f"{speed:,.0f}/s", style="progress.data.speed")


def _left(seconds: float | None) -> str:
    return f", {remaining(seconds)} left" if seconds and seconds >= 1 else ""


class _Bars(Progress):
    """Bars, and below them what is waited for."""

    waits = ""

    def get_renderables(self) -> Iterable[RenderableType]:
        """All lines."""
        yield from super().get_renderables()
        if self.waits:
            yield Text(self.waits, style="yellow", overflow="fold")


def _waits(name: str, seconds: float, asked: str) -> str:
    return f"{name}: waiting for its answer for {seconds:.0f} s, asked for {asked}"


class BarWatch:
    """Shows a sync as progress bars; use as a context manager. One bar a listing (a
    library and kind), one for the titles to read in full, one for person records.
    """

    def __init__(self) -> None:
        self._progress = _Bars(
            SpinnerColumn(finished_text="[green]✓[/]"),
            TextColumn("{task.description}"),
            BarColumn(bar_width=28),
            MofNCompleteColumn(),
            _Rate(),
            TextColumn("{task.fields[note]}", style="dim"),
            TimeElapsedColumn(),
            console=err,
        )
        self._bars: dict[str, TaskID] = {}
        self._credits = self._planned = 0

    def __enter__(self) -> BarWatch:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def waiting(self, name: str, why: str) -> None:
        """A source has to wait."""
        self._progress.console.print(Text.assemble((name, "bold"), f" {why}; waiting …"))

    def source(self, name: str, server: str) -> None:
        """Begin with a source."""
        self._bars.clear()
        self._credits = self._planned = 0
        self._progress.console.print(Text.assemble((name, "bold"), (f"  {server}", "dim")))

    def _bar(self, words: str, total: int | None) -> TaskID:
        if words not in self._bars:
            self._bars[words] = self._progress.add_task(words, total=total, note="")
        return self._bars[words]

    def listed(self, listing: str, titles: int, total: int) -> None:
        """So many titles are listed."""
        bar = self._bar(f"list {listing}", total)
        self._progress.update(bar, completed=titles, total=max(total, titles))

    def planned(self, titles: int) -> None:
        """So many full records will be read; beside those of before, where a run goes on first."""
        self._planned += titles
        if titles:
            self._progress.update(self._bar("read titles", titles), total=self._planned)

    def stored(self, titles: int, credits: int, left: float | None) -> None:
        """One batch is stored."""
        self._credits += credits
        bar = self._bar("read titles", None)
        note = f"{self._credits:,} credits{_left(left)}"
        self._progress.update(bar, advance=titles, note=note)

    def people(self, persons: int) -> None:
        """One page of persons is stored."""
        self._progress.update(self._bar("read people", persons), completed=persons, total=persons)

    def step(self, words: str) -> None:
        """Another part of the work begins."""

    def silent(self, name: str, seconds: float, asked: str) -> None:
        """Nothing came for so long."""
        self._progress.waits = _waits(name, seconds, asked) if seconds else ""

    def problem(self, message: str) -> None:
        """Something failed and was noted."""
        self._progress.console.print(Text(f"  {message}", style="yellow"))

    def finished(self, summary: Summary) -> None:
        """The source is done; the summary says why it was given up."""


class LineWatch:
    """Tells a sync as plain lines, at most one every two seconds; `quiet` tells only trouble."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._name = ""
        self._told = self._silence_told = 0.0
        self._stored = self._credits = self._planned = 0

    def __enter__(self) -> LineWatch:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def _say(self, words: str, *, now: bool = True) -> None:
        moment = time.monotonic()
        if not self._quiet and (now or moment - self._told >= 2):
            self._told = moment
            print(f"{self._name}: {words}", file=sys.stderr, flush=True)

    def waiting(self, name: str, why: str) -> None:
        """A source has to wait."""
        print(f"{name}: {why}; waiting", file=sys.stderr, flush=True)

    def source(self, name: str, server: str) -> None:
        """Begin with a source."""
        self._name = name
        self._stored = self._credits = self._planned = 0
        self._say(server)

    def listed(self, listing: str, titles: int, total: int) -> None:
        """So many titles are listed."""
        self._say(f"{listing}: {titles} of {total} listed", now=titles >= total)

    def planned(self, titles: int) -> None:
        """So many full records will be read; beside those of before, where a run goes on first."""
        self._planned += titles
        self._say(f"{counted(titles, 'title')} to read in full" if titles else "nothing changed")

    def stored(self, titles: int, credits: int, left: float | None) -> None:
        """One batch is stored."""
        self._stored += titles
        self._credits += credits
        done = self._stored >= self._planned
        words = f"{self._stored} of {self._planned} read, {self._credits} credits{_left(left)}"
        self._say(words, now=done)

    def people(self, persons: int) -> None:
        """One page of persons is stored."""
        self._say(f"{persons} people read", now=False)

    def step(self, words: str) -> None:
        """Another part of the work begins."""
        self._say(words)

    def silent(self, name: str, seconds: float, asked: str) -> None:
        """Nothing came for so long: told now and then."""
        if seconds >= self._silence_told + _AGAIN:
            self._silence_told = seconds
            if not self._quiet:
                print(_waits(name, seconds, asked), file=sys.stderr, flush=True)
        elif not seconds:
            self._silence_told = 0.0

    def problem(self, message: str) -> None:
        """Something failed and was noted."""
        print(f"{self._name}: {message}", file=sys.stderr, flush=True)

    def finished(self, summary: Summary) -> None:
        """The source is done. The summary says why it was given up, but where it is JSON."""
        if summary.error and self._quiet:
            print(f"{summary.source}: {summary.error}", file=sys.stderr, flush=True)
