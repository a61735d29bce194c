"""Recorded answers: their file names, for parametrising tests over them, and what is in them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.shared_data import shared_path

Record = Mapping[str, Any]

_RECORDINGS = Path(__file__).resolve().parents[3] / "shared" / "recordings"


def recorded_files(dialect: str) -> list[str]:
    """Paths below a dialect's folder; none where the shared material is missing, so that a test
    that calls `shared_path` speaks for all.
    """
    root = _RECORDINGS / dialect
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def recorded(*parts: str) -> Any:
    """A recorded answer, decoded; skips where it is missing."""
    return json.loads(shared_path("recordings", *parts).read_text())
