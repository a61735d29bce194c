"""Blurhashes (https://blurha.sh): a picture's colours in some forty characters.

A hash holds the lowest frequencies of a picture's cosine transform: one character says how many
there are, one how strong the others are, four the mean colour, two each of the others.
"""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Iterable, Sequence

from PIL import Image

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"
_VALUES = {digit: value for value, digit in enumerate(_DIGITS)}
Plane = Sequence[Sequence[float]]
"""One colour of a picture, or the waves in it, by rows; as light adds up, from 0 to 1."""


def decoded(blurhash: str, long: int, short: int) -> Image.Image | None:
    """The blur, upright or wide as the picture was, in so many pixels; None for no blurhash."""
    if len(blurhash) < 6 or not _VALUES.keys() >= set(blurhash):
        return None
    down, across = (n + 1 for n in divmod(_VALUES[blurhash[0]], 9))
    if len(blurhash) != 4 + 2 * down * across:
        return None
    strongest = (_VALUES[blurhash[1]] + 1) / 166
    mean = _number(blurhash[2:6])
    others = [_number(blurhash[at : at + 2]) for at in range(6, len(blurhash), 2)]
    width, height = (long, short) if across > down else (short, long)
    bands = []
    for shift, unit in ((16, 361), (8, 19), (0, 1)):
        steps = [(number // unit % 19 - 9) / 9 for number in others]
        waves = [_LIGHT[mean >> shift & 255], *(strongest * _signed(step, 2) for step in steps)]
        rows = [waves[at : at + across] for at in range(0, len(waves), across)]
        light = _turned(_times(_turned(_times(rows, _waves(across, width))), _waves(down, height)))
        bands.append(bytes(_stored(value) for row in light for value in row))
    return Image.merge("RGB", [Image.frombytes("L", (width, height), band) for band in bands])


@functools.cache
def _waves(count: int, size: int) -> Plane:
    """Row x: the first `count` cosines at the middle of pixel x of `size`."""
    return [
        [math.cos(math.pi * number * (at + 0.5) / size) for number in range(count)]
        for at in range(size)
    ]


def _times(rows: Plane, others: Plane) -> Plane:
    """Each row multiplied with each of the other rows, and summed."""
    return [[sum(map(operator.mul, row, other)) for other in others] for row in rows]


def _turned(plane: Plane) -> Plane:
    return list(zip(*plane, strict=True))


def _light(stored: int) -> float:
    """From sRGB, 0 to 255."""
    value = stored / 255
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


_LIGHT = [_light(stored) for stored in range(256)]


def _stored(light: float) -> int:
    """To sRGB, 0 to 255."""
    light = max(0.0, min(1.0, light))
    value = light * 12.92 if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055
    return round(value * 255)


def _signed(value: float, power: float) -> float:
    return math.copysign(abs(value) ** power, value)


def _number(text: Iterable[str]) -> int:
    number = 0
    for digit in text:
        number = number * 83 + _VALUES[digit]
    return number
