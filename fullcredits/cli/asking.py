"""Questions to whoever sits at the terminal; where nobody does, what is missing is an error."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import typer
from rich.text import Text

from fullcredits.cli.terminal import err
from fullcredits.errors import ConfigError

T = TypeVar("T")


def somebody() -> bool:
    """Whether questions can be asked."""
    return err.is_terminal


def ask(question: str, missing: str) -> str:
    """A line of text; `missing` says what to give where nobody can be asked."""
    if not somebody():
        raise ConfigError(missing)
    return str(typer.prompt(question, err=True))


def ask_secret(question: str, missing: str) -> str:
    """As `ask`, unseen."""
    if not somebody():
        raise ConfigError(missing)
    return str(typer.prompt(question, hide_input=True, err=True)).strip()


def agree(question: str, *, default: bool = False) -> bool:
    """Yes or no; no where nobody can be asked."""
    return somebody() and typer.confirm(question, default=default, err=True)


def choose(question: str, choices: Sequence[tuple[T, str]], missing: str) -> T:
    """One of several, by its number; the first is the one we recommend."""
    if not somebody():
        raise ConfigError(missing)
    for number, (_, words) in enumerate(choices, 1):
        err.print(Text.assemble((f"  {number}  ", "bold"), words))
    number = 0
    while not 1 <= number <= len(choices):
        number = int(typer.prompt(question, default=1, type=int, err=True))
    return choices[number - 1][0]


def tell(words: str, style: str = "") -> None:
    """Say something beside what the command prints."""
    err.print(Text(words, style=style))
