"""Portraits: faces of a few flat shapes, lit from one side, as on a printed card."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from PIL import Image, ImageOps

from fullcredits.simulate.drawn.canvas import Canvas, Colour, hue, mix
from fullcredits.simulate.drawn.hair import Hair, back_hair, front_hair

_SKINS = tuple(map(hue, ("f3d3bd", "e8b796", "d69c74", "b87a52", "96603f", "74472f", "563423")))
_HAIRS = tuple(map(hue, ("221c1e", "3a2a26", "5b3a29", "8a5a33", "b98a52", "a4452c", "2b2f3a")))
_GREYS = tuple(map(hue, ("c9c6c1", "e4e1db", "8f8d8b")))
_GROUNDS = (
    ("e9c46a", "f4a261"), ("2a9d8f", "264653"), ("e76f51", "b5483a"), ("8ecae6", "5fa8c9"),
    ("cdb4db", "a58bbd"), ("a3b18a", "6d8363"), ("f2cc8f", "dd9f5c"), ("3d405b", "2b2d42"),
    ("81b29a", "4f8a72"), ("e5989b", "b5656b"), ("d8d2c4", "b3ab99"), ("577590", "3c5068"),
)  # fmt: skip
_CLOTHES = tuple(
    map(hue, ("22333b", "5e503f", "7f4f24", "6d6875", "b56576", "355070", "588157", "e9e4d8",
              "9c3d3d", "1f2024", "c58940", "48657c"))
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Face:
    """What somebody looks like; lengths are parts of the picture's width."""

    skin: Colour
    hair: Colour
    width: float
    height: float
    cut: Hair
    beard: str
    glasses: str
    tilt: float


def draw_portrait(human_id: str, born: str | None) -> Image.Image:
    """A portrait of 400x600, always the same for the same human.

    People born before 1910 are shown as on an old photograph, those before 1960 mostly grey.
    """
    random = Random(f"portrait {human_id}")
    year = int(born[:4]) if born else 1975
    ground, shadow = (hue(c) for c in _GROUNDS[random.randrange(len(_GROUNDS))])
    canvas = Canvas(456, 684, ground)
    canvas.gradient((mix(ground, (255, 255, 255), 0.16), ground, mix(ground, shadow, 0.7)))
    canvas.disc(random.uniform(0.36, 0.64), 0.4, 0.44, mix(ground, shadow, 0.55))
    face = _face(random, year)
    back_hair(canvas, face.cut, face.hair, face.width, face.height)
    _shoulders(canvas, random, face)
    _head(canvas, face)
    _features(canvas, random, face)
    _beard(canvas, face)
    front_hair(canvas, face.cut, face.hair, face.width, face.height)
    _glasses(canvas, face)
    image = canvas.finished(grain=0.1).crop((28, 64, 428, 664))
    return _aged(image) if year < 1910 else image


def _face(random: Random, year: int) -> Face:
    grey = random.random() < (0.8 if year < 1960 else 0.06)
    skin = _SKINS[random.randrange(len(_SKINS))]
    hairs = _GREYS if grey else _HAIRS[:3] if sum(skin) < 380 else _HAIRS
    cuts = list(Hair)
    cut = cuts[random.randrange(len(cuts))]
    bearded = cut in (Hair.CROP, Hair.BALD, Hair.QUIFF, Hair.SIDE) and random.random() < 0.5
    return Face(
        skin=skin,
        hair=hairs[random.randrange(len(hairs))],
        width=random.uniform(0.185, 0.215),
        height=random.uniform(0.255, 0.29),
        cut=cut,
        beard=random.choice(("full", "full", "moustache")) if bearded else "",
        glasses=random.choice(("round", "square")) if random.random() < 0.22 else "",
        tilt=random.choice((-1, 1)),
    )


def _shoulders(canvas: Canvas, random: Random, face: Face) -> None:
    cloth = _CLOTHES[random.randrange(len(_CLOTHES))]
    shade = mix(cloth, (0, 0, 0), 0.25)
    half, neck = random.uniform(0.4, 0.46), face.width * 0.52
    canvas.oval(0.5, 0.95, half, 0.36, cloth)
    canvas.box(0.5 - half, 0.95, 0.5 + half, 1, cloth)
    throat = mix(face.skin, (60, 20, 20), 0.28)
    canvas.box(0.5 - neck, 0.54, 0.5 + neck, 0.745, throat, rounded=0.03)
    style = random.randrange(4)
    if style != 1:
        canvas.oval(0.5, 0.724, neck * 1.25, 0.075, throat)
    if style == 0:  # A jacket over a light shirt.
        canvas.polygon([(0.5 - neck * 1.2, 0.71), (0.5 + neck * 1.2, 0.71), (0.5, 1)],
                       hue("f3efe6"))  # fmt: skip
        for side in (-1, 1):
            canvas.polygon([(0.5 + side * neck * 1.25, 0.7), (0.5 + side * 0.26, 0.86),
                            (0.5 + side * 0.03, 1), (0.5, 1)], shade)  # fmt: skip
    elif style == 1:  # A roll neck.
        canvas.box(0.5 - neck * 1.25, 0.645, 0.5 + neck * 1.25, 0.78, cloth, rounded=0.05)
        canvas.box(0.5 - neck * 1.25, 0.672, 0.5 + neck * 1.25, 0.677, shade)
    elif style == 2:  # An open collar.
        for side in (-1, 1):
            canvas.polygon([(0.5 + side * neck * 0.9, 0.68), (0.5 + side * neck * 2.1, 0.715),
                            (0.5 + side * neck * 0.9, 0.82), (0.5, 0.79)],
                           mix(cloth, (255, 255, 255), 0.22))  # fmt: skip
    else:  # A round neckline.
        canvas.ring(0.5, 0.717, neck * 1.5, 0.11, 0.018, shade, 255, 0, 180)


