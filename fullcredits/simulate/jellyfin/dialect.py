"""Which Jellyfin is played. Everything that differs between versions is asked of a Dialect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one version of Jellyfin behaves; the defaults are those of 10.11."""

    version: str
    legacy_auth: bool = True
    """Takes X-Emby-Token, X-MediaBrowser-Token, X-Emby-Authorization, the scheme ``Emby`` and
    ``?api_key=``."""
    old_prefixes: bool = True
    """Takes /emby/… and /mediabrowser/… paths."""
    userless_paths: bool = True
    """Has /Items/{id} and /UserViews; 10.8 knows only their forms below /Users/{id}."""
    userless_single: int = 400
    """What an API key gets from /Items/{id} when it names no user."""
    silent_roles: bool = False
    """Leaves Role out of a person without one; later versions write ""."""
    roles_apart: bool = False
    """Keeps a person several times in one kind where the roles differ, and trims names."""
    pages_persons: bool = False
    """/Persons honours startIndex and tells the real total."""
    persons_order: Literal["met", "bytes", "lower"] = "bytes"
    """/Persons as they were first credited, by the bytes of the name, or by it in lower case."""
    invents_persons: bool = False
    """/Persons/{name} is never a 404: a person without anything is made up."""
    persons_by_library: bool = True
    """Lists of persons that a user asks for leave out those whom they reach through no library;
    asked for by their ids they are given."""
    date_filter: Literal["works", "fails", "empty"] = "works"
    """What ``minDateLastSaved`` does when it is sent without ``minDateLastSavedForUser``."""
    libraries_recurse: bool = False
    """A query of kinds below a library looks into folders without being told to."""
    quick_connect: tuple[str, ...] = ("POST",)
    """Methods that begin a Quick Connect."""
    library_chapters: bool = False
    """Libraries carry an empty list of chapters."""
    setup_server: bool = True
    """While it starts, a small server of its own answers every path with 503, Retry-After 005."""


JELLYFIN_10_8 = Dialect(
    "10.8.13",
    userless_paths=False,
    userless_single=404,
    silent_roles=True,
    persons_order="met",
    invents_persons=True,
    persons_by_library=False,
    date_filter="empty",
    quick_connect=("GET",),
    setup_server=False,
)
JELLYFIN_10_10 = Dialect(
    "10.10.7",
    userless_single=404,
    silent_roles=True,
    persons_order="met",
    persons_by_library=False,
    date_filter="fails",
    quick_connect=("POST", "GET"),
    setup_server=False,
)
JELLYFIN_10_11 = Dialect("10.11.11")
JELLYFIN_12 = Dialect(
    "12.0.0",
    legacy_auth=False,
    old_prefixes=False,
    roles_apart=True,
    pages_persons=True,
    persons_order="lower",
    persons_by_library=False,
    libraries_recurse=True,
    library_chapters=True,
)
DIALECTS = {
    "10.8": JELLYFIN_10_8,
    "10.10": JELLYFIN_10_10,
    "10.11": JELLYFIN_10_11,
    "12.0": JELLYFIN_12,
}
"""By the version as it is asked for."""
DEFAULT_VERSION = "10.11"
