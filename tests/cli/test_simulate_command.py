"""A pretend server in a process of its own."""

from __future__ import annotations

import re
from pathlib import Path

import httpx2
import pytest

from tests.cli.process import Program


@pytest.mark.parametrize("kind", ["plex", "jellyfin"])
def test_its_answers_are_dated_once(tmp_path: Path, kind: str) -> None:
    """By its own clock, which tests set."""
    process = Program(tmp_path).start("simulate", kind)
    try:
        assert process.stdout is not None
        (address,) = re.findall(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        answer = httpx2.get(f"{address}/-/requests")
        assert len(answer.headers.get_list("date")) == 1
    finally:
        process.terminate()
        process.communicate()