def _head(canvas: Canvas, face: Face) -> None:
    for side in (-1, 1):
        canvas.oval(
            0.5 + side * face.width * 0.98, 0.45, 0.032, 0.055, mix(face.skin, (60, 20, 20), 0.18)
        )
    canvas.oval(0.5, 0.43, face.width, face.height, face.skin)
    jaw = face.width * 0.8
    canvas.oval(0.5, 0.505, jaw, face.height * 0.72, face.skin)
    # The side away from the light: half the face in one tone darker.
    dark = mix(face.skin, (70, 25, 35), 0.2)
    crown, chin = 0.43 - face.height * 0.66, 0.503 + face.height * 0.48
    points = []
    for step in range(25):
        y = crown + step / 24 * (chin - crown)
        down = (y - 0.43) * 1.5
        inside = max(0.0, 1 - (down / face.height) ** 2) ** 0.5 * face.width
        lower = max(0.0, 1 - ((y - 0.505) * 1.5 / (face.height * 0.72)) ** 2) ** 0.5 * jaw
        points.append((0.5 + face.tilt * max(inside, lower if y > 0.45 else 0.0), y))
    inner = [(0.5 + face.tilt * 0.02, chin), (0.5 + face.tilt * 0.055, 0.52),
             (0.5 + face.tilt * 0.012, 0.47), (0.5 + face.tilt * 0.07, crown)]  # fmt: skip
    canvas.polygon([*points, *inner], dark)


def _features(canvas: Canvas, random: Random, face: Face) -> None:
    ink = mix(
        mix(face.skin, (40, 15, 20), 0.75), face.hair if sum(face.hair) < 300 else (40, 25, 25), 0.4
    )
    apart, brow = face.width * 0.45, random.uniform(0.384, 0.394)
    for side in (-1, 1):
        eye = 0.5 + side * apart
        canvas.line([(eye - 0.045, brow + 0.006), (eye, brow - 0.004), (eye + 0.045, brow + 0.006)],
                    0.013, ink)  # fmt: skip
        canvas.ring(eye, 0.424, 0.036, 0.02, 0.008, ink, 255, 190, 350)
        canvas.oval(eye, 0.4245, 0.0155, 0.0165, ink)
    nose = face.tilt * 0.016
    canvas.line([(0.5 + nose, 0.43), (0.5 + nose * 2.2, 0.492), (0.5 - nose * 0.4, 0.499)], 0.009,
                mix(face.skin, (70, 25, 35), 0.42))  # fmt: skip
    lips = mix(face.skin, hue("a8323e"), random.uniform(0.35, 0.75))
    smile = random.uniform(0.0, 0.012)
    canvas.polygon([(0.437, 0.546 - smile * 0.6), (0.48, 0.538), (0.5, 0.5415), (0.52, 0.538),
                    (0.563, 0.546 - smile * 0.6), (0.528, 0.562), (0.5, 0.565), (0.472, 0.562)],
                   lips)  # fmt: skip
    canvas.line([(0.437, 0.546 - smile), (0.5, 0.549), (0.563, 0.546 - smile)], 0.006,
                mix(lips, (30, 5, 10), 0.55))  # fmt: skip


def _beard(canvas: Canvas, face: Face) -> None:
    if not face.beard:
        return
    tone = mix(face.hair, (0, 0, 0), 0.08)
    if face.beard == "full":
        outer = face.width * 0.99
        canvas.polygon(
            [(0.5 - outer, 0.45), (0.5 - outer * 0.86, 0.5), (0.5 - 0.1, 0.512), (0.5, 0.518),
             (0.5 + 0.1, 0.512), (0.5 + outer * 0.86, 0.5), (0.5 + outer, 0.45),
             (0.5 + outer * 0.94, 0.56), (0.5 + outer * 0.6, 0.635), (0.5, 0.66),
             (0.5 - outer * 0.6, 0.635), (0.5 - outer * 0.94, 0.56)],
            tone,
        )  # fmt: skip
        canvas.oval(0.5, 0.548, 0.058, 0.02, mix(face.skin, hue("a8323e"), 0.5))
        canvas.line([(0.448, 0.547), (0.552, 0.547)], 0.006, mix(tone, (0, 0, 0), 0.4))
    canvas.polygon([(0.5, 0.508), (0.575, 0.524), (0.592, 0.545), (0.5, 0.532), (0.408, 0.545),
                    (0.425, 0.524)], tone)  # fmt: skip


def _glasses(canvas: Canvas, face: Face) -> None:
    if not face.glasses:
        return
    rim = hue("1d1d22")
    apart = face.width * 0.45
    for side in (-1, 1):
        eye = 0.5 + side * apart
        if face.glasses == "round":
            canvas.ring(eye, 0.425, 0.066, 0.066, 0.01, rim)
        else:
            canvas.ring(eye, 0.425, 0.072, 0.054, 0.012, rim)
        canvas.line([(eye + side * 0.066, 0.418), (0.5 + side * face.width, 0.41)], 0.009, rim)
    canvas.line([(0.5 - apart + 0.066, 0.42), (0.5 + apart - 0.066, 0.42)], 0.009, rim)


def _aged(image: Image.Image) -> Image.Image:
    grey = ImageOps.autocontrast(image.convert("L"), cutoff=1)
    return ImageOps.colorize(grey, hue("1e1712"), hue("f2e7d3"), hue("9b8468"))
