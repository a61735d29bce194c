"""Plex's kinds of people as our departments and jobs: there are four, and no others."""

from __future__ import annotations

from fullcredits.model import Department

CAST = "Role"
"""The kind whose `role` is a character. On crew, where a server gives one at all (metadata
providers of one's own), it is the job's word."""

KINDS: dict[str, tuple[Department, str]] = {
    CAST: (Department.ACTING, "Actor"),
    "Director": (Department.DIRECTING, "Director"),
    "Writer": (Department.WRITING, "Writer"),
    "Producer": (Department.PRODUCTION, "Producer"),
}
"""With the job of a credit that says no more, which is nearly every one."""
