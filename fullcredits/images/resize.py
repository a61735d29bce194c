"""Pictures in the few widths that pages use."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Final

from PIL import Image

from fullcredits.images.check import decoded, orientation

WIDTHS: Final = (120, 240, 480, 960, 1600)
"""In pixels. Few, so that the cache stays small and nobody fills it by asking for all widths."""
MEDIA_TYPE = "image/webp"

_QUALITY = 80
_TALLEST = 16_383
"""More than that WebP cannot hold."""
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def useful_width(width: int, original: int) -> int:
    """The width to make when `width` is asked of an original: a wider one would be the same."""
    return min(width, next((w for w in WIDTHS if w >= original), WIDTHS[-1]))


def resized(original: bytes | Path, width: int) -> bytes:
    """The picture as WebP of that width, upright, without metadata, never larger than it was.

    Raises NotAPicture; OSError only where a file cannot be read.
    """
    # A JPEG that lies on its side is as wide as it is high here, so both must be large enough.
    image = decoded(original, smallest=(width, width))
    turn = _UPRIGHT.get(orientation(image))
    image = _plain(image)
    if turn is not None:
        image = image.transpose(turn)
    scale = min(1, width / image.width, _TALLEST / image.height)
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    if size != image.size:
        image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    file = io.BytesIO()
    image.save(file, "WEBP", quality=_QUALITY, icc_profile=b"", exif=b"", xmp=b"")
    return file.getvalue()


def _plain(image: Image.Image) -> Image.Image:
    """In the colours that WebP knows."""
    if image.mode.startswith("I"):
        # Grey of 16 bits; Pillow's own conversion would cut off instead of scale.
        return image.convert("I").point(lambda value: value / 256).convert("RGB")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")
