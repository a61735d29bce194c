"""Whether somebody is at a run that is noted as under way, or died over it."""

from __future__ import annotations

import datetime as dt
import os
import secrets
import socket
from pathlib import Path

from sqlalchemy import Connection

from fullcredits.store import runs
from fullcredits.store.progress import Holder
from fullcredits.store.runs import RunRow
from fullcredits.store.sources import now

EXPIRY = dt.timedelta(minutes=3)
"""Without a sign of life for so long, a holder of whom nothing else is known is taken for dead. A
sign has to wait while somebody else writes into the database, so this is not short.
"""
_PROC = Path("/proc")
_STATE, _BEGAN = 0, 19
"""Of the words that follow the name in /proc/N/stat: one letter, and the ticks since the boot."""
_ENDED = "ZX"

under_way: set[int] = set()
"""Runs of this process."""
_drawn = secrets.token_hex(8)


def own_token() -> str:
    """What tells this process from all that had or will have its number."""
    return _beginning(os.getpid()) or _drawn


def is_dead(run: RunRow) -> bool:
    """Whether nobody is at a run any more that is noted as under way.

    Of a process of this machine its number and its beginning tell, however long it was silent: one
    that sleeps or waits is not dead. Of all others, and where the system does not say when a
    process began, silence does.
    """
    holder = Holder.read(run.holder or "")
    if holder is None:
        return True
    if holder.machine == socket.gethostname():
        if holder.process == os.getpid():
            return holder.token != own_token() or run.id not in under_way
        if not _lives(holder.process):
            return True
        if (began := _beginning(holder.process)) is not None:
            return holder.token != began
    return run.beat_at is None or now() - run.beat_at > EXPIRY


def synced_elsewhere(db: Connection) -> set[int]:
    """The sources that another process or machine syncs now."""
    found = runs.under_way(db)
    return {run.source_id for run in found if run.id not in under_way and not is_dead(run)}


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass  # somebody else's, but there
    return True


def _beginning(process: int) -> str | None:
    """What tells a process from all that had or will have its number: this boot, and when in it the
    process began. "" for one that has ended and was not yet cleared away; None where the system
    does not say.
    """
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
        words = (_PROC / str(process) / "stat").read_text().rpartition(")")[2].split()
        return "" if words[_STATE] in _ENDED else f"{boot}+{words[_BEGAN]}"
    except (OSError, IndexError):
        return None
