"""Is it really a picture? Decided by decoding it, never by what a server calls it."""

from __future__ import annotations

import io
import struct
from typing import Final

from PIL import ExifTags, Image

FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
"""What browsers show, and no format with a program in it (SVG) or a printer's language."""
MOST_PIXELS = 50_000_000
"""As RGB that is 150 MB of memory; a small file can claim far more."""
_TOO_LARGE = "more than 50 megapixels"

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
)
"""What Pillow raises on hostile or broken content."""


class NotAPicture(Exception):
    """The content cannot be shown; the text says why. Does not leave this package."""


def decoded(content: bytes, smallest: tuple[int, int]) -> tuple[Image.Image, tuple[int, int]]:
    """The first frame, decoded whole, and its size as the file has it.

    A JPEG may come reduced, but not below `smallest`: much faster. Raises NotAPicture.
    """
    try:
        image = Image.open(io.BytesIO(content), formats=FORMATS)
        size = image.size
        if size[0] * size[1] > MOST_PIXELS:
            raise NotAPicture(_TOO_LARGE)
        image.draft(None, smallest)
        image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NotAPicture(_TOO_LARGE) from error
    except _DAMAGE as error:
        raise NotAPicture("not an image, or a damaged one") from error
    return image, size


def orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 to 8; 1 (upright) where there is none that makes sense."""
    try:
        value = image.getexif().get(ExifTags.Base.Orientation)
    except _DAMAGE:
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1
