"""Questions to whoever sits at the terminal; where nobody does, what is missing is an error."""

from __future__ import annotations

import signal
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

import typer
from rich.text import Text

from fullcredits.cli.terminal import err
from fullcredits.errors import ConfigError, FullcreditsError

T = TypeVar("T")

TRIES = 3
"""So often is asked what may have been mistyped."""


def somebody() -> bool:
    """Whether questions can be asked."""
    return err.is_terminal


def ask(question: str, missing: str) -> str:
    """A line of text; `missing` says what to give where nobody can be asked."""
    if not somebody():
        raise ConfigError(missing)
    with _ended_by_ctrl_c():
        return str(typer.prompt(question, err=True))


def ask_secret(question: str, missing: str) -> str:
    """As `ask`, unseen."""
    if not somebody():
        raise ConfigError(missing)
    with _ended_by_ctrl_c():
        return str(typer.prompt(question, hide_input=True, err=True)).strip()


def agree(question: str, *, default: bool = False) -> bool:
    """Yes or no; no where nobody can be asked."""
    with _ended_by_ctrl_c():
        return somebody() and typer.confirm(question, default=default, err=True)


def choose(question: str, choices: Sequence[tuple[T, str]], missing: str) -> T:
    """One of several, by its number; the first is the one we recommend."""
    if not somebody():
        raise ConfigError(missing)
    for number, (_, words) in enumerate(choices, 1):
        err.print(Text.assemble((f"  {number}  ", "bold"), words))
    number = 0
    with _ended_by_ctrl_c():
        while not 1 <= number <= len(choices):
            number = int(typer.prompt(question, default=1, type=int, err=True))
    return choices[number - 1][0]


@contextmanager
def _ended_by_ctrl_c() -> Iterator[None]:
    """An event loop takes Ctrl-C for itself, and ends its work at the next pause: a question has
    none.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


async def until_it_does(step: Callable[[], Awaitable[T]], *wrong: type[FullcreditsError]) -> T:
    """What a step gives that asks and tries the answer; where that is `wrong`, it says why and is
    taken again. Raises the error of the last try.
    """
    for left in reversed(range(TRIES)):
        try:
            return await step()
        except wrong as error:
            if not left or not somebody():
                raise
            tell(f"{error}", "yellow")
            tell("Try again, or end with Ctrl-C.", "dim")
    raise AssertionError


def tell(words: str, style: str = "") -> None:
    """Say something beside what the command prints."""
    err.print(Text(words, style=style))
