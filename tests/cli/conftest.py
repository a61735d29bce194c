"""One installation for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.running import Machine


@pytest.fixture
def machine(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """An empty installation."""
    shutil.copy(sqlite_template, tmp_path / "fullcredits.db")
    for name in ("FULLCREDITS_TOKEN", "FULLCREDITS_PASSWORD", "FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("fullcredits.cli.letting_in.PAUSE", 0.01)
    return Machine(tmp_path, monkeypatch)
