"""The real command, each time in a process of its own, with a data directory for a test."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from fullcredits.simulate import DEFAULT_API_KEY, DEFAULT_TOKEN

COMMAND = (sys.executable, "-m", "fullcredits")
SECRETS = (DEFAULT_TOKEN, DEFAULT_API_KEY, "a-token-that-is-wrong")
SECONDS = 120


class Done(NamedTuple):
    """What a command printed, and how it ended."""

    out: str
    err: str
    code: int

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Program:
    """An installation in a folder; no setting of the machine's user reaches it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        kept = {k: v for k, v in os.environ.items() if not k.startswith("FULLCREDITS_")}
        self.environment = kept | {
            "FULLCREDITS_DATA_DIR": str(self.data),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "TMPDIR": str(folder),
            "COLUMNS": "200",
        }

    def start(self, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        """A command that runs on."""
        return subprocess.Popen(
            [*COMMAND, *arguments],
            env=self.environment | variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # Shells let what they start in the background ignore Ctrl-C, and so its children.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def run(self, *arguments: str, **variables: str) -> Done:
        """A command, waited for; whatever it says holds no secret and no stack trace."""
        with self.start(*arguments, **variables) as process:
            out, err = process.communicate(timeout=SECONDS)
        for secret in SECRETS:
            assert secret not in out + err
        assert "Traceback" not in out + err
        return Done(out, err, process.returncode)

    def on_disk(self) -> bytes:
        """Every byte this installation keeps, its key and its settings included."""
        files = sorted(path for path in self.folder.rglob("*") if path.is_file())
        return b"".join(path.read_bytes() for path in files)
