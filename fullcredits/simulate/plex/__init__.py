"""A pretend Plex Media Server."""

from fullcredits.simulate.plex.app import plex_app
from fullcredits.simulate.plex.library import PlexLibrary

__all__ = ["PlexLibrary", "plex_app"]
