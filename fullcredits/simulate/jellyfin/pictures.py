"""Image tags and blurhashes. The tag is no hash of the picture; it changes when it is rewritten."""

from __future__ import annotations

import functools
import hashlib
from typing import Any

from fullcredits.simulate.jellyfin.library import Item, Person

_UPRIGHT, _WIDE = (4, 5), (6, 4)
"""Waves across and down, as the server chooses them for pictures of 2:3 and of 16:9."""
_BASE83 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"
_WAVES = tuple(_BASE83[9 + byte % 3] + _BASE83[byte % 83] for byte in range(256))


@functools.lru_cache(maxsize=400_000)
def portrait(human_id: str) -> tuple[str, str]:
    """Tag (32 hex digits) and blurhash of a human's portrait."""
    return hashlib.md5(f"portrait {human_id}".encode()).hexdigest(), blurhash(human_id, *_UPRIGHT)


def item_tag(item: Item, image: str) -> str:
    """The tag of an item's Primary or Backdrop image, 32 hex digits."""
    return hashlib.md5(f"{image} {item.id} {item.created}".encode()).hexdigest()


def blurhash(seed: str, across: int, down: int) -> str:
    """A valid blurhash of so many components whose colours follow from the seed."""
    digest = hashlib.shake_128(seed.encode()).digest(4 + across * down)
    colour = int.from_bytes(digest[:3]) & 0x7F7F7F | 0x101010
    size = _BASE83[(down - 1) * 9 + across - 1]
    waves = "".join(_WAVES[byte] for byte in digest[5:])
    return f"{size}{_BASE83[6 + digest[3] % 10]}{_base83(colour)}{waves}"


def item_images(item: Item) -> dict[str, Any]:
    """The image fields of an item, and those that point to the images of its series: their
    hashes are among its own.
    """
    primary = item_tag(item, "Primary")
    backed = item.work.kind in ("movie", "show")
    fields: dict[str, Any] = {}
    hashes: dict[str, dict[str, str]] = {"Primary": {primary: _hash(item, "Primary")}}
    series = item.series
    if series:
        backdrop, poster = item_tag(series, "Backdrop"), item_tag(series, "Primary")
        fields["ParentBackdropItemId"] = series.id
        fields["ParentBackdropImageTags"] = [backdrop]
        fields["SeriesPrimaryImageTag"] = poster
        hashes["Backdrop"] = {backdrop: _hash(series, "Backdrop")}
        hashes["Primary"][poster] = _hash(series, "Primary")
    if backed:
        backdrop = item_tag(item, "Backdrop")
        hashes["Backdrop"] = {backdrop: _hash(item, "Backdrop")}
    return fields | {
        "ImageTags": {"Primary": primary},
        "BackdropImageTags": [item_tag(item, "Backdrop")] if backed else [],
        "ImageBlurHashes": hashes,
    }


def _hash(item: Item, image: str) -> str:
    wide = image == "Backdrop" or item.work.kind == "episode"
    return blurhash(f"{image} {item.work.id}", *(_WIDE if wide else _UPRIGHT))


def person_images(person: Person) -> dict[str, Any]:
    """The image fields of a person; empty when nobody of that name has a portrait."""
    pictured = person.pictured
    if pictured is None:
        return {"ImageTags": {}, "BackdropImageTags": [], "ImageBlurHashes": {}}
    tag, colours = portrait(pictured.id)
    return {
        "ImageTags": {"Primary": tag},
        "BackdropImageTags": [],
        "ImageBlurHashes": {"Primary": {tag: colours}},
    }


def _base83(colour: int) -> str:
    return "".join(_BASE83[colour // 83**place % 83] for place in (3, 2, 1, 0))
