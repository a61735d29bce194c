"""Where pictures are asked for: drawn on first demand, kept, and resized on request."""

from __future__ import annotations

import io
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Literal

from PIL import Image

from fullcredits.simulate.catalogue import Human, Work
from fullcredits.simulate.drawn.portrait import draw_portrait
from fullcredits.simulate.drawn.poster import draw_poster
from fullcredits.simulate.drawn.scene import draw_scene

Shape = Literal["poster", "backdrop", "still"]
_KEPT = 4000


class Studio:
    """Draws each picture once; keeps the JPEGs of the last few thousand. Safe across threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def work(self, work: Work, shape: Shape, show: Work | None = None) -> bytes:
        """A JPEG for a work: 600x900 posters, 1280x720 backdrops, 640x360 stills.

        A season or an episode is drawn in the manner of its ``show``.
        """
        if shape == "poster":
            base = show or work
            label = work.title if show else ""
            return self._once(
                f"poster {work.id} {work.title}", lambda: draw_poster(base, label=label)
            )
        size = (1280, 720) if shape == "backdrop" else (640, 360)
        return self._once(f"{shape} {work.id}", lambda: draw_scene(work, size, show))

    def portrait(self, human: Human) -> bytes:
        """A 400x600 JPEG of a person."""
        return self._once(f"portrait {human.id}", lambda: draw_portrait(human.id, human.born))

    def resized(self, data: bytes, width: int, height: int, image_format: str) -> bytes:
        """The picture made to fit into width x height (never enlarged) in that Pillow format."""
        with Image.open(io.BytesIO(data)) as image:
            image.thumbnail((max(1, width), max(1, height)), Image.Resampling.LANCZOS)
            return _bytes(image, image_format)

    def _once(self, name: str, draw: Callable[[], Image.Image]) -> bytes:
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
                return self._kept[name]
        data = _bytes(draw(), "JPEG")
        with self._lock:
            self._kept[name] = data
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return data


def _bytes(image: Image.Image, image_format: str) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, image_format, quality=88)
    return buffer.getvalue()
