"""The command line: `fullcredits demo | serve | sync | source … | person | title | search | …`."""

from __future__ import annotations

import gc
import signal
import sys
from types import FrameType

from rich.text import Text

from fullcredits.cli.commands import cli
from fullcredits.cli.terminal import err
from fullcredits.errors import FullcreditsError

INTERRUPTED = 130
TERMINATED = 143
OBJECTS = 50_000
"""So many new ones until Python looks for cycles among them. Rows come by the ten thousand and make
none; to look after every 700 took a sixth of a sync's time."""


def main() -> None:
    """Run the command given on the command line, and exit with a code that means something.

    0 all well · 1 something failed · 2 wrong settings or arguments · 3 a server could not be
    read · 4 a server refused us · 5 the database · 6 identity · 7 nothing has this name · 8 a
    sync left problems · 9 occupied by somebody else · 130 interrupted · 143 terminated.
    """
    gc.set_threshold(OBJECTS)
    gc.freeze()
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
