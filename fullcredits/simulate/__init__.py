"""Pretend Plex and Jellyfin servers, for the demonstration, the tests and the benchmarks."""
