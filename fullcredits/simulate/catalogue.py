"""The truth a simulated server serves from: who really did what on which work.

Nothing here knows Plex or Jellyfin. Each server shows a part of this truth in its own dialect,
truncated and fused the way the real one does, and tests compare what was understood from the
servers with what stands here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["movie", "show", "season", "episode"]


@dataclass(frozen=True, slots=True)
class Human:
    """One real (or invented) person; two humans may share a name and never share an id.

    ``id`` is ours alone and is never served. ``ids`` holds (scheme, value) pairs, scheme being
    ``tmdb``, ``imdb`` or ``tvdb``; empty for people known by name only. Dates are ISO days.
    """

    id: str
    name: str
    ids: tuple[tuple[str, str], ...] = ()
    born: str | None = None
    died: str | None = None
    birthplace: str | None = None
    biography: str | None = None
    portrait: bool = False


@dataclass(frozen=True, slots=True)
class Stated:
    """One credit as the work itself prints it.

    ``name`` is the spelling printed on this work: Jellyfin repeats it, Plex prints the human's
    own name. ``order`` is the billing (0-based) of cast and None for crew; ``guest`` marks a
    guest star of an episode. ``character`` is "" for crew and for cast without a role.
    """

    human: Human
    name: str
    department: str
    job: str
    character: str = ""
    order: int | None = None
    guest: bool = False

    @property
    def is_cast(self) -> bool:
        """Whether this is an acting credit."""
        return self.department == "Acting"


@dataclass(frozen=True, slots=True)
class Work:
    """A movie, show, season or episode.

    ``parent`` is the id of the show (seasons) or of the season (episodes), None above. ``number``
    is the season's or episode's number. ``runtime`` is in minutes, ``date`` an ISO day. ``ids``
    as on `Human`. ``year`` of a season or episode is that of its own date. ``matched`` is False
    for the home video that no metadata agent recognised: Plex then serves it without people.
    """

    id: str
    kind: Kind
    title: str
    original_title: str | None = None
    year: int | None = None
    date: str | None = None
    overview: str = ""
    tagline: str = ""
    genres: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    studio: str | None = None
    rating: str | None = None
    runtime: int | None = None
    ids: tuple[tuple[str, str], ...] = ()
    parent: str | None = None
    number: int | None = None
    credits: tuple[Stated, ...] = ()
    matched: bool = True


@dataclass(slots=True)
class Catalogue:
    """All works, and which server holds which of them.

    ``works`` is ordered: a show comes before its seasons, a season before its episodes.
    ``shares`` maps the name of a share to the ids of the movies and shows in it.
    """

    works: dict[str, Work]
    shares: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def held(self, share: str | Iterable[str] | None = None) -> list[Work]:
        """The works of a share in catalogue order, seasons and episodes going with their show.

        ``share`` is the name of a share, a collection of movie and show ids, or None for all.

        Raises:
            KeyError: no share has that name.

        """
        if share is None:
            return list(self.works.values())
        tops = self.shares[share] if isinstance(share, str) else frozenset(share)
        held: list[Work] = []
        taken = set(tops)
        for work in self.works.values():
            if work.id in tops or work.parent in taken:
                taken.add(work.id)
                held.append(work)
        return held

    def humans(self) -> dict[str, Human]:
        """Everybody credited anywhere, by id, in the order of first appearance."""
        return {c.human.id: c.human for w in self.works.values() for c in w.credits}


def catalogue_of(works: Iterable[Work], shares: Mapping[str, frozenset[str]]) -> Catalogue:
    """A catalogue of these works, keyed by their ids."""
    return Catalogue({work.id: work for work in works}, shares)
