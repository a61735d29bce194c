"""What the command line needs: a catalogue, and servers made of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from starlette.applications import Starlette

from fullcredits.simulate.catalogue import Catalogue
from fullcredits.simulate.invented import invent_catalogue
from fullcredits.simulate.jellyfin import jellyfin_app
from fullcredits.simulate.jellyfin.app import DEFAULT_API_KEY
from fullcredits.simulate.jellyfin.dialect import DEFAULT_VERSION as DEFAULT_JELLYFIN
from fullcredits.simulate.load import load_catalogue
from fullcredits.simulate.plex import plex_app
from fullcredits.simulate.plex.app import DEFAULT_TOKEN
from fullcredits.simulate.plex.dialect import DEFAULT_VERSION as DEFAULT_PLEX

DEFAULT_SEED = 1
NAMES = {"plex": "Attic", "jellyfin": "Cabin"}
"""What servers call themselves where nothing else is said."""


def open_catalogue(files: Sequence[Path] | None = None, seed: int = DEFAULT_SEED) -> Catalogue:
    """The catalogue in these files, or without files the invented one of that seed.

    Only the invented one has shares, "attic" and "cabin".

    Raises:
        OSError, msgspec.DecodeError: a file cannot be read or is not a catalogue.

    """
    return load_catalogue(files) if files else invent_catalogue(seed)


def simulated(
    kind: Literal["plex", "jellyfin"],
    *,
    files: Sequence[Path] | None = None,
    seed: int = DEFAULT_SEED,
    token: str | None = None,
    version: str | None = None,
    cost: Literal["real"] | None = None,
    name: str | None = None,
) -> Starlette:
    """One server, ready to be served.

    ``token`` is the Plex token or the Jellyfin API key, by default the well-known one. With the
    invented catalogue Plex is the attic and Jellyfin the cabin; files are served whole. ``cost``
    concerns Jellyfin alone. Which server it is follows from its ``name``.

    Raises:
        OSError, msgspec.DecodeError: a file cannot be read or is not a catalogue.
        KeyError: nobody plays that version.

    """
    catalogue = open_catalogue(files, seed)
    if kind == "plex":
        return plex_app(
            catalogue,
            token=token or DEFAULT_TOKEN,
            share=None if files else "attic",
            version=version or DEFAULT_PLEX,
            name=name or NAMES[kind],
        )
    return jellyfin_app(
        catalogue,
        api_key=token or DEFAULT_API_KEY,
        cost=cost,
        share=None if files else "cabin",
        version=version or DEFAULT_JELLYFIN,
        name=name or NAMES[kind],
    )
