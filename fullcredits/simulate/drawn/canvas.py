"""A surface to paint on in fractions of its size, smooth because it is painted at twice that."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from itertools import pairwise
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
Point = tuple[float, float]

_SCALE = 2


def hue(text: str) -> Colour:
    """The colour of six hex digits."""
    return int(text[:2], 16), int(text[2:4], 16), int(text[4:], 16)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """``one`` with a share (0 to 1) of ``other``."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


class Canvas:
    """x and y run from 0 to 1 over width and height; lengths are parts of the shorter side."""

    def __init__(self, width: int, height: int, colour: Colour) -> None:
        self.width, self.height = width * _SCALE, height * _SCALE
        self.unit = min(self.width, self.height)
        self.image = Image.new("RGB", (self.width, self.height), colour)
        self._draw = ImageDraw.Draw(self.image, "RGBA")

    @property
    def aspect(self) -> float:
        """Width by height."""
        return self.width / self.height

    def gradient(self, stops: Sequence[Colour], top: float = 0.0, bottom: float = 1.0) -> None:
        """Fill a band with colours running evenly from top to bottom."""
        strip = Image.new("RGB", (1, len(stops)))
        strip.putdata(list(stops))
        first, last = round(top * self.height), round(bottom * self.height)
        # The outermost half rows of a resized image are flat: they are cut off.
        box = (0, 0.5, 1, len(stops) - 0.5)
        band = strip.resize((1, last - first), Image.Resampling.BICUBIC, box=box)
        self.image.paste(
            band.resize((self.width, last - first), Image.Resampling.NEAREST), (0, first)
        )

    def disc(self, x: float, y: float, radius: float, colour: Colour, alpha: int = 255) -> None:
        """A circle."""
        self.oval(x, y, radius, radius, colour, alpha)

    def oval(
        self, x: float, y: float, across: float, down: float, colour: Colour, alpha: int = 255
    ) -> None:
        """An ellipse with these half axes."""
        cx, cy, a, b = x * self.width, y * self.height, across * self.unit, down * self.unit
        self._draw.ellipse((cx - a, cy - b, cx + a, cy + b), fill=(*colour, alpha))

    def ring(
        self, x: float, y: float, across: float, down: float, width: float, colour: Colour,
        alpha: int = 255, start: float = 0, end: float = 360,
    ) -> None:  # fmt: skip
        """The outline of an ellipse, or a part of it in degrees."""
        cx, cy, a, b = x * self.width, y * self.height, across * self.unit, down * self.unit
        box = (cx - a, cy - b, cx + a, cy + b)
        self._draw.arc(box, start, end, (*colour, alpha), max(1, round(width * self.unit)))

    def polygon(self, points: Sequence[Point], colour: Colour, alpha: int = 255) -> None:
        """A filled polygon."""
        self._draw.polygon(
            [(x * self.width, y * self.height) for x, y in points], fill=(*colour, alpha)
        )

    def box(
        self, left: float, top: float, right: float, bottom: float, colour: Colour,
        alpha: int = 255, rounded: float = 0.0,
    ) -> None:  # fmt: skip
        """A rectangle, with rounded corners of that radius."""
        corners = (left * self.width, top * self.height, right * self.width, bottom * self.height)
        self._draw.rounded_rectangle(corners, rounded * self.unit, fill=(*colour, alpha))

    def line(self, points: Sequence[Point], width: float, colour: Colour, alpha: int = 255) -> None:
        """A line through the points, with rounded joints."""
        self._draw.line(
            [(x * self.width, y * self.height) for x, y in points],
            fill=(*colour, alpha), width=max(1, round(width * self.unit)), joint="curve",
        )  # fmt: skip

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: float) -> None:
        """Light around a point, fading out at the radius; strength is 0 to 1."""
        size = max(2, round(radius * self.unit * 2))
        halo = _halo().point(lambda value: round(value * strength))
        mask = halo.resize((size, size), Image.Resampling.BILINEAR)
        left, top = round(x * self.width - size / 2), round(y * self.height - size / 2)
        self.image.paste(colour, (left, top), mask)

    def finished(self, *, grain: float = 0.0, vignette: float = 0.0) -> Image.Image:
        """The picture at its own size, with film grain and darkened corners (0 to 1 each).

        Pictures on light paper keep their corners, which would look dirty.
        """
        image = self.image.reduce(_SCALE)
        if vignette and sum(image.getpixel((4, 4))) < 480:  # type: ignore[arg-type]
            image = ImageChops.multiply(image, _vignette(image.size, vignette))
        if grain:
            noise = _noise(image.size)
            image = Image.blend(image, ImageChops.overlay(image, noise), grain)
        return image


def ridge(random: Random, base: float, height: float, rough: float) -> list[Point]:
    """The line of a mountain range from left to right around ``base``, by splitting midpoints."""
    heights = [base + random.uniform(-height, height) * 0.6, base + random.uniform(-height, height)]
    swing = height
    while len(heights) < 65:
        split = [heights[0]]
        for left, right in pairwise(heights):
            split += [(left + right) / 2 + random.uniform(-swing, swing), right]
        heights = split
        swing *= rough
    return [(index / (len(heights) - 1), y) for index, y in enumerate(heights)]


def wave(base: float, height: float, length: float, phase: float) -> list[Point]:
    """A wavy line from left to right; ``length`` is that of one wave."""
    turns = math.tau / length
    return [(i / 60, base + height * math.sin(i / 60 * turns + phase)) for i in range(61)]


def below(line: Sequence[Point], bottom: float = 1.0) -> list[Point]:
    """The area between a line from left to right and the bottom."""
    return [*line, (1, bottom), (0, bottom)]


@functools.lru_cache(maxsize=1)
def _halo() -> Image.Image:
    """White in the middle, black from the inscribed circle on."""
    return ImageChops.invert(Image.radial_gradient("L").point(lambda v: min(255, round(v * 1.42))))


@functools.lru_cache(maxsize=16)
def _vignette(size: tuple[int, int], strength: float) -> Image.Image:
    """White in the middle, darker towards the corners."""
    tiny = _halo().point(lambda value: round(255 - strength * (255 - min(255, value * 2.2))))
    shade = tiny.resize(size, Image.Resampling.BILINEAR)
    return Image.merge("RGB", (shade, shade, shade))


@functools.lru_cache(maxsize=8)
def _noise(size: tuple[int, int]) -> Image.Image:
    """The same grain for every picture of a size, so that pictures stay deterministic."""
    random = Random(7)
    tile = Image.frombytes("L", (256, 256), random.randbytes(65536)).filter(ImageFilter.SMOOTH)
    grey = Image.new("L", size)
    for left in range(0, size[0], 256):
        for top in range(0, size[1], 256):
            grey.paste(tile, (left, top))
    return Image.merge("RGB", (grey, grey, grey))
