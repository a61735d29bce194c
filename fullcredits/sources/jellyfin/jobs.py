"""Jellyfin's kinds of people (`PersonKind`) as our departments and jobs."""

from __future__ import annotations

from fullcredits.model import Department

CAST = frozenset({"Actor", "GuestStar", "Narrator"})
"""Kinds whose `Role` is a character; of all others it is the job."""

KINDS: dict[str, tuple[Department, str]] = {
    "Actor": (Department.ACTING, "Actor"),
    "GuestStar": (Department.ACTING, "Guest Star"),
    "Narrator": (Department.ACTING, "Narrator"),
    "Director": (Department.DIRECTING, "Director"),
    "Writer": (Department.WRITING, "Writer"),
    "Author": (Department.WRITING, "Author"),
    "Creator": (Department.WRITING, "Creator"),
    "Translator": (Department.WRITING, "Translator"),
    "Producer": (Department.PRODUCTION, "Producer"),
    "Editor": (Department.EDITING, "Editor"),
    "Composer": (Department.SOUND, "Composer"),
    "Conductor": (Department.SOUND, "Conductor"),
    "Lyricist": (Department.SOUND, "Lyricist"),
    "Arranger": (Department.SOUND, "Arranger"),
    "Engineer": (Department.SOUND, "Engineer"),
    "Mixer": (Department.SOUND, "Mixer"),
    "Remixer": (Department.SOUND, "Remixer"),
    "Artist": (Department.SOUND, "Artist"),
    "AlbumArtist": (Department.SOUND, "Album Artist"),
    "Illustrator": (Department.ART, "Illustrator"),
    "Penciller": (Department.ART, "Penciller"),
    "Inker": (Department.ART, "Inker"),
    "Colorist": (Department.ART, "Colorist"),
    "Letterer": (Department.ART, "Letterer"),
    "CoverArtist": (Department.ART, "Cover Artist"),
}
"""Every kind of 10.8 to 12.0, with the job of a credit whose `Role` is silent."""

_WORDS: tuple[tuple[str, Department], ...] = (
    ("assistant director", Department.DIRECTING),
    ("casting", Department.PRODUCTION),
    ("photograph", Department.CAMERA),
    ("cinematograph", Department.CAMERA),
    ("camera", Department.CAMERA),
    ("art direct", Department.ART),
    ("production design", Department.ART),
    ("set decorat", Department.ART),
    ("producer", Department.PRODUCTION),
    ("production", Department.PRODUCTION),
    ("sound", Department.SOUND),
    ("music", Department.SOUND),
    ("composer", Department.SOUND),
    ("song", Department.SOUND),
    ("edit", Department.EDITING),
    ("writer", Department.WRITING),
    ("screenplay", Department.WRITING),
    ("story", Department.WRITING),
    ("novel", Department.WRITING),
    ("director", Department.DIRECTING),
)
"""Parts of job words, the telling ones first; for kinds that are not in the table."""


def department_of(job: str) -> Department:
    """Where a job of an unknown kind belongs; CREW where its words do not tell."""
    lowered = job.casefold()
    return next((place for part, place in _WORDS if part in lowered), Department.CREW)
