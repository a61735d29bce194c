"""Hair, part behind the head and part before it."""

from __future__ import annotations

import enum
import math

from fullcredits.simulate.drawn.canvas import Canvas, Colour, Point, mix


class Hair(enum.Enum):
    """How hair is worn."""

    CROP = "crop"
    SIDE = "side"
    QUIFF = "quiff"
    BALD = "bald"
    BOB = "bob"
    LONG = "long"
    BUN = "bun"
    CURLS = "curls"
    AFRO = "afro"
    SCARF = "scarf"


_CENTRE = 0.43
_RATIO = 2 / 3  # Heights are given in parts of the width; the picture is 2:3.


def back_hair(canvas: Canvas, cut: Hair, hair: Colour, width: float, height: float) -> None:
    """What is seen behind neck and ears."""
    dark = mix(hair, (0, 0, 0), 0.22)
    if cut is Hair.LONG:
        canvas.oval(0.5, 0.42, width * 1.28, height * 1.16, dark)
        canvas.box(0.5 - width * 1.28, 0.42, 0.5 + width * 1.28, 0.79, dark, rounded=0.1)
    elif cut is Hair.BOB:
        canvas.oval(0.5, 0.42, width * 1.26, height * 1.14, dark)
        canvas.box(0.5 - width * 1.26, 0.42, 0.5 + width * 1.26, 0.59, dark, rounded=0.05)
    elif cut is Hair.BUN:
        canvas.disc(0.5, _CENTRE - height * _RATIO * 1.22, width * 0.52, dark)
    elif cut is Hair.AFRO:
        canvas.disc(0.5, 0.385, width * 1.72, dark)
    elif cut is Hair.CURLS:
        for step in range(13):
            angle = math.pi * (0.88 + step / 12 * 1.24)
            canvas.disc(0.5 + math.cos(angle) * width * 1.1,
                        0.41 + math.sin(angle) * height * _RATIO * 0.95,
                        width * 0.36, dark)  # fmt: skip
    elif cut is Hair.SCARF:
        canvas.oval(0.5, 0.44, width * 1.24, height * 1.2, dark)
        canvas.box(0.5 - width * 1.18, 0.48, 0.5 + width * 1.18, 0.74, dark, rounded=0.12)


def front_hair(canvas: Canvas, cut: Hair, hair: Colour, width: float, height: float) -> None:
    """What lies over the forehead."""
    light = mix(hair, (255, 255, 255), 0.1)
    if cut is Hair.CROP:
        _cap(
            canvas,
            hair,
            width,
            height,
            1.03,
            ((-1.0, 0.345), (-0.55, 0.325), (0.55, 0.325), (1.0, 0.345)),
        )
    elif cut is Hair.SIDE:
        _cap(
            canvas,
            hair,
            width,
            height,
            1.08,
            ((-1.04, 0.38), (-0.6, 0.315), (0.5, 0.345), (1.04, 0.375)),
        )
        _strand(canvas, light, width, height)
    elif cut is Hair.QUIFF:
        _cap(
            canvas,
            hair,
            width,
            height,
            1.05,
            ((-1.0, 0.35), (-0.5, 0.32), (0.5, 0.32), (1.0, 0.35)),
        )
        top = _CENTRE - height * _RATIO
        for index, x in enumerate((-0.5, -0.15, 0.2, 0.52)):
            canvas.disc(
                0.5 + x * width, top + 0.012 + abs(x) * 0.016, width * (0.36 + 0.04 * index), hair
            )
    elif cut is Hair.BALD:
        for side in (-1, 1):
            canvas.oval(0.5 + side * width * 0.98, 0.4, width * 0.12, height * 0.26, hair)
    elif cut in (Hair.BOB, Hair.LONG):
        _cap(
            canvas,
            hair,
            width,
            height,
            1.12,
            ((-1.1, 0.47), (-0.78, 0.36), (0.1, 0.3), (0.8, 0.36), (1.1, 0.47)),
        )
        _strand(canvas, light, width, height)
    elif cut is Hair.BUN:
        _cap(
            canvas,
            hair,
            width,
            height,
            1.06,
            ((-1.03, 0.4), (-0.7, 0.33), (0, 0.305), (0.7, 0.33), (1.03, 0.4)),
        )
    elif cut is Hair.AFRO:
        _cap(
            canvas,
            hair,
            width,
            height,
            1.1,
            ((-1.05, 0.4), (-0.7, 0.335), (0, 0.315), (0.7, 0.335), (1.05, 0.4)),
        )
    elif cut is Hair.CURLS:
        top = _CENTRE - height * _RATIO * 0.82
        for index in range(7):
            x = -0.9 + index * 0.3
            canvas.disc(
                0.5 + x * width, top + abs(x) * 0.05, width * 0.3, hair if index % 2 else light
            )
    elif cut is Hair.SCARF:
        _cap(
            canvas,
            hair,
            width,
            height,
            1.16,
            ((-1.1, 0.5), (-0.84, 0.37), (0, 0.315), (0.84, 0.37), (1.1, 0.5)),
        )


def _cap(
    canvas: Canvas, hair: Colour, width: float, height: float, size: float,
    line: tuple[Point, ...],
) -> None:  # fmt: skip
    """The upper part of the head down to a hairline, given from left to right.

    x of the line is in parts of the face's half width, y in the picture.
    """
    arc = []
    for step in range(25):
        angle = math.pi * step / 24
        x = math.cos(angle) * width * size
        arc.append((0.5 + x, _CENTRE - 0.02 - math.sin(angle) * height * _RATIO * size))
    canvas.polygon([*((0.5 + x * width, y) for x, y in line), *arc], hair)


def _strand(canvas: Canvas, light: Colour, width: float, height: float) -> None:
    top = _CENTRE - height * _RATIO
    canvas.line([(0.5 - width * 0.3, top + 0.01), (0.5 + width * 0.3, top + 0.022),
                 (0.5 + width * 0.78, top + 0.065)], 0.012, light, 150)  # fmt: skip
