"""The page about the password, and who is signed in."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from fullcredits.pages import addresses
from fullcredits.pages.moments import when
from fullcredits.store import Connection
from fullcredits.store import access as stored
from fullcredits.store.schedules import local

# In this order: most browsers claim to be others too.
_BROWSERS = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"),
    ("Safari", "Safari"), ("curl", "curl"),
)  # fmt: skip
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("CrOS", "ChromeOS"),
    ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Device:
    """A browser that is signed in."""

    id: int
    name: str
    """Like "Firefox on Linux"."""
    since: str
    seen: str
    this: bool
    """Whether it is the one that asks."""


@dataclass(frozen=True, slots=True)
class AccessPage:
    """Whether there is a password, and who gave it."""

    address: str
    heading: str
    guarded: bool
    devices: tuple[Device, ...]


def access(db: Connection, session_id: int | None) -> AccessPage:
    """As seen by that session; None while there is no password."""
    now = dt.datetime.now()
    return AccessPage(
        address=addresses.access(),
        heading="Password and devices",
        guarded=stored.password_hash(db) is not None,
        devices=tuple(
            Device(
                row.id,
                named(row.agent),
                when(local(row.created_at), now),
                when(local(row.seen_at), now),
                row.id == session_id,
            )
            for row in stored.list_sessions(db)
        ),
    )


def named(agent: str) -> str:
    """What a browser calls itself, as its user does."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or re.split(r"[/ ]", agent)[0][:40] or "A browser"
