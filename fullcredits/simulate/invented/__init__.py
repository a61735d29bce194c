"""An invented world of films and shows, the same for the same seed on every machine."""

from fullcredits.simulate.invented.world import invent_catalogue

__all__ = ["invent_catalogue"]
