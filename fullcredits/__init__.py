"""Fullcredits: the complete cast and crew of everything on your Plex and Jellyfin servers."""

__version__ = "0.1.0"
