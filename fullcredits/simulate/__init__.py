"""Pretend Plex and Jellyfin servers, for the demonstration, the tests and the benchmarks.

They behave like the real ones field by field, as far as answers of real servers were recorded,
and know nothing of how this program reads them::

    catalogue = open_catalogue()
    attic = plex_app(catalogue, share="attic")
    with running(attic) as address:
        ...
        assert attic.state.requests[-1].path == "/identity"

`DEFAULT_TOKEN` and `DEFAULT_API_KEY` let a client in.
"""

from fullcredits.simulate.catalogue import Catalogue, Human, Stated, Work
from fullcredits.simulate.command import DEFAULT_SEED, open_catalogue, simulated
from fullcredits.simulate.faults import KINDS as FAULT_KINDS
from fullcredits.simulate.faults import parse_fault
from fullcredits.simulate.jellyfin import JellyfinLibrary, jellyfin_app
from fullcredits.simulate.jellyfin.app import DEFAULT_API_KEY, DEFAULT_PASSWORD, DEFAULT_USER
from fullcredits.simulate.jellyfin.dialect import DIALECTS as JELLYFIN_VERSIONS
from fullcredits.simulate.plex import PlexLibrary, plex_app
from fullcredits.simulate.plex.app import DEFAULT_TOKEN
from fullcredits.simulate.plex.dialect import DIALECTS as PLEX_VERSIONS
from fullcredits.simulate.plextv import (
    DEFAULT_ACCOUNT_TOKEN,
    Offered,
    Way,
    offered_at,
    plextv_app,
)
from fullcredits.simulate.serve import running

__all__ = [
    "DEFAULT_ACCOUNT_TOKEN",
    "DEFAULT_API_KEY",
    "DEFAULT_PASSWORD",
    "DEFAULT_SEED",
    "DEFAULT_TOKEN",
    "DEFAULT_USER",
    "FAULT_KINDS",
    "JELLYFIN_VERSIONS",
    "PLEX_VERSIONS",
    "Catalogue",
    "Human",
    "JellyfinLibrary",
    "Offered",
    "PlexLibrary",
    "Stated",
    "Way",
    "Work",
    "jellyfin_app",
    "offered_at",
    "open_catalogue",
    "parse_fault",
    "plex_app",
    "plextv_app",
    "running",
    "simulated",
]
