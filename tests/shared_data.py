"""Where recorded answers and real credits lie on a developer's machine: beside the checkout."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_SHARED = Path(__file__).resolve().parents[1].parent / "shared"


def shared_path(*parts: str) -> Path:
    """A file or folder of the shared material; without it the test is skipped, or fails in CI."""
    path = _SHARED.joinpath(*parts)
    if not path.exists():
        reason = f"no shared material at {Path('..', 'shared', *parts)}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return path
