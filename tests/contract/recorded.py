"""The recordings' file names, for parametrising tests over them."""

from __future__ import annotations

from pathlib import Path

_RECORDINGS = Path(__file__).resolve().parents[3] / "shared" / "recordings"


def recorded_files(dialect: str) -> list[str]:
    """Paths below a dialect's folder; none where the shared material is missing, so that a test
    that calls `shared_path` speaks for all.
    """
    root = _RECORDINGS / dialect
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())
