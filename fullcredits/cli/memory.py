"""How the process holds memory: most of what a sync reads is let go at once, and much of it by
another thread than the one that asked for it.
"""

from __future__ import annotations

import ctypes
import gc
import sys

OBJECTS = 50_000
"""So many new ones until Python looks for cycles among them. Rows come by the ten thousand and make
none; to look after every 700 took a sixth of a sync's time."""
_M_ARENA_MAX = -8
"""Of glibc's `mallopt`."""


def hold_little() -> None:
    """To be called once, before there is a second thread."""
    gc.set_threshold(OBJECTS)
    gc.freeze()
    _share_one_heap()


def _share_one_heap() -> None:
    """By default each thread has a heap of its own, and keeps what only it could use again: a first
    sync of ten thousand films held a quarter more.
    """
    if sys.platform == "linux":
        # Other libraries of C than glibc have one heap anyway.
        set_option = getattr(ctypes.CDLL(None), "mallopt", None)
        if set_option is not None:
            set_option(_M_ARENA_MAX, 1)
