"""Colours that go together. Each palette runs dark, deep, middle, warm, light."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from fullcredits.simulate.drawn.canvas import Colour, hue


class Palette(NamedTuple):
    """Five colours from the darkest to the lightest; ``warm`` is the one that catches the eye."""

    dark: Colour
    deep: Colour
    middle: Colour
    warm: Colour
    light: Colour


def _palettes(text: str) -> tuple[Palette, ...]:
    return tuple(Palette(*(hue(word) for word in line.split())) for line in text.split("/"))


DUSKS = _palettes(
    "1b1a2e 45305c 9c4f6c f08a5d f9e2b8 / 14232e 1f4a55 3f8a80 f2b35e f6ead0 /"
    "2a1320 5e2136 a8433f e98a45 fbdc9a / 101c33 28406e 6b6fa8 f1a7a0 fbeadf /"
    "20170f 54371d 9d6a35 e3a44f f7e5bd"
)
NIGHTS = _palettes(
    "070b16 101d35 24405f e8b04a f1efe2 / 0a0710 221433 4a2a5e e0526b f4e6ea /"
    "050d0d 0d2b2b 1c5550 d8c26a eef3e4 / 0c0a09 2a1d1a 5c3a2c e4572e f3e9dc /"
    "080a14 161f45 3b3f8a 62d0c6 eaf7f5"
)
PRINTS = _palettes(
    "1f1f1f 20496b 2f8f83 e4572e f4ecd8 / 23202d 7a2e3a d65a4a f0b43c f6efdd /"
    "17262b 2d5d62 8fb8a0 ef7d57 f7f1e3 / 2b1d38 5b3a78 c77fae f5c14e faf3e6 /"
    "132a44 1f6f8b 99c5c4 e63946 f1faee / 2a2a2a 5f7252 c9b458 d1495b f3eee0"
)
GARDENS = _palettes(
    "22315a 3c66a5 6fb1d6 ffb84d fff4d9 / 2f2250 6c4aa0 c98bd6 ff8f70 fff0e4 /"
    "123c38 2b7a63 8ccf8f ffd25e fdf8e1 / 3a1f3d 9a3b63 f0768b ffc978 fff3e2"
)


def pick(random: Random, palettes: tuple[Palette, ...]) -> Palette:
    """One of them."""
    return palettes[random.randrange(len(palettes))]
