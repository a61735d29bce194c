"""The names that Jellyfin sorts by."""

from __future__ import annotations

import re
import unicodedata

from fullcredits.simulate.jellyfin.library import Item

_WORDS = ("the", "a", "an")
_REMOVED = str.maketrans("", "", ",&-{}'")
_REPLACED = str.maketrans({".": " ", "+": " ", "%": " "})


def sort_name(item: Item) -> str:
    """The SortName of an item: seasons and episodes by their numbers, others by their title."""
    work = item.work
    if work.kind == "season":
        return f"{work.number:04}"
    if work.kind == "episode" and item.parent:
        return f"{item.parent.work.number:03} - {work.number:04} - {work.title}"
    return sort_title(work.title)


def sort_title(title: str) -> str:
    """Lower case, without English articles and some punctuation, numbers padded to ten digits."""
    name = title.strip().lower()
    for word in _WORDS:
        name = name.removeprefix(f"{word} ").replace(f" {word} ", " ").removesuffix(f" {word}")
    name = name.translate(_REMOVED).translate(_REPLACED)
    return _plain(re.sub(r"[0-9]+", lambda digits: digits[0].zfill(10), name))


def _plain(text: str) -> str:
    """Without accents."""
    marks = unicodedata.normalize("NFD", text)
    return unicodedata.normalize(
        "NFC", "".join(c for c in marks if unicodedata.category(c) != "Mn")
    )
