"""Opening the installation a command works on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from fullcredits.app import App
from fullcredits.config import Config


@contextmanager
def opened(context: typer.Context) -> Iterator[App]:
    """The installation that the settings name, closed at the end."""
    config = context.obj
    assert isinstance(config, Config)
    app = App(config)
    try:
        yield app
    finally:
        app.close()
