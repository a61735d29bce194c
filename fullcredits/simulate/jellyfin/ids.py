"""How Jellyfin makes ids and change markers."""

from __future__ import annotations

import functools
import hashlib
import unicodedata
import uuid

_PERSON_TYPE = "MediaBrowser.Controller.Entities.Person"
_INVALID = dict.fromkeys([*range(0x20), *map(ord, '"<>|:*?\\/')], " ")

Ticks = int
"""Hundreds of nanoseconds since the first of January of the year 1."""

UNIX_EPOCH_TICKS: Ticks = 621_355_968_000_000_000


@functools.lru_cache(maxsize=400_000)
def person_id(name: str) -> str:
    r"""The id of the person of that name: a function of the name alone, on every server.

    The key is the place of the person's folder below the program's data, in lower case:
    ``metadata\people\<first letter or digit>\<file name>``.
    """
    cleaned = name.translate(_INVALID).strip().rstrip(".")
    letter = next((c for c in cleaned if _is_letter_or_digit(c)), "")
    path = "\\".join(("metadata", "people", *filter(None, (letter, cleaned))))
    return net_guid(_PERSON_TYPE + path.lower())


def net_guid(text: str) -> str:
    """MD5 of the text in UTF-16, printed as .NET prints a GUID of these bytes, without dashes."""
    return uuid.UUID(bytes_le=hashlib.md5(text.encode("utf-16-le", "surrogatepass")).digest()).hex


def etag(saved: Ticks) -> str:
    """An item's change marker: made of the time it was last saved and of nothing else."""
    return net_guid(str(saved))


def ticks(seconds: float) -> Ticks:
    """Epoch seconds as ticks."""
    return UNIX_EPOCH_TICKS + int(seconds * 10_000_000)


def _is_letter_or_digit(char: str) -> bool:
    """.NET's Char.IsLetterOrDigit, which looks at one UTF-16 unit: none above the BMP is."""
    category = unicodedata.category(char)
    return ord(char) < 0x10000 and (category[0] == "L" or category == "Nd")
