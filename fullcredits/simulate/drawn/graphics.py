"""Pictures that are shapes and nothing else: printed circles, arches, stripes, blossoms."""

from __future__ import annotations

import math
from random import Random

from fullcredits.simulate.drawn.canvas import Canvas, Colour, below, mix, wave
from fullcredits.simulate.drawn.palettes import GARDENS, PRINTS, Palette, pick


def arches(canvas: Canvas, random: Random) -> Palette:
    """Nested arches rising from one side, and a ball that rolls off."""
    colours = pick(random, PRINTS)
    canvas.box(0, 0, 1, 1, colours.light)
    inks = (colours.dark, colours.warm, colours.middle, colours.deep, colours.light)
    x = random.choice((0.3, 0.5, 0.7))
    foot, widest = random.uniform(0.56, 0.62), 0.5
    for index in range(5):
        radius = widest * (1 - index * 0.19)
        canvas.disc(x, foot, radius, inks[index])
    canvas.box(0, foot, 1, 1, colours.light)
    canvas.box(0, foot, 1, foot + 0.006, colours.dark)
    canvas.disc(
        0.86 if x < 0.6 else 0.14, foot - 0.07 * canvas.unit / canvas.height, 0.07, colours.warm
    )
    return colours


def discs(canvas: Canvas, random: Random) -> Palette:
    """Two overlapping discs on paper, cut by stripes."""
    colours = pick(random, PRINTS)
    canvas.box(0, 0, 1, 1, colours.light)
    x, y = random.uniform(0.34, 0.44), random.uniform(0.25, 0.31)
    canvas.disc(x, y, 0.31, colours.warm)
    canvas.disc(1 - x, y + 0.16, 0.31, colours.deep, 225)
    stripes = random.randint(7, 11)
    for index in range(stripes):
        top = y + 0.02 + index * 0.034
        thick = 0.004 + index * 0.0022
        canvas.box(0, top, 1, top + thick, colours.light)
    canvas.disc(1 - x, y - 0.12, 0.06, colours.middle)
    return colours


def rays(canvas: Canvas, random: Random) -> Palette:
    """Rays from a point low in the picture, as on a circus bill."""
    colours = pick(random, PRINTS)
    canvas.box(0, 0, 1, 1, colours.warm)
    x, y, count = random.uniform(0.4, 0.6), 0.4, random.choice((14, 18, 22))
    for index in range(count):
        start, end = math.tau * index / count, math.tau * (index + 0.5) / count
        canvas.polygon([(x, y), (x + 2 * math.cos(start), y + 2 * math.sin(start)),
                        (x + 2 * math.cos(end), y + 2 * math.sin(end))],
                       mix(colours.warm, colours.light, 0.72))  # fmt: skip
    if canvas.aspect < 1:  # Room for the title.
        canvas.box(0, 0.66, 1, 1, colours.light)
        canvas.box(0, 0.66, 1, 0.668, colours.dark)
    canvas.disc(x, y, 0.25, colours.deep)
    canvas.disc(x, y, 0.2, colours.light)
    canvas.disc(x, y, 0.15, colours.middle)
    canvas.disc(x, y, 0.1, colours.dark)
    for side in (-1, 1):
        canvas.disc(x + side * 0.044 * canvas.unit / canvas.width, y - 0.01, 0.026, colours.light)
        canvas.disc(x + side * 0.05 * canvas.unit / canvas.width, y - 0.006, 0.011, colours.dark)
    return colours


def garden(canvas: Canvas, random: Random) -> Palette:
    """Soft hills, round trees and a creature with large eyes that looks up."""
    colours = pick(random, GARDENS)
    canvas.gradient(
        (colours.middle, mix(colours.middle, colours.light, 0.6), colours.light), 0, 0.7
    )
    canvas.disc(random.uniform(0.2, 0.8), 0.2, 0.12, colours.warm)
    cloud = mix(colours.light, (255, 255, 255), 0.6)
    for _ in range(4):
        size = random.uniform(0.035, 0.065)
        _cloud(canvas, random.random(), random.uniform(0.1, 0.34), size, cloud)
    for layer in range(3):
        line = wave(0.5 + layer * 0.09, 0.03, random.uniform(0.8, 1.5), random.uniform(0, 6))
        shade = mix(colours.middle, colours.deep, 0.35 + layer * 0.3)
        for _ in range(4 - layer):
            place = random.random()
            top = line[round(place * 60)][1] - 0.06
            canvas.line([(place, top), (place, top + 0.09)], 0.012, mix(shade, colours.dark, 0.5))
            canvas.disc(place, top, random.uniform(0.05, 0.09), mix(shade, colours.warm, 0.3))
        canvas.polygon(below(line), shade)
    _creature(canvas, random.uniform(0.35, 0.65), 0.56, colours)
    return colours


def _cloud(canvas: Canvas, x: float, y: float, size: float, colour: Colour) -> None:
    step = size * canvas.unit / canvas.width
    for index, part in enumerate((0.7, 1.0, 0.8)):
        canvas.disc(x + (index - 1) * step * 1.1, y, size * part, colour)


def _creature(canvas: Canvas, x: float, y: float, colours: Palette) -> None:
    across = canvas.unit / canvas.width
    for side in (-1, 1):
        canvas.oval(x + side * 0.075 * across, y - 0.1, 0.035, 0.075, colours.dark)
    canvas.oval(x, y, 0.14, 0.17, colours.dark)
    for side in (-1, 1):
        eye = x + side * 0.052 * across
        canvas.disc(eye, y - 0.035, 0.042, colours.light)
        canvas.disc(eye + 0.008 * across, y - 0.042, 0.021, colours.dark)
    canvas.oval(x, y + 0.005, 0.018, 0.012, colours.warm)
