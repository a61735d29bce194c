"""A running simulated Plex, as a pretend plex.tv offers it."""

from __future__ import annotations

import json
import urllib.request

from fullcredits.simulate.plextv.account import Offered, Way

_SECONDS = 5.0


def offered_at(address: str, token: str) -> Offered:
    """The Plex that runs at an address and takes this token.

    Raises:
        OSError: nothing answers there, or the token is not taken.
        ValueError: what answers is no Plex.

    """
    headers = {"Accept": "application/json", "X-Plex-Token": token}
    request = urllib.request.Request(address.rstrip("/") + "/", headers=headers)  # noqa: S310
    with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
        told = json.load(answer).get("MediaContainer", {})
    if "machineIdentifier" not in told:
        raise ValueError(f"what answers at {address} is no Plex")
    return Offered(
        name=told.get("friendlyName", "Plex"),
        machine_id=told["machineIdentifier"],
        access_token=token,
        ways=(Way(address.rstrip("/")),),
        version=told.get("version", ""),
    )
