"""Which Jellyfin is played. Everything that differs between versions is asked of a Dialect."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one version of Jellyfin behaves.

    ``legacy_auth``: takes X-Emby-Token, X-MediaBrowser-Token, X-Emby-Authorization, the scheme
    ``Emby`` and ``?api_key=``. ``old_prefixes``: takes /emby/… and /mediabrowser/… paths.
    ``pages_persons``: /Persons honours startIndex and tells the real total.
    """

    version: str
    legacy_auth: bool
    old_prefixes: bool
    pages_persons: bool


JELLYFIN_10_11 = Dialect("10.11.11", legacy_auth=True, old_prefixes=True, pages_persons=False)
DEFAULT_DIALECT = JELLYFIN_10_11
