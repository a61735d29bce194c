"""What a sync shows at a terminal, and into a log, while a server lets it wait."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from fullcredits.cli import terminal
from fullcredits.cli.terminal import BarWatch, LineWatch

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
