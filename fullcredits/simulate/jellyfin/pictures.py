"""Image tags and blurhashes. The tag is no hash of the picture; it changes when it is rewritten."""

from __future__ import annotations

import functools
import hashlib
from typing import Any

from fullcredits.simulate.jellyfin.library import Item, Person

_BASE83 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"
_WAVES = tuple(_BASE83[9 + byte % 3] + _BASE83[byte % 83] for byte in range(256))


@functools.lru_cache(maxsize=400_000)
def portrait(human_id: str) -> tuple[str, str]:
    """Tag (32 hex digits) and blurhash of a human's portrait."""
    return hashlib.md5(f"portrait {human_id}".encode()).hexdigest(), blurhash(human_id)


def item_tag(item: Item, image: str) -> str:
    """The tag of an item's Primary or Backdrop image, 32 hex digits."""
    return hashlib.md5(f"{image} {item.id} {item.created}".encode()).hexdigest()


def blurhash(seed: str) -> str:
    """A valid blurhash of 4x3 components whose colours follow from the seed."""
    digest = hashlib.md5(seed.encode()).digest()
    colour = int.from_bytes(digest[:3]) & 0x7F7F7F | 0x101010
    return (
        f"L{_BASE83[6 + digest[3] % 10]}{_base83(colour)}{''.join(_WAVES[b] for b in digest[4:15])}"
    )


def item_images(item: Item) -> dict[str, Any]:
    """The image fields of an item, and those that point to the images of its series."""
    primary = item_tag(item, "Primary")
    backed = item.work.kind in ("movie", "show")
    fields: dict[str, Any] = {}
    series = item.series
    if series:
        fields["ParentBackdropItemId"] = series.id
        fields["ParentBackdropImageTags"] = [item_tag(series, "Backdrop")]
        fields["SeriesPrimaryImageTag"] = item_tag(series, "Primary")
    hashes = {"Primary": {primary: blurhash(item.work.id)}}
    if backed:
        hashes["Backdrop"] = {item_tag(item, "Backdrop"): blurhash(f"back {item.work.id}")}
    return fields | {
        "ImageTags": {"Primary": primary},
        "BackdropImageTags": [item_tag(item, "Backdrop")] if backed else [],
        "ImageBlurHashes": hashes,
    }


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
