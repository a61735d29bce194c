"""Which crew jobs each kind of server has a place for.

Plex keeps four kinds of people and no job title. Jellyfin keeps a few more kinds and, in the
role of a crew credit, the title of the job. Everything else (camera, art, stunts, …) is known to
the work and served by neither.
"""

from __future__ import annotations

from fullcredits.simulate.catalogue import Stated

_DIRECTING = frozenset({"Director", "Co-Director"})
_WRITING = frozenset(
    {
        "Adaptation", "Author", "Book", "Characters", "Comic Book", "Co-Writer", "Graphic Novel",
        "Idea", "Novel", "Original Film Writer", "Original Story", "Screenplay", "Screenstory",
        "Scenario Writer", "Short Story", "Story", "Teleplay", "Theatre Play", "Writer",
    }
)  # fmt: skip
_PRODUCING = frozenset(
    {
        "Associate Producer", "Co-Executive Producer", "Co-Producer", "Consulting Producer",
        "Executive Producer", "Line Producer", "Producer", "Supervising Producer",
    }
)  # fmt: skip
_COMPOSING = frozenset({"Composer", "Music", "Original Music Composer"})

# Recorded of 10.11.11 and of 12.0: directors and writers without a role, everyone else with the
# title of the job, also where it repeats the kind ("Producer", "Editor").
_SILENT_TITLES = frozenset({"Director", "Writer"})


def plex_kind(credit: Stated) -> str | None:
    """Role, Director, Writer or Producer; None when Plex has no place for the credit."""
    if credit.is_cast:
        return "Role"
    if credit.department == "Directing" and credit.job in _DIRECTING:
        return "Director"
    if credit.department == "Writing" and credit.job in _WRITING:
        return "Writer"
    if credit.department == "Production" and credit.job in _PRODUCING:
        return "Producer"
    return None


def jellyfin_kind(credit: Stated) -> str | None:
    """Jellyfin's PersonKind word of the credit; None when it has none."""
    if credit.is_cast:
        return "GuestStar" if credit.guest else "Actor"
    if credit.job == "Creator":
        return "Creator"
    if credit.department == "Editing":
        return "Editor" if credit.job == "Editor" else None
    if credit.department == "Sound":
        if credit.job in _COMPOSING:
            return "Composer"
        return "Conductor" if credit.job == "Conductor" else None
    if credit.department == "Writing" and credit.job == "Lyricist":
        return "Lyricist"
    return plex_kind(credit)


def jellyfin_role(credit: Stated) -> str:
    """The text Jellyfin has in Role: a character, the title of a job, or ""."""
    if credit.is_cast:
        return credit.character
    return "" if credit.job in _SILENT_TITLES else credit.job
