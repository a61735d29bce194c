"""What owners, agents and scans do to a library, each by a number that decides the rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from fullcredits.simulate import JellyfinLibrary, PlexLibrary, Work
from tests.sync.soak.stock import HUMANS, STOCK, cast

Library = PlexLibrary | JellyfinLibrary


def _works(library: Library, *kinds: str) -> list[Work]:
    held = [item.work for item in library.items.values()]
    return sorted((w for w in held if not kinds or w.kind in kinds), key=lambda w: w.id)


def _one(library: Library, n: int, *kinds: str) -> Work | None:
    works = _works(library, *kinds)
    return works[n % len(works)] if works else None


def add(library: Library, n: int) -> None:
    """A work that is not there, with what is above and below it: new, or restored."""
    held = {work.id for work in _works(library)}
    absent = [key for key in STOCK if key not in held]
    if not absent:
        return
    key = absent[n % len(absent)]
    top = key if key.startswith("film") else "-".join(key.split("-")[:2])
    for work in STOCK.values():
        if (work.id == top or work.id.startswith(f"{top}-")) and work.id not in held:
            library.put(work)


def edit(library: Library, n: int) -> None:
    """Facts of a work."""
    work = _one(library, n)
    if work:
        library.put(replace(work, overview=f"In version {n}.", title=f"{work.title}!"[:30]))


def recast(library: Library, n: int) -> None:
    """Another cast and crew."""
    work = _one(library, n, "movie", "show", "episode")
    if work:
        library.put(replace(work, credits=cast(n)))


def reorder(library: Library, n: int) -> None:
    """Another billing."""
    work = _one(library, n, "movie", "show", "episode")
    if work:
        mixed = list(work.credits)
        Random(n).shuffle(mixed)
        cast_first = [replace(c, order=o if c.is_cast else None) for o, c in enumerate(mixed)]
        library.put(replace(work, credits=tuple(cast_first)))


def uncast(library: Library, n: int) -> None:
    """Nobody is left, by mistake or for good."""
    work = _one(library, n, "movie", "episode")
    if work:
        library.put(replace(work, credits=()))


def rename(library: Library, n: int) -> None:
    """A person has another name, wherever they are credited."""
    human = HUMANS[n % len(HUMANS)]
    name = f"{human.name} {'I' * (n % 3)}".strip()
    for work in _works(library):
        if any(credit.human.id == human.id for credit in work.credits):
            credits = (
                replace(c, human=replace(c.human, name=name), name=name)
                if c.human.id == human.id
                else c
                for c in work.credits
            )
            library.put(replace(work, credits=tuple(credits)))


def tell(library: Library, n: int) -> None:
    """Another biography; no title's marker moves."""
    if isinstance(library, JellyfinLibrary):
        library.put_human(replace(HUMANS[n % len(HUMANS)], biography=f"Told in version {n}."))


def delete(library: Library, n: int) -> None:
    """A work with all below it."""
    work = _one(library, n, "movie", "show", "episode")
    if work:
        library.drop(work.id)


def delete_many(library: Library, n: int) -> None:
    """Half of the films: a disk that is away."""
    for work in _works(library, "movie")[n % 2 :: 2]:
        library.drop(work.id)


def move(library: Library, n: int) -> None:
    """A film goes into the other library of films."""
    work = _one(library, n, "movie")
    if work is None:
        return
    item: Any = library.item(work.id)
    place = "section" if isinstance(library, PlexLibrary) else "view"
    places: Any = library.sections if isinstance(library, PlexLibrary) else library.views
    first, _shows, third = places
    setattr(item, place, third if getattr(item, place) is first else first)
    library.touch(work.id)


def rebuild(library: Library, n: int) -> None:
    """All keys are new."""
    library.rebuild()


def touch(library: Library, n: int) -> None:
    """It looks changed, and is not."""
    work = _one(library, n)
    if work:
        library.touch(work.id)


def tear(library: Library, n: int) -> None:
    """A scan comes upon a film whose people are still to come, under a marker that is final."""
    work = _one(library, n, "movie")
    if work:
        _scans(library, True)
        library.touch(work.id)
        library.show_people(work.id, n % 3)


def mend(library: Library, n: int) -> None:
    """The scan is over, and everybody there."""
    for work in _works(library):
        if library.item(work.id).shown is not None:
            library.show_people(work.id, None)
    _scans(library, False)


def _scans(library: Library, scanning: bool) -> None:
    if isinstance(library, PlexLibrary):
        library.refreshing = scanning
    else:
        library.scanning = scanning


CHANGES: dict[str, Callable[[Library, int], None]] = {
    change.__name__: change
    for change in (
        add, edit, recast, reorder, uncast, rename, tell, delete, delete_many, move, rebuild,
        touch, tear, mend,
    )
}  # fmt: skip
"""By their names, the mildest first."""
