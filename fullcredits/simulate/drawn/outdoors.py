"""Pictures of places by daylight and dusk: mountains, deserts, the sea."""

from __future__ import annotations

from random import Random

from fullcredits.simulate.drawn.canvas import Canvas, below, mix, ridge, wave
from fullcredits.simulate.drawn.palettes import DUSKS, Palette, pick


def mountains(canvas: Canvas, random: Random) -> Palette:
    """Ranges behind each other under a low sun, somebody small on the nearest."""
    colours = pick(random, DUSKS)
    canvas.gradient((colours.deep, colours.middle, colours.warm, colours.light), 0, 0.75)
    x, y = random.uniform(0.25, 0.75), random.uniform(0.34, 0.46)
    radius = random.uniform(0.16, 0.25)
    canvas.glow(x, y, radius * 3.2, colours.light, 0.55)
    canvas.disc(x, y, radius, mix(colours.light, (255, 255, 255), 0.4))
    for layer in range(4):
        share = layer / 3
        line = ridge(random, 0.5 + layer * 0.1, 0.09 - layer * 0.012, 0.52)
        canvas.polygon(
            below(line), mix(mix(colours.warm, colours.middle, 0.5), colours.dark, share)
        )
    place = random.uniform(0.2, 0.8)
    ground = line[round(place * 64)][1]
    _wanderer(canvas, place, ground + 0.004, colours)
    return colours


def desert(canvas: Canvas, random: Random) -> Palette:
    """Dunes with a lit and a dark side, and a line of riders' tracks."""
    colours = pick(random, DUSKS)
    sky = (colours.middle, colours.warm, colours.light)
    canvas.gradient(sky if random.random() < 0.6 else (colours.dark, *sky[:2]), 0, 0.6)
    canvas.disc(random.uniform(0.15, 0.85), random.uniform(0.2, 0.35), 0.1, colours.light)
    for layer in range(5):
        share = layer / 4
        base, phase = 0.5 + layer * 0.1, random.uniform(0, 6)
        line = wave(base, 0.04 + 0.01 * layer, random.uniform(0.9, 1.7), phase)
        shade = mix(colours.warm, colours.dark, 0.12 + share * 0.6)
        canvas.polygon(below(line), shade)
        crest = [(x, y + 0.05 + 0.1 * share * x) for x, y in line]
        canvas.polygon([*line, *reversed(crest)], mix(shade, colours.light, 0.18), 130)
    _wanderer(canvas, random.uniform(0.3, 0.7), 0.62, colours)
    return colours


def sea(canvas: Canvas, random: Random) -> Palette:
    """Water in bands with the moon's path on it, and a boat."""
    colours = pick(random, DUSKS)
    canvas.gradient((colours.dark, colours.deep, colours.middle, colours.warm), 0, 0.56)
    x = random.uniform(0.3, 0.7)
    canvas.glow(x, 0.33, 0.6, colours.light, 0.5)
    canvas.disc(x, 0.33, random.uniform(0.11, 0.17), colours.light)
    canvas.gradient((colours.middle, colours.deep, colours.dark), 0.56, 1)
    for row in range(26):
        y = 0.565 + row**1.25 * 0.0082
        if y > (0.76 if canvas.aspect < 1 else 0.99):  # Posters have their title there.
            break
        spread = 0.05 + row * 0.012
        for _ in range(3):
            middle = x + random.uniform(-spread, spread)
            half = random.uniform(0.02, 0.07) * (1 + row / 14)
            canvas.box(middle - half, y, middle + half, y + 0.004, colours.light, 150)
    _boat(canvas, x + random.choice((-0.2, 0.2)), 0.6, colours)
    return colours


def _wanderer(canvas: Canvas, x: float, y: float, colours: Palette) -> None:
    """A standing figure with a long shadow; ``y`` is where the feet are."""
    tall = 0.045 * canvas.aspect if canvas.aspect < 1 else 0.05
    across = tall * 0.22 / canvas.aspect
    canvas.polygon(
        [(x - across, y), (x - across * 0.5, y - tall * 0.75), (x + across * 0.5, y - tall * 0.75),
         (x + across, y)],
        colours.dark,
    )  # fmt: skip
    canvas.disc(x, y - tall * 0.86, tall * 0.17 * canvas.height / canvas.unit, colours.dark)
    stick = x + across * 1.7
    canvas.line([(stick, y + 0.002), (stick, y - tall * 0.8)], 0.004, colours.dark)


def _boat(canvas: Canvas, x: float, y: float, colours: Palette) -> None:
    long, high = 0.075, 0.075 * canvas.aspect
    hull = [(x - long, y), (x + long, y), (x + long * 0.7, y + high * 0.34),
            (x - long * 0.7, y + high * 0.34)]  # fmt: skip
    canvas.polygon(hull, colours.dark)
    canvas.polygon(
        [(x, y - high * 1.6), (x, y - 0.004), (x + long * 0.9, y - 0.004)], colours.light
    )
    foot = y - 0.004
    canvas.polygon(
        [(x - 0.006, y - high * 1.4), (x - 0.006, foot), (x - long * 0.7, foot)],
        mix(colours.light, colours.warm, 0.5),
    )
