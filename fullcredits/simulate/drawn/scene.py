"""Wide pictures without letters: backdrops of titles and stills of episodes."""

from __future__ import annotations

from random import Random

from PIL import Image

from fullcredits.simulate.catalogue import Work
from fullcredits.simulate.drawn.canvas import Canvas
from fullcredits.simulate.drawn.styles import painter


def draw_scene(work: Work, size: tuple[int, int], show: Work | None = None) -> Image.Image:
    """A picture in the manner of the title's poster, always the same for the same work.

    ``show`` is the show of an episode, whose genres count then.
    """
    manner = painter(show or work, Random(f"poster {work.id}"))
    canvas = Canvas(*size, (0, 0, 0))
    manner(canvas, Random(f"scene {work.id}"))
    return canvas.finished(grain=0.08, vignette=0.3)
