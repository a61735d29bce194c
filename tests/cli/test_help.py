"""Every command explains itself to a stranger."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner

from fullcredits import __version__
from fullcredits.cli.commands import cli
from tests.cli.process import Program


def _commands(command: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    below = getattr(command, "commands", {})
    return [path, *(p for name, sub in below.items() for p in _commands(sub, (*path, name)))]


EVERY = _commands(typer.main.get_command(cli))


def test_there_are_all_commands() -> None:
    named = {" ".join(path) for path in EVERY}
    assert named >= {"demo", "serve", "sync", "person", "title", "search", "simulate"}
    assert named >= {f"source {verb}" for verb in ("add", "list", "test", "remove")}


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
def test_help(path: tuple[str, ...]) -> None:
    result = CliRunner().invoke(cli, [*path, "--help"], terminal_width=100)
    assert result.exit_code == 0
    said = result.stdout.split("Options")[0].splitlines()
    sentences = [line for line in said if line.strip() and "Usage:" not in line]
    assert sentences, result.stdout
    assert "Usage:" in result.stdout


def test_the_command_itself(tmp_path: Path) -> None:
    program = Program(tmp_path)
    assert "fullcredits demo" in program.run("--help").out
    assert program.run("--version").out == f"fullcredits {__version__}\n"
    wrong = program.run("sink")
    assert (wrong.code, wrong.out) == (2, "")
    assert "No such command" in wrong.err


@pytest.mark.parametrize("module", ["commands", "sync", "pictures"])
def test_a_command_loads_no_part_it_does_not_need(module: str) -> None:
    """In a process of its own: here all is loaded."""
    program = f"import sys, fullcredits.cli.{module}\nprint(*sys.modules, sep='\\n')"
    loaded = subprocess.check_output([sys.executable, "-c", program], text=True).split()
    foreign = ("fullcredits.pages", "fullcredits.web", "fullcredits.simulate", "starlette")
    assert [name for name in loaded if name.startswith(foreign)] == []
