"""Questions, and whoever does not want to answer them."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

from tests.cli.process import COMMAND, SECONDS, Program


def test_a_question_ends_with_ctrl_c(tmp_path: Path) -> None:
    """At once, though an event loop is under way that would take it for its own."""
    process = subprocess.Popen(
        [*COMMAND, "source", "add"],
        env=Program(tmp_path).environment | {"TTY_COMPATIBLE": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stderr is not None
    shown = ""
    while "What do you want to add?" not in shown:
        shown += process.stderr.read(1)
    process.send_signal(signal.SIGINT)
    try:
        assert process.wait(SECONDS) == 1  # nobody closes what it reads from meanwhile
    finally:
        process.kill()
        _, said = process.communicate()
    assert "Aborted" in said
    assert "Traceback" not in said
