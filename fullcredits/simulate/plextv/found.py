"""A running simulated Plex, as a pretend plex.tv offers it."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Sequence
from typing import Any

from fullcredits.simulate.plextv.account import Offered, Way

_SECONDS = 5.0
_WAYS = ("local", "remote", "relay")


def offered_at(told: str, token: str) -> Offered:
    """The Plex that takes this token and runs at an address, or at one of several with commas in
    between: ``http://127.0.0.1:1,remote=http://localhost:32400,relay=http://[::1]:32400``. The word
    before an address says what plex.tv calls it, ``local`` where there is none.

    Raises:
        OSError: nothing answers at any of them, or the token is not taken.
        ValueError: what answers is no Plex, or the word is no kind of address.

    """
    ways = [_way(part) for part in told.split(",")]
    root = _first(ways, token)
    if "machineIdentifier" not in root:
        raise ValueError(f"what answers at {told} is no Plex")
    return Offered(
        name=root.get("friendlyName", "Plex"),
        machine_id=root["machineIdentifier"],
        access_token=token,
        ways=tuple(ways),
        version=root.get("version", ""),
    )


def _way(part: str) -> Way:
    word, equals, address = part.strip().partition("=")
    if not equals:
        word, address = "local", word
    if word not in _WAYS:
        raise ValueError(f"{word!r} is no kind of address; there are {', '.join(_WAYS)}")
    return Way(address.rstrip("/"), local=word == "local", relay=word == "relay")


def _first(ways: Sequence[Way], token: str) -> dict[str, Any]:
    """What the first one says that answers."""
    headers = {"Accept": "application/json", "X-Plex-Token": token}
    error: OSError | None = None
    for way in ways:
        request = urllib.request.Request(way.uri + "/", headers=headers)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
                root: dict[str, Any] = json.load(answer).get("MediaContainer", {})
                return root
        except OSError as failed:
            error = error or failed
    assert error is not None
    raise error
