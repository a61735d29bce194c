"""Is it really a picture? Decided by decoding it, never by what a server calls it."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import Final

from PIL import ExifTags, Image

FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
"""What browsers show, and no format with a program in it (SVG) or a printer's language."""
MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 50_000_000
"""As RGB that is 150 MB of memory; a small file can claim far more."""

_DAMAGE = (
    OSError,  # unknown or truncated
    SyntaxError,  # Pillow's word for a broken file
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    EOFError,
    OverflowError,
    RuntimeError,  # of the AVIF decoder
    struct.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
"""What Pillow raises on hostile or broken content."""
_SIDEWAYS = range(5, 9)


class NotAPicture(Exception):
    """The content cannot be shown; the text says why. Does not leave this package."""


def check(content: bytes) -> tuple[int, int]:
    """Decode a picture whole (its first frame); returns width and height, seen upright.

    Raises NotAPicture.
    """
    if len(content) > MOST_BYTES:
        raise NotAPicture("more than 20 MB")
    image = decoded(content)
    width, height = image.size
    return (height, width) if orientation(image) in _SIDEWAYS else (width, height)


def decoded(content: bytes | Path, smallest: tuple[int, int] | None = None) -> Image.Image:
    """The first frame, decoded.

    With `smallest`, a JPEG may come reduced, but not below that size: much faster. Raises
    NotAPicture; OSError only where a file cannot be read.
    """
    file = io.BytesIO(content if isinstance(content, bytes) else content.read_bytes())
    try:
        image = Image.open(file, formats=FORMATS)
        if image.width * image.height > MOST_PIXELS:
            raise NotAPicture("more than 50 megapixels")
        if smallest is not None:
            image.draft(None, smallest)
        image.load()
    except _DAMAGE as error:
        raise NotAPicture("not an image, or a damaged one") from error
    return image


def orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 to 8; 1 (upright) where there is none that makes sense."""
    try:
        value = image.getexif().get(ExifTags.Base.Orientation)
    except _DAMAGE:
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1
