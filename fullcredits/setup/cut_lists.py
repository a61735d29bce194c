"""Casts that a server cuts, by all that was read of it so far: a check asks for a sample only."""

from __future__ import annotations

from collections.abc import Sequence

from fullcredits.model import SourceKind
from fullcredits.sources.jellyfin.remarks import MOST_CAST
from fullcredits.sources.plex.translate import MOST_ROLES
from fullcredits.sources.remarks import Remark
from fullcredits.store.read.servers import Casts

LONGEST = {SourceKind.PLEX: MOST_ROLES, SourceKind.JELLYFIN: MOST_CAST}
"""How long a cast is at most: on every Plex, and where a Jellyfin's importer cuts it."""
_FEW = 3


def with_what_was_read(
    kind: SourceKind, remarks: Sequence[Remark], casts: Sequence[Casts]
) -> list[Remark]:
    """The remarks of a check; where titles of a library were read, all of them are counted for
    the remark on cut casts, not those of the sample.
    """
    read = {library.name for library in casts if library.titles}
    kept = [r for r in remarks if not (r.code == "capped" and r.library in read)]
    return [*kept, *(_cut(kind, library) for library in casts if _is_cut(kind, library))]


def _is_cut(kind: SourceKind, casts: Casts) -> bool:
    """A Plex has no more to give; a Jellyfin whose importer does not cut has longer casts too."""
    if kind is SourceKind.PLEX:
        return casts.exact > 0
    return casts.exact >= _FEW and casts.longest == MOST_CAST


def _cut(kind: SourceKind, casts: Casts) -> Remark:
    most = LONGEST[kind]
    why = (
        "there Plex cuts the list"
        if kind is SourceKind.PLEX
        else "none has more: Jellyfin's importer cut them; raise its limit (Dashboard → Plugins → "
        "TMDb) and refresh the metadata"
    )
    have = "has" if casts.exact == 1 else "have"
    text = f"{casts.exact:,} of {casts.titles:,} titles read so far {have} exactly {most} actors: "
    return Remark("capped", text + why, casts.name, limits=True)
