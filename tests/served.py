"""What a server serves, read in the plainest way: urllib and json, sharing no line with the
program. The truth that a synced database is compared with."""

from __future__ import annotations

import json
import re
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple


class Stated(NamedTuple):
    """A credit as served: the title's key on its server, the name, the server's word for the
    kind, the character or job, and the place in the list."""

    key: str
    name: str
    kind: str
    part: str
    billing: int


def plex(address: str, token: str) -> Counter[Stated]:
    """Every credit of every film, show, season and episode a Plex serves."""
    found: Counter[Stated] = Counter()
    headers = {"X-Plex-Token": token, "Accept": "application/json"}
    sections = get(f"{address}/library/sections", headers)["MediaContainer"]["Directory"]
    for section in sections:
        for kind in {"movie": [1], "show": [2, 3, 4]}.get(section["type"], []):
            keys = _plex_keys(address, headers, section["key"], kind)
            found += plex_titles(address, token, keys)
    return found


def plex_titles(address: str, token: str, keys: list[str]) -> Counter[Stated]:
    """Every credit of these titles of a Plex."""
    found: Counter[Stated] = Counter()
    headers = {"X-Plex-Token": token, "Accept": "application/json"}
    for batch in _batches(keys, 100):
        answer = get(f"{address}/library/metadata/{','.join(batch)}", headers)
        for item in answer["MediaContainer"].get("Metadata", []):
            found.update(_plex_credits(item))
    return found


def _plex_keys(address: str, headers: dict[str, str], section: str, kind: int) -> list[str]:
    keys: list[str] = []
    while True:
        query = f"type={kind}&X-Plex-Container-Start={len(keys)}&X-Plex-Container-Size=1000"
        page = get(f"{address}/library/sections/{section}/all?{query}", headers)["MediaContainer"]
        rows = page.get("Metadata", [])
        keys += [row["ratingKey"] for row in rows]
        if not rows or len(keys) >= page["totalSize"]:
            return keys


def _plex_credits(item: dict[str, Any]) -> Iterator[Stated]:
    billing = 0
    for kind in ("Role", "Director", "Writer", "Producer"):
        for tag in item.get(kind, []):
            part = tag.get("role", "") if kind == "Role" else kind
            yield Stated(item["ratingKey"], tag["tag"], kind, part, billing)
            billing += 1


def jellyfin(address: str, token: str) -> Counter[Stated]:
    """Every credit of every film, series, season and episode a Jellyfin serves."""
    found: Counter[Stated] = Counter()
    headers = {"Authorization": f'MediaBrowser Token="{token}"', "Accept": "application/json"}
    for kind in ("Movie", "Series", "Season", "Episode"):
        query = f"recursive=true&includeItemTypes={kind}&collapseBoxSetItems=false&limit=1000000"
        items = get(f"{address}/Items?{query}", headers)["Items"]
        found += jellyfin_titles(address, token, [item["Id"] for item in items])
    return found


def jellyfin_titles(address: str, token: str, keys: list[str]) -> Counter[Stated]:
    """Every credit of these titles of a Jellyfin."""
    found: Counter[Stated] = Counter()
    headers = {"Authorization": f'MediaBrowser Token="{token}"', "Accept": "application/json"}
    for batch in _batches(keys, 100):
        answer = get(f"{address}/Items?fields=People&ids={','.join(batch)}", headers)
        for item in answer["Items"]:
            found.update(jellyfin_credits(item))
    return found


def jellyfin_credits(item: dict[str, Any]) -> Iterator[Stated]:
    """The credits of one Jellyfin item, as served."""
    for billing, person in enumerate(item.get("People", [])):
        kind, role = person["Type"], person.get("Role") or ""
        if kind not in ("Actor", "GuestStar") and role.strip() in ("", kind):
            role = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind)  # CoverArtist: Cover Artist
        elif kind not in ("Actor", "GuestStar"):
            role = role.strip()
        yield Stated(item["Id"], person["Name"], kind, role, billing)


def _batches(keys: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(keys), size):
        yield keys[start : start + size]


def get(url: str, headers: dict[str, str]) -> Any:
    """The JSON at an address."""
    request = urllib.request.Request(urllib.parse.quote(url, safe=":/?&=,%"), headers=headers)
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)
