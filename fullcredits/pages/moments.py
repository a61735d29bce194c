"""Moments in words."""

from __future__ import annotations

import datetime as dt

from fullcredits.pages.parts import day

_MONTHS = 300
"""Days after which a day is of another year, or may be taken for one."""


def when(at: dt.datetime | None, moment: dt.datetime) -> str:
    """Like "today, 14:05", "tomorrow, 02:00", "12 March, 14:05", "12 March 2024, 14:05"."""
    if at is None:
        return "never"
    days = (at.date() - moment.date()).days
    near = {0: "today", -1: "yesterday", 1: "tomorrow"}
    far = day(at.date()) if abs(days) > _MONTHS else f"{at.day} {at:%B}"
    return f"{near.get(days, far)}, {at:%H:%M}"


def clock(minute: int | None) -> str:
    """Like "22:00"; "" for none."""
    return "" if minute is None else f"{minute // 60:02}:{minute % 60:02}"
