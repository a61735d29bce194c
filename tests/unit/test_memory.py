"""How the process holds memory."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

ASK = """
import ctypes, threading
from fullcredits.cli.memory import hold_little
if {frugal}:
    hold_little()
def take():
    kept.append(libc.malloc(100_000))
    together.wait()
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
kept, together = [], threading.Barrier(8)
threads = [threading.Thread(target=take) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
libc.malloc_info(0, ctypes.c_void_p.in_dll(libc, "stdout"))
libc.fflush(None)
"""


def heaps(*, frugal: bool) -> int:
    """How many heaps glibc has after eight threads took memory."""
    command = [sys.executable, "-c", ASK.format(frugal=frugal)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return told.count("<heap nr=")


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other libraries have one heap")
def test_threads_share_one_heap() -> None:
    assert heaps(frugal=True) == 1
    assert heaps(frugal=False) > 1  # or else this shows nothing
