"""Pictures of the dark: cities, woods, space."""

from __future__ import annotations

import math
from random import Random

from fullcredits.simulate.drawn.canvas import Canvas, mix
from fullcredits.simulate.drawn.palettes import NIGHTS, Palette, pick

_WHITE = (255, 255, 255)


def city(canvas: Canvas, random: Random) -> Palette:
    """Towers with a few lit windows, doubled in wet ground, somebody under a lamp."""
    colours = pick(random, NIGHTS)
    canvas.gradient((colours.dark, colours.deep, colours.middle), 0, 0.72)
    x = random.uniform(0.2, 0.8)
    canvas.glow(x, 0.24, 0.5, colours.warm, 0.35)
    canvas.disc(x, 0.24, 0.12, mix(colours.light, colours.warm, 0.2))
    ground = 0.74
    for layer in range(3):
        shade = mix(colours.middle, colours.dark, 0.35 + layer * 0.3)
        left = -0.02
        while left < 1:
            width = random.uniform(0.07, 0.17) / max(1.0, canvas.aspect)
            top = ground - random.uniform(0.1, 0.34) * (1 - layer * 0.17)
            canvas.box(left, top, left + width, ground, shade)
            if layer:
                _windows(canvas, random, (left, top, left + width, ground), colours)
            left += width * random.uniform(0.92, 1.12)
    canvas.gradient((mix(colours.dark, colours.middle, 0.4), colours.dark), ground, 1)
    for _ in range(26):
        column, y = random.random(), random.uniform(ground + 0.01, 0.97)
        length = random.uniform(0.02, 0.1)
        canvas.box(column, y, column + 0.012, y + length, colours.warm, random.randint(12, 60))
    _lamp(canvas, random.choice((0.22, 0.78)), ground, colours)
    return colours


def woods(canvas: Canvas, random: Random) -> Palette:
    """Trunks in fog, and one lit window where none should be."""
    colours = pick(random, NIGHTS)
    canvas.gradient((colours.dark, colours.deep, colours.middle, colours.deep), 0, 1)
    x, y = random.uniform(0.4, 0.6), random.uniform(0.47, 0.52)
    canvas.disc(1 - x + 0.12, 0.2, 0.1, colours.light, 230)
    canvas.glow(x, y, 0.55, colours.warm, 0.6)
    canvas.oval(x, y + 0.13 + 0.26 * canvas.unit / canvas.height, 0.62, 0.28,
                mix(colours.deep, colours.dark, 0.5))  # fmt: skip
    _house(canvas, x, y, colours)
    for layer in range(3):
        shade = mix(colours.deep, colours.dark, 0.3 + layer * 0.33)
        for _ in range(9 - layer * 2):
            place = random.random()
            if layer and abs(place - x) < 0.16:
                continue
            _tree(canvas, random, place, 0.01 + layer * 0.013, shade)
        canvas.box(0, 0.72 + layer * 0.09, 1, 1, shade, 150)
    return colours


def space(canvas: Canvas, random: Random) -> Palette:
    """A planet lit from the side, its ring, stars and something small that arrives."""
    colours = pick(random, NIGHTS)
    canvas.gradient((colours.dark, mix(colours.dark, colours.deep, 0.7), colours.dark), 0, 1)
    canvas.glow(random.random(), random.uniform(0.2, 0.8), 0.8, colours.middle, 0.4)
    for _ in range(150):
        canvas.disc(random.random(), random.random(), random.choice((0.0012, 0.002, 0.0034)),
                    colours.light, random.randint(90, 255))  # fmt: skip
    x, y, radius = random.uniform(0.3, 0.7), random.uniform(0.36, 0.48), random.uniform(0.26, 0.36)
    canvas.glow(x, y, radius * 1.5, colours.warm, 0.45)
    bands = 26
    for step in range(bands):
        share = step / bands
        shade = mix(mix(colours.dark, colours.middle, 0.4), mix(colours.warm, colours.light, 0.35),
                    share**0.9)  # fmt: skip
        moved = share * radius * 0.42 * canvas.unit
        canvas.disc(x - moved / canvas.width, y - moved / canvas.height,
                    radius * (1 - share * 0.62), shade, 235)  # fmt: skip
    for index in range(random.choice((0, 3, 5))):
        across = radius * (1.35 + index * 0.07)
        canvas.ring(x, y, across, across * 0.24, 0.006, colours.light, 200, 0, 180)
        canvas.ring(x, y, across, across * 0.24, 0.006, colours.light, 80, 200, 340)
    _ship(canvas, random.uniform(0.2, 0.8), random.uniform(0.64, 0.7), colours)
    return colours


