"""Pictures drawn by the program itself: posters, backdrops, stills and portraits."""

from fullcredits.simulate.drawn.studio import Shape, Studio

__all__ = ["Shape", "Studio"]
