"""The command line: `fullcredits demo | serve | sync | source … | person | title | search | …`."""

from __future__ import annotations

import signal
import sys
from types import FrameType

from rich.text import Text

from fullcredits.cli.commands import cli
from fullcredits.cli.memory import hold_little
from fullcredits.cli.terminal import err
from fullcredits.errors import FullcreditsError

INTERRUPTED = 130
TERMINATED = 143


def main() -> None:
    """Run the command given on the command line, and exit with a code that means something.

    0 all well · 1 something failed · 2 wrong settings or arguments · 3 a server could not be
    read · 4 a server refused us · 5 the database · 6 identity · 7 nothing has this name · 8 a
    sync left problems · 9 occupied by somebody else · 130 interrupted · 143 terminated.
    """
    hold_little()
    signal.signal(signal.SIGTERM, _terminate)
    try:
        cli()
    except FullcreditsError as error:
        err.print(Text.assemble(("fullcredits: ", "red"), str(error)))
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _terminate(_: int, __: FrameType | None) -> None:
    """Leave as tidily as after Ctrl-C: temporary folders go, connections are closed."""
    sys.exit(TERMINATED)
