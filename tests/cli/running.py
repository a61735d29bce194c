"""Running commands as a user does, with or without somebody at the terminal."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from typer.testing import CliRunner

from fullcredits.cli.commands import cli
from fullcredits.errors import FullcreditsError

SECRETS = ("cabin-api-key", "acc0unt-t0ken", "pa55word")


class Ran(NamedTuple):
    """What a command did."""

    out: str
    told: str
    """What it said beside: questions, waiting."""
    error: FullcreditsError | None

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def problem(self) -> str:
        assert self.error is not None, self.out
        return str(self.error)


class Machine:
    """A user's machine with one installation."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._patch = patch

    def run(self, *arguments: str, typed: Sequence[str] | None = None, **variables: str) -> Ran:
        """Run a command; `typed` are the lines somebody types, None means that nobody is there."""
        with self._patch.context() as patch:
            patch.setenv("TTY_COMPATIBLE", "0" if typed is None else "1")
            for name, value in variables.items():
                patch.setenv(name, value)
            lines = None if typed is None else "".join(f"{line}\n" for line in typed)
            level = logging.getLogger().level
            result = CliRunner().invoke(
                cli, ["--data-dir", str(self.folder), *arguments], input=lines
            )
            logging.getLogger().setLevel(level)
        error = result.exception
        if error is not None and not isinstance(error, FullcreditsError | SystemExit):
            raise error
        ran = Ran(
            result.stdout, result.stderr, error if isinstance(error, FullcreditsError) else None
        )
        for secret in SECRETS:
            assert secret not in f"{ran.out}{ran.told}{ran.error}"
        return ran

    @property
    def database(self) -> bytes:
        """Everything on disk except the key."""
        files = sorted(self.folder.glob("fullcredits.db*"))
        return b"".join(file.read_bytes() for file in files)
