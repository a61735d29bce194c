"""Titles and names on posters, in the font that Pillow brings along."""

from __future__ import annotations

import functools
import unicodedata

from PIL import Image, ImageDraw, ImageFont

from fullcredits.simulate.drawn.canvas import Colour

_Font = ImageFont.FreeTypeFont
_PLAIN = str.maketrans({"Æ": "AE", "Œ": "OE", "Ø": "O", "Ł": "L", "Đ": "D", "Þ": "TH", "Ð": "D",
                        "ẞ": "SS", "—": "-", "½": " 1/2"})  # fmt: skip


@functools.lru_cache(maxsize=64)
def font(size: int) -> _Font | None:
    """The built-in font at that size; None where Pillow was built without scalable fonts."""
    found = ImageFont.load_default(size)
    return found if isinstance(found, _Font) else None


def lettered(text: str) -> str:
    """The text in capitals the font has, accents left off; "" when that cannot be done.

    Scripts that the font does not know are better left out than shown as boxes.
    """
    marks = unicodedata.normalize("NFKD", text.upper().translate(_PLAIN))
    plain = "".join(char for char in marks if not unicodedata.combining(char))
    return plain if font(24) is not None and all(_has(char) for char in plain) else ""


def fitted(text: str, width: int, largest: int, lines: int) -> tuple[list[str], int]:
    """The text broken into at most so many lines, and the largest size at which they fit."""
    for size in range(largest, 13, -2):
        broken = _broken(text, width, size)
        if broken and len(broken) <= lines:
            return broken, size
    return [text], 14


def width_of(text: str, size: int) -> float:
    """How wide one line of text is."""
    chosen = font(size)
    return chosen.getlength(text) if chosen else 0.0


def write(
    image: Image.Image, text: str, centre: float, top: float, size: int, colour: Colour,
    spread: float = 0.0,
) -> None:  # fmt: skip
    """One centred line; ``spread`` is extra room between letters in parts of the size."""
    chosen = font(size)
    if chosen is None:
        return
    draw = ImageDraw.Draw(image)
    room = spread * size
    left = centre - (width_of(text, size) + room * (len(text) - 1)) / 2
    if not spread:
        draw.text((left, top), text, colour, chosen)
        return
    for char in text:
        draw.text((left, top), char, colour, chosen)
        left += chosen.getlength(char) + room


def _broken(text: str, width: int, size: int) -> list[str] | None:
    chosen = font(size)
    if chosen is None:
        return None
    lines: list[str] = []
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and chosen.getlength(joined) <= width:
            lines[-1] = joined
        elif chosen.getlength(word) <= width:
            lines.append(word)
        else:
            return None
    return lines


@functools.lru_cache(maxsize=1024)
def _has(char: str) -> bool:
    if char.isspace():
        return True
    chosen = font(24)
    assert chosen is not None
    return bytes(chosen.getmask(char)) != bytes(chosen.getmask("\uffff"))
