"""What the command line needs: a catalogue and one server in the foreground."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from starlette.applications import Starlette

from fullcredits.simulate.catalogue import Catalogue
from fullcredits.simulate.invented import invent_catalogue
from fullcredits.simulate.jellyfin import jellyfin_app
from fullcredits.simulate.jellyfin.app import DEFAULT_API_KEY
from fullcredits.simulate.load import load_catalogue
from fullcredits.simulate.plex import plex_app
from fullcredits.simulate.plex.app import DEFAULT_TOKEN
from fullcredits.simulate.serve import run

DEFAULT_SEED = 1


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
    cost: Literal["real"] | None = None,
) -> Starlette:
    """One server, ready to be served.

    ``token`` is the Plex token or the Jellyfin API key, by default the well-known one. With the
    invented catalogue Plex is the attic and Jellyfin the cabin; files are served whole. ``cost``
    concerns Jellyfin alone.

    Raises:
        OSError, msgspec.DecodeError: a file cannot be read or is not a catalogue.

    """
    catalogue = open_catalogue(files, seed)
    if kind == "plex":
        share = None if files else "attic"
        return plex_app(catalogue, token=token or DEFAULT_TOKEN, share=share)
    share = None if files else "cabin"
    return jellyfin_app(catalogue, api_key=token or DEFAULT_API_KEY, cost=cost, share=share)


def simulate(
    kind: Literal["plex", "jellyfin"],
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    files: Sequence[Path] | None = None,
    seed: int = DEFAULT_SEED,
    token: str | None = None,
    cost: Literal["real"] | None = None,
) -> None:
    """Play one server, as `simulated` makes it, in the foreground until interrupted."""
    run(simulated(kind, files=files, seed=seed, token=token, cost=cost), host, port)
