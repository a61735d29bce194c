"""Which kind of picture suits which film."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from fullcredits.simulate.catalogue import Work
from fullcredits.simulate.drawn.canvas import Canvas
from fullcredits.simulate.drawn.graphics import arches, discs, garden, rays
from fullcredits.simulate.drawn.nights import city, space, woods
from fullcredits.simulate.drawn.outdoors import desert, mountains, sea
from fullcredits.simulate.drawn.palettes import Palette

Painter = Callable[[Canvas, Random], Palette]

_ALL: tuple[Painter, ...] = (mountains, sea, city, arches, discs, desert)
_BY_GENRE: dict[str, tuple[Painter, ...]] = {
    "Drama": (sea, discs, arches, mountains),
    "Romance": (sea, discs),
    "Science Fiction": (space,),
    "Crime": (city, discs),
    "Thriller": (city, woods),
    "Comedy": (rays, arches, discs),
    "Horror": (woods,),
    "Mystery": (woods, city),
    "Adventure": (mountains, desert, sea),
    "Action": (city, desert),
    "Animation": (garden,),
    "Family": (garden, arches),
    "Western": (desert, mountains),
    "Fantasy": (mountains, space),
}


def painter(work: Work, random: Random) -> Painter:
    """One of the painters for the work's first genre that has any."""
    suited = next((_BY_GENRE[genre] for genre in work.genres if genre in _BY_GENRE), _ALL)
    return suited[random.randrange(len(suited))]
