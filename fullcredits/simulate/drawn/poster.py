"""Film posters: a picture, the title, who plays and who made it."""

from __future__ import annotations

from random import Random

from PIL import Image, ImageStat

from fullcredits.simulate.catalogue import Work
from fullcredits.simulate.drawn.canvas import Canvas, Colour, mix
from fullcredits.simulate.drawn.lettering import fitted, lettered, width_of, write
from fullcredits.simulate.drawn.styles import painter

_WIDTH, _HEIGHT = 600, 900
_BRIGHT = 140
_BUSY = 30


def draw_poster(work: Work, label: str = "") -> Image.Image:
    """The poster of a movie or show, 600x900; ``label`` is a line such as a season's name.

    The same work gives the same picture. A title in a script that the font does not have is
    left out rather than shown as boxes.
    """
    random = Random(f"poster {work.id}")
    canvas = Canvas(_WIDTH, _HEIGHT, (0, 0, 0))
    colours = painter(work, random)(canvas, random)
    image = canvas.finished(grain=0.1, vignette=0.25)
    _shade(image)
    ink = _ink(image, 0.84, colours.light, colours.dark)
    _names(image, work, _ink(image, 0.05, colours.light, colours.dark))
    _title(image, work, label, ink)
    return image


def _shade(image: Image.Image) -> None:
    """Darken the lower third a little where it is dark already, so that letters stand out."""
    if _brightness(image, 0.84) > _BRIGHT:
        return
    fade = Image.linear_gradient("L").resize((_WIDTH, _HEIGHT // 3)).point(lambda v: v * 3 // 5)
    image.paste((0, 0, 0), (0, _HEIGHT - _HEIGHT // 3), fade)


def _brightness(image: Image.Image, height: float) -> int:
    """How light a band of the picture is, 0 to 255."""
    top = round(height * _HEIGHT)
    return round(ImageStat.Stat(image.crop((60, top - 30, 540, top + 30)).convert("L")).mean[0])


def _contrast(image: Image.Image, height: float) -> float:
    """How uneven a band of the picture is; small letters cannot be read above `_BUSY`."""
    top = round(height * _HEIGHT)
    return ImageStat.Stat(image.crop((40, top - 20, 560, top + 20)).convert("L")).stddev[0]


def _ink(image: Image.Image, height: float, light: Colour, dark: Colour) -> Colour:
    """A light ink on dark ground, a dark one on light ground."""
    return dark if _brightness(image, height) > _BRIGHT else mix(light, (255, 255, 255), 0.35)


def _names(image: Image.Image, work: Work, ink: Colour) -> None:
    """The two or three first-billed names along the top."""
    cast = (lettered(c.name) for c in work.credits if c.is_cast)
    names = [name for name in cast if name][:3]
    if _contrast(image, 0.05) > _BUSY:
        return
    while names:
        line = "  ·  ".join(names)
        size = 17
        if width_of(line, size) <= _WIDTH - 60:
            write(image, line, _WIDTH / 2, 32, size, ink)
            return
        names.pop()


def _title(image: Image.Image, work: Work, label: str, ink: Colour) -> None:
    """Title, a line above the bottom, and who directed; all that the font can write."""
    director = next((c.name for c in work.credits if c.job in ("Director", "Creator")), "")
    by = "CREATED BY" if work.kind == "show" else "A FILM BY"
    small = lettered(label) if label else lettered(director) and f"{by} {lettered(director)}"
    bottom = _HEIGHT - 44
    if small:
        (line, *_), size = fitted(small, _WIDTH - 90, 18, 1)
        write(image, line, _WIDTH / 2, bottom - size, size, ink, 0.12)
        bottom -= size + 24
    title = lettered(work.title)
    if not title:
        return
    lines, size = fitted(title, _WIDTH - 100, 68, 3)
    for line in reversed(lines):
        bottom -= round(size * 1.06)
        write(image, line, _WIDTH / 2, bottom, size, ink)
