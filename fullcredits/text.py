"""Pure functions on strings: folding names for comparison, taking characters apart, initials."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

# Letters that Unicode does not take apart into a base letter and a mark.
_LETTERS = str.maketrans(
    {
        "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l",
        "ħ": "h", "ı": "i", "ŋ": "n", "ĸ": "k", "ſ": "s",
    }
)  # fmt: skip
# Unicode's combining classes of accents and of Hebrew and Arabic points. The marks of other
# scripts (Indic vowel signs, kana voicing, Thai tones) tell names apart: Kamal is not Kamala.
_ACCENTS = frozenset({1, *range(10, 37), *range(200, 241)})
# Invisible, but marks by category.
_SELECTORS = frozenset(map(chr, (0x034F, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
_ARTICLE = re.compile(r"^(?:the|an?)\s+(?=\S)", re.IGNORECASE)


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """The text as it is compared and found: no case, accents, punctuation or invisible marks.

    "Zoë Saldaña-Perego, Jr." and "zoe saldana perego jr" fold to one string. Words stay apart by
    one blank. Text made of punctuation alone folds to itself in lower case, so that nothing with
    a name folds to "".
    """
    if text.isascii():
        letters = text.translate(_ASCII)
    else:
        decomposed = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
        letters = "".join(map(_folded, unicodedata.normalize("NFKD", decomposed)))
    return " ".join(letters.split()) or text.strip().casefold()


@lru_cache(maxsize=4096)
def _folded(c: str) -> str:
    """A letter, digit or vowel sign as it is, nothing for an accent, a blank for the rest."""
    category = unicodedata.category(c)
    if category == "Cf" or c in "'’`´" or c in _SELECTORS:
        return ""
    if category[0] == "M":
        return "" if unicodedata.combining(c) in _ACCENTS else c
    return c if c.isalnum() else " "


_ASCII = {code: _folded(chr(code).lower()) for code in range(128)}
"""`_folded` in one step for the text that most names are."""


def sort_key(title: str) -> str:
    """The folded title without its leading English article, for A–Z lists."""
    return fold(_ARTICLE.sub("", title))


_SUFFIX = frozenset({"jr", "sr", "ii", "iii", "iv"})


def name_sort_key(name: str) -> str:
    """The folded name with its last word first ("perez rosie"), for A–Z lists of people.

    "Jr." and the like are not last words; a name of one word is itself.
    """
    words = fold(name).split()
    end = len(words)
    while end > 1 and words[end - 1] in _SUFFIX:
        end -= 1
    return " ".join([words[end - 1], *words[: end - 1], *words[end:]]) if words else ""


class NameParts(NamedTuple):
    """A folded name taken apart."""

    words: tuple[str, ...]
    suffix: tuple[str, ...]
    """ "jr" and the like, where at least two words are left without."""


def name_parts(folded: str) -> NameParts:
    """The words of a folded name, and what tells father from son."""
    words = folded.split()
    end = len(words)
    while end > 2 and words[end - 1] in _SUFFIX:
        end -= 1
    return NameParts(tuple(words[:end]), tuple(words[end:]))


class NameWord(NamedTuple):
    """A word of folded names, as the first or as the last."""

    word: str
    last: bool


def name_ends(folded: str) -> tuple[NameWord, ...]:
    """The first and the last word of a folded name, "Jr." and the like aside; nothing of a single
    word, which may be anything.
    """
    words = name_parts(folded).words
    return (NameWord(words[0], False), NameWord(words[-1], True)) if len(words) > 1 else ()


_BETWEEN = str.maketrans(dict.fromkeys('-–—.,"“”()', " "))


def initials(name: str) -> str:
    """One or two letters to stand for a missing portrait; "?" for a name without letters.

    "Ana de la Vega, Jr." gives "AV"; a name in a script without case gives its first character.
    """
    visible = name
    if not name.isascii():
        seen = "".join(c for c in name if unicodedata.category(c) != "Cf")
        visible = unicodedata.normalize("NFC", seen)
    words = [w.lstrip("'’‘") for w in visible.translate(_BETWEEN).split()]
    words = [w for w in words if w and w[0].isalnum()]
    while len(words) > 1 and words[-1].casefold() in _SUFFIX:
        words.pop()
    if not words:
        return "?"
    first, last = words[0][0], words[-1][0]
    if len(words) == 1 or not last.isalpha() or unicodedata.category(first) == "Lo":
        last = ""
    # Of a ligature, or a letter whose capital is two, the first.
    return first.upper()[0] + last.upper()[:1]


def storable(text: str) -> str:
    """The text whole, but for what neither a database nor a page can carry: NUL, other control
    characters and lone surrogates. Tabs and line breaks stay as served.
    """
    if text.isprintable():
        return text
    return "".join(c for c in text if c in "\t\n\r" or unicodedata.category(c) not in ("Cc", "Cs"))


_WRONGLY_DECODED = "\ufffd"


def odd(name: str) -> bool:
    """Whether there is something in a name that nobody sees or types: what `storable` takes away,
    marks of direction, blanks without width, and the mark of what was decoded wrongly. A few names
    really have it.
    """
    if wrongly_decoded(name):
        return True
    return not name.isprintable() and any(unicodedata.category(c)[0] == "C" for c in name)


def wrongly_decoded(text: str) -> bool:
    """Whether it has the mark of what was decoded wrongly."""
    return _WRONGLY_DECODED in text


def visible(text: str) -> bool:
    """Whether there is anything to be seen of it."""
    return any(not c.isspace() and unicodedata.category(c) not in ("Cc", "Cf", "Cs") for c in text)


class Played(NamedTuple):
    """A character text taken apart."""

    characters: tuple[str, ...]
    """The names played, in order; empty when the text names none."""
    notes: tuple[str, ...]
    """What stood in brackets at the end, in lower case: "voice", "uncredited", …"""


_NOTES = frozenset(
    {
        "voice", "uncredited", "archive footage", "archive sound", "also archive footage",
        "singing voice", "cameo", "credit only", "scenes deleted", "deleted scenes",
        "motion capture", "english version", "original version",
    }
)  # fmt: skip
_LAST_BRACKET = re.compile(r"^(?P<rest>.*?)\s*[(\[](?P<note>[^()\[\]]*)[)\]]\s*$", re.DOTALL)


@lru_cache(maxsize=16384)
def played(character: str) -> Played:
    """Take a character text apart where that is certain.

    "Healer Han / Additional Voices (voice)" is two characters and the note "voice". Only " / "
    with blanks on both sides separates, and only well-known words in closing brackets are notes:
    "Ben (40 years later)" and "AC/DC Fan" stay whole.
    """
    notes: list[str] = []
    rest = character.strip()
    while match := _LAST_BRACKET.match(rest):
        words = [w.strip().casefold() for w in re.split(r"[,;/]", match["note"])]
        if not all(w in _NOTES for w in words):
            break
        notes[:0] = words
        rest = match["rest"]
    characters: list[str] = []
    for part in rest.split(" / "):
        name = part.strip()
        while (match := _LAST_BRACKET.match(name)) and match["note"].strip().casefold() in _NOTES:
            notes.append(match["note"].strip().casefold())
            name = match["rest"].strip()
        if name and name not in characters:
            characters.append(name)
    return Played(tuple(characters), tuple(dict.fromkeys(notes)))


_LONG_KEY = 60


def part_key(part: str) -> str:
    """A character text, or a job, as it is compared: equal for one part that two servers write in
    two ways; "" where it tells nothing. A long one is told by a short sum.
    """
    key = " / ".join(sorted(map(fold, played(part).characters)))
    if len(key) <= _LONG_KEY:
        return key
    return f"#{hashlib.blake2b(key.encode(), digest_size=8).hexdigest()}"


def numbered(kind: str, number: int | None, title: str) -> str:
    """Like "Season 2" or "Season 2: The Return", without saying "Season 2: Season 2"."""
    if number is None:
        return title
    plain = "Specials" if kind == "Season" and number == 0 else f"{kind} {number}"
    said = fold(title) in ("", fold(plain), fold(f"{kind} {number:02}"))
    return plain if said else f"{plain}: {title}"


def code(season: int | None, episode: int | None) -> str:
    """Like "S02E05"; "" where a number is unknown."""
    return f"S{season:02}E{episode:02}" if season is not None and episode is not None else ""


NAMED = 3
"""So many of those that are alike are named in a sentence."""
_LONGEST = 60


def title_named(title: str) -> str:
    """The name of a title or person as it stands in a sentence."""
    return f"“{title if len(title) <= _LONGEST else title[: _LONGEST - 1] + '…'}”"


def some_of(names: Sequence[str], count: int) -> str:
    """Like "a", "a and b", "a, b, c and 42 more": the first few of so many."""
    shown = names[:NAMED]
    more = count - len(shown)
    parts = [*shown, *([f"{more:,} more"] if more else [])]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def counted(number: int, one: str, many: str | None = None) -> str:
    """Like "1 episode", "1,200 episodes"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def size(bytes_: int) -> str:
    """Like "340 kB", "1.2 MB"."""
    return f"{bytes_ / 1e6:,.1f} MB" if bytes_ >= 1e6 else f"{max(1, round(bytes_ / 1e3)):,} kB"


def lasted(seconds: float) -> str:
    """Like "3 seconds", "2 minutes", "1 hour 20 minutes", "1 day 2 hours"."""
    whole = round(seconds)
    if whole < 60:
        return counted(whole, "second")
    hours, minutes = divmod(round(whole / 60), 60)
    days, hours = divmod(hours, 24)
    spans = ((days, "day"), (hours, "hour"), (0 if days else minutes, "minute"))
    return " ".join(counted(number, one) for number, one in spans if number)


def remaining(seconds: float) -> str:
    """As `lasted`, of what is still ahead: from a minute on to ten seconds, from two on to half a
    minute, from five on to a minute. So it is never further off than by an eighth.
    """
    if seconds < 59.5:
        return lasted(seconds)
    if (tens := round(seconds / 10) * 10) < 120:
        minutes, rest = divmod(tens, 60)
        return " ".join(lasted(part) for part in (minutes * 60, rest) if part)
    halves = round(seconds / 30)
    if halves >= 10:
        return lasted(seconds)
    return f"{halves // 2}{'½' if halves % 2 else ''} minutes"