def _windows(
    canvas: Canvas, random: Random, tower: tuple[float, float, float, float], colours: Palette
) -> None:
    left, top, right, bottom = tower
    wide = 0.011 / max(1.0, canvas.aspect)
    y = top + 0.015
    while y < bottom - 0.02:
        x = left + wide
        while x < right - wide * 1.6:
            if random.random() < 0.24:
                glass = mix(colours.warm, colours.light, random.random() * 0.5)
                canvas.box(x, y, x + wide, y + 0.011, glass, 220)
            x += wide * 2.1
        y += 0.024


def _lamp(canvas: Canvas, x: float, ground: float, colours: Palette) -> None:
    top = ground - 0.24
    canvas.polygon([(x, top), (x - 0.16, ground + 0.1), (x + 0.16, ground + 0.1)], colours.warm, 46)
    canvas.glow(x, top, 0.16, colours.light, 0.9)
    canvas.line([(x, top), (x, ground + 0.08)], 0.008, colours.dark)
    feet, side = ground + 0.09, 0.03 / canvas.aspect if canvas.aspect > 1 else 0.035
    person = x + 0.07
    canvas.polygon([(person - side, feet), (person - side * 0.75, feet - 0.105),
                    (person + side * 0.75, feet - 0.105), (person + side, feet)],
                   colours.dark)  # fmt: skip
    canvas.disc(person, feet - 0.12, 0.024, colours.dark)
    canvas.box(person - side * 1.2, feet - 0.136, person + side * 1.2, feet - 0.131, colours.dark)
    canvas.box(person - side * 0.6, feet - 0.155, person + side * 0.6, feet - 0.131, colours.dark)


def _house(canvas: Canvas, x: float, y: float, colours: Palette) -> None:
    wide, high = 0.13 / max(1.0, canvas.aspect), 0.13
    canvas.box(x - wide, y - high * 0.4, x + wide, y + high, colours.dark)
    roof = [
        (x - wide * 1.25, y - high * 0.4),
        (x, y - high * 1.3),
        (x + wide * 1.25, y - high * 0.4),
    ]
    canvas.polygon(roof, colours.dark)
    canvas.box(x - wide * 0.28, y - high * 0.12, x + wide * 0.28, y + high * 0.38, colours.warm)
    canvas.glow(x, y + high * 0.12, 0.1, mix(colours.warm, _WHITE, 0.5), 0.6)
    canvas.line([(x, y - high * 0.12), (x, y + high * 0.38)], 0.006, colours.dark)
    canvas.line([(x - wide * 0.3, y + high * 0.13), (x + wide * 0.3, y + high * 0.13)], 0.006,
                colours.dark)  # fmt: skip


def _tree(
    canvas: Canvas, random: Random, x: float, half: float, shade: tuple[int, int, int]
) -> None:
    half /= max(1.0, canvas.aspect * 0.7)
    lean = random.uniform(-0.03, 0.03)
    canvas.polygon([(x - half * 1.5, 1), (x + lean - half * 0.5, 0), (x + lean + half * 0.5, 0),
                    (x + half * 1.5, 1)], shade)  # fmt: skip
    for _ in range(4):
        y, side = random.uniform(0.02, 0.45), random.choice((-1, 1))
        root = x + lean * (1 - y)
        tip = (root + side * random.uniform(0.06, 0.14), y - random.uniform(0.02, 0.09))
        canvas.line([(root, y), ((root + tip[0]) / 2, y - 0.005), tip], half * 0.5, shade)


def _ship(canvas: Canvas, x: float, y: float, colours: Palette) -> None:
    angle = -0.5
    for step in range(14):
        trail = step / 14
        canvas.disc(x - trail * 0.16 * math.cos(angle), y - trail * 0.1 * math.sin(angle),
                    0.007 * (1 - trail), colours.light, round(200 * (1 - trail)))  # fmt: skip
    canvas.disc(x, y, 0.011, _WHITE)
    canvas.glow(x, y, 0.06, colours.light, 0.8)
