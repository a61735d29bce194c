"""A pretend Jellyfin server."""

from fullcredits.simulate.jellyfin.app import jellyfin_app
from fullcredits.simulate.jellyfin.library import JellyfinLibrary

__all__ = ["JellyfinLibrary", "jellyfin_app"]
