"""A picture in the few widths that pages use: decoded once, upright, without metadata."""

from __future__ import annotations

import io
from collections.abc import Collection
from typing import Final, NamedTuple

from PIL import Image

from fullcredits.images.check import NotAPicture, decoded, orientation
from fullcredits.model import Shape

WIDTHS: Final = tuple(sorted({width for shape in Shape for width in shape.widths}))
"""In pixels; nothing else is given, so that nobody fills the cache by asking for all widths."""
MOST_BYTES = 20 * 1024 * 1024
BLUR: Final = (12, 8)
"""Pixels of a blur, its longer side first: browsers make it larger, and smooth."""

_QUALITY = 80
_BLUR_QUALITY = 40
_EFFORT = 2
"""Of 6; measured: half the time of the usual 4, and as small."""
_TALLEST = 16_383
"""More than that WebP cannot hold."""
_SIDEWAYS = range(5, 9)
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class Rendered(NamedTuple):
    """A picture as it is kept."""

    width: int
    height: int
    """Of the original, seen upright."""
    pictures: dict[int, bytes]
    """WebP by width; never larger than the original, whose own size is then under the first
    width that holds it."""
    blur: bytes
    """A tiny WebP of it."""


def useful_width(width: int, original: int) -> int:
    """The width to ask for where `width` is wanted: a wider one than the original is the same."""
    return min(width, next((w for w in WIDTHS if w >= original), WIDTHS[-1]))


def rendered(content: bytes, widths: Collection[int]) -> Rendered:
    """Check a picture by decoding it whole (its first frame), and make it in these widths.

    Raises NotAPicture.
    """
    if len(content) > MOST_BYTES:
        raise NotAPicture("more than 20 MB")
    most = max(widths)
    # A JPEG that lies on its side is as wide as it is high here, so both must be large enough.
    image, size = decoded(content, smallest=(most, most))
    turn = orientation(image)
    width, height = reversed(size) if turn in _SIDEWAYS else size
    image = _plain(image)
    if turn in _UPRIGHT:
        image = image.transpose(_UPRIGHT[turn])
    pictures: dict[int, bytes] = {}
    for wanted in sorted({useful_width(w, width) for w in widths}, reverse=True):
        image = _shrunk(image, min(1, wanted / image.width, _TALLEST / image.height))
        pictures[wanted] = webp(image, _QUALITY)
    return Rendered(width, height, pictures, webp(_blurred(image), _BLUR_QUALITY))


def webp(image: Image.Image, quality: int) -> bytes:
    """As WebP, without whatever else was in its file."""
    file = io.BytesIO()
    image.save(file, "WEBP", quality=quality, method=_EFFORT, icc_profile=b"", exif=b"", xmp=b"")
    return file.getvalue()


def _shrunk(image: Image.Image, scale: float) -> Image.Image:
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    if size == image.size:
        return image
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _blurred(image: Image.Image) -> Image.Image:
    size = BLUR if image.width > image.height else BLUR[::-1]
    return image.convert("RGB").resize(size, Image.Resampling.BOX)


def _plain(image: Image.Image) -> Image.Image:
    """In the colours that WebP knows."""
    if image.mode.startswith("I"):
        # Grey of 16 bits; Pillow's own conversion would cut off instead of scale.
        return image.convert("I").point(lambda value: value / 256).convert("RGB")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")
