"""What is shown at a terminal, and into a log, while a server lets one wait."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from rich.console import Console

from fullcredits.cli import terminal, waiting
from fullcredits.cli.terminal import BarWatch, LineWatch
from fullcredits.sources.waiting import Waiting

FILMS = "the movies in [Films]"


def test_a_line_now_and_then_for_as_long_as_it_lasts(capsys: pytest.CaptureFixture[str]) -> None:
    watch = LineWatch()
    for second in range(5, 40):
        watch.silent("Attic", second, FILMS)
    watch.silent("Attic", 0, FILMS)
    watch.silent("Attic", 6, FILMS)
    waits = "Attic: waiting for its answer for {} s, asked for the movies in [Films]"
    assert capsys.readouterr().err.splitlines() == [waits.format(15), waits.format(30)]
    LineWatch(quiet=True).silent("Attic", 20, FILMS)
    assert capsys.readouterr().err == ""


def test_a_line_below_the_bars_until_something_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = io.StringIO()
    monkeypatch.setattr(terminal, "err", Console(file=shown, force_terminal=True, width=100))
    with BarWatch() as watch:
        watch.listed("Films: movies", 3, 9)
        watch.silent("Attic", 7.4, FILMS)
        watch._progress.refresh()
        assert "waiting for its answer for 7 s, asked for the movies in [Films]" in shown.getvalue()
        watch.silent("Attic", 0, FILMS)
        shown.truncate(0)
        watch._progress.refresh()
        assert "list Films: movies" in shown.getvalue()
        assert "waiting" not in shown.getvalue()


def test_titles_are_counted_on_where_a_run_goes_on_before_it_lists(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = io.StringIO()
    monkeypatch.setattr(terminal, "err", Console(file=shown, force_terminal=True, width=100))

    def go_on(watch: LineWatch | BarWatch) -> None:
        with watch:
            watch.planned(3)
            watch.stored(3, 300, None)
            watch.planned(2)
            watch.stored(2, 30, None)

    go_on(BarWatch())
    assert "5/5" in shown.getvalue()
    go_on(LineWatch())
    said = capsys.readouterr().err
    assert "3 of 3 read, 300 credits" in said
    assert "5 of 5 read, 330 credits" in said


def test_whom_one_waits_for_is_said_soon_then_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(waiting, "tell", lambda words, _style: said.append(words))

    @asynccontextmanager
    async def told(_: object, say: Callable[[float], None]) -> AsyncIterator[None]:
        with Waiting("plex.tv").one():
            for seconds in (5, 6, 14, 15, 24, 0, 6, 0):
                say(seconds)
        with Waiting("Attic").one(answer=False):
            say(7)
        yield
        say(0)

    monkeypatch.setattr(waiting, "told", told)
    assert asyncio.run(waiting.patiently(asyncio.sleep(0, "asked"))) == "asked"
    assert said == [
        *(f"Waiting for plex.tv to answer, {n} s …" for n in (5, 15, 6)),
        "Waiting for Attic to answer other commands first, 7 s …",
    ]
